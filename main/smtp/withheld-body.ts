/**
 * The body of a mail on its way to the server. It is read only after the 354, and keeps its last piece back until
 * the bytes are proved and the intention to end is on the disk: before that, the server cannot have taken the mail.
 */

import { createHash } from 'node:crypto'
import type { Socket } from 'node:net'
import { Readable } from 'node:stream'

export type WithheldBody = {
  /** Pieces of lines that end with CRLF; no CR and no LF stands alone. */
  open: () => AsyncIterable<Buffer>
  sha256: string
  bytes: number
  socket: Socket
  /** All replies to the envelope are known now. Throws to stop: nothing was sent. */
  onFirstRead: () => void
  /** Bytes of the mail that the operating system has taken; called only when it took more. */
  onTaken: (bytes: number) => void
  /** Everything but the last lines has been taken. Throws to stop. */
  beforeLast: () => Promise<void>
}

/** Thrown where the recipe gave other bytes than at Send. */
export class BytesChanged extends Error {}

/** Thrown where there is nothing to say about it: somebody else knows why. */
export class Stopped extends Error {}

const LF = 0x0a
const DOT = 0x2e

/**
 * A stream for the transport that gives the last lines only. What comes before them has been written to `socket` by
 * then, whole lines with their dots stuffed: the transport looks at every byte for what it has to change, which for a
 * large mail costs more than all else, and what waits inside of it could not be told from what the system has taken.
 */
export function withheldBody(body: WithheldBody): Readable {
  return Readable.from(lastLines(body), { objectMode: false })
}

async function* lastLines({ open, sha256, bytes, socket, ...hooks }: WithheldBody): AsyncGenerator<Buffer> {
  hooks.onFirstRead()
  const hash = createHash('sha256')
  let count = 0
  let held: Buffer = Buffer.alloc(0)
  let writing: Promise<void> = Promise.resolve()
  for await (const piece of open()) {
    hash.update(piece)
    count += piece.length
    if (count > bytes) throw new BytesChanged()
    const end = held.lastIndexOf(LF) + 1
    if (end > 0) {
      // One write is under way while the next piece is made.
      await writing
      const upTo = count - piece.length - (held.length - end)
      writing = write(socket, dotsStuffed(held.subarray(0, end))).then(() => hooks.onTaken(upTo))
      writing.catch(() => {})
    }
    held = end < held.length ? Buffer.concat([held.subarray(end), piece]) : piece
  }
  if (held.length === 0 || count !== bytes || hash.digest('hex') !== sha256) throw new BytesChanged()
  await writing
  if (socket.destroyed) throw new Stopped()
  await hooks.beforeLast()
  yield held
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

/** RFC 5321 section 4.5.2, for whole lines. */
function dotsStuffed(lines: Buffer): Buffer {
  const dots = lines[0] === DOT ? [0] : []
  for (let at = lines.indexOf('\n.'); at >= 0; at = lines.indexOf('\n.', at + 2)) dots.push(at + 1)
  if (dots.length === 0) return lines
  const output = Buffer.allocUnsafe(lines.length + dots.length)
  let from = 0
  for (const [index, dot] of dots.entries()) {
    lines.copy(output, from + index, from, dot)
    output[dot + index] = DOT
    from = dot
  }
  lines.copy(output, from + dots.length, from)
  return output
}
