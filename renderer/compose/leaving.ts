/** What a closing window would leave undone. Pure. */

import type { OutboxItem } from '../../shared/model.ts'

export type Unfinished = {
  /** On the wire now: the program stays for the server's reply, whatever is answered. */
  sending: OutboxItem[]
  /** Held for a moment or waiting for another try: they could leave now. */
  waiting: OutboxItem[]
  /** Mails with a time of their own. */
  scheduled: OutboxItem[]
  files: number
}

export function unfinishedOf(items: readonly OutboxItem[], files: number): Unfinished {
  const inState = (...states: OutboxItem['journey']['state'][]) =>
    items.filter(({ journey }) => states.includes(journey.state))
  const isScheduled = ({ journey }: OutboxItem) => journey.state === 'held' && journey.heldFor === 'schedule'
  const resting = inState('held', 'queued')
  return {
    sending: inState('sending'),
    waiting: resting.filter(item => !isScheduled(item)),
    scheduled: resting.filter(isScheduled),
    files,
  }
}

export function isNothingLeft({ sending, waiting, scheduled, files }: Unfinished): boolean {
  return sending.length + waiting.length + scheduled.length + files === 0
}

/** How far the mails are that were asked to leave before the program ends. */
export function farewellOf(
  itemIds: readonly string[],
  items: readonly OutboxItem[],
): 'leaving' | 'gone' | 'stuck' {
  const mine = items.filter(({ id }) => itemIds.includes(id))
  const stuck = mine.some(
    ({ journey: { state, problem } }) =>
      state === 'uncertain' ||
      state === 'refused' ||
      state === 'paused' ||
      (state === 'queued' && problem !== null),
  )
  if (stuck) return 'stuck'
  return mine.some(({ journey: { state } }) => state === 'held' || state === 'queued' || state === 'sending')
    ? 'leaving'
    : 'gone'
}
