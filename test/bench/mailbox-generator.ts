/**
 * A mailbox that never was: the same mails for the same seed. Sizes are log-normal, a third of the mails are Japanese
 * (UTF-8 and ISO-2022-JP), some have html beside the text, some carry files. Words come as often as words do (Zipf).
 */

export type MadeMail = { source: Buffer; subject: string; text: string; sentAt: number }

export type Mailmaker = {
  mail(index: number): MadeMail
  /** The words by how often they come, most often first. */
  english: readonly string[]
  japanese: readonly string[]
}

const NEWEST = Date.UTC(2026, 10, 24, 9)
const DAY_MS = 86_400_000
const YEARS_MS = 8 * 365 * DAY_MS

/** The same numbers each time (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const ONSETS = 'b c d f g h j l m n p r s t v w st tr pl br gr ch sh th'.split(' ')
const VOWELS = 'a e i o u ai ea ou'.split(' ')
const CODAS = ' n r s t l nd rt ck m'.split(' ')
const ENDINGS = ['', '', '', '', 's', 'ed', 'ing', 'er', 'ly', 'tion']
const COMMON =
  'the to and of a in for is on you that with we be this are it as have will please from your our at by or not can if'.split(
    ' ',
  )
const KATAKANA = 'アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロン'
const PARTICLES = 'のにをはがとでもへからまでより'.match(/から|まで|より|./g) ?? []
const VERBS =
  'します しました いたします ください ありました です でした ています になります と思います おります'.split(
    ' ',
  )
const PHRASES = [
  'お世話になっております。',
  'よろしくお願いいたします。',
  'ご確認ください。',
  '取り急ぎご連絡まで。',
]
const FAMILY =
  '佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 Weber Lindqvist Okafor Raman García Müller Novak Rossi'.split(
    ' ',
  )
const HOUSES = 'example.co.jp museum.example gallery.example studio.example bau.example'.split(' ')

export function createMailmaker(seed: number): Mailmaker {
  const random = createRandom(seed)
  const pick = <T>(list: readonly T[], from = random): T => list[Math.floor(from() * list.length)] as T
  const kanji = [...commonKanji()]
  const english = [...COMMON, ...unique(18_000, () => word(random))]
  const japanese = unique(9_000, () =>
    random() < 0.2
      ? Array.from({ length: 3 + Math.floor(random() * 4) }, () => pick([...KATAKANA])).join('')
      : Array.from(
          { length: random() < 0.75 ? 2 : 3 },
          () => kanji[Math.floor(random() ** 2 * kanji.length)],
        ).join(''),
  )
  return {
    english,
    japanese,
    mail(index) {
      const own = createRandom(seed * 1_000_003 + index)
      const isJapanese = own() < 0.34
      const length = Math.min(60_000, Math.exp(normal(own) * 0.9 + (isJapanese ? 6.6 : 7.9)))
      const text = isJapanese ? japaneseText(own, japanese, length) : englishText(own, english, length)
      const words = isJapanese ? japanese : english
      const subject = Array.from({ length: 2 + Math.floor(own() * 4) }, () => zipf(own, words)).join(
        isJapanese ? 'の' : ' ',
      )
      const sentAt = NEWEST - Math.floor(own() * YEARS_MS)
      const from = {
        name: pick(FAMILY, own),
        address: `${zipf(own, english)}${index % 400}@${pick(HOUSES, own)}`,
      }
      const to = { name: pick(FAMILY, own), address: `yuki@${pick(HOUSES, own)}` }
      const charset = isJapanese && own() < 0.4 ? 'ISO-2022-JP' : 'UTF-8'
      return {
        subject,
        text,
        sentAt,
        source: write({ index, own, subject, text, sentAt, from, to, charset }),
      }
    },
  }
}

const STYLE = '.line { line-height: 1.4 } '.repeat(60)

type Parts = {
  index: number
  own: () => number
  subject: string
  text: string
  sentAt: number
  from: { name: string; address: string }
  to: { name: string; address: string }
  charset: string
}

function write({ index, own, subject, text, sentAt, from, to, charset }: Parts): Buffer {
  const encode = charset === 'UTF-8' ? (words: string) => Buffer.from(words) : toIso2022Jp
  const encoded = (words: string) =>
    /^[\x20-\x7e]*$/.test(words) ? words : `=?${charset}?B?${encode(words).toString('base64')}?=`
  const head = [
    `From: ${encoded(from.name)} <${from.address}>`,
    `To: ${encoded(to.name)} <${to.address}>`,
    `Subject: ${encoded(subject)}`,
    `Date: ${new Date(sentAt).toUTCString()}`,
    `Message-ID: <made-${index}@bench.example>`,
    'MIME-Version: 1.0',
  ]
  const part = (kind: string, words: string) =>
    Buffer.concat([
      Buffer.from(
        `Content-Type: text/${kind}; charset=${charset}\r\nContent-Transfer-Encoding: ${charset === 'UTF-8' ? '8bit' : '7bit'}\r\n\r\n`,
      ),
      encode(words.replaceAll('\n', '\r\n')),
    ])
  const plain = part('plain', text)
  const kind = own()
  const pieces = [plain]
  if (kind < 0.6) pieces.push(part('html', htmlOf(text)))
  const body = pieces.length === 1 ? plain : multipart('alternative', `alt${index}`, pieces)
  if (own() > 0.15) return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n`), body])
  const bytes = packedBytes(own, Math.min(200_000, Math.floor(Math.exp(normal(own) + 9.8))))
  const file = Buffer.from(
    `Content-Type: application/pdf; name="report-${index}.pdf"\r\nContent-Disposition: attachment; filename="report-${index}.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n${bytes.toString('base64').replace(/.{76}/g, '$&\r\n')}`,
  )
  return Buffer.concat([
    Buffer.from(`${head.join('\r\n')}\r\n`),
    multipart('mixed', `mix${index}`, [body, file]),
  ])
}

/** Like a picture or an archive: nothing that a compressor would find. */
function packedBytes(random: () => number, length: number): Buffer {
  let state = Math.floor(random() * 2 ** 32) | 1
  const words = new Uint32Array(Math.ceil(length / 4))
  for (let at = 0; at < words.length; at += 1) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    words[at] = state
  }
  return Buffer.from(words.buffer, 0, length)
}

