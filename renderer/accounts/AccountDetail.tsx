/** One account being made or changed: the form, then the check of its servers, then saved. */

import { useEffect, useRef, useState } from 'react'
import type { Account, AccountColor, AccountStatus } from '../../shared/model.ts'
import type { Problem } from '../../shared/problem.ts'
import { call } from '../bridge.ts'
import { ConfirmDialog } from '../compose/ConfirmDialog.tsx'
import { useWords } from '../i18n/words.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { AccountFormView } from './AccountFormView.tsx'
import {
  type AccountForm,
  blankForm,
  checkForm,
  formOf,
  inputOf,
  type ServerName,
  withPin,
} from './account-form.ts'
import { CheckView } from './CheckView.tsx'
import { RemoveDialog } from './RemoveDialog.tsx'
import type { Faults } from './ServerFields.tsx'

type Props = {
  /** null makes a new one. */
  account: Account | null
  color: AccountColor
  status: AccountStatus | undefined
  onSaved: (accountId: string) => void
  onGone: () => void
}

const NO_FAULTS: Faults = new Map()

export function AccountDetail({ account, color, status, onSaved, onGone }: Props) {
  const words = useWords()
  const [form, setForm] = useState<AccountForm>(() => (account === null ? blankForm(color) : formOf(account)))
  const [wasTried, setTried] = useState(false)
  const [checkId, setCheckId] = useState<string | null>(null)
  const [isSaved, setSaved] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [asking, setAsking] = useState<'save' | 'save-failed' | 'remove' | null>(null)
  const pane = useRef<HTMLDivElement>(null)
  const faults = wasTried ? checkForm(form) : NO_FAULTS

  // A check that nobody watches any more is stopped.
  const running = useRef<string | null>(null)
  running.current = checkId
  useEffect(
    () => () => {
      if (running.current !== null) void call('accounts.stopCheck', running.current)
    },
    [],
  )

  // A new form is there to be typed in.
  const isNew = account === null
  useEffect(() => {
    if (isNew) pane.current?.querySelector('input')?.focus()
  }, [isNew])

  function change(next: AccountForm): void {
    setForm(next)
    setProblem(null)
    setSaved(false)
  }

  function isReady(): boolean {
    setTried(true)
    if (checkForm(form).size === 0) return true
    requestAnimationFrame(() => pane.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
    return false
  }

  async function check(next: AccountForm): Promise<void> {
    setProblem(null)
    const reply = await call('accounts.check', inputOf(next))
    if (reply.ok) setCheckId(reply.value.checkId)
    else {
      setCheckId(null)
      setProblem(reply.problem)
    }
  }

  async function save(): Promise<boolean> {
    setAsking(null)
    const reply = await call('accounts.save', inputOf(form))
    if (!reply.ok) {
      setProblem(reply.problem)
      return false
    }
    // From now on it is this account that is changed; a second save must not make a second one.
    setForm(formOf(reply.value))
    setTried(false)
    setProblem(null)
    setSaved(true)
    return true
  }

  async function saveAndGo(): Promise<void> {
    if (!(await save())) return
    setCheckId(null)
    if (isNew) leave()
  }

  function leave(): void {
    setCheckId(null)
    setForm(current => {
      if (current.id !== null) onSaved(current.id)
      return current
    })
  }

  function trust(server: ServerName, pem: string): void {
    const next = withPin(form, server, pem)
    setForm(next)
    void check(next)
  }

  const trouble = status === undefined ? [] : troublesOf(status)
  return (
    <div ref={pane}>
      {checkId === null ? (
        <AccountFormView
          form={form}
          account={account}
          faults={faults}
          onChange={change}
          onCheck={() => isReady() && void check(form)}
          onSave={() => isReady() && setAsking('save')}
          onRemove={() => setAsking('remove')}
        >
          <div role="status">{isSaved && words('accounts.saved')}</div>
          {problem !== null && <ProblemNote problem={problem} />}
          {problem === null &&
            trouble.map(entry => <ProblemNote key={entry.server} problem={entry.problem} />)}
        </AccountFormView>
      ) : (
        <CheckView
          form={form}
          checkId={checkId}
          isSaved={isSaved}
          onPassed={() => void save()}
          onTrust={trust}
          onAgain={() => void check(form)}
          onStop={() => void call('accounts.stopCheck', checkId)}
          onSaveAnyway={() => setAsking('save-failed')}
          onBack={() => setCheckId(null)}
          onDone={leave}
        >
          {problem !== null && <ProblemNote problem={problem} />}
        </CheckView>
      )}
      <ConfirmDialog
        isOpen={asking === 'save' || asking === 'save-failed'}
        title={words('accounts.saveTitle')}
        yes={{ text: words('accounts.saveYes'), act: () => void saveAndGo() }}
        no={{ text: words('accounts.saveNo'), act: () => setAsking(null) }}
      >
        {words(asking === 'save-failed' ? 'accounts.saveFailedText' : 'accounts.saveText')}
      </ConfirmDialog>
      {account !== null && (
        <RemoveDialog
          account={account}
          isOpen={asking === 'remove'}
          onKeep={() => setAsking(null)}
          onRemoved={onGone}
        />
      )}
    </div>
  )
}

/** What keeps this account from sending or receiving now. */
export function troublesOf({
  incoming,
  outgoing,
}: AccountStatus): { server: ServerName; problem: Problem }[] {
  return [
    ...(outgoing.state === 'paused' ? [{ server: 'smtp' as const, problem: outgoing.problem }] : []),
    ...(incoming.state === 'failing' ? [{ server: 'incoming' as const, problem: incoming.problem }] : []),
  ]
}
