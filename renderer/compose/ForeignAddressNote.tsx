/** Asks about an address in other letters while it is typed, where the account's server said it carries none. */

import { Button } from '@mantine/core'
import type { Account } from '../../shared/model.ts'
import { useWords } from '../i18n/words.ts'
import css from './RecipientField.module.css'

type Props = {
  address: string
  /** Accounts whose servers can. */
  accounts: readonly Account[]
  /** Null while it is still being typed: it can be changed where it stands. */
  onEdit: (() => void) | null
  onChoose: (accountId: string) => void
}

export function ForeignAddressNote({ address, accounts, onEdit, onChoose }: Props) {
  const words = useWords()
  return (
    <div className={css.question} role="status">
      <p>{words('compose.foreignText', { address })}</p>
      {(onEdit !== null || accounts.length > 0) && (
        <div className={css.ways}>
          {onEdit !== null && (
            <Button size="xs" onClick={onEdit}>
              {words('compose.foreignEdit')}
            </Button>
          )}
          {accounts.map(({ id, identity }) => (
            <Button key={id} size="xs" onClick={() => onChoose(id)}>
              {words('compose.foreignFrom', { account: identity.address })}
            </Button>
          ))}
        </div>
      )}
    </div>
  )
}
