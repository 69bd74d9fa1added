/** The step after the way: the copy in Sent. It never touches the mail itself, and says so where it fails. */

import { type Icon, IconArrowRight, IconCheck, IconClock, IconFolderCheck, IconX } from '@tabler/icons-react'
import type { OutboxItem } from '../../shared/model.ts'
import { useAsk } from '../ask.ts'
import { useWords } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { Pill, type Tone } from '../ui/StatePill.tsx'
import { useNow } from '../ui/use-now.ts'
import css from './SentCopyStep.module.css'
import { type CopyStep, sentCopyStep } from './sent-copy-words.ts'

const LOOKS: Record<CopyStep['state'], { tone: Tone; shape: Icon }> = {
  waiting: { tone: 'waits', shape: IconClock },
  filing: { tone: 'on-its-way', shape: IconArrowRight },
  filed: { tone: 'arrived', shape: IconCheck },
  failed: { tone: 'waits', shape: IconX },
}

export function SentCopyStep({ item }: { item: OutboxItem }) {
  const words = useWords()
  const format = useFormat()
  const now = useNow()
  const accounts = useAsk('accounts.list', [])
  const account = accounts.data?.find(({ id }) => id === item.accountId) ?? null
  const step = sentCopyStep(item.journey, account, now, words, format)
  if (step === null) return null
  const { tone, shape } = LOOKS[step.state]
  const { problem } = item.journey.sentCopy
  return (
    <section className={css.step} aria-label={words('journey.copy.title')}>
      <IconFolderCheck size={17} stroke={1.7} className={css.icon} aria-hidden />
      <div className={css.words}>
        <b className={css.title}>{words('journey.copy.title')}</b>
        <span role="status">{step.text}</span>
        {step.state === 'failed' && problem !== null && <ProblemNote problem={problem} shape="line" />}
      </div>
      <Pill tone={tone} shape={shape}>
        {words(`journey.copyIs.${step.state}`)}
      </Pill>
    </section>
  )
}
