/**
 * What an IMAP account files on its server for the rest of the program: folders that are needed, copies in Sent, the
 * one copy of a draft. Works on a connection that is lent to it; decides nothing about when.
 */

import { fail, ok, type Result } from '../../shared/problem.ts'
import { type DraftCopy, keepDraftCopy } from './draft-copy.ts'
import type { ImapConnection } from './imap.ts'
import type { FiledCopy, NeededRole, SentCopy } from './mail-source.ts'
import type { StoredFolder } from './mailbox-rows.ts'
import type { MailStore } from './mailbox-store.ts'

/** Names for folders that have to be made. */
const MADE_NAMES: Record<NeededRole, string> = {
  sent: 'Sent',
  archive: 'Archive',
  trash: 'Trash',
  junk: 'Junk',
  drafts: 'Drafts',
}

export type FilingTools = {
  store: MailStore
  accountId: string
  /** Folders are here that were not. */
  onFolders: () => void
  /** Something was put into this folder. */
  onFiled: (folder: StoredFolder) => void
}

export function createFiling({ store, accountId, onFolders, onFiled }: FilingTools) {
  async function makeFolder(imap: ImapConnection, role: NeededRole): Promise<Result<StoredFolder>> {
    const known = store.folderOfRole(accountId, role)
    if (known !== null) return ok(known)
    const made = await imap.createFolder(MADE_NAMES[role])
    if (!made.ok) return made
    const listed = await imap.listFolders()
    if (!listed.ok) return listed
    // A name that the server does not recognise is still the folder we have just made for this.
    const hasRole = listed.value.some(folder => folder.role === role)
    const folders = listed.value.map(folder => {
      const isMade = !hasRole && folder.path === made.value
      return { ...folder, role: isMade ? role : folder.role, isLocal: false }
    })
    // While the server has not heard of all folders, its list is not ours.
    const isAgreed = store.folderWishes(accountId).length === 0
    const own = folders.find(folder => folder.role === role)
    if (isAgreed) store.keepFolders(accountId, folders)
    else if (own !== undefined && !store.folders(accountId).some(({ path }) => path === own.path)) {
      store.addFolder(accountId, own)
    }
    onFolders()
    const folder = store.folderOfRole(accountId, role)
    return folder === null ? fail({ kind: 'no-folder', role }) : ok(folder)
  }

  /** By the id of the mail, which of a redirected one stands in a field of its own (RFC 5322 section 3.6.6). */
  async function findIn(imap: ImapConnection, folder: StoredFolder, id: string): Promise<Result<boolean>> {
    const opened = await imap.open(folder.path)
    const found = opened.ok ? await imap.findHeader('message-id', `<${id}>`, 'resent-message-id') : opened
    return found.ok ? ok(found.value.length > 0) : found
  }

  return {
    makeFolder,
    async fileSentCopy(imap: ImapConnection, copy: SentCopy): Promise<Result<FiledCopy>> {
      const sent = await makeFolder(imap, 'sent')
      if (!sent.ok) return sent
      const found = await findIn(imap, sent.value, copy.messageIdHeader)
      if (!found.ok) return found
      if (found.value) return ok({ how: 'found', folder: sent.value.name })
      const source = await copy.write()
      if (!source.ok) return source
      const appended = await imap.append(sent.value.path, source.value, ['\\Seen'])
      if (!appended.ok) return appended
      onFiled(sent.value)
      return ok({ how: 'appended', folder: sent.value.name })
    },
    async keepDraftCopy(
      imap: ImapConnection,
      draftId: string,
      copy: DraftCopy | null,
    ): Promise<Result<true>> {
      const known = store.folderOfRole(accountId, 'drafts')
      if (known === null && copy === null) return ok(true as const)
      const folder = known === null ? await makeFolder(imap, 'drafts') : ok(known)
      if (!folder.ok) return folder
      const opened = await imap.open(folder.value.path)
      if (!opened.ok) return opened
      const kept = await keepDraftCopy(imap, folder.value.path, draftId, copy)
      if (!kept.ok) return kept
      if (kept.value.isChanged) onFiled(folder.value)
      return ok(true as const)
    },
    async findSentCopy(imap: ImapConnection, messageIdHeader: string): Promise<Result<{ isThere: boolean }>> {
      for (const role of ['sent', 'all'] as const) {
        const folder = store.folderOfRole(accountId, role)
        if (folder === null) continue
        const found = await findIn(imap, folder, messageIdHeader)
        if (!found.ok) return found
        if (found.value) return ok({ isThere: true })
      }
      return ok({ isThere: false })
    },
  }
}
