/** A field of a form: its name above it, what is wrong beside it. */

import { IconChevronDown, IconEye, IconEyeOff } from '@tabler/icons-react'
import { type ReactNode, type Ref, useId, useState } from 'react'
import { useWords } from '../i18n/words.ts'
import { IconButton } from '../ui/IconButton.tsx'
import css from './Field.module.css'

type FieldProps = {
  name: string
  value: string
  onChange: (value: string) => void
  /** In words, or undefined where nothing is wrong. */
  fault?: string | undefined
  hint?: string | undefined
  type?: 'text' | 'email' | 'password'
  inputMode?: 'numeric' | 'email' | 'url'
  autoComplete?: string
  placeholder?: string
  /** In a dialog: where it begins. */
  takesFocus?: boolean
  ref?: Ref<HTMLInputElement>
  children?: ReactNode
}

export function Field({
  name,
  value,
  onChange,
  fault,
  hint,
  children,
  takesFocus,
  type = 'text',
  ...rest
}: FieldProps) {
  const id = useId()
  const noteId = useId()
  const note = fault ?? hint
  return (
    <div className={css.field} data-fault={fault !== undefined || undefined}>
      <label className={css.name} htmlFor={id}>
        {name}
      </label>
      <div className={css.line}>
        <input
          {...rest}
          {...(takesFocus === true && { 'data-autofocus': true })}
          id={id}
          type={type}
          className={css.input}
          value={value}
          autoCapitalize="off"
          spellCheck={false}
          aria-invalid={fault !== undefined}
          aria-describedby={note === undefined ? undefined : noteId}
          onChange={event => onChange(event.target.value)}
        />
        {children}
      </div>
      {note !== undefined && (
        <span id={noteId} className={css.note}>
          {note}
        </span>
      )}
    </div>
  )
}

/** A password; what is stored never comes back, and what is typed can be looked at. */
export function PasswordField(props: Omit<FieldProps, 'type' | 'children'>) {
  const words = useWords()
  const [isShown, setShown] = useState(false)
  return (
    <Field {...props} type={isShown ? 'text' : 'password'} autoComplete="off">
      <span className={css.inside}>
        <IconButton
          icon={isShown ? IconEyeOff : IconEye}
          size="small"
          name={words(isShown ? 'accounts.hidePassword' : 'accounts.showPassword')}
          onClick={() => setShown(!isShown)}
        />
      </span>
    </Field>
  )
}

type ChoiceProps<T extends string> = {
  name: string
  value: T
  choices: readonly { value: T; text: string }[]
  hint?: string
  onChange: (value: T) => void
}

export function ChoiceField<T extends string>({ name, value, choices, hint, onChange }: ChoiceProps<T>) {
  const id = useId()
  const hintId = useId()
  return (
    <div className={css.field}>
      <label className={css.name} htmlFor={id}>
        {name}
      </label>
      <div className={css.choice}>
        <select
          id={id}
          className={css.input}
          value={value}
          aria-describedby={hint === undefined ? undefined : hintId}
          onChange={event => {
            const chosen = choices.find(choice => choice.value === event.target.value)
            if (chosen !== undefined) onChange(chosen.value)
          }}
        >
          {choices.map(choice => (
            <option key={choice.value} value={choice.value}>
              {choice.text}
            </option>
          ))}
        </select>
        <IconChevronDown size={16} stroke={1.8} className={css.arrow} aria-hidden />
      </div>
      {hint !== undefined && (
        <span id={hintId} className={css.note}>
          {hint}
        </span>
      )}
    </div>
  )
}
