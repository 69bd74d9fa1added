/** One of the people: name, address with its domain in sight, when they were last met, and what can be done. */

import { IconPencil, IconSend, IconX } from '@tabler/icons-react'
import type { Person } from '../../shared/model.ts'
import { useWords } from '../i18n/words.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { LastMet } from './LastMet.tsx'
import css from './PersonRow.module.css'

export const ROW_HEIGHT = 58

type Props = { person: Person; onWrite: () => void; onEdit: () => void; onForget: () => void }

export function PersonRow({ person, onWrite, onEdit, onForget }: Props) {
  const words = useWords()
  const { name, address } = person.address
  const at = address.lastIndexOf('@')
  return (
    <div className={css.row} style={{ height: ROW_HEIGHT }}>
      <span className={css.who}>
        <span className={css.name}>
          {name === '' ? address : name}
          {person.reading !== '' && <span className={css.reading}>{person.reading}</span>}
          {person.hasNamesake && <span className={css.mark}>{words('people.sameName')}</span>}
        </span>
        {name !== '' && (
          <span className={css.address}>
            {address.slice(0, at + 1)}
            <b>{address.slice(at + 1)}</b>
          </span>
        )}
      </span>
      <LastMet person={person} />
      <span className={css.acts}>
        <IconButton
          icon={IconSend}
          name={words('people.write', { name: name === '' ? address : name })}
          size="small"
          onClick={onWrite}
        />
        <IconButton
          icon={IconPencil}
          name={words('people.editPerson', { address })}
          size="small"
          onClick={onEdit}
        />
        <IconButton icon={IconX} name={words('people.forget', { address })} size="small" onClick={onForget} />
      </span>
    </div>
  )
}
