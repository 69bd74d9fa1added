/** Moving mails: to a role or a folder, said with the way back. */

import { useCallback } from 'react'
import type { MoveTarget } from '../../shared/folder.ts'
import { useWords } from '../i18n/words.ts'
import { useAct } from '../ui/use-act.tsx'
import { useSayDone } from './use-undo.tsx'

const SAID = {
  archive: 'folders.said.archived',
  junk: 'folders.said.junked',
  trash: 'folders.said.trashed',
} as const

/** Resolves to whether anything moved. `folder` is the target's name. */
export function useFiling(): (messageIds: string[], target: MoveTarget, folder: string) => Promise<boolean> {
  const words = useWords()
  const act = useAct()
  const say = useSayDone()
  return useCallback(
    async (messageIds, target, folder) => {
      const answer = await act('mailbox.move', messageIds, target)
      if (answer === null || answer.moved === 0) return false
      const said = 'role' in target && target.role !== 'inbox' ? SAID[target.role] : null
      say(
        said === null
          ? words('folders.said.moved', { count: answer.moved, folder })
          : words(said, { count: answer.moved }),
        answer.undoId,
      )
      return true
    },
    [act, say, words],
  )
}
