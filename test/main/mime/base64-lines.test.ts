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
