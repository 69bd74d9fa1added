/**
 * A right address in the place of a refused one: checked while it is typed, then one call, which sends. Says before
 * who will get the mail: everybody, or this one alone where the others have it.
 */

import { Button } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import type { OutboxItem } from '../../shared/model.ts'
import type { Problem } from '../../shared/problem.ts'
import { useAsk } from '../ask.ts'
import { call } from '../bridge.ts'
import { useWords } from '../i18n/words.ts'
import { announce } from '../ui/announce.tsx'
import { isComposing } from '../ui/ime.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import css from './CorrectAddress.module.css'
import { correctionFault, typedAddress } from './correction-check.ts'

type Props = { item: OutboxItem; address: string }

export function CorrectAddress({ item, address }: Props) {
  const words = useWords()
  const [isOpen, setOpen] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const wasOpen = useRef(false)

  // The focus comes back to where it was when the field is closed.
  useEffect(() => {
    if (wasOpen.current && !isOpen) opener.current?.focus()
    wasOpen.current = isOpen
  }, [isOpen])

  if (isOpen) return <Field item={item} address={address} onClose={() => setOpen(false)} />
  return (
    <Button
      ref={opener}
      className={css.open ?? ''}
      size="compact-xs"
      leftSection={<IconPencil size={13} stroke={1.8} aria-hidden />}
      aria-label={words('journey.correctOne', { address })}
      onClick={() => setOpen(true)}
    >
      {words('journey.correct')}
    </Button>
  )
}

function Field({ item, address, onClose }: Props & { onClose: () => void }) {
  const words = useWords()
  const abilities = useAsk('accounts.abilities', [item.accountId])
  const [typed, setTyped] = useState(address)
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const field = useRef<HTMLInputElement>(null)
  const nameId = useId()
  const hintId = useId()
  const fault = correctionFault(typed, address, item, abilities.data ?? null)
  const isWrong = fault !== null && fault !== 'empty' && fault !== 'unchanged'
  const isAlone = item.journey.state === 'accepted'

  useEffect(() => field.current?.select(), [])

  async function send(): Promise<void> {
    if (fault !== null || isBusy) return
    setBusy(true)
    const right = typedAddress(typed)
    const reply = await call('outbox.correctRecipient', item.id, address, right)
    setBusy(false)
    if (!reply.ok) return setProblem(reply.problem)
    announce(words('journey.corrected', { address: right }))
    onClose()
  }

  function press(event: KeyboardEvent): void {
    if (isComposing(event)) {
      // The Enter that ends a composition would send the form.
      if (event.key === 'Enter') event.preventDefault()
      return
    }
    if (event.key !== 'Escape') return
    event.stopPropagation()
    onClose()
  }

  return (
    <form
      className={css.form}
      onSubmit={event => {
        event.preventDefault()
        void send()
      }}
    >
      <label id={nameId} htmlFor={`${nameId}-field`} className={css.label}>
        {words('journey.correctLabel', { address })}
      </label>
      <div className={css.line}>
        <input
          ref={field}
          id={`${nameId}-field`}
          className={css.field}
          type="text"
          inputMode="email"
          autoComplete="off"
          spellCheck={false}
          value={typed}
          aria-invalid={isWrong || undefined}
          aria-describedby={hintId}
          onChange={event => {
            setTyped(event.currentTarget.value)
            setProblem(null)
          }}
          onKeyDown={press}
        />
        <Button type="submit" size="xs" variant="filled" color="seal" disabled={fault !== null || isBusy}>
          {words(isAlone ? 'journey.correctSendAlone' : 'journey.correctSend')}
        </Button>
        <Button size="xs" variant="subtle" onClick={onClose}>
          {words('journey.correctLeave')}
        </Button>
      </div>
      <p id={hintId} className={css.hint} data-wrong={isWrong || undefined} role="status">
        {isWrong
          ? words(`journey.correctFault.${fault}`)
          : words(isAlone ? 'journey.correctAlone' : 'journey.correctAll')}
      </p>
      {problem !== null && <ProblemNote problem={problem} shape="line" />}
    </form>
  )
}
