/**
 * What is known of a recipient, in words: what the server's reply or a report means, what happens next, and their own
 * words apart. Pure. "Next" follows from the mail's state, not from the reply: a reply does not know what was chosen.
 */

import type { Journey, RecipientJourney } from '../../shared/journey.ts'
import type { ServerReply } from '../../shared/problem.ts'
import type { Words } from '../i18n/words.ts'
import type { Format } from '../ui/format.ts'
import { formatReply } from '../ui/problem-words.ts'
import { replyInReport, replyWords } from '../ui/reply-words.ts'

export type RecipientMeaning = {
  /** What the row says, and a second sentence where it needs one. */
  line: string
  note: string | null
  /** The rest, one click away; null where the line says all. */
  more: { text: string; serverWords: string | null } | null
}

/** What the server or a report said of this recipient, as it came. */
export function ownWords({ text, reply }: RecipientJourney): string {
  if (text !== '') return text
  return reply === null || reply.code === 0 ? '' : formatReply(reply)
}

/** The refusing reply that is to be explained, of the server or in a report; null where nobody refused. */
function refusalOf({ state, text, reply }: RecipientJourney): ServerReply | null {
  const said = state === 'failed' || state === 'delayed' ? replyInReport(text) : reply
  return said !== null && said.code >= 400 ? said : null
}

function nextOf(recipient: RecipientJourney, journey: Journey, now: number, words: Words, format: Format) {
  if (recipient.correctedTo !== undefined) {
    return words('journey.next.corrected', { address: recipient.correctedTo })
  }
  switch (recipient.state) {
    case 'refused':
      if (journey.state === 'accepted') return words('journey.next.hasNotGotIt')
      return words(journey.state === 'paused' ? 'journey.next.asks' : 'journey.next.nobodyHasIt')
    case 'failed':
      return words('journey.next.failed')
    case 'delayed':
      return recipient.retryUntil === null
        ? words('journey.next.delayed')
        : words('journey.triesUntil', { time: format.due(recipient.retryUntil, now) })
    case 'queued':
      return words('journey.next.triesAgain')
    default:
      return null
  }
}

export function recipientMeaning(
  recipient: RecipientJourney,
  journey: Journey,
  now: number,
  words: Words,
  format: Format,
): RecipientMeaning {
  const own = ownWords(recipient)
  const refused = refusalOf(recipient)
  const next = nextOf(recipient, journey, now, words, format)
  if (refused === null) {
    const silent = recipient.reply?.code === 0 ? words('journey.noReplySeen') : words('journey.noWordYet')
    const isNews = recipient.state === 'failed' || recipient.state === 'delayed'
    // It was the mail that was refused, not this recipient.
    if (recipient.state === 'refused' && recipient.reply !== null) {
      return { line: words('journey.onlyMailRefused'), note: null, more: null }
    }
    const line = own === '' ? silent : own
    return { line, note: isNews ? next : null, more: null }
  }
  const said = replyWords(refused, 'recipient', '', words)
  return {
    line: said.title,
    note: recipient.correctedTo !== undefined || recipient.state === 'delayed' ? next : null,
    more: {
      text: format.sentences([said.whose, said.meaning, said.remedy, next]),
      serverWords: own === '' ? null : own,
    },
  }
}
