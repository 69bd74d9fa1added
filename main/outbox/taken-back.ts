/** A mail of the outbox as the draft it was: what its writer had before them at Send. Pure. */

import { sameAddress } from '../../shared/address.ts'
import type { DraftAnswer } from '../../shared/draft-start.ts'
import { identitiesOf } from '../../shared/identity.ts'
import type { Account, DraftContent } from '../../shared/model.ts'
import type { Recipe } from '../mime/recipe.ts'
import { peopleOf } from './outbox-item.ts'
import type { StoredItem } from './outbox-row.ts'

/** `account` is null where it is gone: the draft opens all the same. */
export function contentOf(item: StoredItem, recipe: Recipe, account: Account | null): DraftContent {
  const identity =
    account === null
      ? undefined
      : identitiesOf(account).find(({ address }) => sameAddress(address, recipe.from.address))
  const people = peopleOf(item)
  return {
    accountId: item.accountId,
    ...people,
    // The writer's own copy is added again when the mail leaves.
    bcc: people.bcc.filter(
      ({ address }) => identity?.copiesSelf !== true || !sameAddress(address, identity.address),
    ),
    subject: recipe.subject,
    text: recipe.text,
    ...(recipe.html === null ? {} : { html: recipe.html }),
    ...(identity === undefined ? {} : { identityId: identity.id }),
    ...(recipe.version === 1 ? {} : { options: recipe.options }),
  }
}

/** A redirected mail stays one; which mail it was is not kept, as its source came along. */
export function draftAnswerOf({ isRedirect }: Recipe): DraftAnswer | null {
  return isRedirect === true ? { messageId: '', kind: 'redirect', expected: null, recipients: [] } : null
}
