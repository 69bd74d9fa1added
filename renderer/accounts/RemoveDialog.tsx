/** Asks before an account goes, and says first what goes with it. */

import { useState } from 'react'
import type { Account } from '../../shared/model.ts'
import type { Problem } from '../../shared/problem.ts'
import { useAsk } from '../ask.ts'
import { call } from '../bridge.ts'
import { ConfirmDialog } from '../compose/ConfirmDialog.tsx'
import { useWords } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'

type Props = { account: Account; isOpen: boolean; onKeep: () => void; onRemoved: () => void }

export function RemoveDialog({ account, isOpen, onKeep, onRemoved }: Props) {
  const words = useWords()
  const format = useFormat()
  const preview = useAsk('accounts.removalPreview', [account.id], { isEnabled: isOpen })
  const [problem, setProblem] = useState<Problem | null>(null)
  const [isBusy, setBusy] = useState(false)

  async function remove(): Promise<void> {
    setBusy(true)
    const reply = await call('accounts.remove', account.id)
    setBusy(false)
    if (reply.ok) onRemoved()
    else setProblem(reply.problem)
  }

  const counts = preview.data
  return (
    <ConfirmDialog
      isOpen={isOpen}
      title={words('accounts.removeTitle', { address: account.identity.address })}
      yes={{
        text: words('accounts.removeYes'),
        act: () => void remove(),
        isBusy: isBusy || preview.isPending,
      }}
      no={{ text: words('accounts.removeNo'), act: onKeep }}
    >
      <p>{words('accounts.removeText')}</p>
      {preview.isPending && <p>{words('accounts.removeCounting')}</p>}
      {counts !== undefined && (
        <ul>
          {counts.messages > 0 && (
            <li>
              {words('accounts.removeMessages', {
                count: counts.messages,
                number: format.number(counts.messages),
              })}{' '}
              {counts.localOnly > 0 && (
                <b>
                  {words('accounts.removeLocal', {
                    count: counts.localOnly,
                    number: format.number(counts.localOnly),
                  })}
                </b>
              )}
            </li>
          )}
          {counts.drafts > 0 && (
            <li>
              {words('accounts.removeDrafts', { count: counts.drafts, number: format.number(counts.drafts) })}
            </li>
          )}
          {counts.waiting > 0 && (
            <li>
              <b>
                {words('accounts.removeWaiting', {
                  count: counts.waiting,
                  number: format.number(counts.waiting),
                })}
              </b>
            </li>
          )}
        </ul>
      )}
      {preview.isError && (
        <ProblemNote problem={preview.error.problem} onRetry={() => void preview.refetch()} />
      )}
      {problem !== null && <ProblemNote problem={problem} />}
    </ConfirmDialog>
  )
}
