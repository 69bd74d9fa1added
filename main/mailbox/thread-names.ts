/** Under which names a mail is known to others, and which mails may be its neighbours by subject alone. Pure. */

import { addressKey } from '../../shared/address.ts'
import { foldText } from '../../shared/fold.ts'
import type { Address } from '../../shared/model.ts'
import { bareSubject } from '../../shared/subject-prefix.ts'

/** More ids than these are dropped from the middle: the first names the thread, the last the mail that is answered. */
const MOST_REFERENCES = 20
const LONGEST_ID = 998
const DAY_MS = 86_400_000
/** An answer without References belongs to a mail of the same subject that is not older than this. */
export const SUBJECT_WINDOW_MS = 14 * DAY_MS
/** A clock may be so much wrong that an answer seems older than what it answers. */
export const CLOCK_SLACK_MS = 3_600_000

/** How References are kept in a row: ids, oldest first, with a space between. */
export function writeReferences(references: readonly string[]): string {
  const named = references.filter(isName)
  const kept =
    named.length <= MOST_REFERENCES ? named : [...named.slice(0, 1), ...named.slice(1 - MOST_REFERENCES)]
  return kept.join(' ')
}

export function readReferences(written: string): string[] {
  return written === '' ? [] : written.split(' ')
}

/** What may name one mail; `<>`, a word or a whole sentence in the field does not. */
function isName(id: string): boolean {
  return id.length > 4 && id.length <= LONGEST_ID && !/\s/.test(id)
}

/** 53 bits of a name: two of a million do not meet, and whoever makes them meet could have written References. */
export function hashOfName(name: string): number {
  let high = 0xdeadbeef
  let low = 0x41c6ce57
  for (let at = 0; at < name.length; at += 1) {
    const unit = name.charCodeAt(at)
    high = Math.imul(high ^ unit, 2_654_435_761)
    low = Math.imul(low ^ unit, 1_597_334_677)
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909)
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909)
  return 4_294_967_296 * (2_097_151 & low) + (high >>> 0)
}

export type NamedMail = {
  accountId: string
  messageId: string
  references: readonly string[]
  /** The server's id of the conversation (RFC 8474 THREADID, X-GM-THRID), or ''. */
  serverThread: string
}

/** `own` is 0 where the mail has no name. `others`: the nearest to it last. */
export function namesOf({ accountId, messageId, references, serverThread }: NamedMail): {
  own: number
  others: number[]
} {
  const own = isName(messageId) ? hashOfName(messageId) : 0
  const others = references.map(hashOfName).filter(hash => hash !== own)
  // No Message-ID holds a space: these two kinds of names never meet.
  if (serverThread !== '') others.unshift(hashOfName(`${accountId} ${serverThread}`))
  return { own, others }
}

/** `key` is the same for mails of one subject, null where it says too little; `isAnswer` has a "Re:" before it. */
export function subjectOf(subject: string): { key: number | null; isAnswer: boolean } {
  const line = subject.trim()
  const bare = /[:：]/.test(line) ? bareSubject(line) : line
  const folded = foldText(bare).replace(/\s+/g, ' ')
  return { key: folded.length < 2 ? null : hashOfName(folded), isAnswer: bare.length < line.length }
}

export type SubjectMail = { sentAt: number; from: Address; to: readonly Address[]; cc: readonly Address[] }

/** Who got the one wrote the other, to who wrote the one, soon after. Nothing less is a conversation. */
export function isAnswerTo(answer: SubjectMail, mail: SubjectMail): boolean {
  const waited = answer.sentAt - mail.sentAt
  if (waited < -CLOCK_SLACK_MS || waited > SUBJECT_WINDOW_MS) return false
  const writer = addressKey(mail.from.address)
  const answerer = addressKey(answer.from.address)
  const got = (one: SubjectMail, key: string) =>
    [...one.to, ...one.cc].some(({ address }) => addressKey(address) === key)
  return writer !== answerer && got(answer, writer) && got(mail, answerer)
}
