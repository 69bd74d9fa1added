/** Who a mail is from: a choice among the accounts, each with its colour. */

import { Menu, UnstyledButton } from '@mantine/core'
import { IconCheck, IconSelector } from '@tabler/icons-react'
import type { Account } from '../../shared/model.ts'
import { useWords } from '../i18n/words.ts'
import css from './FromField.module.css'

type Props = { accounts: readonly Account[]; accountId: string; onChoose: (accountId: string) => void }

export function FromField({ accounts, accountId, onChoose }: Props) {
  const words = useWords()
  const account = accounts.find(candidate => candidate.id === accountId)
  const shown = (
    <>
      {account !== undefined && (
        <span className={css.dot} style={{ background: `var(--account-${account.color})` }} aria-hidden />
      )}
      <span className={css.words}>
        {account === undefined ? words('compose.unknownAccount') : identityLine(account)}
      </span>
    </>
  )
  const isChoice = accounts.length > 1 || (account === undefined && accounts.length > 0)
  return (
    <div className={css.row}>
      <span className={css.label}>{words('compose.from')}</span>
      {isChoice ? (
        <Menu position="bottom-start" withInitialFocusPlaceholder={false}>
          <Menu.Target>
            <UnstyledButton className={css.chosen}>
              {shown}
              <span className="for-ears">{words('compose.chooseFrom')}</span>
              <IconSelector size={14} stroke={1.8} aria-hidden className={css.arrow} />
            </UnstyledButton>
          </Menu.Target>
          <Menu.Dropdown>
            {accounts.map(candidate => (
              <Menu.Item
                key={candidate.id}
                leftSection={
                  <span className={css.dot} style={{ background: `var(--account-${candidate.color})` }} />
                }
                rightSection={candidate.id === accountId ? <IconCheck size={15} aria-hidden /> : null}
                aria-current={candidate.id === accountId || undefined}
                onClick={() => onChoose(candidate.id)}
              >
                {identityLine(candidate)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      ) : (
        <span className={css.chosen}>{shown}</span>
      )}
    </div>
  )
}

function identityLine({ identity }: Account): string {
  return identity.name === '' ? identity.address : `${identity.name} · ${identity.address}`
}
