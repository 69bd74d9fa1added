/** One recipient in a field: who it is, what is wrong with the address, and the ways out of the field. */

import { IconAlertTriangle, IconX } from '@tabler/icons-react'
import type { DragEvent, KeyboardEvent, MouseEvent, ReactNode } from 'react'
import { formatAddress } from '../../shared/address.ts'
import { useWords } from '../i18n/words.ts'
import { type Chip, chipFault } from './chips.ts'
import css from './RecipientField.module.css'

type Props = {
  chip: Chip
  isForeign: boolean
  /** Chosen together with others. */
  isSelected: boolean
  onKey: (event: KeyboardEvent) => void
  onPoint: (event: MouseEvent) => void
  onMenu: () => void
  onDragStart: (event: DragEvent) => void
  onDragEnd: () => void
  onEdit: () => void
  onRemove: () => void
  children?: ReactNode
}

export function RecipientChip({ chip, isForeign, isSelected, children, ...on }: Props) {
  const words = useWords()
  const fault = chipFault(chip) ?? (isForeign ? 'not-here' : null)
  const { name, address } = chip.address
  const whole = formatAddress(chip.address)
  return (
    <li
      className={css.chip}
      data-fault={fault ?? undefined}
      data-selected={isSelected || undefined}
      draggable
      onDragStart={on.onDragStart}
      onDragEnd={on.onDragEnd}
      onContextMenu={event => {
        event.preventDefault()
        on.onMenu()
      }}
    >
      <button
        type="button"
        className={css.who}
        data-chip={chip.id}
        tabIndex={-1}
        title={whole}
        aria-haspopup="menu"
        onKeyDown={on.onKey}
        onClick={on.onPoint}
        onDoubleClick={on.onEdit}
      >
        {fault !== null && <IconAlertTriangle size={13} stroke={2} aria-hidden className={css.sign} />}
        <span className={css.name}>{name === '' ? address : name}</span>
        {name !== '' && <span className="for-ears">{address}</span>}
        {fault !== null && <span className={css.fault}>{words(`compose.verdict.${fault}`)}</span>}
      </button>
      <button
        type="button"
        className={css.remove}
        tabIndex={-1}
        aria-label={words('compose.removeChip', { address: whole })}
        onClick={on.onRemove}
      >
        <IconX size={12} stroke={2.2} aria-hidden />
      </button>
      {children}
    </li>
  )
}
