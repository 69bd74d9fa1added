/** Under the results: the servers can be asked for the mails whose text is not here; what came of it is said. */

import { Button } from '@mantine/core'
import { IconCloudSearch } from '@tabler/icons-react'
import type { Account } from '../../shared/model.ts'
import type { ServerSearch } from '../../shared/search-answer.ts'
import { useWords } from '../i18n/words.ts'
import { useIsOffline } from '../mailbox/use-is-offline.ts'
import { useFormat } from '../ui/format.ts'
import styles from './ServerSearchBar.module.css'

type Props = {
  accounts: readonly Account[]
  isAsking: boolean
  answer: ServerSearch | undefined
  hasFailed: boolean
  onAsk(): void
}

export function ServerSearchBar({ accounts, isAsking, answer, hasFailed, onAsk }: Props) {
  const words = useWords()
  const format = useFormat()
  const isOffline = useIsOffline()
  if (!accounts.some(({ incoming }) => incoming.kind === 'imap')) return null
  const unreachable = accounts.filter(({ id }) => answer?.unreachable.includes(id)).map(({ label }) => label)
  const isAgain = hasFailed || unreachable.length > 0
  const canAsk = !isAsking && !isOffline && (answer === undefined || isAgain)
  return (
    <div className={styles.bar}>
      <IconCloudSearch size={18} stroke={1.7} aria-hidden />
      <div className={styles.words} role="status">
        {isOffline && answer === undefined && <p>{words('search.server.offline')}</p>}
        {!isOffline && answer === undefined && !isAsking && !hasFailed && (
          <p>{words('search.server.offer')}</p>
        )}
        {isAsking && <p>{words('search.server.asking')}</p>}
        {hasFailed && !isAsking && <p>{words('search.server.failed')}</p>}
        {answer !== undefined && !isAsking && (
          <>
            {(answer.messageIds.length > 0 || unreachable.length === 0) && (
              <p>
                {words('search.server.found', {
                  count: answer.messageIds.length,
                  number: format.number(answer.messageIds.length),
                })}
              </p>
            )}
            {answer.unlisted > 0 && (
              <p>
                {words('search.server.unlisted', {
                  count: answer.unlisted,
                  number: format.number(answer.unlisted),
                })}
              </p>
            )}
            {unreachable.length > 0 && (
              <p>
                {words('search.server.unreachable', { names: unreachable.join(words('search.server.and')) })}
              </p>
            )}
          </>
        )}
      </div>
      {canAsk && (
        <Button size="xs" onClick={onAsk}>
          {words(isAgain ? 'search.server.again' : 'search.server.ask')}
        </Button>
      )}
    </div>
  )
}
