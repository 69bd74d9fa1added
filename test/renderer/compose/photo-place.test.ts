/** A photo loses its place on the way to a mail, and nothing of the picture. */

import { describe, expect, test } from 'vitest'
import { withoutPlace } from '../../../renderer/compose/photo-place.ts'

const START = [0xff, 0xd8]
const PICTURE = [0xff, 0xda, 0, 4, 1, 2, 9, 8, 7, 0xff, 0, 0xff, 0xd9]
const COLOURS = segment(0xe2, [...text('ICC_PROFILE\0'), 1, 1, 42])

function text(words: string): number[] {
  return [...words].map(letter => letter.charCodeAt(0))
}

function segment(marker: number, body: number[]): number[] {
  const length = body.length + 2
  return [0xff, marker, length >> 8, length & 255, ...body]
}

type Tag = [tag: number, value: number]

function exif(tags: Tag[], isLittle = false): number[] {
  const view = new DataView(new ArrayBuffer(14 + tags.length * 12))
  view.setUint16(0, isLittle ? 0x4949 : 0x4d4d)
  view.setUint16(2, 42, isLittle)
  view.setUint32(4, 8, isLittle)
  view.setUint16(8, tags.length, isLittle)
  for (const [index, [tag, value]] of tags.entries()) {
    view.setUint16(10 + index * 12, tag, isLittle)
    view.setUint16(12 + index * 12, 3, isLittle)
    view.setUint32(14 + index * 12, 1, isLittle)
    view.setUint16(18 + index * 12, value, isLittle)
  }
  return segment(0xe1, [...text('Exif\0\0'), ...new Uint8Array(view.buffer)])
}

const MAKER: Tag = [0x010f, 7]
const UPSIDE: Tag = [0x0112, 6]
const GPS: Tag = [0x8825, 26]
const photo = (...parts: number[][]) =>
  new File([Uint8Array.from([...START, ...parts.flat(), ...PICTURE])], '旅行.jpg', { type: 'image/jpeg' })
const bytesOf = async (file: File | null) => [...new Uint8Array((await file?.arrayBuffer()) ?? [])]

describe('a photo', () => {
  test.each([true, false])(
    'with a place keeps which way is up, its colours and its picture (little-endian %s)',
    async isLittle => {
      const bare = await withoutPlace(photo(exif([MAKER, UPSIDE, GPS], isLittle), COLOURS))
      expect(bare).toMatchObject({ name: '旅行.jpg', type: 'image/jpeg' })
      expect(await bytesOf(bare)).toEqual([...START, ...exif([UPSIDE]), ...COLOURS, ...PICTURE])
    },
  )

  test('that lies the right way up has nothing of a camera left', async () => {
    expect(await bytesOf(await withoutPlace(photo(exif([MAKER, GPS]))))).toEqual([...START, ...PICTURE])
  })

  test('whose place stands in XMP loses that too, with what photo programs noted', async () => {
    const xmp = segment(0xe1, text('http://ns.adobe.com/xap/1.0/\0<x exif:GPSLatitude="35,41N"/>'))
    const notes = segment(0xed, text('Photoshop 3.0\0 city'))
    expect(await bytesOf(await withoutPlace(photo(exif([MAKER]), xmp, notes)))).toEqual([
      ...START,
      ...PICTURE,
    ])
  })

  test('without a place stays as it is, byte for byte', async () => {
    expect(await withoutPlace(photo(exif([MAKER, UPSIDE]), COLOURS))).toBeNull()
    expect(await withoutPlace(photo())).toBeNull()
  })

  test('whose Exif cannot be read is held to tell a place', async () => {
    const broken = segment(0xe1, [...text('Exif\0\0'), 0x4d, 0x4d, 0, 42, 0, 0, 255, 255])
    expect(await bytesOf(await withoutPlace(photo(broken)))).toEqual([...START, ...PICTURE])
  })

  test.each([
    ['is no JPEG', new File(['GIF89a GPSLatitude'], 'a.gif', { type: 'image/gif' })],
    ['only calls itself one', new File(['hello'], 'a.jpg', { type: 'image/jpeg' })],
    ['is empty', new File([], 'a.jpg', { type: 'image/jpeg' })],
    [
      'ends within its head',
      new File([Uint8Array.from([...START, ...exif([GPS]).slice(0, 20)])], 'a.jpg', { type: 'image/jpeg' }),
    ],
  ])('that %s stays as it is', async (_what, file) => {
    expect(await withoutPlace(file)).toBeNull()
  })
})
