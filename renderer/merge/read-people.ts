/** Brings a table of people from the page to the program and back as rows. The page has bytes and never a path. */

import type { MergeTable } from '../../shared/merge.ts'
import type { Group } from '../../shared/model.ts'
import { fail, type Result } from '../../shared/problem.ts'
import { call } from '../bridge.ts'
import { PIECE_BYTES, toBase64 } from '../compose/upload.ts'

export async function readPeopleFile(file: File): Promise<Result<MergeTable>> {
  const begun = await call('files.begin', file.name, file.type, file.size)
  if (!begun.ok) return begun
  const { fileToken } = begun.value
  for (let offset = 0; offset < file.size; offset += PIECE_BYTES) {
    const bytes = await file
      .slice(offset, offset + PIECE_BYTES)
      .arrayBuffer()
      .catch(() => null)
    const appended =
      bytes === null
        ? fail({ kind: 'attachment-unreadable', name: file.name })
        : await call('files.append', fileToken, offset, toBase64(new Uint8Array(bytes)))
    if (appended.ok) continue
    await call('files.abandon', fileToken)
    return appended
  }
  return call('people.readTable', { fileToken })
}

export const readPastedPeople = (text: string): Promise<Result<MergeTable>> =>
  call('people.readTable', { text })

/** The headings are in the person's language: they are the fields of the letter. */
export function tableOfGroup({ members }: Group, columns: { mail: string; name: string }): MergeTable {
  return {
    columns: [columns.mail, columns.name],
    rows: members.map(({ address, name }) => [address, name]),
  }
}
