/** The words that mail programs put before a subject when it is answered or passed on, in the languages they speak. Pure. */

// By language; NFKC, lower case. Left out are words that begin subjects of their own ("Ref:", "I:").
const PREFIX_WORDS: ReadonlySet<string> = new Set([
  // English, French, Spanish, Portuguese, Italian, Romanian
  ...['re', 'fw', 'fwd', 'tr', 'ré', 'rép', 'réf', 'rv', 'res', 'enc', 'rif', 'inoltro'],
  // German, Dutch, Nordic, Finnish, Estonian
  ...['aw', 'antw', 'antwort', 'wg', 'vs', 'sv', 'vb', 'vl', 'vá', 'doorst'],
  // Polish, Czech, Hungarian, Turkish, Welsh, Lithuanian, Croatian
  ...[
    'odp',
    'pd',
    'továbbítás',
    'ynt',
    'ilt',
    'i̇lt',
    'atb',
    'ymlaen',
    'bls',
    'atsakymas',
    'odg',
    'odgovor',
    'prosl',
  ],
  // Russian, Ukrainian, Greek, Hebrew, Arabic
  ...['отв', 'пер', 'απ', 'πρθ', 'השב', 'תשובה', 'הועבר', 'رد', 'إعادة توجيه'],
  // Japanese, Chinese, Korean, Vietnamese, Thai
  ...[
    '返信',
    '転送',
    '回复',
    '回覆',
    '答复',
    '答覆',
    '转发',
    '轉寄',
    '轉發',
    '回信',
    '회신',
    '전달',
    '답장',
    'trả lời',
    'ตอบ',
  ],
])

const PREFIX =
  /^([\p{L}\p{M}]{1,12}(?: [\p{L}\p{M}]{1,8})?)\s?(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3}|\d{1,3}|\*\d{1,3})?\s?[:：]\s*/u
/** The tag of a list, between which and the subject answers pile up too. */
const TAG = /^\[[^[\]]{1,60}\]\s*/u

/** The subject without any pile of Re:, AW:, 転送: … before it, on one line; the tag of a list stays. */
export function bareSubject(subject: string): string {
  const line = subject
    .toWellFormed()
    .replace(/[\s\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .trim()
  const rest = withoutPrefixes(line)
  const tag = TAG.exec(rest)?.[0] ?? ''
  const inner = withoutPrefixes(rest.slice(tag.length))
  if (tag === '' || inner === rest.slice(tag.length)) return rest
  const name = tag.trimEnd()
  return `${name} ${inner.startsWith(name) ? inner.slice(name.length).trimStart() : inner}`
}

function withoutPrefixes(subject: string): string {
  let rest = subject
  for (;;) {
    const match = PREFIX.exec(rest)
    const word = match?.[1]?.normalize('NFKC').toLowerCase()
    if (match === null || word === undefined || !PREFIX_WORDS.has(word)) return rest
    rest = rest.slice(match[0].length)
  }
}
