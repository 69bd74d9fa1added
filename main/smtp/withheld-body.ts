/**
 * The body of a mail on its way to the server. It is read only after the 354, and keeps its last chunk back until
 * the bytes are proved and the intention to end is on the disk: before that, the server cannot have taken the mail.
 */

import { createHash } from 'node:crypto'
import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'

export type WithheldBody = {
  open: () => AsyncIterable<Buffer>
  sha256: string
  bytes: number
  socket: Socket
  /** All replies to the envelope are known now. Throws to stop: nothing was sent. */
  onFirstRead: () => void
  /** Bytes of the mail that the operating system has taken; called only when it took more. */
  onTaken: (bytes: number) => void
  /** Everything but the last chunk has been taken. Throws to stop. */
  beforeLast: () => void
}

/** Thrown where the recipe gave other bytes than at Send. */
export class BytesChanged extends Error {}

/** Thrown where there is nothing to say about it: somebody else knows why. */
export class Stopped extends Error {}

/** What is on its way within this process is out after a few turns; a slow network is looked at now and then. */
const QUICK_TURNS = 50
const POLL_MS = 5
export function withheldBody(body: WithheldBody): Readable {
  return Readable.from(chunks(body), { objectMode: false, highWaterMark: 64 * 1024 })
}

async function* chunks({ open, sha256, bytes, socket, ...hooks }: WithheldBody): AsyncGenerator<Buffer> {
  hooks.onFirstRead()
  const hash = createHash('sha256')
  const startedAt = socket.bytesWritten
  // `bytesWritten` counts what still waits in this process; without that it is what the system has taken.
  const taken = () => socket.bytesWritten - socket.writableLength - startedAt
  let count = 0
  let wireBytes = 0
  let held: Buffer | null = null
  let told = 0
  const tell = () => {
    const bytes = Math.min(taken(), count)
    // Who takes nothing is waited for only so long, and every call here begins that time anew.
    if (bytes <= told) return
    told = bytes
    hooks.onTaken(bytes)
  }
  for await (const chunk of open()) {
    hash.update(chunk)
    count += chunk.length
    if (count > bytes) throw new BytesChanged()
    if (held !== null) {
      wireBytes += held.length + stuffedDots(held)
      yield held
      tell()
    }
    held = chunk
  }
  if (held === null || count !== bytes || hash.digest('hex') !== sha256) throw new BytesChanged()
  // Pipes keep some chunks on the way; the point of no return comes only when all of those are out.
  for (let turn = 0; taken() < wireBytes && !socket.destroyed; turn += 1) {
    await (turn < QUICK_TURNS ? nextTurn() : pause(POLL_MS))
    tell()
  }
  // A lost connection has nothing waiting any more, which looks as if all had been taken.
  if (socket.destroyed) throw new Stopped()
  hooks.beforeLast()
  yield held
}

/** Dots that the transport will put before dots (RFC 5321 section 4.5.2); at least so many, which is enough here. */
function stuffedDots(chunk: Buffer): number {
  let dots = 0
  for (let at = chunk.indexOf('\n.'); at >= 0; at = chunk.indexOf('\n.', at + 2)) dots += 1
  return dots
}
