/** The place in photos that are no JPEG: PNG, WebP, HEIC and AVIF, each built here as its standard has it. */

import { deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { withoutPlace } from '../../../renderer/compose/photo-place.ts'
import { isAnimated } from '../../../renderer/compose/shrink-picture.ts'

const latin1 = (text: string) => Buffer.from(text, 'latin1')
const u16 = (value: number) => Buffer.from([value >> 8, value & 255])
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
const u32le = (value: number) => u32(value).reverse()

/** A TIFF structure with a GPS directory that says 35.68 N. */
function tiff({ orientation = 6, hasPlace = true } = {}): Buffer {
  const entry = (tag: number, type: number, value: Buffer) =>
    Buffer.concat([u16(tag), u16(type), u32(1), value])
  const entries = [
    entry(0x0112, 3, Buffer.concat([u16(orientation), u16(0)])),
    ...(hasPlace ? [entry(0x8825, 4, u32(38))] : []),
  ]
  const gps = Buffer.concat([u16(1), entry(2, 5, u32(56)), u32(0), latin1('LATITUDE35.6812')])
  return Buffer.concat([latin1('MM\0*'), u32(8), u16(entries.length), ...entries, u32(0), gps])
}
const XMP = '<x:xmpmeta><rdf:Description exif:GPSLatitude="35,40.87N"/></x:xmpmeta>'
const BARE = 'MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0'

const fileOf = (name: string, type: string, bytes: Buffer) =>
  new File([new Uint8Array(bytes)], name, { type })
const bytesOf = async (file: File | null) => Buffer.from((await file?.arrayBuffer()) ?? new ArrayBuffer())

function crc32(bytes: Buffer): number {
  let crc = ~0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return ~crc >>> 0
}

const SIGNATURE = latin1('\x89PNG\r\n\x1a\n')
function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([latin1(type), data])
  return Buffer.concat([u32(data.length), body, u32(crc32(body))])
}
const IHDR = chunk('IHDR', Buffer.concat([u32(1), u32(1), Buffer.from([8, 6, 0, 0, 0])]))
const IDAT = chunk('IDAT', deflateSync(Buffer.from([0, 10, 20, 30, 128])))
const IEND = chunk('IEND', Buffer.alloc(0))
const png = (...chunks: Buffer[]) =>
  fileOf('旅行.png', 'image/png', Buffer.concat([SIGNATURE, IHDR, ...chunks, IEND]))

describe('a PNG', () => {
  const itxt = chunk('iTXt', latin1(`XML:com.adobe.xmp\0\0\0\0\0${XMP}`))
  const comment = chunk('tEXt', latin1('Comment\0a trip with GPSLatitude in its words'))

  test.each([
    ['eXIf before the picture', [chunk('eXIf', tiff({ orientation: 1 })), IDAT]],
    ['eXIf behind the picture', [IDAT, chunk('eXIf', tiff({ orientation: 1 }))]],
    ['XMP', [itxt, IDAT]],
    ['packed XMP', [chunk('iTXt', latin1('XML:com.adobe.xmp\0\x01\0\0\0xxx')), IDAT]],
    ['a raw profile', [chunk('zTXt', latin1('Raw profile type exif\0\0xxx')), IDAT]],
    ['a raw profile in hexadecimal', [chunk('tEXt', latin1('Raw profile type APP1\0\nexif 4d4d')), IDAT]],
  ])('with a place in %s has its picture and nothing of a camera left', async (_where, chunks) => {
    const bare = await bytesOf(await withoutPlace(png(...chunks)))
    expect(bare).toEqual(Buffer.concat([SIGNATURE, IHDR, IDAT, IEND]))
  })

  test('that lies on its side still says which way is up, with a right checksum', async () => {
    const bare = await bytesOf(await withoutPlace(png(chunk('eXIf', tiff()), comment, IDAT)))
    const turned = chunk('eXIf', latin1(BARE))
    expect(bare).toEqual(Buffer.concat([SIGNATURE, IHDR, turned, comment, IDAT, IEND]))
  })

  test.each([
    ['no place', png(chunk('eXIf', tiff({ hasPlace: false })), comment, IDAT)],
    ['an end that is missing', fileOf('a.png', 'image/png', Buffer.concat([SIGNATURE, IHDR, itxt]))],
    [
      'a chunk longer than itself',
      fileOf('a.png', 'image/png', Buffer.concat([SIGNATURE, u32(9e8), latin1('eXIf')])),
    ],
  ])('with %s stays as it is', async (_what, file) => {
    expect(await withoutPlace(file)).toBeNull()
  })
})

function riff(...chunks: [type: string, data: Buffer][]): Buffer {
  const body = Buffer.concat(
    chunks.flatMap(([type, data]) => [latin1(type), u32le(data.length), data, Buffer.alloc(data.length % 2)]),
  )
  return Buffer.concat([latin1('RIFF'), u32le(body.length + 4), latin1('WEBP'), body])
}
const vp8x = (flags: number) => Buffer.from([flags, 0, 0, 0, 9, 0, 0, 9, 0, 0])
const VP8: [string, Buffer] = ['VP8 ', latin1('the picture itself.')]
const webp = (bytes: Buffer) => fileOf('photo.webp', 'image/webp', bytes)

