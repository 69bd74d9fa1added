// Mail bytes between a DATA or RETR and the lone dot: reading and writing them, in SMTP and POP3.
// Refuses to look into the mail.

import type { Act } from './acts.ts'
import { afterOthersRead, type Wire } from './wire.ts'

export type BodyReading = {
  /** Read at most so many bytes in one turn of the event loop. */
  chunkBytes?: number | undefined
  /** Something that happens after so many bytes of the body. */
  midBody?: { afterBytes: number; act: Act } | undefined
}

export type Body = {
  /** Without the dots that were put before dots, without the final one. */
  data: Buffer
  /** The final dot came; otherwise this is as far as the client got. */
  isComplete: boolean
}

const crlf = Buffer.from('\r\n')
const finalDot = Buffer.from('\r\n.\r\n')

/** Reads up to the final dot, or to the end of the connection. */
export async function readBody(wire: Wire, reading: BodyReading = {}): Promise<Body> {
  // The CRLF of the DATA line counts: an empty body is a dot right after it.
  const chunks: Buffer[] = [crlf]
  let tail: Buffer = crlf
  let count = 0
  let { midBody } = reading
  for (;;) {
    const untilAct = midBody ? midBody.afterBytes - count : Number.POSITIVE_INFINITY
    if (midBody && untilAct <= 0) {
      const { act } = midBody
      midBody = undefined
      await act.perform({ wire, usual: Buffer.alloc(0), fill: text => text, say: bytes => wire.write(bytes) })
      continue
    }
    const chunk = await wire.take(Math.min(reading.chunkBytes ?? Number.POSITIVE_INFINITY, untilAct))
    if (!chunk) return { data: unstuffed(Buffer.concat(chunks)), isComplete: false }
    const looked = Buffer.concat([tail, chunk])
    const end = looked.indexOf(finalDot)
    if (end >= 0) {
      const used = end + finalDot.length - tail.length
      chunks.push(chunk.subarray(0, used))
      wire.putBack(chunk.subarray(used))
      return { data: unstuffed(Buffer.concat(chunks).subarray(0, -'.\r\n'.length)), isComplete: true }
    }
    chunks.push(chunk)
    count += chunk.length
    tail = looked.subarray(-finalDot.length + 1)
    if (reading.chunkBytes) await afterOthersRead()
  }
}

/** The bytes of a mail as they go over the wire, with the final dot. */
export function dotted(data: Buffer): Buffer {
  // latin1 takes every byte as it is.
  const text = data
    .toString('latin1')
    .replace(/\r?\n/g, '\r\n')
    .replace(/(^|\n)\./g, '$1..')
  return Buffer.from(`${text}${text === '' || text.endsWith('\r\n') ? '' : '\r\n'}.\r\n`, 'latin1')
}

function unstuffed(afterCrlf: Buffer): Buffer {
  const text = afterCrlf.toString('latin1').replaceAll('\r\n.', '\r\n')
  return Buffer.from(text.slice(crlf.length), 'latin1')
}
