/** The way of one mail, live: stations, recipients, the copy in Sent, and the conversation one click away. */

import { UnstyledButton } from '@mantine/core'
import { IconChevronRight } from '@tabler/icons-react'
import { useId, useState } from 'react'
import type { Journey } from '../../shared/journey.ts'
import { useAsk } from '../ask.ts'
import { useWords, type Words } from '../i18n/words.ts'
import { JourneyPill } from '../ui/JourneyPill.tsx'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { useIsSlow } from '../ui/use-now.ts'
import css from './JourneyCard.module.css'
import { JourneyWay } from './JourneyWay.tsx'
import { RecipientRows } from './RecipientRows.tsx'
import { Transcript } from './Transcript.tsx'

export function JourneyCard({ itemId }: { itemId: string }) {
  const words = useWords()
  const item = useAsk('outbox.get', [itemId])
  const titleId = useId()
  const transcriptId = useId()
  const [isTranscriptOpen, setTranscriptOpen] = useState(false)
  const isSlow = useIsSlow(item.isPending)

  if (item.isPending) return isSlow ? <JourneyCardShape /> : <div className={css.hollow} />
  if (item.isError) {
    // The ledger of this mail is gone from the outbox; the mail is read without its way.
    if (item.error.problem.kind === 'not-found') return null
    return <ProblemNote problem={item.error.problem} onRetry={() => void item.refetch()} />
  }
  const { journey, progress } = item.data
  const copy = copyWords(journey, words)
  return (
    <section className={css.card} aria-labelledby={titleId}>
      <header className={css.head}>
        <h2 id={titleId} className={css.title}>
          {words('journey.title')}
        </h2>
        <span role="status">
          <JourneyPill journey={journey} />
        </span>
      </header>
      <JourneyWay journey={journey} progress={progress} />
      <div className={css.recipients}>
        <RecipientRows recipients={journey.recipients} />
      </div>
      <footer className={css.foot}>
        <UnstyledButton
          className={css.toggle}
          aria-expanded={isTranscriptOpen}
          aria-controls={transcriptId}
          onClick={() => setTranscriptOpen(!isTranscriptOpen)}
        >
          <IconChevronRight size={14} stroke={2} className={css.chevron} aria-hidden />
          {words(isTranscriptOpen ? 'journey.hideTranscript' : 'journey.showTranscript')}
        </UnstyledButton>
        {copy !== null && (
          <span className={css.copy} data-failed={journey.sentCopy.state === 'failed' || undefined}>
            {copy}
          </span>
        )}
      </footer>
      {isTranscriptOpen && <Transcript itemId={itemId} id={transcriptId} />}
    </section>
  )
}

/** Where the copy lies, in a sentence; null while there is nothing to say. */
function copyWords({ sentCopy }: Journey, words: Words): string | null {
  switch (sentCopy.state) {
    case 'none':
      return null
    case 'filing':
      return words('journey.copyFiling')
    case 'failed':
      return words('journey.copyFailed')
    case 'filed':
      if (sentCopy.how === 'local' || sentCopy.folder === null) return words('journey.copyLocal')
      return words(sentCopy.how === 'found' ? 'journey.copyFound' : 'journey.copyFiled', {
        folder: sentCopy.folder,
      })
  }
}

/** The shape of the card while it is asked for. */
function JourneyCardShape() {
  const stations = ['written', 'connected', 'submitted', 'relayed', 'delivered']
  return (
    <div className={css.card} aria-hidden>
      <i className={css.shapeTitle} />
      <div className={css.shapeWay}>
        {stations.map(name => (
          <i key={name} />
        ))}
      </div>
    </div>
  )
}
