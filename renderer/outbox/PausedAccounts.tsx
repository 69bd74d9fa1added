/** The accounts that rest, above their mails: since what, until when, and what can be done. */

import { Button } from '@mantine/core'
import { IconPlayerPause } from '@tabler/icons-react'
import type { Account, AccountStatus, OutboxItem } from '../../shared/model.ts'
import { useAsk } from '../ask.ts'
import { useNavigation } from '../frame/navigation.tsx'
import { useWords } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { useNow } from '../ui/use-now.ts'
import css from './PausedAccounts.module.css'
import { useOutboxActions } from './use-outbox-actions.ts'

type Paused = Extract<AccountStatus['outgoing'], { state: 'paused' }>

export function PausedAccounts({ items }: { items: readonly OutboxItem[] }) {
  const words = useWords()
  const accounts = useAsk('accounts.list', [])
  const statuses = useAsk('app.status', [])
  const resting = (accounts.data ?? []).flatMap(account => {
    const outgoing = statuses.data?.find(({ accountId }) => accountId === account.id)?.outgoing
    return outgoing?.state === 'paused' ? [{ account, outgoing }] : []
  })
  if (resting.length === 0) return null
  return (
    <section aria-label={words('outbox.pausedAccounts')}>
      {resting.map(({ account, outgoing }) => (
        <PausedAccount
          key={account.id}
          account={account}
          outgoing={outgoing}
          waiting={items.filter(
            ({ accountId, journey }) => accountId === account.id && journey.pausedFor === 'account',
          )}
        />
      ))}
    </section>
  )
}

type Props = { account: Account; outgoing: Paused; waiting: readonly OutboxItem[] }

function PausedAccount({ account, outgoing, waiting }: Props) {
  const words = useWords()
  const format = useFormat()
  const now = useNow()
  const { go } = useNavigation()
  const [first] = waiting
  return (
    <div className={css.account}>
      <p className={css.who}>
        <IconPlayerPause size={14} stroke={2.2} className={css.shape} aria-hidden />
        <b>{account.label}</b>
        <span>
          {outgoing.until === null
            ? words('outbox.accountPaused', { count: waiting.length })
            : words('outbox.accountPausedUntil', {
                count: waiting.length,
                time: format.due(Math.max(now, outgoing.until), now),
              })}
        </span>
      </p>
      <ProblemNote problem={outgoing.problem} shape="line" hasMail>
        {first !== undefined && <ResumeAccount item={first} />}
        {outgoing.until === null && (
          <Button size="xs" onClick={() => go({ view: 'accounts' })}>
            {words('outbox.openAccount')}
          </Button>
        )}
      </ProblemNote>
    </div>
  )
}

/** One answer for all mails of the account. */
function ResumeAccount({ item }: { item: OutboxItem }) {
  const words = useWords()
  const actions = useOutboxActions(item)
  return (
    <Button size="xs" disabled={actions.isBusy} onClick={() => void actions.resume()}>
      {words('outbox.action.tryNow')}
    </Button>
  )
}
