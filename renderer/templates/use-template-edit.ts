/**
 * One template being changed: kept at every pause, as a draft is. A name that cannot be is said and not kept; all the
 * rest is kept under the last one that could.
 */

import { type RefObject, useEffect, useRef, useState } from 'react'
import type { Problem } from '../../shared/problem.ts'
import type { Template, TemplateInput } from '../../shared/template.ts'
import { call } from '../bridge.ts'
import type { Letter } from '../compose/editor/surface.ts'
import { type NameFault, nameFault } from './name-fault.ts'

const PAUSE_MS = 800

export type TemplateEdit = {
  written: TemplateInput
  change(patch: Partial<Pick<TemplateInput, 'name' | 'subject' | 'kind' | 'text' | 'html'>>): void
  /** Something was typed in the text, which is taken at the pause. */
  typing(): void
  save: 'saved' | 'changed' | 'saving'
  nameFault: NameFault | null
  problem: Problem | null
  /** Saves at once. */
  flush(): Promise<void>
}

/** `take` gives the text if it changed since it was taken last. */
export function useTemplateEdit(
  template: Template,
  take: RefObject<(() => Letter | null) | null>,
): TemplateEdit {
  const { changedAt: _, files: __, ...start } = template
  const [written, setWritten] = useState<TemplateInput>(start)
  const [save, setSave] = useState<TemplateEdit['save']>('saved')
  const [fault, setFault] = useState<NameFault | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const latest = useRef(written)
  const kept = useRef({ name: template.name, kind: template.kind })
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const isUnsaved = useRef(false)
  const queue = useRef(Promise.resolve())

  function touch(): void {
    isUnsaved.current = true
    setSave('changed')
    clearTimeout(timer.current)
    timer.current = setTimeout(() => void flush(), PAUSE_MS)
  }

  function put(patch: Partial<TemplateInput>): void {
    latest.current = { ...latest.current, ...patch }
    setWritten(latest.current)
  }

  async function store(input: TemplateInput): Promise<void> {
    let reply = await call('templates.save', input)
    const refused = reply.ok ? null : nameFault(reply.problem)
    if (refused !== null) reply = await call('templates.save', { ...input, ...kept.current })
    else if (reply.ok) kept.current = { name: reply.value.name, kind: reply.value.kind }
    setFault(refused)
    setProblem(reply.ok ? null : reply.problem)
    if (!reply.ok) isUnsaved.current = true
    setSave(isUnsaved.current ? 'changed' : 'saved')
  }

  function flush(): Promise<void> {
    clearTimeout(timer.current)
    const letter = take.current?.() ?? null
    if (letter !== null) {
      put(letter)
      isUnsaved.current = true
    }
    if (isUnsaved.current) {
      isUnsaved.current = false
      setSave('saving')
      const input = latest.current
      // One after another: an older text never comes last.
      queue.current = queue.current.then(() => store(input))
    }
    return queue.current
  }

  const leave = useRef(flush)
  leave.current = flush
  useEffect(() => () => void leave.current(), [])

  return {
    written,
    change(patch) {
      put(patch)
      touch()
    },
    typing: touch,
    save,
    nameFault: fault,
    problem,
    flush,
  }
}
