/** Reads whole SMTP replies off a socket, one at a time, and gives back what it has not used. Judges nothing. */

import type { Socket } from 'node:net'

const LONGEST_REPLY = 64 * 1024
/** The message of the error for a reply longer than that. */
export const ENDLESS_REPLY = 'endless reply'

/** A whole reply as it came, or why none comes: a socket error, or null where the server just went. */
export type RawReply = { ok: true; value: Buffer } | { ok: false; error: unknown }

export type ReplyReader = {
  socket: Socket
  /** Calls back once with the next whole reply. */
  next(callback: (reply: RawReply) => void): void
  /** Lets go of the socket, paused; gives what was read beyond the last reply. */
  release(): Buffer
}

export function createReplyReader(socket: Socket): ReplyReader {
  let held: Buffer = Buffer.alloc(0)
  let waiting: ((reply: RawReply) => void) | null = null
  let end: RawReply | null = null

  const give = () => {
    if (waiting === null) return
    const length = lengthOfReply(held)
    const answer: RawReply | null =
      length > 0
        ? { ok: true, value: held.subarray(0, length) }
        : (end ??
          (held.length > LONGEST_REPLY
            ? { ok: false, error: { code: 'EPROTO', message: ENDLESS_REPLY } }
            : null))
    if (answer === null) return
    held = held.subarray(length)
    const callback = waiting
    waiting = null
    callback(answer)
  }
  const onData = (chunk: Buffer) => {
    held = Buffer.concat([held, chunk])
    give()
  }
  const finish = (error: unknown) => {
    end ??= { ok: false, error }
    give()
  }
  const onError = (error: unknown) => finish(error)
  const onClose = () => finish(null)
  socket.on('data', onData)
  socket.on('error', onError)
  socket.on('close', onClose)
  socket.on('end', onClose)
  return {
    socket,
    next(callback) {
      waiting = callback
      give()
    },
    release() {
      socket.pause()
      socket.off('data', onData)
      socket.off('error', onError)
      socket.off('close', onClose)
      socket.off('end', onClose)
      return held
    },
  }
}

/** Bytes of the first whole reply: lines "250-…" up to one that does not go on; 0 where it is not whole yet. */
function lengthOfReply(bytes: Buffer): number {
  let start = 0
  for (;;) {
    const end = bytes.indexOf(0x0a, start)
    if (end < 0) return 0
    const goesOn = /^\d{3}-/.test(bytes.toString('latin1', start, Math.min(start + 4, end)))
    start = end + 1
    if (!goesOn) return start
  }
}
