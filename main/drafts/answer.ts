/**
 * Owns how an answer begins: recipients, subject, references and the quoted text of a reply or forward (RFC 5322
 * section 3.6.4). Pure. Refuses html: only the plain text of the original travels on, never what is hidden in it.
 */

import { formatAddress, sameAddress } from '../../shared/address.ts'
import type { Account, Address, DraftContent, Language, Message } from '../../shared/model.ts'

/** What an answer is made from. `timeZone` is an IANA name; left out, the machine's own. */
export type AnswerInput = {
  message: Message
  accounts: readonly Account[]
  language: Language
  timeZone?: string
}

export type AnswerStart = { content: DraftContent; references: string[] }

/** RFC 5322 wants all ancestors; a header line of endless threads is refused by servers, so the middle goes. */
const MOST_REFERENCES = 40

/** A reply, to everybody where `all`. Own addresses are left out of a reply to all, unless nobody else is there. */
export function replyTo(input: AnswerInput, all: boolean): AnswerStart {
  const { message, accounts } = input
  const isOwn = (address: Address) =>
    accounts.some(account => sameAddress(account.identity.address, address.address))
  const isFromMe = isOwn(message.from) && message.to.length > 0
  const answered = isFromMe ? message.to : message.replyTo.length > 0 ? message.replyTo : [message.from]
  const others = (list: readonly Address[]) => list.filter(address => !isOwn(address))

  let to = distinct(answered)
  let cc: Address[] = []
  if (all) {
    to = distinct(others([...answered, ...message.to]))
    cc = distinct(others(message.cc)).filter(
      address => !to.some(known => sameAddress(known.address, address.address)),
    )
    if (to.length === 0 && cc.length === 0) to = distinct(answered)
    else if (to.length === 0) [to, cc] = [cc, []]
  }
  return {
    content: {
      accountId: answeringAccount(message, accounts),
      to,
      cc,
      bcc: [],
      subject: `Re: ${bareSubject(message.subject)}`,
      text: `\n\n${attribution(input)}\n${quoted(withoutSignature(plain(message.text)))}\n`,
    },
    references: referencesFor(message),
  }
}

/** A forward: no recipients yet, and a thread of its own. */
export function forwardOf(input: AnswerInput): AnswerStart {
  const { message, accounts } = input
  return {
    content: {
      accountId: answeringAccount(message, accounts),
      to: [],
      cc: [],
      bcc: [],
      subject: `Fwd: ${bareSubject(message.subject)}`,
      text: `\n\n${forwardHeading(input)}\n\n${plain(message.text).trimEnd()}\n`,
    },
    references: [],
  }
}

/**
 * The account the mail came to: of a mail of our own its sender; else the one whose mailbox it lies in if it is
 * named there or no other of ours is; '' where no account is left.
 */
export function answeringAccount(message: Message, accounts: readonly Account[]): string {
  const withAddress = (address: Address) =>
    accounts.find(account => sameAddress(account.identity.address, address.address))
  const sender = withAddress(message.from)
  if (sender !== undefined) return sender.id
  const home = accounts.find(account => account.id === message.accountId)
  const named = [...message.to, ...message.cc, ...message.bcc]
    .map(withAddress)
    .filter(account => account !== undefined)
  if (home !== undefined && named.includes(home)) return home.id
  return (named[0] ?? home ?? accounts[0])?.id ?? ''
}

// The words mail programs put before a subject, by language. Left out are those that also begin subjects of their
// own ("Ref:", "I:", "Enc:").
const PREFIX_WORDS: ReadonlySet<string> = new Set([
  ...[
    're',
    'aw',
    'antw',
    'antwort',
    'sv',
    'vs',
    'ré',
    'réf',
    'rép',
    'rif',
    'odp',
    'ynt',
    'atb',
    'bls',
    'res',
    'rv',
  ],
  ...['fw', 'fwd', 'wg', 'vb', 'vl', 'tr', 'doorst', 'pd', 'ilt', 'továbbítás'],
  ...['返信', '転送', '回复', '回覆', '答复', '答覆', '转发', '轉寄', '轉發', '회신', '전달'],
])

