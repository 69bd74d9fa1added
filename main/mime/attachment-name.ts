/** The name of an attachment in one line, also of one that came without. Refuses to make it safe for a disk. */

import { oneLine } from './mail-text.ts'

const EXTENSIONS: Record<string, string> = {
  'message/rfc822': 'eml',
  'text/calendar': 'ics',
  'text/plain': 'txt',
  'text/html': 'html',
  'text/csv': 'csv',
  'application/pdf': 'pdf',
  'application/zip': 'zip',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'application/pkcs7-signature': 'p7s',
  'application/pgp-signature': 'asc',
}

/** `index` counts the attachments of its mail from 0. */
export function attachmentName(written: string, type: string, index: number): string {
  const name = oneLine(written).normalize('NFC')
  return name === '' ? `attachment-${index + 1}.${EXTENSIONS[type] ?? 'bin'}` : name
}
