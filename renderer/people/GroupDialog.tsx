/** A group being made or changed: its name and who is in it. */

import { Button, Modal } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Address } from '../../shared/model.ts'
import { Field } from '../accounts/Field.tsx'
import { useCommand } from '../ask.ts'
import { addressesOf, fieldOf } from '../compose/chips.ts'
import { RecipientField } from '../compose/RecipientField.tsx'
import { useWords } from '../i18n/words.ts'
import { announce } from '../ui/announce.tsx'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import css from './GroupDialog.module.css'

type Props = {
  group: { id: string | null; name: string; members: readonly Address[] }
  onClose: () => void
}

export function GroupDialog({ group, onClose }: Props) {
  const words = useWords()
  const save = useCommand('people.saveGroup')
  const [name, setName] = useState(group.name)
  const [members, setMembers] = useState(() => fieldOf(group.members))
  const isEmpty = name.trim() === '' || addressesOf(members).length === 0

  function submit(event: FormEvent): void {
    event.preventDefault()
    event.stopPropagation()
    if (isEmpty) return
    save.mutate([{ id: group.id, name, members: addressesOf(members) }], {
      onSuccess(saved) {
        announce(words('people.groupSaved', { name: saved.name }))
        onClose()
      },
    })
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={words('people.groupTitle')}
      withCloseButton={false}
      size={520}
      zIndex={400}
    >
      <form onSubmit={submit}>
        <Field name={words('people.groupName')} value={name} onChange={setName} />
        <div className={css.members}>
          <RecipientField
            name="to"
            label={words('people.groupMembers')}
            owner="group"
            state={members}
            onChange={setMembers}
            onMove={null}
            onSaveGroup={null}
            plainServer={null}
          />
        </div>
        <p className={css.hint}>{words('people.groupHint')}</p>
        {save.error !== null && <ProblemNote problem={save.error.problem} />}
        <div className={css.answers}>
          <Button onClick={onClose}>{words('people.stop')}</Button>
          <Button type="submit" variant="filled" disabled={isEmpty} loading={save.isPending}>
            {words('people.saveGroupYes')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
