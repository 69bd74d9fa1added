/** The line of what happens now; it ticks only where a count-down runs. */

import {
  type Icon,
  IconArrowRight,
  IconCheck,
  IconClock,
  IconMinus,
  IconPlayerPause,
  IconQuestionMark,
  IconX,
} from '@tabler/icons-react'
import type { OutboxItem } from '../../shared/model.ts'
import { useWords } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'
import { useNow } from '../ui/use-now.ts'
import css from './HappeningLine.module.css'
import { type Happening, happeningOf, isCountingDown } from './happening.ts'
import { happeningWords } from './happening-words.ts'

const TICK_MS = 250
const SLOW_TICK_MS = 15_000

export function HappeningLine({ item }: { item: OutboxItem }) {
  return isCountingDown(item) ? <CountingLine item={item} /> : <StillLine item={item} />
}

function CountingLine({ item }: { item: OutboxItem }) {
  return <Line item={item} now={useNow(TICK_MS)} />
}

function StillLine({ item }: { item: OutboxItem }) {
  return <Line item={item} now={useNow(SLOW_TICK_MS)} />
}

function shapeOf(happening: Happening): Icon {
  switch (happening.kind) {
    case 'held':
    case 'scheduled':
    case 'leaves-next':
    case 'tries-again':
      return IconClock
    case 'paused':
      return IconPlayerPause
    case 'asks-outcome':
    case 'asks-recipients':
    case 'asks-time':
      return IconQuestionMark
    case 'refused':
      return IconX
    case 'cancelled':
      return IconMinus
    case 'on-the-line':
    case 'uploading':
    case 'handed-over':
      return IconArrowRight
    case 'reported':
      if (happening.state === 'failed') return IconX
      if (happening.state === 'delayed') return IconClock
      return happening.state === 'relayed' ? IconArrowRight : IconCheck
  }
}

function Line({ item, now }: { item: OutboxItem; now: number }) {
  const words = useWords()
  const format = useFormat()
  const happening = happeningOf(item, now)
  const { text, tone } = happeningWords(happening, now, words, format)
  const Shape = shapeOf(happening)
  return (
    <span className={css.line} data-tone={tone}>
      <Shape size={14} stroke={2.2} className={css.shape} aria-hidden />
      <span className={css.text}>{text}</span>
    </span>
  )
}
