/** A batch in a word and a shape, and how far it is as a bar. */

import { IconArrowRight, IconCheck, IconClock, IconMinus, IconPlayerPause } from '@tabler/icons-react'
import type { MergeBatch } from '../../shared/merge.ts'
import { useWords } from '../i18n/words.ts'
import { Pill } from '../ui/StatePill.tsx'
import css from './Batch.module.css'
import { mailsOf } from './use-batch-words.ts'

const LOOKS = {
  making: { tone: 'on-its-way', shape: IconArrowRight },
  sending: { tone: 'on-its-way', shape: IconArrowRight },
  waiting: { tone: 'waits', shape: IconClock },
  paused: { tone: 'waits', shape: IconPlayerPause },
  cancelled: { tone: 'quiet', shape: IconMinus },
  done: { tone: 'arrived', shape: IconCheck },
  doneSome: { tone: 'quiet', shape: IconCheck },
} as const

export function BatchPill({ batch, isResting }: { batch: MergeBatch; isResting: boolean }) {
  const words = useWords()
  const { counts, state } = batch
  const isWhole = counts.accepted === mailsOf(batch)
  const name = state === 'done' && !isWhole ? 'doneSome' : state
  const isWaiting = isResting && (state === 'sending' || state === 'making')
  const { tone, shape } = LOOKS[isWaiting ? 'waiting' : name]
  return (
    <Pill tone={tone} shape={shape}>
      {words(isWaiting ? 'merge.count.waiting' : `merge.state.${name}`)}
    </Pill>
  )
}

export function BatchBar({ batch, line }: { batch: MergeBatch; line: string }) {
  return (
    <progress
      className={css.bar}
      aria-label={line}
      max={Math.max(1, mailsOf(batch))}
      value={batch.counts.accepted}
    />
  )
}
