import { describe, expect, it } from 'vitest'
import { type FileSource, PIECE_BYTES, toBase64, uploadFile } from '../../../renderer/compose/upload.ts'
import { aDraft } from '../../support/builders.ts'
import { createFakeBridge } from '../../support/fake-bridge.ts'

function fileOf(bytes: Uint8Array, name = 'photo.jpg'): FileSource {
  return {
    name,
    type: 'image/jpeg',
    size: bytes.length,
    slice: (start, end) => ({ arrayBuffer: async () => bytes.slice(start, end).buffer }),
  }
}

function noise(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8)) % 256)
}

function scene() {
  const bridge = createFakeBridge({ world: { drafts: [aDraft({ id: 'draft' })] } })
  const pieces = () =>
    bridge.calls
      .filter(({ method }) => method === 'files.append')
      .map(({ args }) => args as [string, number, string])
  const methods = () => bridge.calls.map(({ method }) => method)
  return { bridge, pieces, methods }
}

describe('bringing a file to a draft', () => {
  it('sends it in pieces that are the file again when they are put together', async () => {
    const { bridge, pieces } = scene()
    const bytes = noise(PIECE_BYTES * 2 + 12_345)
    const progress: number[] = []
    const result = await uploadFile({
      call: bridge.call,
      draftId: 'draft',
      file: fileOf(bytes),
      signal: new AbortController().signal,
      onProgress: received => progress.push(received),
    })
    expect(result).toMatchObject({ ok: true, value: { name: 'photo.jpg', bytes: bytes.length } })
    const together = Buffer.concat(pieces().map(([, , base64]) => Buffer.from(base64, 'base64')))
    expect(together.equals(Buffer.from(bytes))).toBe(true)
    expect(pieces().map(([, offset]) => offset)).toEqual([0, PIECE_BYTES, PIECE_BYTES * 2])
    expect(pieces().every(([, , base64]) => base64.length <= 256 * 1024)).toBe(true)
    expect(progress).toEqual([PIECE_BYTES, PIECE_BYTES * 2, bytes.length])
  })

  it('attaches an empty file without a single piece', async () => {
    const { bridge, methods } = scene()
    const options = { call: bridge.call, draftId: 'draft', file: fileOf(new Uint8Array(0)), onProgress() {} }
    const result = await uploadFile({ ...options, signal: new AbortController().signal })
    expect(result.ok).toBe(true)
    expect(methods()).toEqual(['files.begin', 'drafts.attach'])
  })

  it('says that a file cannot be read, and leaves nothing half behind', async () => {
    const { bridge, methods } = scene()
    const file = {
      ...fileOf(noise(10)),
      slice: () => ({ arrayBuffer: () => Promise.reject(new Error('gone')) }),
    }
    const result = await uploadFile({
      call: bridge.call,
      draftId: 'draft',
      file,
      signal: new AbortController().signal,
      onProgress() {},
    })
    expect(result).toEqual({ ok: false, problem: { kind: 'attachment-unreadable', name: 'photo.jpg' } })
    expect(methods()).toEqual(['files.begin', 'files.abandon'])
  })

  it('takes a file that shrank while it was read for unreadable', async () => {
    const { bridge } = scene()
    const file = { ...fileOf(noise(10)), size: 20 }
    const result = await uploadFile({
      call: bridge.call,
      draftId: 'draft',
      file,
      signal: new AbortController().signal,
      onProgress() {},
    })
    expect(result).toMatchObject({ ok: false, problem: { kind: 'attachment-unreadable' } })
  })

  it('stops between two pieces and abandons what was sent', async () => {
    const { bridge, pieces, methods } = scene()
    const controller = new AbortController()
    const result = await uploadFile({
      call: bridge.call,
      draftId: 'draft',
      file: fileOf(noise(PIECE_BYTES * 4)),
      signal: controller.signal,
      onProgress: () => controller.abort(),
    })
    expect(result).toEqual({ ok: false, problem: { kind: 'cancelled' } })
    expect(pieces()).toHaveLength(1)
    expect(methods()).toEqual(['files.begin', 'files.append', 'files.abandon'])
  })

  it('hands on what the program says when the disk is full', async () => {
    const { bridge, methods } = scene()
    bridge.answer('files.append', { kind: 'disk-full' })
    const result = await uploadFile({
      call: bridge.call,
      draftId: 'draft',
      file: fileOf(noise(10)),
      signal: new AbortController().signal,
      onProgress() {},
    })
    expect(result).toEqual({ ok: false, problem: { kind: 'disk-full' } })
    expect(methods()).toContain('files.abandon')
  })

  it('encodes every byte', () => {
    const bytes = noise(20_000)
    expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'))
  })
})
