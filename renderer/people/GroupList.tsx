/** The groups: write to one, change it, or take it apart. */

import { IconPencil, IconPlus, IconSend, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { Address, Group } from '../../shared/model.ts'
import { useAsk } from '../ask.ts'
import { ConfirmDialog } from '../compose/ConfirmDialog.tsx'
import { useWords } from '../i18n/words.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { useAct } from '../ui/use-act.tsx'
import { GroupDialog } from './GroupDialog.tsx'
import css from './PeopleView.module.css'
import { useWriteTo } from './use-write-to.ts'

type Edited = { id: string | null; name: string; members: readonly Address[] }

export function GroupList() {
  const words = useWords()
  const groups = useAsk('people.groups', [])
  const act = useAct()
  const writeTo = useWriteTo()
  const [edited, edit] = useState<Edited | null>(null)
  const [leaving, setLeaving] = useState<Group | null>(null)

  async function remove(): Promise<void> {
    if (leaving !== null) await act('people.removeGroup', leaving.id)
    setLeaving(null)
  }

  return (
    <section className={css.groups} aria-label={words('people.groups')}>
      <header className={css.bar}>
        <h2>{words('people.groups')}</h2>
        <IconButton
          icon={IconPlus}
          name={words('people.newGroup')}
          onClick={() => edit({ id: null, name: '', members: [] })}
        />
      </header>
      {groups.isError && <ProblemNote problem={groups.error.problem} onRetry={() => void groups.refetch()} />}
      {groups.data?.length === 0 && <p className={css.none}>{words('people.noGroups')}</p>}
      <ul className={css.groupRows}>
        {groups.data?.map(group => (
          <li key={group.id} className={css.group}>
            <span className={css.groupName}>
              {group.name}
              <span>{words('people.members', { count: group.members.length })}</span>
            </span>
            <IconButton
              icon={IconSend}
              name={words('people.write', { name: group.name })}
              size="small"
              onClick={() => void writeTo(group.members)}
            />
            <IconButton
              icon={IconPencil}
              name={words('people.editGroup', { name: group.name })}
              size="small"
              onClick={() => edit(group)}
            />
            <IconButton
              icon={IconTrash}
              name={words('people.removeGroup', { name: group.name })}
              size="small"
              onClick={() => setLeaving(group)}
            />
          </li>
        ))}
      </ul>
      {edited !== null && <GroupDialog group={edited} onClose={() => edit(null)} />}
      <ConfirmDialog
        isOpen={leaving !== null}
        title={words('people.removeGroupTitle')}
        yes={{ text: words('people.removeGroupYes'), act: () => void remove() }}
        no={{ text: words('people.stop'), act: () => setLeaving(null) }}
      >
        {words('people.removeGroupText', { name: leaving?.name ?? '' })}
      </ConfirmDialog>
    </section>
  )
}