describe('a WebP', () => {
  test('with a place in Exif and XMP loses both, its flags and its length say so', async () => {
    const file = webp(
      riff(['VP8X', vp8x(0x3c)], VP8, ['EXIF', tiff({ orientation: 1 })], ['XMP ', latin1(XMP)]),
    )
    expect(await bytesOf(await withoutPlace(file))).toEqual(riff(['VP8X', vp8x(0x30)], VP8))
  })

  test('that lies on its side still says which way is up', async () => {
    const file = webp(riff(['VP8X', vp8x(0x08)], VP8, ['EXIF', Buffer.concat([latin1('Exif\0\0'), tiff()])]))
    const bare = riff(['VP8X', vp8x(0x08)], VP8, ['EXIF', latin1(BARE)])
    expect(await bytesOf(await withoutPlace(file))).toEqual(bare)
  })

  test.each([
    ['no place', riff(['VP8X', vp8x(0x08)], VP8, ['EXIF', tiff({ hasPlace: false })])],
    ['nothing but its picture', riff(VP8)],
    ['an end that is cut off', riff(['VP8X', vp8x(0x08)], ['EXIF', tiff()]).subarray(0, -9)],
  ])('with %s stays as it is', async (_what, bytes) => {
    expect(await withoutPlace(webp(bytes))).toBeNull()
  })
})

const box = (type: string, ...parts: Buffer[]) => {
  const body = Buffer.concat(parts)
  return Buffer.concat([u32(body.length + 8), latin1(type), body])
}
const infe = (id: number, type: string, rest = '') =>
  box('infe', u32(0x0200_0000), u16(id), u16(0), latin1(`${type}\0${rest}`))

/** One picture, its Exif and its XMP, in mdat or (version 1, method 1) in idat. */
function heic({ isInIdat = false, brand = 'heic', exif = tiff(), reference = 0 } = {}): Buffer {
  const items = [latin1('the picture itself'), Buffer.concat([u32(6), latin1('Exif\0\0'), exif]), latin1(XMP)]
  const ftyp = box('ftyp', latin1(brand), u32(0), latin1('mif1'))
  const iinf = box(
    'iinf',
    u32(0),
    u16(3),
    infe(1, 'hvc1'),
    infe(2, 'Exif'),
    infe(3, 'mime', 'application/rdf+xml\0'),
  )
  const iloc = (start: number) => {
    let at = start
    const places = items.map((item, index) => {
      const place = Buffer.concat([
        u16(index + 1),
        ...(isInIdat ? [u16(1)] : []),
        u16(index === 1 ? reference : 0),
        u16(1),
        u32(at),
        u32(item.length),
      ])
      at += item.length
      return place
    })
    return box('iloc', u32(isInIdat ? 0x0100_0000 : 0), Buffer.from([0x44, 0]), u16(3), ...places)
  }
  const idat = isInIdat ? box('idat', ...items) : Buffer.alloc(0)
  const meta = (start: number) =>
    box('meta', u32(0), box('hdlr', u32(0), u32(0), latin1('pict')), iinf, iloc(start), idat)
  if (isInIdat) return Buffer.concat([ftyp, meta(0), box('mdat', latin1('more'))])
  return Buffer.concat([ftyp, meta(ftyp.length + meta(0).length + 8), box('mdat', ...items)])
}
const heicFile = (bytes: Buffer, name = 'IMG_0042.HEIC') => fileOf(name, '', bytes)

describe('a HEIC or AVIF', () => {
  test.each([
    ['in mdat', heic()],
    ['in idat', heic({ isInIdat: true })],
    ['of an AVIF', heic({ brand: 'avif' })],
    ['whose Exif cannot be read', heic({ exif: latin1('LATITUDE35.6812 and more than that') })],
  ])('with a place %s is as long as before, has its picture, and tells no place', async (_where, bytes) => {
    const bare = await bytesOf(await withoutPlace(heicFile(bytes)))
    expect(bare).toHaveLength(bytes.length)
    expect(bare.includes('the picture itself')).toBe(true)
    expect(bare.includes('LATITUDE35.6812') || bare.includes('GPSLatitude')).toBe(false)
    expect(bare.subarray(0, 200)).toEqual(bytes.subarray(0, 200))
  })

  test('that lies on its side still says which way is up', async () => {
    const bare = await bytesOf(await withoutPlace(heicFile(heic())))
    expect(bare.includes(`\0\0\0\0${BARE}`, 0, 'latin1')).toBe(true)
  })

  test('whose parts lie in another file, or nowhere, stays as it is', async () => {
    expect(await withoutPlace(heicFile(heic({ reference: 1 })))).toBeNull()
    expect(await withoutPlace(heicFile(heic().subarray(0, -70)))).toBeNull()
    for (let length = 0; length < 330; length += 7) {
      expect(await withoutPlace(heicFile(heic().subarray(0, length)))).toBeNull()
    }
  })
})

describe('a picture that moves', () => {
  const acTL = chunk('acTL', Buffer.alloc(8))
  test.each([
    ['GIF', new Blob(['GIF89a…']), true],
    ['PNG', png(acTL, IDAT), true],
    ['PNG that stands still', png(IDAT), false],
    ['PNG whose words say acTL behind its picture', png(IDAT, chunk('tEXt', latin1('Comment\0acTL'))), false],
    ['WebP', webp(riff(['VP8X', vp8x(0x02)], VP8)), true],
    ['WebP that stands still', webp(riff(['VP8X', vp8x(0x10)], VP8)), false],
  ])('is told from one that does not: %s', async (_what, picture, moves) => {
    expect(await isAnimated(picture)).toBe(moves)
  })
})
