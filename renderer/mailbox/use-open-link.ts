/** A link leaves only through the program, which lets http, https and mailto through; the page navigates nowhere. */

import { notifications } from '@mantine/notifications'
import { useCallback } from 'react'
import { useWords } from '../i18n/words.ts'
import { useAct } from '../ui/use-act.tsx'

export function useOpenLink(): (url: string) => void {
  const words = useWords()
  const act = useAct()
  return useCallback(
    url => {
      void act('app.openLink', url).then(answer => {
        if (answer?.opened !== false) return
        notifications.show({ message: words('mailbox.linkNotOpened'), color: 'gold', withBorder: true })
      })
    },
    [act, words],
  )
}
