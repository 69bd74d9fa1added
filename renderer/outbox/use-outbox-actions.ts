/** What can be done with a mail of the outbox; the program decides, a refusal stays on screen until the next act. */

import { useState } from 'react'
import type { Args, Method, Value } from '../../shared/api.ts'
import type { OutboxItem } from '../../shared/model.ts'
import type { Problem } from '../../shared/problem.ts'
import { call } from '../bridge.ts'
import { openComposer } from '../compose/composers.ts'

export type OutboxActions = {
  problem: Problem | null
  isBusy: boolean
  /** Where the mail was last saved as a file, and the attachments it had to be saved without. */
  saved: { as: string; leftOut: readonly string[] } | null
  /** Takes the mail back and opens it in a composer. */
  edit(): Promise<boolean>
  /** The same mail again as a new draft; this one stays what it is. */
  resend(): Promise<boolean>
  tryNow(): Promise<boolean>
  pause(): Promise<boolean>
  resume(): Promise<boolean>
  /** `at` is epoch ms. */
  holdUntil(at: number): Promise<boolean>
  cancel(): Promise<boolean>
  remove(): Promise<boolean>
  saveAs(): Promise<boolean>
  chooseRecipients(choice: 'send-to-others' | 'cancel'): Promise<boolean>
  decideOutcome(verdict: 'handed-over' | 'send-again' | 'do-not-send'): Promise<boolean>
}

export function useOutboxActions({ id }: Pick<OutboxItem, 'id'>): OutboxActions {
  const [problem, setProblem] = useState<Problem | null>(null)
  const [isBusy, setBusy] = useState(false)
  const [saved, setSaved] = useState<OutboxActions['saved']>(null)

  async function run<M extends Method>(
    method: M,
    args: Args<M>,
    then?: (value: Value<M>) => void,
  ): Promise<boolean> {
    setBusy(true)
    const reply = await call(method, ...args)
    setBusy(false)
    setProblem(reply.ok ? null : reply.problem)
    if (reply.ok) then?.(reply.value)
    return reply.ok
  }

  return {
    problem,
    isBusy,
    saved,
    edit: () => run('outbox.edit', [id], ({ draftId }) => openComposer({ draftId })),
    resend: async () => {
      openComposer({ kind: 'resend', itemId: id })
      return true
    },
    tryNow: () => run('outbox.tryNow', [id]),
    pause: () => run('outbox.pause', [id]),
    resume: () => run('outbox.resume', [id]),
    holdUntil: at => run('outbox.holdUntil', [id, at]),
    cancel: () => run('outbox.cancel', [id]),
    remove: () => run('outbox.remove', [id]),
    saveAs: () =>
      run('outbox.saveAs', [id], ({ savedAs, leftOut }) =>
        setSaved(savedAs === null ? null : { as: savedAs, leftOut }),
      ),
    chooseRecipients: choice => run('outbox.chooseRecipients', [id, choice]),
    decideOutcome: verdict => run('outbox.decideOutcome', [id, verdict]),
  }
}
