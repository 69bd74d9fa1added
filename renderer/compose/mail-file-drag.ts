/** A file of a received mail on its way to a composer: by drag within the window. Refuses what another program drags. */

/** `partId` null is the mail itself. */
export type MailFile = { messageId: string; partId: string | null; name: string; type: string; bytes: number }

const MAIL_FILE = 'application/x-todoke-mail-file'

export function putMailFile(data: DataTransfer, file: MailFile): void {
  data.setData(MAIL_FILE, JSON.stringify(file))
  data.effectAllowed = 'copy'
}

export function hasMailFile(data: DataTransfer): boolean {
  return data.types.includes(MAIL_FILE)
}

/** Null where it is none of ours. */
export function mailFileIn(data: DataTransfer): MailFile | null {
  const text = data.getData(MAIL_FILE)
  if (text === '') return null
  try {
    const { messageId, partId, name, type, bytes } = JSON.parse(text) as Record<string, unknown>
    if (typeof messageId !== 'string' || typeof name !== 'string' || typeof type !== 'string') return null
    if ((partId !== null && typeof partId !== 'string') || typeof bytes !== 'number') return null
    return { messageId, partId, name, type, bytes }
  } catch {
    return null
  }
}
