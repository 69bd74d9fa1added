/** Reading a photo here and there, without all of it in memory. */

/** What a photo is put together from again: its own parts, and what was written anew. */
export type KeptParts = BlobPart[]

export async function bytesOf(file: Blob, start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await file.slice(start, end).arrayBuffer())
}

export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

export const startsWith = (bytes: Uint8Array, at: number, text: string): boolean =>
  [...text].every((letter, index) => bytes[at + index] === letter.charCodeAt(0))

export const asLatin1 = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes)

export const fromLatin1 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(text, letter => letter.charCodeAt(0))

const WINDOW_BYTES = 64 * 1024

/** The heads of many small parts, which lie near to each other, in few reads. */
export function createReader(file: Blob) {
  let start = 0
  let window = new Uint8Array()
  return async (at: number, length: number): Promise<Uint8Array> => {
    if (at < start || at + length > start + window.length) {
      window = await bytesOf(file, at, at + Math.max(length, WINDOW_BYTES))
      start = at
    }
    return window.subarray(at - start, at - start + length)
  }
}
