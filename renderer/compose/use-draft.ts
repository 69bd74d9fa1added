/** Opens the draft of a composer: the one that is named, or a new one. Once for each composer, also in strict mode. */

import { useEffect, useRef, useState } from 'react'
import type { DraftWriter } from '../../shared/draft-writer.ts'
import type { Draft } from '../../shared/model.ts'
import { ok, type Problem, type Result } from '../../shared/problem.ts'
import { call } from '../bridge.ts'
import type { ComposerStart } from './composers.ts'
import { windowId } from './window-id.ts'

export type OpenedDraft = {
  draft: Draft
  /** Made by this composer, so that nothing is lost where nothing was typed. */
  isNew: boolean
  writer: DraftWriter
}

export type DraftOpening =
  | { state: 'opening' }
  | { state: 'failed'; problem: Problem; again: () => void }
  | { state: 'open'; opened: OpenedDraft }

async function open(start: ComposerStart): Promise<Result<OpenedDraft>> {
  if (!('draftId' in start)) {
    const made = await call('drafts.create', start)
    return made.ok ? ok({ draft: made.value, isNew: true, writer: 'you' }) : made
  }
  const [found, claimed] = await Promise.all([
    call('drafts.get', start.draftId),
    call('drafts.claim', start.draftId, windowId, 'ask'),
  ])
  // Where nobody could be asked, the first save finds out.
  return found.ok
    ? ok({ draft: found.value, isNew: false, writer: claimed.ok ? claimed.value.writer : 'you' })
    : found
}

export function useDraft(start: ComposerStart): DraftOpening {
  const [opening, setOpening] = useState<DraftOpening>({ state: 'opening' })
  const asked = useRef<Promise<Result<OpenedDraft>> | null>(null)
  const [attempt, setAttempt] = useState(0)

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt asks anew
  useEffect(() => {
    let isHere = true
    asked.current ??= open(start)
    void asked.current.then(reply => {
      if (!isHere) return
      if (reply.ok) {
        setOpening({ state: 'open', opened: reply.value })
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
