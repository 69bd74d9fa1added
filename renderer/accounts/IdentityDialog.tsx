/** One identity being made or changed. What is wrong is said beside its field; nothing that was typed is lost by it. */

import { Button, Checkbox, Modal } from '@mantine/core'
import { lazy, Suspense, useRef, useState } from 'react'
import { MAIN_IDENTITY } from '../../shared/identity.ts'
import type { Identity, Signature } from '../../shared/model.ts'
import type { Problem } from '../../shared/problem.ts'
import type { LetterEditor } from '../compose/editor/letter-editor.ts'
import type { Letter } from '../compose/editor/surface.ts'
import { useWords } from '../i18n/words.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { Field } from './Field.tsx'
import css from './IdentityDialog.module.css'
import {
  checkIdentityForm,
  type IdentityFault,
  type IdentityForm,
  identityForm,
  typedIdentity,
} from './identity-form.ts'

const KeptLetter = lazy(async () => ({
  default: (await import('../compose/editor/KeptLetter.tsx')).KeptLetter,
}))

type Props = {
  identity: Identity
  isNew: boolean
  /** Answers why it was not saved. */
  onSave: (identity: Identity) => Promise<Problem | null>
  onClose: () => void
}

export function IdentityDialog({ identity, isNew, onSave, onClose }: Props) {
  const words = useWords()
  const [form, setForm] = useState(() => identityForm(identity))
  const [isTouched, setTouched] = useState(isNew)
  const [wasTried, setTried] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const body = useRef<HTMLFormElement>(null)
  const editor = useRef<LetterEditor | null>(null)
  const [letter] = useState(() => letterOf(identity.signature))
  const faults = wasTried ? checkIdentityForm(form) : {}

  function change(patch: Partial<IdentityForm>): void {
    setForm({ ...form, ...patch })
    setTouched(true)
    setProblem(null)
  }

  async function save(): Promise<void> {
    setTried(true)
    if (Object.keys(checkIdentityForm(form)).length > 0) {
      requestAnimationFrame(() => body.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
      return
    }
    setBusy(true)
    // Before the editor is there, the signature is as it was.
    const signature = editor.current === null ? identity.signature : editor.current.read()
    setProblem(await onSave(typedIdentity(identity, form, signature)))
    setBusy(false)
  }

  return (
    <Modal
      opened
      onClose={onClose}
      // What was typed goes by Cancel alone, not by a click beside it.
      closeOnEscape={!isTouched}
      closeOnClickOutside={!isTouched}
      withCloseButton={false}
      size={560}
      title={words(isNew ? 'identities.addTitle' : 'identities.editTitle')}
    >
      <form
        ref={body}
        className={css.form}
        noValidate
        onSubmit={event => {
          event.preventDefault()
          // The form of the account is around this one for React, though not on the page.
          event.stopPropagation()
          void save()
        }}
      >
        <Fields identity={identity} form={form} faults={faults} onChange={change} />
        <div className={css.signature}>
          <span className={css.name}>{words('identities.signature')}</span>
          <Suspense fallback={<div className={css.waiting} aria-busy />}>
            <KeptLetter
              name={words('identities.signature')}
              noPictures={words('identities.noPictures')}
              letter={letter}
              editor={editor}
              onTyping={() => setTouched(true)}
              onLetter={() => setTouched(true)}
            />
          </Suspense>
          <span className={css.hint}>{words('identities.signatureHint')}</span>
        </div>
        {problem !== null && <ProblemNote problem={problem} />}
        <footer className={css.foot}>
          <Button onClick={onClose}>{words('identities.cancel')}</Button>
          <Button type="submit" variant="filled" loading={isBusy}>
            {words('identities.save')}
          </Button>
        </footer>
      </form>
    </Modal>
  )
}

/** A first signature may have formats. */
function letterOf(signature: Signature | null): Letter {
  return signature ?? { text: '', html: '' }
}

type FieldsProps = {
  identity: Identity
  form: IdentityForm
  faults: ReturnType<typeof checkIdentityForm>
  onChange: (patch: Partial<IdentityForm>) => void
}

function Fields({ identity, form, faults, onChange }: FieldsProps) {
  const words = useWords()
  const said = (fault: IdentityFault | undefined) => {
    if (fault === undefined) return undefined
    return fault.kind === 'missing'
      ? words('accounts.fault.missing')
      : words('identities.noAddress', { text: fault.text })
  }
  return (
    <>
      {identity.id === MAIN_IDENTITY ? (
        <p className={css.own}>
          <b>{form.name === '' ? form.address : form.name}</b>
          {form.name !== '' && <span>{form.address}</span>}
          <small>{words('identities.ownHint')}</small>
        </p>
      ) : (
        <div className={css.pair}>
          <Field
            name={words('accounts.name')}
            value={form.name}
            onChange={name => onChange({ name })}
            autoComplete="off"
          />
          <Field
            name={words('accounts.address')}
            type="email"
            value={form.address}
            onChange={address => onChange({ address })}
            fault={said(faults.address)}
            hint={words('identities.addressHint')}
            autoComplete="off"
          />
        </div>
      )}
      <div className={css.pair}>
        <Field
          name={words('identities.organisation')}
          value={form.organisation}
          onChange={organisation => onChange({ organisation })}
          autoComplete="off"
        />
        <Field
          name={words('identities.replyTo')}
          value={form.replyTo}
          onChange={replyTo => onChange({ replyTo })}
          fault={said(faults.replyTo)}
          hint={words('identities.replyToHint')}
          inputMode="email"
          autoComplete="off"
        />
      </div>
      <Checkbox
        size="sm"
        checked={form.copiesSelf}
        label={words('identities.copiesSelf', { address: form.address.trim() })}
        description={words('identities.copiesSelfHint')}
        onChange={event => onChange({ copiesSelf: event.currentTarget.checked })}
      />
    </>
  )
}
