/** Begins a mail to somebody: a draft with them in To, opened in a composer. */

import { useCallback } from 'react'
import type { Address } from '../../shared/model.ts'
import { openComposer } from '../compose/composers.ts'
import { contentOfDraft } from '../compose/draft-saver.ts'
import { useAct } from '../ui/use-act.tsx'

export function useWriteTo(): (to: readonly Address[]) => Promise<void> {
  const act = useAct()
  return useCallback(
    async to => {
      const draft = await act('drafts.create', { kind: 'empty', accountId: null })
      if (draft === null) return
      const content = { ...contentOfDraft(draft), to: [...to] }
      const saved = await act('drafts.save', draft.id, draft.revision, content)
      if (saved !== null) openComposer({ draftId: draft.id })
    },
    [act],
  )
}
