/**
 * Keeps one draft saved: within a second of the first word that is not, at once when asked, again and again after a
 * failure. It says honestly how far it is, saves one revision at a time, and never overwrites what somebody else saved.
 */

import type { Bridge } from '../../shared/api.ts'
import type { DraftContent } from '../../shared/model.ts'
import { fail, ok, type Problem, type Result } from '../../shared/problem.ts'

/** No more than a second is ever lost, and the save itself takes its part of that. */
export const PAUSE_MS = 800
/** From here on a save begins as soon as the key that was typed last is shown: the next one is far away then. */
export const READY_MS = 650
const RETRY_MS = [2_000, 5_000, 15_000, 30_000] as const

export type SaveState =
  | { kind: 'saved'; at: number }
  | { kind: 'unsaved' }
  | { kind: 'saving' }
  | { kind: 'failed'; problem: Problem }
  /** Another window saved this draft in between; the writer chooses. `revision` is theirs. */
  | { kind: 'conflict'; revision: number }

/** One for all, so that nobody who shows it takes it for news. */
const UNSAVED: SaveState = { kind: 'unsaved' }

export type DraftSaver = {
  state(): SaveState
  revision(): number
  /** What was typed last, saved or not. */
  content(): DraftContent
  change(content: DraftContent): void
  /** Something is being written that `gather` will give; as cheap as a key press has to be. */
  touch(): void
  /** Saves now what is not saved yet; answers when it is on disk, with the revision that has it. */
  flush(): Promise<Result<{ revision: number }>>
  /** Ends a conflict by saving over the other's revision. */
  keepMine(): Promise<Result<{ revision: number }>>
  /** Ends a conflict by taking what is saved: the view shows it from now on. */
  takeTheirs(draft: { revision: number; savedAt: number } & DraftContent): void
  subscribe(listener: () => void): () => void
  /** Saves nothing more. */
  stop(): void
}

/** What is written, without what the program keeps beside it. */
export function contentOfDraft(draft: DraftContent): DraftContent {
  const { accountId, to, cc, bcc, subject, text, html, identityId, options } = draft
  return { accountId, to, cc, bcc, subject, text, html, identityId, options }
}

export type Timer = {
  /** Only to compare. */
  nowMs(): number
  after(ms: number, run: () => void): () => void
  /** Once what was just typed is on the screen; perhaps never, where nothing is shown. */
  afterPaint(run: () => void): void
}

export const windowTimer: Timer = {
  nowMs: () => performance.now(),
  after(ms, run) {
    const id = setTimeout(run, ms)
    return () => clearTimeout(id)
  },
  afterPaint(run) {
    // A task of its own after the frame's, and not within it.
    requestAnimationFrame(() => setTimeout(run))
  },
}

/** `draft` is as it was loaded. */
export function createDraftSaver(deps: {
  call: Bridge['call']
  draft: { id: string; revision: number; savedAt: number; content: DraftContent }
  /** Asked before a save: a view that holds text back until then gives it to `change`. */
  gather?: () => void
  /** What the editor can take back of the content that is saved. */
  undo?: () => string | null
  /** The window that writes; left out, none. */
  windowId?: string
  /** `content` was typed on that revision and is not saved yet. */
  isUnsaved?: boolean
  /** It is not this window any more that may save: another one writes, or the draft is gone. */
  onRefused?: () => void
  timer?: Timer
}): DraftSaver {
  const { call, draft } = deps
  const timer = deps.timer ?? windowTimer
  const listeners = new Set<() => void>()
  let state: SaveState = { kind: 'saved', at: draft.savedAt }
  let revision = draft.revision
  let content = draft.content
  let isDirty = false
  let isStopped = false
  let failures = 0
  let cancelTimer: (() => void) | null = null
  /** The pause is nearly over. */
  let readyAt = Number.POSITIVE_INFINITY
  let running: Promise<void> | null = null

  function become(next: SaveState): void {
    state = next
    for (const listener of listeners) listener()
  }

  function schedule(ms: number): void {
    cancelTimer?.()
    readyAt = timer.nowMs() + READY_MS
    cancelTimer = timer.after(ms, () => {
      cancelTimer = null
      void saveNow()
    })
  }

  /** What is typed so far becomes the content; the save that asks for it is the one it waits for. */
  function gather(): void {
    deps.gather?.()
    cancelTimer?.()
    cancelTimer = null
    readyAt = Number.POSITIVE_INFINITY
  }

  async function saveOnce(): Promise<void> {
    gather()
    const typed = content
    isDirty = false
    become({ kind: 'saving' })
    const window = deps.windowId === undefined ? ([] as const) : ([deps.windowId] as const)
    const reply = await call('drafts.save', [draft.id, revision, typed, deps.undo?.() ?? null, ...window])
    // Over before anybody hears of it, so that who hears may save again at once.
    running = null
    if (reply.ok) {
      revision = reply.value.revision
      failures = 0
      become(isDirty ? UNSAVED : { kind: 'saved', at: reply.value.savedAt })
      // Typed meanwhile, and the pause may have passed unused while this save was running.
      if (isDirty && !isStopped && cancelTimer === null) schedule(PAUSE_MS)
      return
    }
    isDirty = true
    if (reply.problem.kind === 'conflict') {
      become({ kind: 'conflict', revision: reply.problem.revision })
      return
    }
    become({ kind: 'failed', problem: reply.problem })
    if (reply.problem.kind === 'written-elsewhere' || reply.problem.kind === 'not-found') deps.onRefused?.()
    if (!isStopped) schedule(RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? PAUSE_MS)
    failures += 1
  }

  function touch(): void {
    isDirty = true
    if (isStopped || state.kind === 'conflict') return
    if (state.kind !== 'saving' && state.kind !== 'failed' && state.kind !== 'unsaved') {
      become(UNSAVED)
    }
    // Not put off by what is typed meanwhile: who writes without a pause loses no more than who rests.
    if (cancelTimer === null || state.kind === 'failed') schedule(PAUSE_MS)
    else if (isReady()) timer.afterPaint(() => isReady() && void saveNow())
  }

  const isReady = () => state.kind === 'unsaved' && timer.nowMs() >= readyAt

  /** One save at a time; a second caller waits for the same one. */
  function saveNow(): Promise<void> {
    running ??= saveOnce()
    return running
  }

  async function flush(): Promise<Result<{ revision: number }>> {
    gather()
    if (running !== null) await running
    while (isDirty && !isStopped) {
      if (state.kind === 'conflict')
        return fail({ kind: 'conflict', what: 'draft', revision: state.revision })
      await saveNow()
      if (state.kind === 'failed') return fail(state.problem)
    }
    return ok({ revision })
  }

  if (deps.isUnsaved === true) touch()

  return {
    state: () => state,
    revision: () => revision,
    content: () => content,
    change(next) {
      content = next
      touch()
    },
    touch,
    flush,
    keepMine() {
      if (state.kind === 'conflict') {
        revision = state.revision
        become(UNSAVED)
      }
      return flush()
    },
    takeTheirs(theirs) {
      content = contentOfDraft(theirs)
      revision = theirs.revision
      isDirty = false
      become({ kind: 'saved', at: theirs.savedAt })
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    stop() {
      isStopped = true
      cancelTimer?.()
      cancelTimer = null
    },
  }
}
