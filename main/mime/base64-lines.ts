/**
 * Base64 as MIME carries it: lines of 76 characters (RFC 2045 section 6.8), streamed. Pure; refuses to hold more than
 * one piece of what it reads.
 */

const LINE_BYTES = 57
const LINE_PAIRS = 38

/** A good size for a read: whole lines only. */
export const BASE64_READ_BYTES = LINE_BYTES * 2048

/** So many pieces of `base64Lines` are good at a time where it is told to use its memory again. */
const FLEETING_PIECES = 3

/** Two characters at a time: both as they lie in memory, by the 12 bits that they stand for. */
const PAIRS = pairs(Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'))
const LINE_END = new Uint16Array(Uint8Array.of(0x0d, 0x0a).buffer)[0] as number

function pairs(alphabet: Buffer): Uint16Array {
  const bytes = new Uint8Array(2 * 64 * 64)
  for (let bits = 0; bits < 64 * 64; bits += 1) {
    bytes[2 * bits] = alphabet[bits >> 6] as number
    bytes[2 * bits + 1] = alphabet[bits & 63] as number
  }
  return new Uint16Array(bytes.buffer)
}

/**
 * The same characters however the bytes are cut into pieces; there is no line end after the last line. A piece of
 * `pieces` is done with when the next is asked for. With `isFleeting` the memory of a piece is used again for the third
 * after it.
 */
export async function* base64Lines(
  pieces: AsyncIterable<Buffer>,
  isFleeting = false,
): AsyncGenerator<Buffer> {
  const memory: Uint16Array[] = []
  let turn = 0
  const room = (length: number): Uint16Array => {
    if (!isFleeting) return new Uint16Array(length)
    turn = (turn + 1) % FLEETING_PIECES
    const known = memory[turn]
    if (known !== undefined && known.length >= length) return known
    const fresh = new Uint16Array(length)
    memory[turn] = fresh
    return fresh
  }
  let rest: Buffer = Buffer.alloc(0)
  let isFirst = true
  for await (const piece of pieces) {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece])
    const whole = bytes.length - (bytes.length % LINE_BYTES)
    rest = Buffer.from(bytes.subarray(whole))
    if (whole === 0) continue
    const output = room((whole / LINE_BYTES) * (LINE_PAIRS + 1))
    const end = writeLines(bytes, whole, output, isFirst)
    yield Buffer.from(output.buffer, 0, 2 * end)
    isFirst = false
  }
  if (rest.length > 0) yield Buffer.from(`${isFirst ? '' : '\r\n'}${rest.toString('base64')}`)
}

/** A line end stands before each line but the very first, so that none has to be taken back at the end. Whole lines only. */
function writeLines(bytes: Buffer, length: number, output: Uint16Array, isFirst: boolean): number {
  let at = 0
  for (let line = 0; line < length; line += LINE_BYTES) {
    if (line > 0 || !isFirst) {
      output[at] = LINE_END
      at += 1
    }
    for (let from = line; from < line + LINE_BYTES; from += 3) {
      const three =
        ((bytes[from] as number) << 16) | ((bytes[from + 1] as number) << 8) | (bytes[from + 2] as number)
      output[at] = PAIRS[three >> 12] as number
      output[at + 1] = PAIRS[three & 0xfff] as number
      at += 2
    }
  }
  return at
}
