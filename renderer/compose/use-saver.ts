/** The saving behind one composer, for as long as it is open; what is typed is saved also when the window goes away. */

import { type RefObject, useEffect, useMemo, useSyncExternalStore } from 'react'
import type { Draft } from '../../shared/model.ts'
import { call } from '../bridge.ts'
import { contentOfDraft, createDraftSaver, type DraftSaver, type SaveState } from './draft-saver.ts'
import type { Surface } from './editor/surface.ts'

/** `surface` is where text waits until it is saved; `take` makes it the content. */
export function useSaver(
  draft: Draft,
  surface: RefObject<Surface | null>,
  take: RefObject<() => void>,
): { saver: DraftSaver; save: SaveState } {
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
      }),
    [draft, surface, take],
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
  return { saver, save: useSyncExternalStore(saver.subscribe, saver.state) }
}
