/** Keeping the words of a mail as a template or a snippet, under a name that is asked for. */

import { Button, Checkbox, Modal, SegmentedControl } from '@mantine/core'
import { type FormEvent, useEffect, useState } from 'react'
import type { Template, TemplateInput } from '../../shared/template.ts'
import { Field } from '../accounts/Field.tsx'
import { ask, useAsk, useCommand } from '../ask.ts'
import { useWords } from '../i18n/words.ts'
import { announce } from '../ui/announce.tsx'
import { useFormat } from '../ui/format.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { nameFault } from './name-fault.ts'
import { withPicturesOf } from './own-letter.ts'
import css from './SaveTemplateDialog.module.css'
import type { OwnMail, Templates } from './use-templates.ts'

type Props = { templates: Templates; hasComing: boolean; onClose: () => void }

const KINDS = ['template', 'snippet'] as const
const SAYS = {
  missing: 'templates.saveMissing',
  space: 'templates.saveSpace',
  twice: 'templates.saveTwice',
} as const

export function SaveTemplateDialog({ templates, hasComing, onClose }: Props) {
  const words = useWords()
  const [mail, setMail] = useState<OwnMail | null>(null)
  // Taking the text out of the editor changes the composer: not while this is drawn.
  useEffect(() => setMail(templates.ownMail()), [templates])
  return (
    <Modal
      opened={mail !== null}
      onClose={onClose}
      title={words('templates.saveTitle')}
      withCloseButton={false}
      size={480}
      zIndex={400}
    >
      {mail !== null && <SaveForm mail={mail} hasComing={hasComing} onClose={onClose} />}
    </Modal>
  )
}

type FormProps = { mail: OwnMail; hasComing: boolean; onClose: () => void }

function SaveForm({ mail, hasComing, onClose }: FormProps) {
  const words = useWords()
  const format = useFormat()
  const { subject, letter, draftId, files } = mail
  const save = useCommand('templates.save')
  const known = useAsk('templates.list', []).data
  const [kind, setKind] = useState<Template['kind']>('template')
  const [name, setName] = useState(subject.trim())
  const [takesFiles, setTakesFiles] = useState(true)
  const isEmpty = letter.text.trim() === ''
  const fault = nameFault(save.error?.problem)

  async function keep(id: string | null): Promise<void> {
    const isTemplate = kind === 'template'
    const taken = isTemplate && takesFiles ? files : []
    const kept: TemplateInput = {
      ...withPicturesOf(letter, taken),
      id,
      kind,
      name,
      subject: isTemplate ? subject : '',
      files: { draftId, attachmentIds: taken.map(file => file.id) },
    }
    save.mutate([kept], {
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
      {files.length > 0 && kind === 'template' && (
        <Checkbox
          label={words('templates.saveFiles', { count: files.length })}
          description={format.list(files.map(file => file.name))}
          checked={takesFiles}
          onChange={event => setTakesFiles(event.currentTarget.checked)}
        />
      )}
      {files.length > 0 && kind === 'snippet' && (
        <p className={css.note}>{words('templates.saveLeavesOut')}</p>
      )}
      {hasComing && <p className={css.note}>{words('templates.saveNotYet')}</p>}
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
  )
}
