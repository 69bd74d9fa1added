/** The fields of one server: where it is, how the line is secured, and who signs in. */

import { Button, Checkbox } from '@mantine/core'
import type { ReactNode } from 'react'
import type { TlsMode } from '../../shared/model.ts'
import { useWords } from '../i18n/words.ts'
import css from './AccountForm.module.css'
import {
  type AccountForm,
  type FieldName,
  type FieldProblem,
  needsConsent,
  type ServerName,
  type TypedServerField,
  withConsent,
  withPin,
  withServerField,
  withTls,
} from './account-form.ts'
import { ChoiceField, Field, PasswordField } from './Field.tsx'

export type Faults = ReadonlyMap<FieldName, FieldProblem>

type Props = {
  server: ServerName
  form: AccountForm
  faults: Faults
  onChange: (form: AccountForm) => void
  /** Between the line and the login: what decides whether there is a login of its own. */
  children?: ReactNode
}

const TLS_MODES: readonly TlsMode[] = ['implicit', 'starttls', 'none']

export function ServerFields({ server, form, faults, onChange, children }: Props) {
  const words = useWords()
  const settings = form[server]
  const fault = (field: TypedServerField | 'plaintextConsent') => {
    const found = faults.get(`${server}.${field}`)
    return found === undefined ? undefined : words(`accounts.fault.${found}`)
  }
  const type = (field: TypedServerField) => (value: string) =>
    onChange(withServerField(form, server, field, value))
  const hasLogin = server === 'smtp' || !form.isOneLogin
  return (
    <>
      <div className={css.lineOfServer}>
        <Field
          name={words('accounts.host')}
          value={settings.host}
          onChange={type('host')}
          fault={fault('host')}
          inputMode="url"
          autoComplete="off"
        />
        <Field
          name={words('accounts.port')}
          value={settings.port}
          onChange={type('port')}
          fault={fault('port')}
          inputMode="numeric"
          autoComplete="off"
        />
        <ChoiceField
          name={words('accounts.security')}
          value={settings.tls}
          choices={TLS_MODES.map(value => ({ value, text: words(`accounts.tls.${value}`) }))}
          onChange={tls => onChange(withTls(form, server, tls))}
        />
      </div>
      {needsConsent(settings) && (
        <div className={css.consent} data-fault={fault('plaintextConsent') !== undefined || undefined}>
          <p>{words('accounts.consentTitle')}</p>
          <Checkbox
            size="sm"
            checked={settings.plaintextConsent}
            label={words('accounts.consent')}
            error={fault('plaintextConsent')}
            onChange={event => onChange(withConsent(form, server, event.target.checked))}
          />
        </div>
      )}
      {settings.pinnedCertificate !== null && (
        <p className={css.pinned}>
          {words('accounts.pinned')}
          <Button size="compact-xs" variant="subtle" onClick={() => onChange(withPin(form, server, null))}>
            {words('accounts.unpin')}
          </Button>
        </p>
      )}
      {children}
      {hasLogin && (
        <div className={css.pair}>
          <Field
            name={words('accounts.user')}
            value={settings.user}
            onChange={type('user')}
            fault={fault('user')}
            autoComplete="off"
          />
          <PasswordField
            name={words('accounts.password')}
            value={settings.password}
            onChange={type('password')}
            fault={fault('password')}
            {...(form.id !== null && { placeholder: words('accounts.passwordKept') })}
          />
        </div>
      )}
    </>
  )
}
