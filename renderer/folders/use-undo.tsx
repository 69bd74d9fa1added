/** Acts that can be taken back: said in the corner with a button, and for the key. Only the last one is in reach. */

import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useCallback } from 'react'
import { useAsk } from '../ask.ts'
import { useWords } from '../i18n/words.ts'
import { announce } from '../ui/announce.tsx'
import { showKey } from '../ui/keys.ts'
import { useAct } from '../ui/use-act.tsx'
import styles from './Undo.module.css'

const NOTICE = 'undo'
const GOES_AFTER_MS = 8_000
let last: string | null = null

/** Takes the last act back. */
export function useUndo(): () => void {
  const words = useWords()
  const act = useAct()
  return useCallback(() => {
    const undoId = last
    last = null
    notifications.hide(NOTICE)
    if (undoId === null) return announce(words('folders.nothingToUndo'))
    void act('mailbox.undo', undoId).then(answer => {
      if (answer !== null) announce(words(answer.undone > 0 ? 'folders.undone' : 'folders.nothingToUndo'))
    })
  }, [act, words])
}

/** Says what was done, with the way back. */
export function useSayDone(): (text: string, undoId: string | null) => void {
  const words = useWords()
  const undo = useUndo()
  const settings = useAsk('settings.get', [])
  const hasKeys = settings.data?.singleKeys !== false
  return useCallback(
    (text, undoId) => {
      last = undoId
      notifications.hide(NOTICE)
      notifications.show({
        id: NOTICE,
        message: (
          <span className={styles.notice}>
            <span className={styles.text}>{text}</span>
            {undoId !== null && (
              <Button size="compact-sm" onClick={undo}>
                {words('folders.undo')}
                {hasKeys && (
                  <kbd className={styles.key} aria-hidden>
                    {showKey('z')}
                  </kbd>
                )}
              </Button>
            )}
          </span>
        ),
        autoClose: GOES_AFTER_MS,
        withBorder: true,
        closeButtonProps: { 'aria-label': words('frame.close') },
      })
    },
    [words, undo, hasKeys],
  )
}
