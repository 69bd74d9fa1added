/**
 * Base64 as MIME carries it: lines of 76 characters (RFC 2045 section 6.8), streamed. Pure; refuses to hold more than
 * one piece of what it reads.
 */

const LINE_BYTES = 57
const LINE_CHARACTERS = 76

/** A good size for a read: whole lines only, and what is made of it stays below 100 KiB, where memory is cheap to get. */
export const BASE64_READ_BYTES = LINE_BYTES * 1024

/** The same characters however the bytes are cut into pieces; there is no line end after the last line. */
export async function* base64Lines(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  let isFirst = true
  for await (const piece of pieces) {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece])
    const whole = bytes.length - (bytes.length % LINE_BYTES)
    rest = bytes.subarray(whole)
    if (whole === 0) continue
    yield folded(bytes.subarray(0, whole), isFirst)
    isFirst = false
  }
  if (rest.length > 0) yield folded(rest, isFirst)
}

/** A line end stands before each line but the very first, so that none has to be taken back at the end. */
function folded(bytes: Buffer, isFirst: boolean): Buffer {
  const text = bytes.toString('base64')
  const lines = Math.ceil(text.length / LINE_CHARACTERS)
  const output = Buffer.allocUnsafe(text.length + 2 * (isFirst ? lines - 1 : lines))
  let at = 0
  for (let from = 0; from < text.length; from += LINE_CHARACTERS) {
    if (from > 0 || !isFirst) {
      output[at] = 0x0d
      output[at + 1] = 0x0a
      at += 2
    }
    at += output.write(text.slice(from, from + LINE_CHARACTERS), at, 'latin1')
  }
  return output
}
