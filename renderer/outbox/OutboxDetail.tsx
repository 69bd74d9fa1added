/** The chosen mail of the outbox: what may be done with it, what it asks, its way, and what it says. */

import type { ReactNode } from 'react'
import type { OutboxItem } from '../../shared/model.ts'
import { useWords } from '../i18n/words.ts'
import { JourneyCard } from '../journey/JourneyCard.tsx'
import { useFormat } from '../ui/format.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { useNow } from '../ui/use-now.ts'
import { ActionBar } from './ActionBar.tsx'
import { DamagedNote } from './DamagedNote.tsx'
import { HappeningLine } from './HappeningLine.tsx'
import { hasQuestion, isDamaged } from './item-acts.ts'
import css from './OutboxDetail.module.css'
import { OutcomeQuestion } from './OutcomeQuestion.tsx'
import { OverdueQuestion } from './OverdueQuestion.tsx'
import { shortName } from './people.ts'
import { RecipientsQuestion } from './RecipientsQuestion.tsx'
import { type OutboxActions, useOutboxActions } from './use-outbox-actions.ts'

export function OutboxDetail({ item, back }: { item: OutboxItem; back: ReactNode }) {
  const words = useWords()
  const format = useFormat()
  const actions = useOutboxActions(item)
  const { journey } = item
  const hasTrouble = !hasQuestion(item) && journey.problem !== null && journey.state !== 'sending'
  const everybody = [...item.to, ...item.cc, ...item.bcc]
  const to = everybody.length === 0 ? words('outbox.noRecipients') : format.list(everybody.map(shortName))
  return (
    <>
      <header className={css.bar}>
        {back}
        <ActionBar item={item} actions={actions} />
      </header>
      <div className={css.body}>
        <h2 className={css.subject}>{item.subject || words('outbox.noSubject')}</h2>
        <p className={css.meta}>
          {item.from.address === ''
            ? words('outbox.toOnly', { to })
            : words('outbox.fromTo', { from: item.from.address, to })}
        </p>
        <div className={css.now}>
          <HappeningLine item={item} />
          <Beyond item={item} />
          <Saved saved={actions.saved} />
        </div>
        {actions.problem !== null && <ProblemNote problem={actions.problem} />}
        <Question item={item} actions={actions} />
        {hasTrouble && journey.problem !== null && <ProblemNote problem={journey.problem} hasMail />}
        <JourneyCard itemId={item.id} canCorrect={!item.can.chooseRecipients} />
        {item.preview !== '' && <p className={css.preview}>{item.preview}</p>}
        {item.attachments.length > 0 && (
          <ul className={css.attachments} aria-label={words('outbox.attachments')}>
            {item.attachments.map((attachment, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the list of a frozen mail never changes
              <li key={index}>
                {attachment.name}
                <small>{format.size(attachment.bytes)}</small>
              </li>
            ))}
          </ul>
        )}
      </div>
    </>
  )
}

function Question({ item, actions }: { item: OutboxItem; actions: OutboxActions }) {
  if (item.can.chooseRecipients) return <RecipientsQuestion item={item} actions={actions} />
  if (item.can.decideOutcome) return <OutcomeQuestion item={item} actions={actions} />
  if (isDamaged(item)) return <DamagedNote item={item} actions={actions} />
  if (item.journey.pausedFor === 'overdue') return <OverdueQuestion item={item} actions={actions} />
  return null
}

/** The second line: what the first has no room for. */
function Beyond({ item }: { item: OutboxItem }) {
  const words = useWords()
  const format = useFormat()
  const now = useNow()
  const { journey, retry } = item
  if (journey.state === 'sending') {
    return (
      <p className={css.beyond}>
        {words(journey.isPastNoReturn ? 'outbox.pastNoReturn' : 'outbox.beforeNoReturn')}
      </p>
    )
  }
  if (retry !== null) {
    return (
      <p className={css.beyond}>{words('outbox.triesUntil', { time: format.due(retry.givesUpAt, now) })}</p>
    )
  }
  return null
}

/** Where the mail was saved, and what had to be left out. Always there, so that its words are heard when they come. */
function Saved({ saved }: { saved: OutboxActions['saved'] }) {
  const words = useWords()
  const format = useFormat()
  return (
    <p className={css.beyond} role="status">
      {saved !== null &&
        (saved.leftOut.length === 0
          ? words('outbox.savedAs', { name: saved.as })
          : words('outbox.savedWithout', { name: saved.as, files: format.list(saved.leftOut) }))}
    </p>
  )
}
