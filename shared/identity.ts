/** Under which name a mail is written: the identities of an account, and the one a draft chose. Pure. */

import { sameAddress } from './address.ts'
import type { Account, Address, Identity } from './model.ts'

/** The identity every account has: its name and address are the account's own. */
export const MAIN_IDENTITY = 'main'

type Owner = Pick<Account, 'identity' | 'identities'>

/** All identities of the account, its own first. */
export function identitiesOf({ identity, identities = [] }: Owner): [Identity, ...Identity[]] {
  const details = identities.find(({ id }) => id === MAIN_IDENTITY)
  const main: Identity = {
    ...(details ?? { replyTo: [], organisation: '', copiesSelf: false, signature: null }),
    ...identity,
    id: MAIN_IDENTITY,
  }
  return [main, ...identities.filter(({ id }) => id !== MAIN_IDENTITY)]
}

/** The identity of that id; the account's own where none was chosen or it is gone. */
export function identityOf(account: Owner, identityId: string | undefined): Identity {
  const all = identitiesOf(account)
  return all.find(({ id }) => id === identityId) ?? all[0]
}

/** The identity that new mails of the account begin with. */
export function usualIdentityOf(account: Owner): Identity {
  const all = identitiesOf(account)
  return all.find(({ isUsual }) => isUsual === true) ?? all[0]
}

/** Whose address this is: the account and its identity, or null where it is nobody's here. */
export function ownerOf<A extends Owner>(
  accounts: readonly A[],
  address: string,
): { account: A; identity: Identity } | null {
  for (const account of accounts) {
    const identity = identitiesOf(account).find(own => sameAddress(own.address, address))
    if (identity !== undefined) return { account, identity }
  }
  return null
}

/** The Bcc of a mail of this identity: the writer too, where it says so and the mail does not reach them anyway. */
export function hiddenCopies(
  identity: Identity,
  { to, cc, bcc }: { to: readonly Address[]; cc: readonly Address[]; bcc: readonly Address[] },
): Address[] {
  const isThere = [...to, ...cc, ...bcc].some(({ address }) => sameAddress(address, identity.address))
  const { name, address } = identity
  return identity.copiesSelf && !isThere ? [...bcc, { name, address }] : [...bcc]
}
