/** One click away: a small button that opens what lies under it. Refuses to hide what must be read. */

import { IconChevronRight } from '@tabler/icons-react'
import { type ReactNode, useId, useState } from 'react'
import css from './Disclosure.module.css'

type Props = {
  label: string
  /** Says to ears what it belongs to, where several stand on a page: "Details, weber@bau.example". */
  about?: string
  children: ReactNode
}

export function Disclosure({ label, about, children }: Props) {
  const id = useId()
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <button
        type="button"
        className={css.toggle}
        aria-expanded={isOpen}
        aria-controls={id}
        {...(about !== undefined && { 'aria-label': `${label}, ${about}` })}
        onClick={() => setOpen(!isOpen)}
      >
        <IconChevronRight size={14} stroke={2} aria-hidden className={css.chevron} />
        {label}
      </button>
      <div id={id} hidden={!isOpen}>
        {isOpen && children}
      </div>
    </>
  )
}
