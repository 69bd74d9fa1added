/**
 * Under which identity a draft is written, and the one way to change it: account, identity and signature go together,
 * from wherever it is chosen.
 */

import { type RefObject, useRef } from 'react'
import { identityOf, MAIN_IDENTITY, usualIdentityOf } from '../../shared/identity.ts'
import type { Account, DraftContent, Identity } from '../../shared/model.ts'
import { useAsk } from '../ask.ts'
import type { Surface } from './editor/surface.ts'

type Choice = Pick<DraftContent, 'accountId' | 'identityId'>

export type ComposerIdentity = {
  account: Account | null
  /** Null where the account is gone. */
  chosen: Identity | null
  /** Without an identity, the usual one of the account. */
  writeAs(accountId: string, identityId?: string): void
  /** The writing surface is there, perhaps later than the choice. */
  ready(): void
}

type Parts = {
  fields: Choice
  /** What was chosen last, also within one event. */
  latest: RefObject<Choice>
  accounts: readonly Account[]
  surface: RefObject<Surface | null>
  change(choice: Choice): void
}

export function useIdentity({ fields, latest, accounts, surface, change }: Parts): ComposerIdentity {
  const settings = useAsk('settings.get', [])
  /** The one whose signature the text has, while the surface is not there to change it. */
  const signedBy = useRef<Identity | null | undefined>(undefined)

  const accountOf = ({ accountId }: Choice) => accounts.find(({ id }) => id === accountId) ?? null
  const chosenIn = (choice: Choice): Identity | null => {
    const account = accountOf(choice)
    return account === null ? null : identityOf(account, choice.identityId)
  }

  function sign(before: Identity | null): void {
    const place = settings.data?.signatures ?? 'under-answer'
    const [old, next] = [before?.signature ?? null, chosenIn(latest.current)?.signature ?? null]
    surface.current?.sign({ before: old, after: next, place })
  }

  return {
    account: accountOf(fields),
    chosen: chosenIn(fields),
    writeAs(accountId, identityId) {
      const account = accountOf({ accountId })
      if (account === null) return
      const before = chosenIn(latest.current)
      const { id } = identityId === undefined ? usualIdentityOf(account) : identityOf(account, identityId)
      change({ accountId, identityId: id === MAIN_IDENTITY ? undefined : id })
      if (surface.current !== null) sign(before)
      else if (signedBy.current === undefined) signedBy.current = before
    },
    ready() {
      const before = signedBy.current
      signedBy.current = undefined
      if (before !== undefined) sign(before)
    },
  }
}
