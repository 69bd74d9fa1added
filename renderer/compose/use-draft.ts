/** Opens the draft of a composer: the one that is named, or a new one. Once for each composer, also in strict mode. */

import { useEffect, useRef, useState } from 'react'
import type { Reply } from '../../shared/api.ts'
import type { Draft } from '../../shared/model.ts'
import type { Problem } from '../../shared/problem.ts'
import { call } from '../bridge.ts'
import type { ComposerStart } from './composers.ts'

export type DraftOpening =
  | { state: 'opening' }
  | { state: 'failed'; problem: Problem; again: () => void }
  /** `isNew`: made by this composer, so that nothing is lost where nothing was typed. */
  | { state: 'open'; draft: Draft; isNew: boolean }

function open(start: ComposerStart): Promise<Reply<'drafts.get'>> {
  return 'draftId' in start ? call('drafts.get', start.draftId) : call('drafts.create', start)
}

export function useDraft(start: ComposerStart): DraftOpening {
  const [opening, setOpening] = useState<DraftOpening>({ state: 'opening' })
  const asked = useRef<Promise<Reply<'drafts.get'>> | null>(null)
  const [attempt, setAttempt] = useState(0)

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt asks anew
  useEffect(() => {
    let isHere = true
    asked.current ??= open(start)
    void asked.current.then(reply => {
      if (!isHere) return
      if (reply.ok) {
        setOpening({ state: 'open', draft: reply.value, isNew: !('draftId' in start) })
        return
      }
      const again = () => {
        asked.current = null
        setOpening({ state: 'opening' })
        setAttempt(number => number + 1)
      }
      setOpening({ state: 'failed', problem: reply.problem, again })
    })
    return () => {
      isHere = false
    }
  }, [start, attempt])

  return opening
}
