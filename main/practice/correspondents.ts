/**
 * Who lives at the practice domain and what each does with a mail. Owns the greylist's memory and the waiting
 * answers; refuses to know SMTP or IMAP beyond a refusal's words.
 */

import type { Clock } from '../host.ts'
import { bounceLetter, echoLetter } from './letters.ts'
import type { Refusal, Submission } from './practice-smtp.ts'

export const PRACTICE_DOMAIN = 'practice.invalid'
export const PRACTICE_ADDRESS = `you@${PRACTICE_DOMAIN}`

/** How long greylist@ turns a sender away after the first try. */
export const GREYLIST_MS = 20_000
/** What small@ takes, in bytes. */
export const SMALL_MAILBOX = 1024 * 1024
export const ECHOED_AFTER_MS = 1_500
export const BOUNCED_AFTER_MS = 3_000
// Of what nobody reads only the latest stays; a long practice must not fill the memory.
const MOST_KEPT_BYTES = 64 * 1024 * 1024

export type KeptMail = { at: number; sender: string; recipient: string; queueId: string; mail: Buffer }

export type Correspondents = {
  decide(recipient: string, sender: string, announced: number | null): Refusal | null
  take(submission: Submission): Refusal | 'accept' | 'drop'
  /** What came for those who never answer, oldest first. */
  kept(): KeptMail[]
  /** Forgets the answers that were still to come. */
  stop(): void
}

export function createCorrespondents(deps: { clock: Clock; deliver(mail: Buffer): void }): Correspondents {
  const { clock, deliver } = deps
  const firstTries = new Map<string, number>()
  const waiting = new Set<() => void>()
  let kept: KeptMail[] = []

  const later = (ms: number, letter: () => Buffer) => {
    const cancel = clock.after(ms, () => {
      waiting.delete(cancel)
      deliver(letter())
    })
    waiting.add(cancel)
  }

  const greylist = (sender: string): Refusal | null => {
    const first = firstTries.get(sender)
    if (first === undefined) firstTries.set(sender, clock.now())
    const left = (first ?? clock.now()) + GREYLIST_MS - clock.now()
    if (left <= 0) return null
    return { code: 450, text: `4.2.0 Greylisted, please try again in ${Math.ceil(left / 1000)} seconds` }
  }

  const receive = (name: string, recipient: string, submission: Submission): void => {
    const { sender, mail, queueId } = submission
    const at = clock.now()
    // Nobody answers the null sender (RFC 3834 section 2), else answers would answer each other.
    if (name === 'echo' && sender !== '')
      later(ECHOED_AFTER_MS, () => echoLetter({ ...submission, at: clock.now() }))
    else if (name === 'bounce' && sender !== '') {
      later(BOUNCED_AFTER_MS, () =>
        bounceLetter({ ...submission, recipient, acceptedAt: at, at: clock.now() }),
      )
    } else if (name === 'you') deliver(withTrace(submission, recipient, at))
    else kept = latest([...kept, { at, sender, recipient, queueId, mail }])
  }

  return {
    decide(recipient, sender, announced) {
      const { name, domain } = partsOf(recipient)
      if (domain !== PRACTICE_DOMAIN) {
        return { code: 550, text: `5.7.1 This practice server delivers to ${PRACTICE_DOMAIN} only` }
      }
      if (name === 'nobody') return { code: 550, text: `5.1.1 No such user here: ${name}` }
      if (name === 'small' && announced !== null && announced > SMALL_MAILBOX) return tooBig()
      return name === 'greylist' ? greylist(sender) : null
    },

    take(submission) {
      const names = submission.recipients.map(recipient => partsOf(recipient).name)
      if (names.includes('small') && submission.mail.length > SMALL_MAILBOX) return tooBig()
      submission.recipients.forEach((recipient, index) => {
        receive(names[index] ?? '', recipient, submission)
      })
      return names.includes('drop') ? 'drop' : 'accept'
    },

    kept: () => [...kept],

    stop() {
      for (const cancel of waiting) cancel()
      waiting.clear()
    },
  }
}

function tooBig(): Refusal {
  return { code: 552, text: `5.3.4 Message too big: this mailbox takes ${SMALL_MAILBOX} bytes` }
}

function partsOf(address: string): { name: string; domain: string } {
  const at = address.lastIndexOf('@')
  return { name: address.slice(0, at).toLowerCase(), domain: address.slice(at + 1).toLowerCase() }
}

function latest(mails: KeptMail[]): KeptMail[] {
  let bytes = 0
  const firstTooMany = mails.findLastIndex(({ mail }) => {
    bytes += mail.length
    return bytes > MOST_KEPT_BYTES
  })
  return mails.slice(firstTooMany + 1)
}

/** What a server puts before a mail it delivers (RFC 5321 section 4.4). */
function withTrace({ sender, mail, queueId }: Submission, recipient: string, at: number): Buffer {
  const trace = [
    `Return-Path: <${sender}>`,
    `Received: from localhost ([127.0.0.1]) by ${PRACTICE_DOMAIN} with ESMTPA id ${queueId}`,
    `\tfor <${recipient}>; ${new Date(at).toUTCString().replace('GMT', '+0000')}`,
  ]
  return Buffer.concat([Buffer.from(`${trace.join('\r\n')}\r\n`), mail])
}
