/** Who a mail is from: a choice among all identities of all accounts, found by typing. */

import { Combobox, UnstyledButton, useCombobox } from '@mantine/core'
import { IconCheck, IconSelector } from '@tabler/icons-react'
import { useState } from 'react'
import { addressKey, formatAddress } from '../../shared/address.ts'
import { foldText } from '../../shared/fold.ts'
import { identitiesOf } from '../../shared/identity.ts'
import type { Account, Identity } from '../../shared/model.ts'
import { useWords } from '../i18n/words.ts'
import css from './FromField.module.css'
import type { ComposerIdentity } from './use-identity.ts'

type Writer = { account: Account; identity: Identity }

type Props = { accounts: readonly Account[]; identity: ComposerIdentity }

export function FromField({ accounts, identity: { account, chosen, writeAs } }: Props) {
  const words = useWords()
  const [typed, type] = useState('')
  const combobox = useCombobox({
    onDropdownClose() {
      combobox.resetSelectedOption()
      combobox.focusTarget()
      type('')
    },
    onDropdownOpen: () => combobox.focusSearchInput(),
  })
  const writers = accounts.flatMap(one => identitiesOf(one).map(identity => ({ account: one, identity })))
  const isChosen = (writer: Writer) => writer.account.id === account?.id && writer.identity.id === chosen?.id
  const found = writers.filter(writer => foldText(lineOf(writer)).includes(foldText(typed.trim())))
  const shared = addressesInTwoAccounts(writers)
  const current = writers.find(isChosen)
  const shown =
    current === undefined ? words('compose.unknownAccount') : <WriterLine writer={current} shared={shared} />

  if (writers.length === 0 || (writers.length === 1 && current !== undefined)) {
    return (
      <div className={css.row}>
        <span className={css.label}>{words('compose.from')}</span>
        <span className={css.chosen}>{shown}</span>
      </div>
    )
  }
  return (
    <div className={css.row}>
      <span className={css.label}>{words('compose.from')}</span>
      <Combobox
        store={combobox}
        position="bottom-start"
        width={440}
        shadow="md"
        radius={10}
        transitionProps={{ transition: 'pop', duration: 120 }}
        onOptionSubmit={key => {
          const writer = writers.find(one => keyOf(one) === key)
          combobox.closeDropdown()
          if (writer !== undefined) writeAs(writer.account.id, writer.identity.id)
        }}
      >
        <Combobox.Target targetType="button" aria-haspopup="dialog">
          <UnstyledButton className={css.chosen} onClick={() => combobox.toggleDropdown()}>
            {shown}
            <span className="for-ears">{words('compose.chooseFrom')}</span>
            <IconSelector size={14} stroke={1.8} aria-hidden className={css.arrow} />
          </UnstyledButton>
        </Combobox.Target>
        <Combobox.Dropdown className={css.list ?? ''}>
          <div role="dialog" aria-label={words('compose.chooseFrom')}>
            <Combobox.Search
              value={typed}
              aria-label={words('compose.findFrom')}
              placeholder={words('compose.findFrom')}
              onChange={event => {
                type(event.currentTarget.value)
                combobox.updateSelectedOptionIndex()
              }}
            />
            <Combobox.Options aria-label={words('compose.from')} className={css.options ?? ''}>
              {found.map(writer => (
                <Combobox.Option key={keyOf(writer)} value={keyOf(writer)} active={isChosen(writer)}>
                  <span className={css.option}>
                    <WriterLine writer={writer} shared={shared} />
                    {isChosen(writer) && <IconCheck size={15} aria-hidden className={css.check} />}
                  </span>
                </Combobox.Option>
              ))}
              {found.length === 0 && <Combobox.Empty>{words('compose.noFrom')}</Combobox.Empty>}
            </Combobox.Options>
          </div>
        </Combobox.Dropdown>
      </Combobox>
    </div>
  )
}

function WriterLine({ writer, shared }: { writer: Writer; shared: ReadonlySet<string> }) {
  const { account, identity } = writer
  return (
    <>
      <span className={css.dot} style={{ background: `var(--account-${account.color})` }} aria-hidden />
      <span className={css.words}>{lineOf(writer)}</span>
      {shared.has(addressKey(identity.address)) && <small className={css.account}>{account.label}</small>}
    </>
  )
}

const keyOf = ({ account, identity }: Writer) => JSON.stringify([account.id, identity.id])

function lineOf({ identity: { name, address } }: Writer): string {
  return formatAddress({ name, address })
}

/** Only there the account has to be named, as the address tells nothing. */
function addressesInTwoAccounts(writers: readonly Writer[]): Set<string> {
  const homes = new Map<string, string>()
  const shared = new Set<string>()
  for (const { account, identity } of writers) {
    const key = addressKey(identity.address)
    const home = homes.get(key)
    if (home !== undefined && home !== account.id) shared.add(key)
    homes.set(key, account.id)
  }
  return shared
}
