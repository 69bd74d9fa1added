/** A folder that is made or gets another name. What is wrong with the name is said at the field. */

import { Button, Modal } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Problem } from '../../shared/problem.ts'
import { Field } from '../accounts/Field.tsx'
import { useWords, type Words } from '../i18n/words.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import styles from './Dialogs.module.css'

type Props = {
  title: string
  yes: string
  name: string
  problem: Problem | null
  isBusy: boolean
  onSave(name: string): void
  onClose(): void
}

function faultOf(problem: Problem | null, words: Words): string | undefined {
  if (problem?.kind !== 'invalid') return undefined
  if (problem.reason === 'taken') return words('folders.nameTaken')
  const sign = /^holds (.)$/.exec(problem.reason)?.[1]
  return sign === undefined ? words('folders.nameUnusable') : words('folders.nameHolds', { sign })
}

export function FolderNameDialog({ title, yes, name: first, problem, isBusy, onSave, onClose }: Props) {
  const words = useWords()
  const [name, setName] = useState(first)
  const fault = faultOf(problem, words)
  function submit(event: FormEvent): void {
    event.preventDefault()
    event.stopPropagation()
    if (name.trim() !== '') onSave(name)
  }
  return (
    <Modal opened onClose={onClose} title={title} withCloseButton={false} size={420} zIndex={400}>
      <form onSubmit={submit}>
        <Field name={words('folders.name')} value={name} onChange={setName} fault={fault} takesFocus />
        {problem !== null && fault === undefined && <ProblemNote problem={problem} />}
        <div className={styles.answers}>
          <Button onClick={onClose}>{words('folders.cancel')}</Button>
          <Button type="submit" variant="filled" disabled={name.trim() === ''} loading={isBusy}>
            {yes}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
