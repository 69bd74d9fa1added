/** Keeping the words of a mail as a template or a snippet, under a name that is asked for. */

import { Button, Modal, SegmentedControl } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Problem } from '../../shared/problem.ts'
import type { Template } from '../../shared/template.ts'
import { Field } from '../accounts/Field.tsx'
import { ask, useAsk, useCommand } from '../ask.ts'
import type { Letter } from '../compose/editor/surface.ts'
import type { Composer } from '../compose/use-composer.ts'
import { useWords } from '../i18n/words.ts'
import { announce } from '../ui/announce.tsx'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { hasPicture, ownLetter } from './own-letter.ts'
import css from './SaveTemplateDialog.module.css'

type Props = { composer: Composer; onClose: () => void }

const KINDS = ['template', 'snippet'] as const
const SAYS = {
  missing: 'templates.saveMissing',
  space: 'templates.saveSpace',
  twice: 'templates.saveTwice',
} as const

/** What is wrong with the name, in a word of `templates.save`. */
function faultOf(problem: Problem | undefined): keyof typeof SAYS | null {
  if (problem?.kind !== 'invalid' || problem.field !== 'name') return null
  const { reason } = problem
  return reason === 'missing' || reason === 'space' || reason === 'twice' ? reason : null
}

function writtenIn(composer: Composer): Letter & { subject: string } {
  const { subject, text, html = null } = composer.written()
  return { subject, text, html }
}

export function SaveTemplateDialog({ composer, onClose }: Props) {
  const words = useWords()
  const [written] = useState(() => writtenIn(composer))
  const save = useCommand('templates.save')
  const known = useAsk('templates.list', []).data
  const [kind, setKind] = useState<Template['kind']>('template')
  const [name, setName] = useState(written.subject.trim())
  const letter = ownLetter(written)
  const hasFiles = composer.files.attached.length + composer.files.uploads.length > 0
  const isEmpty = letter.text.trim() === ''
  const fault = faultOf(save.error?.problem)

  async function keep(id: string | null): Promise<void> {
    const subject = kind === 'template' ? written.subject : ''
    save.mutate([{ id, kind, name, subject, ...letter }], {
      onSuccess(saved) {
        announce(words('templates.saveDone', { name: saved.name }))
        onClose()
      },
    })
  }

  /** The one that has this name now. */
  async function replace(): Promise<void> {
    const same = (text: string) => text.normalize('NFKC').trim().toLowerCase()
    const all = known ?? (await ask('templates.list'))
    const other = all.find(one => one.kind === kind && same(one.name) === same(name))
    await keep(other?.id ?? null)
  }

  function submit(event: FormEvent): void {
    event.preventDefault()
    event.stopPropagation()
    if (!isEmpty) void keep(null)
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={words('templates.saveTitle')}
      withCloseButton={false}
      size={480}
      zIndex={400}
    >
      <form className={css.form} onSubmit={submit}>
        <SegmentedControl
          aria-label={words('templates.kind')}
          value={kind}
          onChange={value => {
            setKind(KINDS.find(one => one === value) ?? 'template')
            save.reset()
          }}
          data={KINDS.map(value => ({ value, label: words(`templates.${value}`) }))}
        />
        <Field
          name={words('templates.name')}
          takesFocus
          value={name}
          onChange={value => {
            setName(value)
            save.reset()
          }}
          fault={fault === null ? undefined : words(SAYS[fault])}
          hint={
            kind === 'snippet'
              ? words('templates.snippetHint', { typed: `;${name.trim() || words('templates.name')}` })
              : words('templates.nameHint')
          }
        />
        <p className={css.note}>{words(isEmpty ? 'templates.saveEmpty' : 'templates.savedPart')}</p>
        {(hasFiles || hasPicture(written)) && <p className={css.note}>{words('templates.saveLeavesOut')}</p>}
        {save.error !== null && fault === null && <ProblemNote problem={save.error.problem} />}
        <div className={css.answers}>
          <Button onClick={onClose}>{words('templates.insertNo')}</Button>
          {fault === 'twice' && (
            <Button onClick={() => void replace()}>{words('templates.saveReplace')}</Button>
          )}
          <Button type="submit" variant="filled" disabled={isEmpty} loading={save.isPending}>
            {words('templates.saveYes')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
