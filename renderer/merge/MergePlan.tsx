/** What will happen with a letter to many, before it does. */

import { identityOf } from '../../shared/identity.ts'
import type { Account, DraftContent } from '../../shared/model.ts'
import { useAsk } from '../ask.ts'
import { useWords } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'

type Props = { count: number; content: DraftContent; accounts: readonly Account[] }

export function MergePlan({ count, content, accounts }: Props) {
  const words = useWords()
  const format = useFormat()
  const settings = useAsk('settings.get', [])
  const account = accounts.find(({ id }) => id === content.accountId)
  if (account === undefined) return null
  const perMinute = account.pace?.perMinute ?? null
  const seconds = settings.data?.undoSeconds ?? 0
  const copies = [...content.cc, ...content.bcc].map(({ address }) => address)
  return format.sentences([
    words('merge.plan', {
      mails: words('merge.mails', { count }),
      pace:
        perMinute === null
          ? words('merge.paceFree')
          : words('merge.pace', { count: perMinute, minutes: Math.ceil(count / perMinute) }),
      from: identityOf(account, content.identityId).address,
    }),
    seconds === 0 ? words('merge.noUndo') : words('merge.undo', { seconds }),
    copies.length === 0 ? null : words('merge.copies', { people: format.list(copies) }),
  ])
}
