/** The text of a file of contacts whatever program wrote it: by its mark, else by what its bytes can be. Never throws. */

export type DecodedFile = { text: string; encoding: string }

/** How an encoding is called on screen. */
const NAMES = { 'utf-8': 'UTF-8', 'utf-16le': 'UTF-16', 'utf-16be': 'UTF-16' } as const
type Unicode = keyof typeof NAMES

export function decodeFile(bytes: Uint8Array): DecodedFile {
  const marked = unicodeOfMark(bytes) ?? unicodeOfZeros(bytes)
  if (marked !== null) return { text: decode(bytes, marked), encoding: NAMES[marked] }
  const utf8 = strictly(bytes, 'utf-8')
  if (utf8 !== null) return { text: utf8, encoding: NAMES['utf-8'] }
  if (/\x1b\$[@B]/.test(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'))) {
    return { text: decode(bytes, 'iso-2022-jp'), encoding: 'ISO-2022-JP' }
  }
  return japaneseOrWestern(bytes)
}

/** Western letters are rare neighbours; in Shift_JIS and EUC-JP every character beyond ASCII is a pair. */
function japaneseOrWestern(bytes: Uint8Array): DecodedFile {
  const shiftJis = strictly(bytes, 'shift_jis')
  const eucJp = strictly(bytes, 'euc-jp')
  const best = japaneseIn(eucJp) > japaneseIn(shiftJis) ? eucJp : shiftJis
  if (best !== null && japaneseIn(best) > 0) {
    return { text: best, encoding: best === eucJp ? 'EUC-JP' : 'Shift_JIS' }
  }
  return { text: decode(bytes, 'windows-1252'), encoding: 'Windows-1252' }
}

/** Kana and common kanji over the half-width kana that a wrong guess is full of. */
function japaneseIn(text: string | null): number {
  if (text === null) return -1
  const good = text.match(/[\u3041-\u30fe\u4e00-\u9fa5]/g)?.length ?? 0
  const doubtful = text.match(/[\uff61-\uff9f]/g)?.length ?? 0
  return good - doubtful
}

function unicodeOfMark([first, second, third]: Uint8Array): Unicode | null {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8'
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  return null
}

/** Headings are plain letters: in UTF-16 every second byte of them is zero. */
function unicodeOfZeros(bytes: Uint8Array): Unicode | null {
  const head = bytes.subarray(0, 200)
  if (head.length < 4) return null
  const zeros = (odd: 0 | 1) => head.filter((byte, at) => at % 2 === odd && byte === 0).length
  if (zeros(1) > head.length / 4 && zeros(0) === 0) return 'utf-16le'
  if (zeros(0) > head.length / 4 && zeros(1) === 0) return 'utf-16be'
  return null
}

function strictly(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

function decode(bytes: Uint8Array, encoding: string): string {
  return new TextDecoder(encoding).decode(bytes)
}
