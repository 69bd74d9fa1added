/**
 * All readings of a whole mail, as one thing that can be done here or in a thread of its own. What a reader answers
 * where a mail costs too much is here too: its head, and its source as text. Refuses to fetch anything.
 */

import { type FilesWanted, type MailFile, mailFiles } from './mail-files.ts'
import { type Quotable, readQuotable } from './quotable.ts'
import {
  type AttachmentContent,
  type ParsedMail,
  readAttachments,
  readMail,
  readMailAsSource,
} from './read-mail.ts'
import { type RemotePictures, remotePicturesOf } from './remote-pictures.ts'

export type MailReader = {
  read(source: Uint8Array): Promise<ParsedMail>
  quote(source: Uint8Array): Promise<Quotable>
  remotePictures(source: Uint8Array): Promise<RemotePictures>
  /** Null where one of them is not there. */
  attachments(source: Uint8Array, partIds: readonly string[]): Promise<AttachmentContent[] | null>
  files(source: Uint8Array, wanted: FilesWanted): Promise<MailFile[] | null>
}

export const readerHere: MailReader = {
  read: readMail,
  quote: readQuotable,
  async remotePictures(source) {
    const { unsafeHtml } = await readMail(source)
    return unsafeHtml === null ? { urls: [], trackers: 0 } : remotePicturesOf(unsafeHtml)
  },
  attachments: readAttachments,
  files: mailFiles,
}

/** What is answered without reading: for a mail that was given up. Never costs more than its head. */
export const readerOfHeads: MailReader = {
  read: async source => readMailAsSource(source),
  async quote(source) {
    const {
      unsafeHtml: _,
      inlineImages: __,
      preview: ___,
      isDamaged: ____,
      trace: _____,
      ...mail
    } = readMailAsSource(source)
    return {
      ...mail,
      text: '',
      html: null,
      pictures: [],
      deliveredTo: [],
      mailReplyTo: [],
      followupTo: [],
      listPost: null,
    }
  },
  remotePictures: async () => ({ urls: [], trackers: 0 }),
  attachments: async () => null,
  files: async () => null,
}