/** As programs write it: more markup than words. */
function htmlOf(text: string): string {
  const lines = text
    .split('\n')
    .map(
      line =>
        `<tr><td class="line" style="padding:0 0 4px;font-family:Arial,sans-serif;color:#222">${line}</td></tr>`,
    )
  return `<!doctype html>\n<html><head><style>${STYLE}</style></head><body><table width="100%" cellpadding="0">\n${lines.join('\n')}\n</table></body></html>`
}

function multipart(kind: string, boundary: string, parts: Buffer[]): Buffer {
  const lines = parts.flatMap(part => [Buffer.from(`\r\n--${boundary}\r\n`), part])
  return Buffer.concat([
    Buffer.from(`Content-Type: multipart/${kind}; boundary=${boundary}\r\n\r\n`),
    ...lines,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ])
}

function englishText(random: () => number, words: readonly string[], length: number): string {
  const lines: string[] = []
  let line = ''
  let count = 0
  while (count < length) {
    const next = random() < 0.01 ? String(Math.floor(random() * 100_000)) : zipf(random, words)
    line += line === '' ? next : ` ${next}`
    count += next.length + 1
    if (line.length > 66) {
      lines.push(line)
      line = ''
      if (random() < 0.12) lines.push('')
    }
  }
  return [...lines, line].join('\n')
}

function japaneseText(random: () => number, words: readonly string[], length: number): string {
  let text = ''
  let line = 0
  while (text.length < length) {
    const next =
      random() < 0.06
        ? PHRASES[Math.floor(random() * PHRASES.length)]
        : `${zipf(random, words)}${PARTICLES[Math.floor(random() * PARTICLES.length)]}${zipf(random, words)}${random() < 0.4 ? `${VERBS[Math.floor(random() * VERBS.length)]}。` : 'の'}`
    text += next
    line += next?.length ?? 0
    if (line > 32) {
      text += '\n'
      line = 0
    }
  }
  return text
}

/** Rank r comes about 1/r as often as the first. */
function zipf<T>(random: () => number, list: readonly T[]): T {
  const rank = Math.floor(list.length ** random()) - 1
  return list[Math.max(0, Math.min(list.length - 1, rank))] as T
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

function word(random: () => number): string {
  const one = (list: readonly string[]) => list[Math.floor(random() * list.length)] ?? ''
  const syllables = 1 + Math.floor(random() * 3)
  return `${Array.from({ length: syllables }, () => one(ONSETS) + one(VOWELS) + one(CODAS)).join('')}${one(ENDINGS)}`
}

function unique(count: number, make: () => string): string[] {
  const made = new Set<string>()
  while (made.size < count) made.add(make())
  return [...made]
}

/** The first level of JIS X 0208, where the kanji of everyday stand. */
function* commonKanji(): Generator<string> {
  for (const sign of jisTable().keys()) if (/[一-鿿]/.test(sign)) yield sign
}

let table: Map<string, number> | null = null
function jisTable(): Map<string, number> {
  if (table !== null) return table
  table = new Map()
  const decoder = new TextDecoder('iso-2022-jp')
  for (let row = 0x21; row <= 0x4f; row += 1) {
    for (let cell = 0x21; cell <= 0x7e; cell += 1) {
      const sign = decoder.decode(Uint8Array.of(0x1b, 0x24, 0x42, row, cell, 0x1b, 0x28, 0x42))
      if (sign.length === 1 && sign !== '\ufffd') table.set(sign, row * 256 + cell)
    }
  }
  return table
}

/** RFC 1468; what JIS X 0208 does not have becomes a question mark. */
export function toIso2022Jp(text: string): Buffer {
  const bytes: number[] = []
  let isWide = false
  const become = (wide: boolean) => {
    if (wide !== isWide) bytes.push(0x1b, ...(wide ? [0x24, 0x42] : [0x28, 0x42]))
    isWide = wide
  }
  for (const sign of text) {
    const code = jisTable().get(sign)
    become(code !== undefined)
    if (code === undefined) bytes.push(sign.length === 1 && sign < '\u0080' ? sign.charCodeAt(0) : 0x3f)
    else bytes.push(code >> 8, code & 0xff)
  }
  become(false)
  return Buffer.from(bytes)
}
