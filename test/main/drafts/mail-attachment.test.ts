/** A file out of a mail: one part of it, or the mail itself under the name of its subject. */

import { expect, test } from 'vitest'
import { fileOfMail } from '../../../main/drafts/mail-attachment.ts'
import type { FilesWanted } from '../../../main/mime/mail-files.ts'
import { fail, ok } from '../../../shared/problem.ts'
import { aHead } from '../../support/builders.ts'

const message = {
  ...aHead({ subject: '見積書 / 第二版' }),
  cc: [],
  bcc: [],
  replyTo: [],
  references: [],
  text: '',
  messageIdHeader: '',
}
const file = { name: 'plan.pdf', type: 'application/pdf', bytes: 3, sha256: 'a'.repeat(64) }

function deps(wantedBefore: FilesWanted[] = [], files = [file]) {
  return {
    readMessage: async () => ok(message),
    takeFiles: async (_messageId: string, wanted: FilesWanted) => {
      wantedBefore.push(wanted)
      return ok(files)
    },
  }
}

test('a part keeps its own name and is no picture of the text, whatever it was in its mail', async () => {
  const wanted: FilesWanted[] = []
  expect(await fileOfMail(deps(wanted), 'm', '2')).toEqual(ok(file))
  expect(wanted).toEqual([{ kind: 'parts', parts: [{ partId: '2', contentId: null }] }])
})

test('a whole mail is called by its subject, without what no file name can have', async () => {
  expect(await fileOfMail(deps(), 'm', null)).toMatchObject({ value: { name: '見積書 第二版.eml' } })
})

test('a mail that is gone, or a part that is not in it, is said so', async () => {
  const gone = async () => fail({ kind: 'message-gone' })
  expect(await fileOfMail({ ...deps(), takeFiles: gone }, 'm', '2')).toEqual(fail({ kind: 'message-gone' }))
  expect(await fileOfMail(deps([], []), 'm', '2')).toMatchObject({ problem: { what: 'attachment' } })
})
