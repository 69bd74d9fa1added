/** The form of one account. What is typed belongs to the view above, so that a check or a failure loses nothing. */

import { Button, Checkbox, SegmentedControl } from '@mantine/core'
import { type ReactNode, useId } from 'react'
import { ACCOUNT_COLORS, type Account, type AccountColor } from '../../shared/model.ts'
import { useAsk } from '../ask.ts'
import { useWords } from '../i18n/words.ts'
import { AbilityTable } from './AbilityTable.tsx'
import css from './AccountForm.module.css'
import {
  type AccountForm,
  type FieldName,
  type IncomingKind,
  withAddress,
  withKind,
  withOneLogin,
} from './account-form.ts'
import { Field } from './Field.tsx'
import { IdentitiesPart } from './IdentitiesPart.tsx'
import { Manner } from './Manner.tsx'
import { type Faults, ServerFields } from './ServerFields.tsx'

type Props = {
  form: AccountForm
  /** The stored account, null for a new one. */
  account: Account | null
  /** Empty until the person wanted to go on. */
  faults: Faults
  onChange: (form: AccountForm) => void
  onCheck: () => void
  onSave: () => void
  onRemove: () => void
  children?: ReactNode
}

export function AccountFormView({
  form,
  account,
  faults,
  onChange,
  onCheck,
  onSave,
  onRemove,
  children,
}: Props) {
  const words = useWords()
  const info = useAsk('app.info', [])
  return (
    <form
      className={css.form}
      noValidate
      onSubmit={event => {
        event.preventDefault()
        onCheck()
      }}
    >
      {children}
      <Section title={words('accounts.who')}>
        <You form={form} faults={faults} onChange={onChange} />
      </Section>
      {account !== null && (
        <Section title={words('identities.title')}>
          <IdentitiesPart account={account} />
        </Section>
      )}
      <Section title={words('accounts.sending')} note="SMTP">
        <ServerFields server="smtp" form={form} faults={faults} onChange={onChange} />
        <p className={css.hint}>{info.isSuccess && words(`accounts.secrets.${info.data.secrets}`)}</p>
      </Section>
      <Section title={words('accounts.receiving')} note={form.kind === 'imap' ? 'IMAP' : 'POP3'}>
        <Receiving form={form} faults={faults} onChange={onChange} />
      </Section>
      {account !== null && (
        <>
          <Section title={words('accounts.how')}>
            <Manner account={account} form={form} faults={faults} onChange={onChange} />
          </Section>
          <Section title={words('accounts.abilities')}>
            <AbilityTable accountId={account.id} />
          </Section>
        </>
      )}
      <footer className={css.foot}>
        <Button type="submit" variant="filled">
          {words('accounts.checkAndSave')}
        </Button>
        <Button variant="default" onClick={onSave}>
          {words('accounts.saveOnly')}
        </Button>
        <span className={css.faults} role="status">
          {faults.size > 0 && words('accounts.faults', { count: faults.size })}
        </span>
        {account !== null && (
          <Button variant="subtle" onClick={onRemove}>
            {words('accounts.remove')}
          </Button>
        )}
      </footer>
    </form>
  )
}

function Section({ title, note, children }: { title: string; note?: string; children: ReactNode }) {
  const titleId = useId()
  return (
    <section className={css.section} aria-labelledby={titleId}>
      <h3 id={titleId} className={css.sectionTitle}>
        {title}
        {note !== undefined && <span>{note}</span>}
      </h3>
      <div className={css.fields}>{children}</div>
    </section>
  )
}

type PartProps = Pick<Props, 'form' | 'faults' | 'onChange'>

function useFault(faults: Faults) {
  const words = useWords()
  return (field: FieldName) => {
    const found = faults.get(field)
    return found === undefined ? undefined : words(`accounts.fault.${found}`)
  }
}

function You({ form, faults, onChange }: PartProps) {
  const words = useWords()
  const fault = useFault(faults)
  return (
    <>
      <div className={css.pair}>
        <Field
          name={words('accounts.name')}
          value={form.name}
          onChange={name => onChange({ ...form, name })}
          hint={words('accounts.nameHint')}
          autoComplete="name"
        />
        <Field
          name={words('accounts.address')}
          type="email"
          value={form.address}
          onChange={address => onChange(withAddress(form, address))}
          fault={fault('address')}
          autoComplete="email"
        />
      </div>
      <div className={css.pair}>
        <Field
          name={words('accounts.label')}
          value={form.label}
          onChange={label => onChange({ ...form, label })}
          placeholder={form.address}
          autoComplete="off"
        />
        <Colors chosen={form.color} onChoose={color => onChange({ ...form, color })} />
      </div>
    </>
  )
}

function Colors({ chosen, onChoose }: { chosen: AccountColor; onChoose: (color: AccountColor) => void }) {
  const words = useWords()
  const name = useId()
  return (
    <fieldset className={css.colors}>
      <legend>{words('accounts.color')}</legend>
      {ACCOUNT_COLORS.map(color => (
        <label key={color} className={css.color} title={words(`accounts.colorName.${color}`)}>
          <input
            type="radio"
            name={name}
            value={color}
            checked={color === chosen}
            onChange={() => onChoose(color)}
          />
          <span className={css.swatch} style={{ background: `var(--account-${color})` }} aria-hidden />
          <span className="for-ears">{words(`accounts.colorName.${color}`)}</span>
        </label>
      ))}
    </fieldset>
  )
}

const KINDS: { value: IncomingKind; label: string }[] = [
  { value: 'imap', label: 'IMAP' },
  { value: 'pop3', label: 'POP3' },
]

function Receiving({ form, faults, onChange }: PartProps) {
  const words = useWords()
  const fault = useFault(faults)
  return (
    <>
      <div className={css.kind}>
        <SegmentedControl
          size="sm"
          classNames={{
            root: css.segments ?? '',
            indicator: css.segment ?? '',
            label: css.segmentName ?? '',
          }}
          aria-label={words('accounts.protocol')}
          data={KINDS}
          value={form.kind}
          onChange={value => onChange(withKind(form, value === 'pop3' ? 'pop3' : 'imap'))}
        />
        <span className={css.hint}>
          {words(form.kind === 'imap' ? 'accounts.imapHint' : 'accounts.pop3Hint')}
        </span>
      </div>
      <ServerFields server="incoming" form={form} faults={faults} onChange={onChange}>
        <Checkbox
          size="sm"
          checked={form.isOneLogin}
          label={words('accounts.oneLogin')}
          onChange={event => onChange(withOneLogin(form, event.target.checked))}
        />
      </ServerFields>
      {form.kind === 'pop3' && (
        <div className={css.leave}>
          <Checkbox
            size="sm"
            checked={form.leaveOnServer}
            label={words('accounts.leaveOnServer')}
            description={form.leaveOnServer ? undefined : words('accounts.takeFromServer')}
            onChange={event => onChange({ ...form, leaveOnServer: event.target.checked })}
          />
          {form.leaveOnServer && (
            <div className={css.days}>
              <Field
                name={words('accounts.deleteAfter')}
                value={form.deleteAfterDays}
                onChange={deleteAfterDays => onChange({ ...form, deleteAfterDays })}
                fault={fault('deleteAfterDays')}
                hint={words('accounts.daysHint')}
                inputMode="numeric"
                autoComplete="off"
              >
                <span className={css.unit}>{words('accounts.days')}</span>
              </Field>
            </div>
          )}
        </div>
      )}
    </>
  )
}
