/** As much reading of a mail as an echo needs: one header, the header block, the first plain text. Not a mail parser. */

const DEEPEST = 5

/** The header lines with their last line end, as bytes. */
export function headerBlock(mail: Buffer): Buffer {
  return split(mail).head
}

/** Headers end at the first empty line, which may be the very first. */
function split(mail: Buffer): { head: Buffer; body: Buffer } {
  if (mail.indexOf('\r\n') === 0) return { head: Buffer.alloc(0), body: mail.subarray(2) }
  const end = mail.indexOf('\r\n\r\n')
  return end < 0
    ? { head: mail, body: Buffer.alloc(0) }
    : { head: mail.subarray(0, end + 2), body: mail.subarray(end + 4) }
}

/** The value of the first header of this name on one line, undecoded; null where there is none. */
export function headerValue(mail: Buffer, name: string): string | null {
  const lines = headerBlock(mail)
    .toString('utf8')
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
  const found = lines.find(line => line.slice(0, name.length + 1).toLowerCase() === `${name}:`)
  return found === undefined ? null : found.slice(name.length + 1).trim()
}

/** The text of the first text/plain part; null where there is none. */
export function plainTextOf(mail: Buffer, depth = 0): string | null {
  const type = headerValue(mail, 'content-type') ?? 'text/plain'
  const { body } = split(mail)
  if (/^multipart\//i.test(type)) {
    const boundary = parameter(type, 'boundary')
    if (boundary === null || depth >= DEEPEST) return null
    for (const part of partsOf(body, boundary)) {
      const text = plainTextOf(part, depth + 1)
      if (text !== null) return text
    }
    return null
  }
  const isAttached = /^attachment/i.test(headerValue(mail, 'content-disposition') ?? '')
  if (!/^text\/plain/i.test(type) || isAttached) return null
  return decoded(
    body,
    headerValue(mail, 'content-transfer-encoding') ?? '',
    parameter(type, 'charset') ?? 'utf-8',
  )
}

function parameter(value: string, name: string): string | null {
  const match = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^\\s;]+))`, 'i').exec(value)
  return match?.[1] ?? match?.[2] ?? null
}

function partsOf(body: Buffer, boundary: string): Buffer[] {
  const parts: Buffer[] = []
  const mark = Buffer.from(`--${boundary}`)
  let start = body.indexOf(mark)
  while (start >= 0) {
    const next = body.indexOf(mark, start + mark.length)
    const lineEnd = body.indexOf('\r\n', start)
    if (next < 0 || lineEnd < 0) break
    // A part without headers begins with its empty line.
    parts.push(body.subarray(lineEnd + 2, Math.max(lineEnd + 2, next - 2)))
    start = next
  }
  return parts
}

function decoded(body: Buffer, encoding: string, charset: string): string {
  const bytes = bytesOf(body, encoding.toLowerCase())
  try {
    return new TextDecoder(charset).decode(bytes)
  } catch {
    return bytes.toString('utf8')
  }
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
