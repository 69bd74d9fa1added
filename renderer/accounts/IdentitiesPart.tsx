/** The identities of an account: a list, and what can be done with each. Every change is saved at once. */

import { Button, Menu, UnstyledButton } from '@mantine/core'
import { IconCheck, IconDots, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { identitiesOf, MAIN_IDENTITY, usualIdentityOf } from '../../shared/identity.ts'
import type { Account, Identity } from '../../shared/model.ts'
import type { Problem } from '../../shared/problem.ts'
import { call } from '../bridge.ts'
import { ConfirmDialog } from '../compose/ConfirmDialog.tsx'
import { useWords } from '../i18n/words.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { Pill } from '../ui/StatePill.tsx'
import css from './IdentitiesPart.module.css'
import { IdentityDialog } from './IdentityDialog.tsx'

export function IdentitiesPart({ account }: { account: Account }) {
  const words = useWords()
  const [edited, edit] = useState<Identity | null>(null)
  const [doubted, doubt] = useState<Identity | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const all = identitiesOf(account)
  const usual = usualIdentityOf(account)

  /** Answers why it was not kept. */
  async function keep(identities: Identity[]): Promise<Problem | null> {
    const reply = await call('accounts.saveIdentities', account.id, identities)
    return reply.ok ? null : reply.problem
  }

  async function keepTyped(identity: Identity): Promise<Problem | null> {
    const isKnown = all.some(({ id }) => id === identity.id)
    const failed = await keep(
      isKnown ? all.map(one => (one.id === identity.id ? identity : one)) : [...all, identity],
    )
    if (failed === null) edit(null)
    return failed
  }

  async function makeUsual(id: string): Promise<void> {
    setProblem(await keep(all.map(one => ({ ...one, isUsual: one.id === id }))))
  }

  async function remove(id: string): Promise<void> {
    doubt(null)
    setProblem(await keep(all.filter(one => one.id !== id)))
  }

  return (
    <>
      <ul className={css.list} aria-label={words('identities.title')}>
        {all.map(identity => (
          <IdentityRow
            key={identity.id}
            identity={identity}
            isUsual={identity.id === usual.id && all.length > 1}
            onEdit={() => edit(identity)}
            onUsual={() => void makeUsual(identity.id)}
            onRemove={() => doubt(identity)}
          />
        ))}
      </ul>
      {problem !== null && <ProblemNote problem={problem} />}
      <div>
        <Button
          size="xs"
          leftSection={<IconPlus size={15} stroke={2} aria-hidden />}
          onClick={() => edit(blankIdentity(account))}
        >
          {words('identities.add')}
        </Button>
      </div>
      {edited !== null && (
        <IdentityDialog
          identity={edited}
          isNew={all.every(({ id }) => id !== edited.id)}
          onSave={keepTyped}
          onClose={() => edit(null)}
        />
      )}
      <ConfirmDialog
        isOpen={doubted !== null}
        title={words('identities.removeTitle', { address: doubted?.address ?? '' })}
        yes={{ text: words('identities.removeYes'), act: () => doubted !== null && void remove(doubted.id) }}
        no={{ text: words('identities.removeNo'), act: () => doubt(null) }}
      >
        {words('identities.removeText')}
      </ConfirmDialog>
    </>
  )
}

function blankIdentity({ identity: { name, address } }: Account): Identity {
  return {
    id: crypto.randomUUID(),
    name,
    address,
    replyTo: [],
    organisation: '',
    copiesSelf: false,
    signature: null,
  }
}

type RowProps = {
  identity: Identity
  isUsual: boolean
  onEdit: () => void
  onUsual: () => void
  onRemove: () => void
}

function IdentityRow({ identity, isUsual, onEdit, onUsual, onRemove }: RowProps) {
  const words = useWords()
  const { name, address, organisation, signature } = identity
  const icon = { size: 16, stroke: 1.7, 'aria-hidden': true }
  return (
    <li className={css.row}>
      <UnstyledButton className={css.who} onClick={onEdit}>
        <b>{name === '' ? address : name}</b>
        <span>{[name === '' ? '' : address, organisation].filter(part => part !== '').join(' · ')}</span>
        <small>
          {signature === null
            ? words('identities.unsigned')
            : words('identities.signed', { line: signature.text.trim().split('\n')[0] ?? '' })}
        </small>
      </UnstyledButton>
      {isUsual && <Pill tone="quiet">{words('identities.usual')}</Pill>}
      <Menu position="bottom-end">
        <Menu.Target>
          <IconButton icon={IconDots} name={words('identities.more', { address })} aria-haspopup="menu" />
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil {...icon} />} onClick={onEdit}>
            {words('identities.edit')}
          </Menu.Item>
          {!isUsual && (
            <Menu.Item leftSection={<IconCheck {...icon} />} onClick={onUsual}>
              {words('identities.makeUsual')}
            </Menu.Item>
          )}
          {identity.id !== MAIN_IDENTITY && (
            <Menu.Item leftSection={<IconTrash {...icon} />} onClick={onRemove}>
              {words('identities.remove')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
    </li>
  )
}
