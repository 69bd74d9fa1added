/**
 * Owns how a draft begins that is made from a mail: reply, forward, edit as new, redirect. Its subject, its thread and
 * its quote (RFC 5322 section 3.6.4); whom it goes to is `answer-people.ts`. Pure.
 */

import { formatAddress } from '../../shared/address.ts'
import type { DraftAnswer } from '../../shared/draft-start.ts'
import { identityOf } from '../../shared/identity.ts'
import type { Account, Address, DraftContent, Language, Settings, Signature } from '../../shared/model.ts'
import { beginLetter } from '../../shared/signature.ts'
import { bareSubject } from '../../shared/subject-prefix.ts'
import { linesAsLetter } from '../mime/quotable.ts'
import {
  type AnsweredSource,
  answerPeople,
  plainAddress,
  type WritingAs,
  writingAs,
} from './answer-people.ts'

/** What an answer is made from. `timeZone` is an IANA name; left out, the machine's own. */
export type AnswerInput = {
  message: AnsweredSource
  accounts: readonly Account[]
  language: Language
  timeZone?: string
  /** Left out, the quote stands below the answer, and the signature between them. */
} & Partial<Pick<Settings, 'quotes' | 'signatures'>>

export type AnswerStart = { content: DraftContent; references: string[]; answers: DraftAnswer | null }

/** RFC 5322 wants all ancestors; a header line of endless threads is refused by servers, so the middle goes. */
const MOST_REFERENCES = 40

/** A reply, to everybody where `all`. */
export function replyTo(input: AnswerInput, all: boolean): AnswerStart {
  const { message, accounts } = input
  const writer = writingAs(message, accounts)
  const words = withoutSignature(plain(message.text))
  const said = attribution(input)
  const html = message.html ?? null
  const letter = beginLetter({
    ...input,
    signature: signatureOf(writer, accounts),
    quote: {
      text: [said, quoted(words)].join('\n'),
      html: html === null ? null : [linesAsLetter([said]), quotedLetter(html)].join('\n'),
    },
  })
  return {
    content: {
      accountId: writer.accountId,
      ...chosenBy(writer),
      ...answerPeople(message, accounts, all),
      bcc: [],
      subject: `Re: ${bareSubject(message.subject)}`,
      text: letter.text,
      ...(html === null ? {} : { html: letter.html }),
    },
    references: referencesFor(message),
    answers: answersOf(input, writer, all ? 'reply-all' : 'reply'),
  }
}

/** A forward: no recipients yet, and a thread of its own. As an attachment it only says that there is one. */
export function forwardOf(input: AnswerInput, as: 'inline' | 'attachment' = 'inline'): AnswerStart {
  const { message, accounts } = input
  const writer = writingAs(message, accounts)
  const heading = forwardHeading(input)
  const html = as === 'inline' ? (message.html ?? null) : null
  const letter = beginLetter({
    ...input,
    quotes: 'below',
    signature: signatureOf(writer, accounts),
    quote:
      as === 'attachment'
        ? null
        : {
            text: [...heading, '', plain(message.text).trimEnd()].join('\n'),
            html: html === null ? null : [linesAsLetter([...heading, '']), html].join('\n'),
          },
  })
  return {
    content: {
      accountId: writer.accountId,
      ...chosenBy(writer),
      to: [],
      cc: [],
      bcc: [],
      subject: `Fwd: ${bareSubject(message.subject)}`,
      text: letter.text,
      ...(html === null ? {} : { html: letter.html }),
    },
    references: [],
    answers: answersOf(input, writer, 'forward'),
  }
}

/** The mail once more as a draft of one's own: the same words to the same people, in no thread. */
export function editAsNew(input: AnswerInput): AnswerStart {
  const { message, accounts } = input
  const writer = writingAs(message, accounts)
  const people = (list: readonly Address[]) => list.filter(({ address }) => address !== '').map(plainAddress)
  return {
    content: {
      accountId: writer.accountId,
      ...chosenBy(writer),
      to: people(message.to),
      cc: people(message.cc),
      bcc: people(message.bcc),
      subject: oneLine(message.subject),
      text: plain(message.text),
      ...(typeof message.html === 'string' ? { html: message.html } : {}),
    },
    references: [],
    answers: { ...answersOf(input, writer, 'edit-as-new'), expected: null },
  }
}

/** The mail on to somebody else: nothing of it is written anew, so that its text is there only to be shown. */
export function redirectOf(input: AnswerInput): AnswerStart {
  const { message, accounts } = input
  const writer = writingAs(message, accounts)
  return {
    content: {
      accountId: writer.accountId,
      ...chosenBy(writer),
      to: [],
      cc: [],
      bcc: [],
      subject: oneLine(message.subject),
      text: plain(message.text),
    },
    references: [],
    answers: answersOf(input, writer, 'redirect'),
  }
}

function chosenBy({ identityId }: WritingAs): { identityId?: string } {
  return identityId === null ? {} : { identityId }
}

function signatureOf({ accountId, identityId }: WritingAs, accounts: readonly Account[]): Signature | null {
  const account = accounts.find(({ id }) => id === accountId)
  return account === undefined ? null : identityOf(account, identityId ?? undefined).signature
}

function answersOf(
  { message, accounts }: AnswerInput,
  { expected }: WritingAs,
  kind: DraftAnswer['kind'],
): DraftAnswer {
  const { to, cc } = answerPeople(message, accounts, true)
  return { messageId: message.id ?? '', kind, expected, recipients: [...to, ...cc] }
}

function referencesFor(message: AnsweredSource): string[] {
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

/** Line feeds only, no control characters: a quote is text and nothing else. */
function plain(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '')
}

const oneLine = (text: string) => plain(text).replace(/\s+/g, ' ').trim()

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

/** `html` is a letter already. Pictures stay behind: a thread would carry everybody's logos on for ever. */
function quotedLetter(html: string): string {
  const words = html.replace(/<img\b[^>]*>/g, picture => {
    const alt = / alt="([^"]*)"/.exec(picture)?.[1] ?? ''
    return alt === '' ? '' : `[${alt}]`
  })
  return `<blockquote type="cite">${words}</blockquote>`
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

function forwardHeading(input: AnswerInput): string[] {
  const { message, language } = input
  const words = FORWARD_WORDS[language]
  const list = (addresses: readonly Address[]) => addresses.map(addressWords).join(', ')
  return [
    `---------- ${words.heading} ----------`,
    `${words.from}: ${addressWords(message.from)}`,
    `${words.date}: ${dateWords(input)}`,
    `${words.subject}: ${oneLine(message.subject)}`,
    `${words.to}: ${list(message.to)}`,
    ...(message.cc.length > 0 ? [`Cc: ${list(message.cc)}`] : []),
  ]
}

function addressWords({ name, address }: Address): string {
  return oneLine(formatAddress({ name, address }))
}
