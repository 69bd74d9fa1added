/** Says what a server refused behind our back: what is as it was, and the server's words. Each once. */

import { notifications } from '@mantine/notifications'
import { useEffect, useRef } from 'react'
import { useAsk } from '../ask.ts'
import { useWords } from '../i18n/words.ts'
import { Disclosure } from '../ui/Disclosure.tsx'
import { useFormat } from '../ui/format.ts'
import { problemWords } from '../ui/problem-words.ts'
import { ServerWords } from '../ui/ServerWords.tsx'

export function useRefusals(): void {
  const words = useWords()
  const format = useFormat()
  const statuses = useAsk('app.status', [])
  const said = useRef(new Set<string>())
  useEffect(() => {
    for (const { accountId, refusals } of statuses.data ?? []) {
      for (const { id, act, folder, problem } of refusals) {
        const key = `${accountId} ${id}`
        if (said.current.has(key)) continue
        said.current.add(key)
        const { title, serverWords } = problemWords(problem, words, format)
        notifications.show({
          id: key,
          title: words(`folders.refused.${act}`, { folder }),
          message:
            serverWords === null ? (
              title
            ) : (
              <Disclosure label={words('problem.serverSaid')}>
                <ServerWords>{serverWords}</ServerWords>
              </Disclosure>
            ),
          color: 'seal',
          autoClose: 12_000,
          closeButtonProps: { 'aria-label': words('frame.close') },
          withBorder: true,
        })
      }
    }
  }, [statuses.data, words, format])
}
