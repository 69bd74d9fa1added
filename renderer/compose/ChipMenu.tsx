/** What can be done with a recipient beside taking it out: move, copy, edit, keep the field as a group. */

import { Menu } from '@mantine/core'
import { IconArrowRight, IconCopy, IconPencil, IconUsersGroup } from '@tabler/icons-react'
import { useWords } from '../i18n/words.ts'
import type { RecipientFieldName } from './chips.ts'
import css from './RecipientField.module.css'

type Props = {
  from: RecipientFieldName
  /** Null where there is no other field. */
  onMove: ((to: RecipientFieldName) => void) | null
  onCopy: () => void
  onEdit: () => void
  /** Null where there is nobody to make a group with. */
  onSaveGroup: (() => void) | null
  onClose: () => void
}

const FIELDS: readonly RecipientFieldName[] = ['to', 'cc', 'bcc']

export function ChipMenu({ from, onMove, onCopy, onEdit, onSaveGroup, onClose }: Props) {
  const words = useWords()
  const targets = onMove === null ? [] : FIELDS.filter(field => field !== from)
  return (
    <Menu
      opened
      position="bottom-start"
      withinPortal={false}
      floatingStrategy="fixed"
      withInitialFocusPlaceholder={false}
      zIndex={350}
      onChange={isOpen => !isOpen && onClose()}
    >
      <Menu.Target>
        <button type="button" className={css.anchor} tabIndex={-1} aria-label={words('people.chipActions')} />
      </Menu.Target>
      <Menu.Dropdown>
        {targets.map(field => (
          <Menu.Item
            key={field}
            leftSection={<IconArrowRight size={16} stroke={1.7} aria-hidden />}
            onClick={() => onMove?.(field)}
          >
            {words('people.moveTo', { field: words(`compose.${field}`) })}
          </Menu.Item>
        ))}
        {targets.length > 0 && <Menu.Divider />}
        <Menu.Item leftSection={<IconCopy size={16} stroke={1.7} aria-hidden />} onClick={onCopy}>
          {words('people.copy')}
        </Menu.Item>
        <Menu.Item leftSection={<IconPencil size={16} stroke={1.7} aria-hidden />} onClick={onEdit}>
          {words('people.edit')}
        </Menu.Item>
        {onSaveGroup !== null && (
          <Menu.Item
            leftSection={<IconUsersGroup size={16} stroke={1.7} aria-hidden />}
            onClick={onSaveGroup}
          >
            {words('people.saveGroup')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
