/** How an account sends: who files the copy in Sent, and how fast its server is fed. */

import { useId } from 'react'
import { type Account, SENT_COPY_POLICIES } from '../../shared/model.ts'
import { useWords } from '../i18n/words.ts'
import css from './AccountForm.module.css'
import { type AccountForm, MOST_CONNECTIONS } from './account-form.ts'
import { ChoiceField, Field } from './Field.tsx'
import type { Faults } from './ServerFields.tsx'

type Props = {
  account: Account
  form: AccountForm
  faults: Faults
  onChange: (form: AccountForm) => void
}

const CONNECTIONS = Array.from({ length: MOST_CONNECTIONS }, (_, index) => String(index + 1))

export function Manner({ account, form, faults, onChange }: Props) {
  const words = useWords()
  const fault = faults.get('perMinute')
  return (
    <>
      {/* A POP3 server keeps no folders: the copy lies here. */}
      {form.kind === 'imap' && <SentCopy account={account} form={form} onChange={onChange} />}
      <div className={css.pair}>
        <ChoiceField
          name={words('accounts.connections')}
          value={String(form.connections)}
          choices={CONNECTIONS.map(value => ({ value, text: value }))}
          hint={words('accounts.connectionsHint')}
          onChange={value => onChange({ ...form, connections: Number(value) })}
        />
        <Field
          name={words('accounts.perMinute')}
          value={form.perMinute}
          onChange={perMinute => onChange({ ...form, perMinute })}
          fault={fault === undefined ? undefined : words(`accounts.fault.${fault}`)}
          hint={words('accounts.perMinuteHint')}
          inputMode="numeric"
          autoComplete="off"
        />
      </div>
    </>
  )
}

function SentCopy({ account, form, onChange }: Omit<Props, 'faults'>) {
  const words = useWords()
  const name = useId()
  const chosen = form.sentCopy ?? account.sentCopy
  return (
    <fieldset className={css.policies}>
      <legend>{words('accounts.sentCopyTitle')}</legend>
      {SENT_COPY_POLICIES.map(policy => (
        <label key={policy} className={css.policy}>
          <input
            type="radio"
            name={name}
            value={policy}
            checked={policy === chosen}
            onChange={() => onChange({ ...form, sentCopy: policy })}
          />
          <span>
            <b>{words(`accounts.sentCopyName.${policy}`)}</b>
            <small>{words(`accounts.sentCopy.${policy}`)}</small>
          </span>
        </label>
      ))}
    </fieldset>
  )
}
