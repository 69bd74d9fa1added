/** The accounts: a list with their colours, and the one that is looked at, made or changed. */

import { Button, UnstyledButton } from '@mantine/core'
import { IconArrowLeft, IconMailbox, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { Account, AccountStatus } from '../../shared/model.ts'
import { troubleOf } from '../../shared/problem.ts'
import { useAsk } from '../ask.ts'
import { useWords } from '../i18n/words.ts'
import { Empty } from '../ui/Empty.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { SkeletonRows } from '../ui/SkeletonRows.tsx'
import { Pill } from '../ui/StatePill.tsx'
import { useIsSlow } from '../ui/use-now.ts'
import { AccountDetail, troublesOf } from './AccountDetail.tsx'
import css from './AccountsView.module.css'
import { freeColor } from './account-form.ts'

/** `new` is the form of an account that is not there yet. */
type Chosen = { kind: 'none' } | { kind: 'new' } | { kind: 'account'; accountId: string }

export function AccountsView() {
  const words = useWords()
  const accounts = useAsk('accounts.list', [])
  const isSlow = useIsSlow(accounts.isPending)
  if (accounts.isSuccess) return <Panes accounts={accounts.data} />
  return (
    <div className={css.view} aria-busy={accounts.isPending}>
      <header className={css.bar}>
        <h1>{words('accounts.title')}</h1>
      </header>
      {isSlow && (
        <>
          <span className="for-ears">{words('accounts.loading')}</span>
          <SkeletonRows rows={3} rowHeight={64} />
        </>
      )}
      {accounts.isError && (
        <div className={css.problem}>
          <ProblemNote problem={accounts.error.problem} onRetry={() => void accounts.refetch()} />
        </div>
      )}
    </div>
  )
}

function Panes({ accounts }: { accounts: readonly Account[] }) {
  const words = useWords()
  const status = useAsk('app.status', [])
  const [chosen, choose] = useState<Chosen>({ kind: 'none' })
  const [serial, setSerial] = useState(0)
  const account =
    chosen.kind === 'account'
      ? accounts.find(candidate => candidate.id === chosen.accountId)
      : chosen.kind === 'none'
        ? accounts[0]
        : undefined
  const isNew = chosen.kind === 'new'
  const statusOf = (accountId: string) => status.data?.find(entry => entry.accountId === accountId)

  function add(): void {
    setSerial(serial + 1)
    choose({ kind: 'new' })
  }

  if (accounts.length === 0 && !isNew) {
    return (
      <div className={css.view}>
        <header className={css.bar}>
          <h1>{words('accounts.title')}</h1>
        </header>
        <Empty icon={IconMailbox} title={words('accounts.emptyTitle')} text={words('accounts.emptyText')}>
          <Button variant="filled" onClick={add}>
            {words('accounts.add')}
          </Button>
        </Empty>
      </div>
    )
  }
  return (
    <div className={css.view}>
      <div className={css.panes} data-chosen={chosen.kind !== 'none' || undefined}>
        <section className={css.list} aria-label={words('accounts.list')}>
          <header className={css.bar}>
            <h1>{words('accounts.title')}</h1>
            <span className={css.space} />
            <Button size="xs" leftSection={<IconPlus size={15} stroke={2} aria-hidden />} onClick={add}>
              {words('accounts.addShort')}
            </Button>
          </header>
          <ul className={css.rows}>
            {accounts.map(candidate => (
              <AccountRow
                key={candidate.id}
                account={candidate}
                status={statusOf(candidate.id)}
                isChosen={candidate.id === account?.id}
                onChoose={() => choose({ kind: 'account', accountId: candidate.id })}
              />
            ))}
          </ul>
        </section>
        <section className={css.detail} aria-label={account?.label ?? words('accounts.newTitle')}>
          <header className={css.bar}>
            <span className={css.back}>
              <IconButton
                icon={IconArrowLeft}
                name={words('accounts.back')}
                onClick={() => choose({ kind: 'none' })}
              />
            </span>
            {account !== undefined && (
              <span
                className={css.dot}
                style={{ background: `var(--account-${account.color})` }}
                aria-hidden
              />
            )}
            <h2 className={css.title}>{account?.label ?? words('accounts.newTitle')}</h2>
          </header>
          <div className={css.body}>
            {(isNew || account !== undefined) && (
              <AccountDetail
                key={account?.id ?? `new ${serial}`}
                account={account ?? null}
                color={freeColor(accounts)}
                status={account === undefined ? undefined : statusOf(account.id)}
                onSaved={accountId => choose({ kind: 'account', accountId })}
                onGone={() => choose({ kind: 'none' })}
              />
            )}
          </div>
        </section>
      </div>
    </div>
  )
}

type RowProps = {
  account: Account
  status: AccountStatus | undefined
  isChosen: boolean
  onChoose: () => void
}

function AccountRow({ account, status, isChosen, onChoose }: RowProps) {
  const words = useWords()
  // The weather passes by itself; only what a person has to mend is worth a pill.
  const needsALook =
    status !== undefined && troublesOf(status).some(({ problem }) => troubleOf(problem) === 'account')
  return (
    <li>
      <UnstyledButton
        className={css.row}
        data-chosen={isChosen || undefined}
        aria-current={isChosen || undefined}
        onClick={onChoose}
      >
        <span className={css.dot} style={{ background: `var(--account-${account.color})` }} aria-hidden />
        <span className={css.who}>
          <b>{account.label}</b>
          <small>
            {account.label === account.identity.address
              ? `${account.incoming.kind === 'imap' ? 'IMAP' : 'POP3'} · ${account.incoming.host}`
              : account.identity.address}
          </small>
        </span>
        {needsALook && <Pill tone="trouble">{words('accounts.needsALook')}</Pill>}
        {account.isPractice && <Pill tone="quiet">{words('accounts.practice')}</Pill>}
      </UnstyledButton>
    </li>
  )
}
