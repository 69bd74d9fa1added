/** The way of one mail, live: stations, recipients, the copy in Sent, and the conversation one click away. */

import { UnstyledButton } from '@mantine/core'
import { IconChevronRight } from '@tabler/icons-react'
import { useId, useState } from 'react'
import { useAsk } from '../ask.ts'
import { useWords } from '../i18n/words.ts'
import { JourneyPill } from '../ui/JourneyPill.tsx'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { useIsSlow } from '../ui/use-now.ts'
import css from './JourneyCard.module.css'
import { JourneyMenu } from './JourneyMenu.tsx'
import { JourneyWay } from './JourneyWay.tsx'
import { RecipientRows } from './RecipientRows.tsx'
import { SentCopyStep } from './SentCopyStep.tsx'
import { Transcript } from './Transcript.tsx'

type Props = {
  itemId: string
  /** False where a question beside the card offers to correct an address. */
  canCorrect?: boolean
}

export function JourneyCard({ itemId, canCorrect = true }: Props) {
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
  return (
    <section className={css.card} aria-labelledby={titleId}>
      <header className={css.head}>
        <h2 id={titleId} className={css.title}>
          {words('journey.title')}
        </h2>
        <JourneyMenu itemId={itemId} />
        <span role="status">
          <JourneyPill journey={journey} />
        </span>
      </header>
      <JourneyWay journey={journey} progress={progress} />
      <div className={css.recipients}>
        <RecipientRows item={item.data} canCorrect={canCorrect} />
      </div>
      <SentCopyStep item={item.data} />
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
      </footer>
      {isTranscriptOpen && <Transcript itemId={itemId} id={transcriptId} />}
    </section>
  )
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
