/** The list under a field of recipients: who may be meant, where they are, and when they were last written to. */

import { IconUsersGroup, IconX } from '@tabler/icons-react'
import { type MouseEvent, useEffect, useRef } from 'react'
import type { Person, Suggestion } from '../../shared/model.ts'
import { useWords } from '../i18n/words.ts'
import { LastMet } from '../people/LastMet.tsx'
import css from './SuggestionList.module.css'
import { suggestionId } from './use-suggestions.ts'

type Props = {
  listId: string
  options: readonly Suggestion[]
  active: number
  onChoose: (option: Suggestion) => void
  onForget: (person: Person) => void
  onPoint: (index: number) => void
}

export function SuggestionList({ listId, options, active, onChoose, onForget, onPoint }: Props) {
  const words = useWords()
  const list = useRef<HTMLDivElement>(null)

  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' })
  }, [active])

  function onClick(event: MouseEvent, option: Suggestion): void {
    const isForget = event.target instanceof Element && event.target.closest('[data-forget]') !== null
    if (isForget && option.kind === 'person') onForget(option)
    else onChoose(option)
  }

  return (
    <div ref={list} id={listId} className={css.list} role="listbox" aria-label={words('people.suggestions')}>
      {options.map((option, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the combobox that has the focus
        <div
          key={option.kind === 'group' ? option.id : option.address.address}
          id={suggestionId(listId, index)}
          className={css.option}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          data-demoted={(option.kind === 'person' && option.demotedFor !== null) || undefined}
          // The input keeps the focus, and what is typed in it.
          onMouseDown={event => event.preventDefault()}
          onMouseMove={() => index !== active && onPoint(index)}
          onClick={event => onClick(event, option)}
        >
          {option.kind === 'group' ? (
            <>
              <IconUsersGroup size={16} stroke={1.7} aria-hidden className={css.sign} />
              <span className={css.name}>{option.name}</span>
              <span className={css.members}>{words('people.members', { count: option.members.length })}</span>
            </>
          ) : (
            <PersonOption person={option} />
          )}
        </div>
      ))}
    </div>
  )
}

function PersonOption({ person }: { person: Person }) {
  const words = useWords()
  const { name, address } = person.address
  const at = address.lastIndexOf('@')
  return (
    <>
      <span className={css.who}>
        {name !== '' && (
          <span className={css.name}>
            {name}
            {person.hasNamesake && <span className={css.mark}>{words('people.sameName')}</span>}
          </span>
        )}
        <span className={css.address}>
          {address.slice(0, at + 1)}
          <b className={css.domain}>{address.slice(at + 1)}</b>
        </span>
      </span>
      <LastMet person={person} />
      {/* For the mouse; the keyboard has Shift+Delete. */}
      <span className={css.forget} data-forget aria-hidden title={words('people.forget', { address })}>
        <IconX size={13} stroke={2} />
      </span>
    </>
  )
}
