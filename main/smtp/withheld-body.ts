/**
 * The body of a mail on its way to the server. It goes out only after the 354, and keeps its last piece back until
 * the bytes are proved and the intention to end is on the disk: before that, the server cannot have taken the mail.
 */

import { createHash } from 'node:crypto'
import type { Socket } from 'node:net'

export type WithheldBody = {
  /** Pieces of a text whose lines end with CRLF; no CR and no LF stands alone. Each has to be good until the next but one is asked for. */
  open: () => AsyncIterable<Buffer>
  sha256: string
  bytes: number
  socket: Socket
  /** Bytes of the mail that the operating system has taken; called only when it took more. */
  onTaken: (bytes: number) => void
  /** Everything but the last lines has been taken. Throws to stop. */
  beforeLast: () => Promise<void>
  /** The last lines and the dot are on their way. */
  onEnded: () => void
}

/** Thrown where the recipe gave other bytes than at Send. */
export class BytesChanged extends Error {}

/** Thrown where there is nothing to say about it: somebody else knows why. */
export class Stopped extends Error {}

const LF = 0x0a
const DOT = 0x2e

/**
 * Writes the mail to `socket`, its dots stuffed (RFC 5321 section 4.5.2), the final dot with its last piece. Throws
 * `BytesChanged`, `Stopped`, or what `open` and `beforeLast` throw; then there was no final dot.
 */
export async function sendBody({ open, sha256, bytes, socket, ...hooks }: WithheldBody): Promise<void> {
  const hash = createHash('sha256')
  let count = 0
  let held: Buffer | null = null
  let isLineStart = true
  let writing: Promise<void> = Promise.resolve()
  const stuffed = (piece: Buffer): Buffer => {
    const output = dotsStuffed(piece, isLineStart)
    isLineStart = piece.at(-1) === LF
    return output
  }
  for await (const piece of open()) {
    if (piece.length === 0) continue
    hash.update(piece)
    if (held !== null) {
      // One write is under way while the next piece is made.
      await writing
      const upTo = count
      writing = write(socket, stuffed(held)).then(() => hooks.onTaken(upTo))
      writing.catch(() => {})
    }
    held = piece
    count += piece.length
    if (count > bytes) throw new BytesChanged()
  }
  if (held === null || count !== bytes || hash.digest('hex') !== sha256) throw new BytesChanged()
  await writing
  if (socket.destroyed) throw new Stopped()
  await hooks.beforeLast()
  // What the next mail has to say may go in the same packet.
  socket.cork()
  process.nextTick(() => socket.uncork())
  const last = stuffed(held)
  socket.write(Buffer.concat([last, Buffer.from(isLineStart ? '.\r\n' : '\r\n.\r\n')]))
  hooks.onEnded()
}

/** Resolves when the operating system has taken it. */
function write(socket: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(bytes, error => {
      if (error) reject(new Stopped())
      else resolve()
    })
  })
}

/** `isLineStart`: the piece begins a line. */
function dotsStuffed(piece: Buffer, isLineStart: boolean): Buffer {
  const dots = isLineStart && piece[0] === DOT ? [0] : []
  for (let at = piece.indexOf('\n.'); at >= 0; at = piece.indexOf('\n.', at + 2)) dots.push(at + 1)
  if (dots.length === 0) return piece
  const output = Buffer.allocUnsafe(piece.length + dots.length)
  let from = 0
  for (const [index, dot] of dots.entries()) {
    piece.copy(output, from + index, from, dot)
    output[dot + index] = DOT
    from = dot
  }
  piece.copy(output, from + dots.length, from)
  return output
}