/** The subject without any pile of Re:, AW:, 転送: … before it, on one line. */
export function bareSubject(subject: string): string {
  let rest = plain(subject).replace(/\s+/g, ' ').trim()
  for (;;) {
    const match = /^([\p{L}\p{M}]{1,12})\s?(?:\[\d{1,3}\]|\(\d{1,3}\)|\d{1,3})?\s?[:：]\s*/u.exec(rest)
    if (match === null) return rest
    const word = (match[1] as string).normalize('NFKC').toLowerCase()
    if (!PREFIX_WORDS.has(word)) return rest
    rest = rest.slice(match[0].length)
  }
}

function referencesFor(message: Message): string[] {
  const parent = bareId(message.messageIdHeader)
  // Without an id of the parent nothing can be named as answered.
  if (parent === null) return []
  const ids = [...message.references.map(bareId), parent].filter(id => id !== null)
  const chain = [...new Set(ids.filter(id => id !== parent)), parent]
  return chain.length <= MOST_REFERENCES ? chain : [chain[0] as string, ...chain.slice(1 - MOST_REFERENCES)]
}

/** Printable ASCII without spaces and brackets, or nothing: what is put on our header line must not break it. */
function bareId(id: string): string | null {
  const bare = id.trim().replace(/^<|>$/g, '')
  return /^[!-;=?-~]{1,900}$/.test(bare) ? bare : null
}

function distinct(addresses: readonly Address[]): Address[] {
  const kept: Address[] = []
  for (const { name, address } of addresses) {
    if (address === '' || kept.some(known => sameAddress(known.address, address))) continue
    kept.push({ name: plain(name).replace(/\s+/g, ' ').trim(), address })
  }
  return kept
}

/** Line feeds only, no control characters: a quote is text and nothing else. */
function plain(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '')
}

const LONGEST_SIGNATURE = 12

/** Cuts a signature ("-- ", RFC 3676 section 4.3) where it really ends the mail. */
function withoutSignature(text: string): string {
  const lines = text.split('\n')
  const mark = lines.lastIndexOf('-- ')
  const isSignature = mark > 0 && lines.length - mark <= LONGEST_SIGNATURE + 1
  return isSignature ? lines.slice(0, mark).join('\n') : text
}

function quoted(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map(line => (line === '' ? '>' : line.startsWith('>') ? `>${line}` : `> ${line}`))
    .join('\n')
}

function dateWords({ message, language, timeZone }: AnswerInput): string {
  return new Intl.DateTimeFormat(language === 'ja' ? 'ja-JP' : 'en-GB', {
    year: 'numeric',
    month: language === 'ja' ? 'long' : 'short',
    day: 'numeric',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(timeZone === undefined ? {} : { timeZone }),
  }).format(message.sentAt)
}

function attribution(input: AnswerInput): string {
  const who = addressWords(input.message.from)
  const when = dateWords(input)
  switch (input.language) {
    case 'ja':
      return `${when} ${who}:`
    case 'en':
      return `On ${when}, ${who} wrote:`
  }
}

const FORWARD_WORDS: Record<
  Language,
  { heading: string; from: string; date: string; subject: string; to: string }
> = {
  en: { heading: 'Forwarded message', from: 'From', date: 'Date', subject: 'Subject', to: 'To' },
  ja: { heading: '転送メッセージ', from: '差出人', date: '日時', subject: '件名', to: '宛先' },
}

function forwardHeading(input: AnswerInput): string {
  const { message, language } = input
  const words = FORWARD_WORDS[language]
  const list = (addresses: readonly Address[]) => addresses.map(addressWords).join(', ')
  const lines = [
    `---------- ${words.heading} ----------`,
    `${words.from}: ${addressWords(message.from)}`,
    `${words.date}: ${dateWords(input)}`,
    `${words.subject}: ${plain(message.subject).replace(/\s+/g, ' ').trim()}`,
    `${words.to}: ${list(message.to)}`,
  ]
  if (message.cc.length > 0) lines.push(`Cc: ${list(message.cc)}`)
  return lines.join('\n')
}

function addressWords({ name, address }: Address): string {
  return plain(formatAddress({ name, address })).replace(/\s+/g, ' ').trim()
}
