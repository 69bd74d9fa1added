/**
 * How this window stands to the draft of a composer, kept true while it is open: asked again on every change of the
 * draft and now and then, and let go when the composer or the window closes. One question at a time.
 */

import { useEffect, useMemo, useRef } from 'react'
import type { DraftWriter } from '../../shared/draft-writer.ts'
import type { Problem } from '../../shared/problem.ts'
import { call, onEvent } from '../bridge.ts'
import { windowId } from './window-id.ts'

/** The program forgets a window that says nothing for longer than two minutes. */
const SAY_EVERY_MS = 30_000

export type WriterQuestions = {
  look(): void
  /** Asks the other window to let go. Null when that was answered; `onWriter` has heard the answer by then. */
  take(): Promise<Problem | null>
}

/** `onWriter` hears every answer; the next question waits until it is done. */
export function useWriter(
  draftId: string,
  onWriter: (writer: DraftWriter) => Promise<void>,
): WriterQuestions {
  const latest = useRef(onWriter)
  latest.current = onWriter

  const questions = useMemo(() => {
    let last: Promise<unknown> = Promise.resolve()
    let isLooking = false
    const ask = (how: 'ask' | 'take'): Promise<Problem | null> => {
      const asking = last.then(async () => {
        if (how === 'ask') isLooking = false
        const reply = await call('drafts.claim', draftId, windowId, how)
        if (!reply.ok) return reply.problem
        await latest.current(reply.value.writer)
        return null
      })
      last = asking.catch(() => {})
      return asking
    }
    return {
      look() {
        if (isLooking) return
        isLooking = true
        void ask('ask')
      },
      take: () => ask('take'),
    }
  }, [draftId])

  useEffect(() => {
    questions.look()
    const stop = onEvent(event => {
      if (event.name !== 'drafts.changed' && event.name !== 'writers.changed') return
      if (event.payload.draftIds.includes(draftId)) questions.look()
    })
    const timer = setInterval(questions.look, SAY_EVERY_MS)
    const release = () => void call('drafts.release', draftId, windowId)
    window.addEventListener('pagehide', release)
    return () => {
      stop()
      clearInterval(timer)
      window.removeEventListener('pagehide', release)
      release()
    }
  }, [draftId, questions])

  return questions
}
