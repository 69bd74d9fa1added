/** An answer under another address than the mail was sent to: said calmly under From, with the way back. */

import { Button } from '@mantine/core'
import { IconArrowsExchange } from '@tabler/icons-react'
import { sameAddress } from '../../shared/address.ts'
import { ownerOf } from '../../shared/identity.ts'
import type { Account, Draft } from '../../shared/model.ts'
import { useWords } from '../i18n/words.ts'
import css from './IdentityNote.module.css'
import type { ComposerIdentity } from './use-identity.ts'

type Props = { draft: Draft; accounts: readonly Account[]; identity: ComposerIdentity }

export function IdentityNote({ draft: { answers }, accounts, identity: { chosen, writeAs } }: Props) {
  const words = useWords()
  const expected = answers?.expected?.address
  if (answers == null || expected === undefined || chosen === null || sameAddress(expected, chosen.address))
    return null
  const owner = ownerOf(accounts, expected)
  const isReply = answers.kind === 'reply' || answers.kind === 'reply-all'
  const people = { expected, address: chosen.address }
  return (
    <div className={css.note} role="status">
      <IconArrowsExchange size={17} stroke={1.8} aria-hidden className={css.sign} />
      <p>
        {words(isReply ? 'compose.otherReply' : 'compose.otherForward', people)}
        {owner === null && ` ${words('compose.otherUnknown')}`}
      </p>
      {owner !== null && (
        <Button size="xs" onClick={() => writeAs(owner.account.id, owner.identity.id)}>
          {words(isReply ? 'compose.answerAs' : 'questions.writeAs', { address: expected })}
        </Button>
      )}
    </div>
  )
}
