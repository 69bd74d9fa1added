/** Base64 in lines, however the bytes are cut. */

import { Readable } from 'node:stream'
import fc from 'fast-check'
import { encode, wrap } from 'nodemailer/lib/base64'
import { expect, test } from 'vitest'
import { base64Lines } from '../../../main/mime/base64-lines.ts'

test('is the same text for every way to cut the bytes into pieces', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 12 }), async pieces => {
      const buffers = pieces.map(piece => Buffer.from(piece))
      let text = ''
      for await (const lines of base64Lines(Readable.from(buffers))) text += lines.toString('latin1')
      expect(text).toBe(wrap(encode(Buffer.concat(buffers))))
    }),
  )
})

test('that uses its memory again keeps a piece until the next but one is asked for', async () => {
  const buffers = Array.from({ length: 9 }, (_, index) => Buffer.alloc(57 * (20 - index) + index, index + 1))
  let [text, saidBefore] = ['', '']
  let before: Buffer = Buffer.alloc(0)
  for await (const piece of base64Lines(Readable.from(buffers), true)) {
    // As a write that is still under way.
    expect(before.toString('latin1')).toBe(saidBefore)
    before = piece
    saidBefore = piece.toString('latin1')
    text += saidBefore
  }
  expect(text).toBe(wrap(encode(Buffer.concat(buffers))))
})
