/** The accounts that rest, above their mails: since what, until when, and what can be done. */

import { Button } from '@mantine/core'
import { IconPlayerPause } from '@tabler/icons-react'
import { useState } from 'react'
import type { MergeBatch } from '../../shared/merge.ts'
import type { Account, AccountStatus, OutboxItem } from '../../shared/model.ts'
import { useAsk } from '../ask.ts'
import { useNavigation } from '../frame/navigation.tsx'
import { useWords } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { useAct } from '../ui/use-act.tsx'
import { useNow } from '../ui/use-now.ts'
import css from './PausedAccounts.module.css'

type Waiting = { items: readonly OutboxItem[]; batches: readonly MergeBatch[] }
type Paused = Extract<AccountStatus['outgoing'], { state: 'paused' }>

export function PausedAccounts({ items, batches }: Waiting) {
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
          waiting={waitingOf(account.id, { items, batches })}
        />
      ))}
    </section>
  )
}

/** The mails that wait with the account; those of a batch that a person paused wait for the person. */
function waitingOf(id: string, { items, batches }: Waiting): number {
  const single = items.filter(({ accountId, journey }) => accountId === id && journey.pausedFor === 'account')
  return batches
    .filter(({ accountId, state }) => accountId === id && state !== 'paused')
    .reduce((sum, { counts }) => sum + counts.waiting, single.length)
}

type Props = { account: Account; outgoing: Paused; waiting: number }

function PausedAccount({ account, outgoing, waiting }: Props) {
  const words = useWords()
  const format = useFormat()
  const now = useNow()
  const { go } = useNavigation()
  return (
    <div className={css.account}>
      <p className={css.who}>
        <IconPlayerPause size={14} stroke={2.2} className={css.shape} aria-hidden />
        <b>{account.label}</b>
        <span>
          {outgoing.until === null
            ? words('outbox.accountPaused', { count: waiting })
            : words('outbox.accountPausedUntil', {
                count: waiting,
                time: format.due(Math.max(now, outgoing.until), now),
              })}
        </span>
      </p>
      <ProblemNote problem={outgoing.problem} shape="line" hasMail>
        {waiting > 0 && <ResumeAccount accountId={account.id} />}
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
function ResumeAccount({ accountId }: { accountId: string }) {
  const words = useWords()
  const act = useAct()
  const [isBusy, setBusy] = useState(false)
  async function resume(): Promise<void> {
    setBusy(true)
    await act('outbox.resumeAccount', accountId)
    setBusy(false)
  }
  return (
    <Button size="xs" disabled={isBusy} onClick={() => void resume()}>
      {words('outbox.action.tryNow')}
    </Button>
  )
}
