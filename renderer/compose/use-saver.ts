/** The saving behind one composer, for as long as it is open; what is typed is saved also when the window goes away. */

import { type RefObject, startTransition, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import type { Draft } from '../../shared/model.ts'
import { call } from '../bridge.ts'
import { theRest } from '../ui/rest.ts'
import { contentOfDraft, createDraftSaver, type DraftSaver, type SaveState } from './draft-saver.ts'
import type { Surface } from './editor/surface.ts'
import { windowId } from './window-id.ts'

/** `surface` is where text waits until it is saved; `take` makes it the content. */
export function useSaver(
  draft: Draft,
  surface: RefObject<Surface | null>,
  take: RefObject<() => void>,
  { isUnsaved, onRefused }: { isUnsaved: boolean; onRefused: () => void },
): DraftSaver {
  const saver = useMemo(
    () =>
      createDraftSaver({
        call: (method, args) => call(method, ...args),
        draft: {
          id: draft.id,
          revision: draft.revision,
          savedAt: draft.savedAt,
          content: contentOfDraft(draft),
        },
        gather: () => take.current(),
        undo: () => surface.current?.undoRecord() ?? null,
        windowId,
        isUnsaved,
        onRefused,
      }),
    [draft, surface, take, isUnsaved, onRefused],
  )
  // The window may go without a word: what is typed is saved as it hides.
  useEffect(() => {
    const saveNow = () => void saver.flush()
    window.addEventListener('pagehide', saveNow)
    document.addEventListener('visibilitychange', saveNow)
    return () => {
      window.removeEventListener('pagehide', saveNow)
      document.removeEventListener('visibilitychange', saveNow)
    }
  }, [saver])
  return saver
}

/** How the saving stands. It changes with every pause of the writer: only what shows it asks for it. */
export type Saving = Pick<DraftSaver, 'state' | 'subscribe'>

export function useSaveState(saving: Saving): SaveState {
  const [save, setSave] = useState(saving.state)
  useEffect(() => {
    let takeBack = () => {}
    // Never in the task of a key: a commit of React reads the place of the cursor, which takes as long as the text
    // before it.
    const show = () => startTransition(() => setSave(saving.state))
    const follow = () => {
      takeBack()
      const { kind } = saving.state()
      // Who writes on has words that are not saved all the time: that stands there until the hand rests.
      if (kind === 'saving' || kind === 'saved') takeBack = theRest().at(show)
      else show()
    }
    show()
    const stop = saving.subscribe(follow)
    return () => {
      stop()
      takeBack()
    }
  }, [saving])
  return save
}

/** Why a draft is not saved; null, and no new rendering, while all goes well. */
export function useSaveTrouble(saving: Saving): Extract<SaveState, { kind: 'failed' | 'conflict' }> | null {
  return useSyncExternalStore(saving.subscribe, () => {
    const save = saving.state()
    return save.kind === 'failed' || save.kind === 'conflict' ? save : null
  })
}
