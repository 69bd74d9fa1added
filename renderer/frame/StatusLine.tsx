/** The foot line: how all accounts stand, in words; one click away, each of them and what can be done. */

import { Button, Popover } from '@mantine/core'
import { useNetwork } from '@mantine/hooks'
import { useState } from 'react'
import type { Account, AccountStatus } from '../../shared/model.ts'
import { useAsk } from '../ask.ts'
import { useWords, type Words } from '../i18n/words.ts'
import { type Format, useFormat } from '../ui/format.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { useAct } from '../ui/use-act.tsx'
import { type FootState, footOf } from './account-state.ts'
import styles from './StatusLine.module.css'

export function StatusLine() {
  const words = useWords()
  const [isOpen, setOpen] = useState(false)
  const accounts = useAsk('accounts.list', [])
  const statuses = useAsk('app.status', [])
  const { online } = useNetwork()
  const act = useAct()
  if (accounts.data === undefined || statuses.data === undefined || accounts.data.length === 0) {
    return <span className={styles.line} />
  }
  const state = footOf(statuses.data, online)
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position="top-start"
      width={320}
      shadow="md"
      radius={14}
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <button type="button" className={styles.line} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <i className={styles.mark} data-kind={state.kind} aria-hidden />
          <span role="status" className={styles.text}>
            {footWords(state, words)}
          </span>
        </button>
      </Popover.Target>
      <Popover.Dropdown className={styles.panel ?? ''} aria-label={words('frame.foot.title')}>
        <h2 className={styles.title}>{words('frame.foot.title')}</h2>
        <ul className={styles.accounts}>
          {accounts.data.map(account => (
            <AccountState
              key={account.id}
              account={account}
              status={statuses.data.find(status => status.accountId === account.id)}
            />
          ))}
        </ul>
        <Button size="xs" fullWidth onClick={() => void act('mailbox.refresh', null)}>
          {words('frame.foot.checkNow')}
        </Button>
      </Popover.Dropdown>
    </Popover>
  )
}

function footWords(state: FootState, words: Words): string {
  switch (state.kind) {
    case 'syncing':
      return state.total === null
        ? words('frame.foot.syncingSome', { done: state.done })
        : words('frame.foot.syncing', { done: state.done, total: state.total })
    case 'stopped':
      return words('frame.foot.stopped', { done: state.done, total: state.total })
    case 'failing':
      return words('frame.foot.failing', { count: state.accountIds.length })
    default:
      return words(`frame.foot.${state.kind}`)
  }
}

function stateWords(status: AccountStatus | undefined, words: Words, format: Format): string {
  const incoming = status?.incoming
  if (incoming?.state === 'connecting') return words('frame.foot.accountConnecting')
  if (incoming?.state === 'syncing') {
    return incoming.total === null
      ? words('frame.foot.accountSyncingSome', { done: incoming.done })
      : words('frame.foot.accountSyncing', { done: incoming.done, total: incoming.total })
  }
  if (incoming?.state === 'stopped') {
    return words('frame.foot.accountStopped', { done: incoming.done, total: incoming.total })
  }
  if (status === undefined || status.syncedAt === null) return words('frame.foot.never')
  return words('frame.foot.upToDate', { time: format.listTime(status.syncedAt, Date.now()) })
}

/** Fetching the rest of the mails can be stopped, and goes on where it stopped. */
function FetchSwitch({ accountId, state }: { accountId: string; state: string | undefined }) {
  const words = useWords()
  const act = useAct()
  if (state === 'syncing') {
    return (
      <Button size="compact-xs" onClick={() => void act('mailbox.stopFetching', accountId)}>
        {words('frame.foot.stopFetching')}
      </Button>
    )
  }
  if (state !== 'stopped') return null
  return (
    <Button size="compact-xs" onClick={() => void act('mailbox.refresh', accountId)}>
      {words('frame.foot.goOn')}
    </Button>
  )
}

function AccountState({ account, status }: { account: Account; status: AccountStatus | undefined }) {
  const words = useWords()
  const format = useFormat()
  const { incoming, outgoing } = status ?? {}
  return (
    <li className={styles.account}>
      <div className={styles.who}>
        <span className={styles.dot} style={{ background: `var(--account-${account.color})` }} aria-hidden />
        <b>{account.label}</b>
      </div>
      {incoming?.state === 'failing' ? (
        <>
          <p className={styles.what}>{words('frame.foot.receiving')}</p>
          <ProblemNote problem={incoming.problem} shape="line" />
        </>
      ) : (
        <p className={styles.what}>
          {stateWords(status, words, format)}
          <FetchSwitch accountId={account.id} state={incoming?.state} />
        </p>
      )}
      {outgoing?.state === 'paused' && (
        <>
          <p className={styles.what}>
            {outgoing.until === null
              ? words('frame.foot.sending')
              : words('frame.foot.sendingRests', {
                  time: format.due(Math.max(Date.now(), outgoing.until), Date.now()),
                })}
          </p>
          <ProblemNote problem={outgoing.problem} shape="line" hasMail />
        </>
      )}
    </li>
  )
}
