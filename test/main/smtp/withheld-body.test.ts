/** The body that keeps its last chunk back, over a real socket. */

import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { BytesChanged, withheldBody } from '../../../main/smtp/withheld-body.ts'

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

const chunks = (count: number) =>
  Array.from({ length: count }, (_, index) => Buffer.alloc(40_000, 65 + index))
const sha256 = (pieces: Buffer[]) => createHash('sha256').update(Buffer.concat(pieces)).digest('hex')

function bodyOf(pieces: Buffer[], more: Partial<Parameters<typeof withheldBody>[0]> = {}) {
  return withheldBody({
    open: () => Readable.from(pieces, { objectMode: false }),
    sha256: sha256(pieces),
    bytes: Buffer.concat(pieces).length,
    socket: client,
    onFirstRead: () => {},
    onTaken: () => {},
    beforeLast: () => {},
    ...more,
  })
}

test('nothing is opened before the first read', async () => {
  let isOpen = false
  const body = bodyOf(chunks(1), {
    open: () => {
      isOpen = true
      return Readable.from(chunks(1))
    },
  })
  await new Promise(resolve => setImmediate(resolve))
  expect(isOpen).toBe(false)
  body.destroy()
})

test('when the last chunk is let go, all before it has been taken, and not a byte of it', async () => {
  const pieces = chunks(30)
  const startedAt = client.bytesWritten
  let writtenAtCommit = -1
  let waitingAtCommit = -1
  const body = bodyOf(pieces, {
    beforeLast() {
      writtenAtCommit = client.bytesWritten - startedAt
      waitingAtCommit = client.writableLength
    },
  })
  const received: Buffer[] = []
  far.on('data', chunk => received.push(chunk))
  body.pipe(client)
  await once(far, 'end')
  expect(Buffer.concat(received).equals(Buffer.concat(pieces))).toBe(true)
  expect(writtenAtCommit).toBe(29 * 40_000)
  expect(waitingAtCommit).toBe(0)
})

describe('the last chunk stays back', () => {
  test.each<[string, Partial<Parameters<typeof withheldBody>[0]>, new () => Error]>([
    ['when the bytes have another hash', { sha256: 'f'.repeat(64) }, BytesChanged],
    ['when there are more bytes', { bytes: 79_999 }, BytesChanged],
    ['when there are fewer', { bytes: 80_001 }, BytesChanged],
    [
      'when the commit fails',
      {
        beforeLast() {
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
    body.pipe(client, { end: false })
    const [error] = await once(body, 'error')
    expect(error).toBeInstanceOf(kind)
    client.end()
    await once(far, 'end')
    expect(received).toBeLessThanOrEqual(40_000)
  })
})

test('a connection that is lost while the rest is waited for ends it', async () => {
  far.pause()
  const pieces = Array.from({ length: 400 }, () => Buffer.alloc(40_000, 66))
  let isCommitted = false
  const body = bodyOf(pieces, {
    beforeLast: () => {
      isCommitted = true
    },
  })
  body.on('data', chunk => client.write(chunk))
  await once(body, 'data')
  setImmediate(() => client.destroy())
  await once(body, 'error')
  expect(isCommitted).toBe(false)
})

test('a system that takes nothing more is not said to take something again and again', async () => {
  const told: number[] = []
  let looks = 0
  const stuck = {
    bytesWritten: 0,
    destroyed: false,
    get writableLength() {
      looks += 1
      stuck.destroyed = looks > 70
      return 0
    },
  }
  const pieces = chunks(3)
  const body = bodyOf(pieces, {
    open: () => Readable.from(pieces),
    socket: stuck as Socket,
    onTaken: bytes => {
      told.push(bytes)
    },
  })
  body.on('data', () => {
    // Half of it is out, the rest stays within this process.
    stuck.bytesWritten = 40_000
  })
  await once(body, 'error')
  expect(told).toEqual([40_000])
})
