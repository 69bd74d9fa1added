/** The name of somebody, and how it is read, as the person wants it: it wins over what mails and files say. */

import { Button, Modal } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Person } from '../../shared/model.ts'
import { Field } from '../accounts/Field.tsx'
import { useCommand } from '../ask.ts'
import { useWords } from '../i18n/words.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import css from './GroupDialog.module.css'

export function PersonDialog({ person, onClose }: { person: Person; onClose: () => void }) {
  const words = useWords()
  const keep = useCommand('people.keep')
  const { address } = person.address
  const [name, setName] = useState(person.address.name)
  const [reading, setReading] = useState(person.reading)

  function submit(event: FormEvent): void {
    event.preventDefault()
    keep.mutate([{ name, address }, reading], { onSuccess: onClose })
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={words('people.personTitle')}
      withCloseButton={false}
      size={440}
      zIndex={400}
    >
      <form onSubmit={submit}>
        <p className={css.hint}>{address}</p>
        <div className={css.fields}>
          <Field name={words('people.personName')} value={name} onChange={setName} />
          <Field
            name={words('people.personReading')}
            value={reading}
            onChange={setReading}
            hint={words('people.personReadingHint')}
          />
        </div>
        {keep.error !== null && <ProblemNote problem={keep.error.problem} />}
        <div className={css.answers}>
          <Button onClick={onClose}>{words('people.stop')}</Button>
          <Button type="submit" variant="filled" loading={keep.isPending}>
            {words('people.savePerson')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
