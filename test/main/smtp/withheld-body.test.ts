/** The body that keeps its last chunk back, over a real socket. */

import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { BytesChanged, Stopped, sendBody, type WithheldBody } from '../../../main/smtp/withheld-body.ts'

let server: ReturnType<typeof createServer>
let client: Socket
let far: Socket

beforeEach(async () => {
  server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const [socket] = await once(server, 'connection')
  far = socket
  client.on('error', () => {})
  far.on('error', () => {})
})
afterEach(async () => {
  client.destroy()
  far.destroy()
  server.close()
  await once(server, 'close')
})

/** Lines of 40 bytes; the last of a piece goes on in the next. */
const chunks = (count: number) =>
  Array.from({ length: count }, (_, index) => {
    const letter = String.fromCharCode(65 + index)
    return Buffer.alloc(40_000, `${letter.repeat(19)}\r\n${letter.repeat(19)}`)
  })
const sha256 = (pieces: Buffer[]) => createHash('sha256').update(Buffer.concat(pieces)).digest('hex')

function bodyOf(pieces: Buffer[], more: Partial<WithheldBody> = {}) {
  return sendBody({
    async *open() {
      yield* pieces
    },
    sha256: sha256(pieces),
    bytes: Buffer.concat(pieces).length,
    socket: client,
    onTaken: () => {},
    beforeLast: async () => {},
    onEnded: () => {},
    ...more,
  })
}

test('when the last lines are let go, all before them has been taken, and not a byte of them', async () => {
  const pieces = chunks(30)
  const startedAt = client.bytesWritten
  let writtenAtCommit = -1
  let waitingAtCommit = -1
  const body = bodyOf(pieces, {
    async beforeLast() {
      writtenAtCommit = client.bytesWritten - startedAt
      waitingAtCommit = client.writableLength
    },
  })
  const received: Buffer[] = []
  far.on('data', chunk => received.push(chunk))
  await body
  client.end()
  await once(far, 'end')
  // The last line of these pieces has no end of its own.
  expect(Buffer.concat(received).toString()).toBe(`${Buffer.concat(pieces)}\r\n.\r\n`)
  expect(writtenAtCommit).toBe(29 * 40_000)
  expect(waitingAtCommit).toBe(0)
})

test('dots at the beginning of a line are stuffed wherever the pieces are cut', async () => {
  const text = '.\r\n..\r\n.a\r\nb.\r\n\r\n.\r\n.c.\r\n'.repeat(20)
  for (const size of [1, 2, 3, 5, 7, 64, 1_000]) {
    const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
      Buffer.from(text.slice(index * size, (index + 1) * size)),
    )
    const written: Buffer[] = []
    const wire = {
      destroyed: false,
      write(bytes: Buffer, done?: () => void) {
        written.push(bytes)
        done?.()
      },
      cork() {},
      uncork() {},
    }
    await bodyOf(pieces, { socket: wire as unknown as Socket })
    expect(Buffer.concat(written).toString()).toBe(`${text.replace(/^\./gm, '..')}.\r\n`)
  }
})

describe('the last lines stay back', () => {
  test.each<[string, Partial<WithheldBody>, new () => Error]>([
    ['when the bytes have another hash', { sha256: 'f'.repeat(64) }, BytesChanged],
    ['when there are more bytes', { bytes: 79_999 }, BytesChanged],
    ['when there are fewer', { bytes: 80_001 }, BytesChanged],
    [
      'when the commit fails',
      {
        async beforeLast() {
          throw new RangeError('disk')
        },
      },
      RangeError,
    ],
  ])('%s', async (_what, more, kind) => {
    const body = bodyOf(chunks(2), more)
    let received = 0
    far.on('data', chunk => {
      received += chunk.length
    })
    await expect(body).rejects.toBeInstanceOf(kind)
    client.end()
    await once(far, 'end')
    expect(received).toBeLessThanOrEqual(40_000)
  })
})

test('a connection that is lost while the rest is waited for ends it', async () => {
  far.pause()
  const pieces = Array.from({ length: 400 }, () => Buffer.alloc(40_000, 'B\r\n'))
  let isCommitted = false
  const body = bodyOf(pieces, {
    beforeLast: async () => {
      isCommitted = true
    },
  })
  const ended = expect(body).rejects.toBeInstanceOf(Stopped)
  await once(far, 'readable')
  client.destroy()
  await ended
  expect(isCommitted).toBe(false)
})

test('a system that takes nothing more is not said to take something again and again', async () => {
  const told: number[] = []
  let waiting: ((error?: Error) => void)[] = []
  const wire = {
    destroyed: false,
    write(_bytes: Buffer, done: (error?: Error) => void) {
      waiting.push(done)
    },
  }
  const pieces = chunks(4)
  const body = bodyOf(pieces, {
    socket: wire as unknown as Socket,
    onTaken: bytes => {
      told.push(bytes)
    },
  })
  const ended = expect(body).rejects.toBeInstanceOf(Stopped)
  const written = async () => {
    while (waiting.length === 0) await new Promise(resolve => setImmediate(resolve))
    const [done] = waiting
    waiting = []
    return done
  }
  ;(await written())?.()
  const stuck = await written()
  for (let turn = 0; turn < 100; turn += 1) await new Promise(resolve => setImmediate(resolve))
  // The watch over the connection closes it.
  stuck?.(new Error('closed'))
  await ended
  expect(told).toEqual([40_000])
})
