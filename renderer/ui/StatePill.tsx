/** A state in a word and a shape: the colour only repeats what both say. Refuses to work out a state. */

import {
  type Icon,
  IconArrowRight,
  IconCheck,
  IconClock,
  IconEye,
  IconMinus,
  IconPlayerPause,
  IconQuestionMark,
  IconX,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { RecipientState } from '../../shared/ledger.ts'
import { useWords, type WordKey } from '../i18n/words.ts'
import styles from './StatePill.module.css'

export type Tone = 'arrived' | 'on-its-way' | 'waits' | 'trouble' | 'quiet'

type Look = { tone: Tone; shape: Icon; word: WordKey }

/** Tone, shape and word of every state a mail or a recipient can be in. */
export const STATE_LOOKS = {
  held: { tone: 'waits', shape: IconClock, word: 'frame.state.held' },
  queued: { tone: 'waits', shape: IconClock, word: 'frame.state.queued' },
  sending: { tone: 'on-its-way', shape: IconArrowRight, word: 'frame.state.sending' },
  uncertain: { tone: 'trouble', shape: IconQuestionMark, word: 'frame.state.uncertain' },
  accepted: { tone: 'on-its-way', shape: IconArrowRight, word: 'frame.state.accepted' },
  refused: { tone: 'trouble', shape: IconX, word: 'frame.state.refused' },
  paused: { tone: 'waits', shape: IconPlayerPause, word: 'frame.state.paused' },
  cancelled: { tone: 'quiet', shape: IconMinus, word: 'frame.state.cancelled' },
  relayed: { tone: 'on-its-way', shape: IconArrowRight, word: 'frame.state.relayed' },
  delayed: { tone: 'waits', shape: IconClock, word: 'frame.state.delayed' },
  delivered: { tone: 'arrived', shape: IconCheck, word: 'frame.state.delivered' },
  expanded: { tone: 'arrived', shape: IconCheck, word: 'frame.state.expanded' },
  failed: { tone: 'trouble', shape: IconX, word: 'frame.state.failed' },
  opened: { tone: 'arrived', shape: IconEye, word: 'frame.state.opened' },
  'no report possible': { tone: 'quiet', shape: IconMinus, word: 'frame.state.noReport' },
} as const satisfies Record<RecipientState, Look>

/** The bare pill, for states that are not those of a mail. */
export function Pill({ tone, shape: Shape, children }: { tone: Tone; shape?: Icon; children: ReactNode }) {
  return (
    <span className={styles.pill} data-tone={tone}>
      {Shape !== undefined && <Shape size={12} stroke={2.4} aria-hidden className={styles.shape} />}
      <span className={styles.word}>{children}</span>
    </span>
  )
}

/** The pill of a state; `children` says it more exactly ("Relayed 2 of 3"). */
export function StatePill({ state, children }: { state: RecipientState; children?: ReactNode }) {
  const words = useWords()
  const look = STATE_LOOKS[state]
  return (
    <Pill tone={look.tone} shape={look.shape}>
      {children ?? words(look.word)}
    </Pill>
  )
}
