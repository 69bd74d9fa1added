/** What is known of a mail whose outcome is not, as plain sentences in the order in which it happened. Pure. */

import type { Account, OutboxItem } from '../../shared/model.ts'
import type { Words } from '../i18n/words.ts'
import type { Format } from '../ui/format.ts'
import { problemWords } from '../ui/problem-words.ts'

export type OutcomeFact = { what: 'sent' | 'looked' | 'next'; text: string }

export function outcomeFacts(
  { journey, search }: Pick<OutboxItem, 'journey' | 'search'>,
  account: Pick<Account, 'incoming'> | null,
  now: number,
  words: Words,
  format: Format,
): OutcomeFact[] {
  const { connected, submitted } = journey.stations
  const sent =
    connected === null || submitted === null
      ? words('outbox.outcomeSentSimply')
      : words('outbox.outcomeSent', {
          time: format.due(submitted.at, now),
          bytes: format.size(submitted.bytes),
          host: connected.host,
        })
  return [
    { what: 'sent', text: sent },
    { what: 'looked', text: looked(search, account, now, words, format) },
    { what: 'next', text: next(search, account, now, words, format) },
  ]
}

function looked(
  search: OutboxItem['search'],
  account: Pick<Account, 'incoming'> | null,
  now: number,
  words: Words,
  format: Format,
): string {
  // A mailbox that is only fetched from has no Sent on the server: nothing can be found there.
  if (account?.incoming.kind === 'pop3') return words('outbox.outcomeNoSent')
  if (search === null || search.lastAt === null) return words('outbox.outcomeLooking')
  const time = format.due(search.lastAt, now)
  if (search.problem !== null) {
    const why = problemWords(search.problem, words, format).title
    return words('outbox.outcomeCouldNotLook', { time, why })
  }
  return words('outbox.outcomeLooked', { count: search.looks, time })
}

function next(
  search: OutboxItem['search'],
  account: Pick<Account, 'incoming'> | null,
  now: number,
  words: Words,
  format: Format,
): string {
  if (account?.incoming.kind === 'pop3') return words('outbox.outcomeWaits')
  if (search === null || search.nextAt === null) return words('outbox.outcomeWaitsForSync')
  return words('outbox.outcomeLooksAgain', { time: format.due(Math.max(now, search.nextAt), now) })
}
