/** As much reading of a mail as an echo needs: one header, the header block, the first plain text. Not a mail parser. */

import { headerOf, type Part, parseTree, withParameters } from './mime-tree.ts'

/** The header lines with their last line end, as bytes. */
export function headerBlock(mail: Buffer): Buffer {
  const end = mail.indexOf('\r\n\r\n')
  return end < 0 ? mail : mail.subarray(0, end + 2)
}

/** The value of the first header of this name on one line, undecoded; null where there is none. */
export function headerValue(mail: Buffer, name: string): string | null {
  return headerOf(parseTree(headerBlock(mail)), name)
}

/** The text of the first text/plain part that is no attachment; null where there is none. */
export function plainTextOf(mail: Buffer): string | null {
  const part = firstPlain(parseTree(mail))
  if (part === null) return null
  const encoding = headerOf(part, 'content-transfer-encoding') ?? ''
  const bytes = bytesOf(mail.subarray(part.bodyStart, part.end), encoding.trim().toLowerCase())
  try {
    return new TextDecoder(part.parameters.charset ?? 'utf-8').decode(bytes)
  } catch {
    return bytes.toString('utf8')
  }
}

function firstPlain(part: Part): Part | null {
  if (part.type.startsWith('multipart/')) {
    for (const child of part.children) {
      const found = firstPlain(child)
      if (found !== null) return found
    }
    return null
  }
  const { value: disposition } = withParameters(headerOf(part, 'content-disposition') ?? '')
  return part.type === 'text/plain' && disposition !== 'attachment' ? part : null
}

function bytesOf(body: Buffer, encoding: string): Buffer {
  if (encoding === 'base64') return Buffer.from(body.toString('latin1'), 'base64')
  if (encoding !== 'quoted-printable') return body
  const text = body
    .toString('latin1')
    .replace(/[ \t]*=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(text, 'latin1')
}
