/** What the server of the chosen account takes, as far as it is known, and which other accounts can do what it cannot. */

import { useMemo } from 'react'
import { identityOf } from '../../shared/identity.ts'
import { frameSize, letterSize } from '../../shared/mail-size.ts'
import type { Account, DraftContent, ServerAbilities } from '../../shared/model.ts'
import { useAsk, useAskEach } from '../ask.ts'
import type { Attachments } from './use-attachments.ts'

export type ComposerServer = {
  /** Null where it was never met: nothing is held against it then. */
  abilities: ServerAbilities | null
  /** Accounts whose servers carry addresses in other scripts; asked for only where this one does not. */
  ableAccounts: readonly Account[]
}

export function useServer(accountId: string, accounts: readonly Account[]): ComposerServer {
  const asked = useAsk('accounts.abilities', [accountId], { isEnabled: accountId !== '' })
  const abilities = asked.data ?? null
  const others = abilities?.hasSmtputf8 === false ? accounts.filter(account => account.id !== accountId) : []
  const known = useAskEach(
    'accounts.abilities',
    others.map(({ id }): [string] => [id]),
  )
  return { abilities, ableAccounts: others.filter((_, index) => known[index]?.hasSmtputf8 === true) }
}

/**
 * The mail as the server would count it: without its files, and with them, those on their way included. The words are
 * counted anew only where they changed.
 */
export function useMailSize(
  content: DraftContent,
  accounts: readonly Account[],
  references: readonly string[],
  { attached, uploads }: Pick<Attachments, 'attached' | 'uploads'>,
): { bareBytes: number; bytes: number } {
  const { accountId, identityId, text, html } = content
  const letter = useMemo(() => letterSize({ text, html }), [text, html])
  const account = accounts.find(({ id }) => id === accountId)
  const from = account === undefined ? { name: '', address: '' } : identityOf(account, identityId)
  const coming = uploads
    .filter(({ state }) => state !== 'failed')
    .map(({ name, type, bytes }) => ({ name, type, bytes }))
  const sized = (attachments: Parameters<typeof frameSize>[0]['attachments']) =>
    letter + frameSize({ ...content, from, references, attachments })
  return { bareBytes: sized([]), bytes: sized([...attached, ...coming]) }
}
