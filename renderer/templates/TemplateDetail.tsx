/** One template on the desk: its name, subject and text, and the fields it has. */

import { Menu, SegmentedControl } from '@mantine/core'
import { IconArrowLeft, IconBraces, IconChevronDown, IconCopy, IconTrash } from '@tabler/icons-react'
import { lazy, type RefObject, Suspense, useEffect, useRef } from 'react'
import { fieldsOf } from '../../shared/merge.ts'
import type { Template } from '../../shared/template.ts'
import { fieldWord, isKnownField, KNOWN_FIELDS } from '../../shared/template-fill.ts'
import { Field } from '../accounts/Field.tsx'
import { call } from '../bridge.ts'
import type { LetterEditor } from '../compose/editor/letter-editor.ts'
import { useLanguage, useWords } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { TemplateFiles } from './TemplateFiles.tsx'
import css from './TemplatesView.module.css'
import { type TemplateEdit, useTemplateEdit } from './use-template-edit.ts'

const KeptLetter = lazy(async () => ({
  default: (await import('../compose/editor/KeptLetter.tsx')).KeptLetter,
}))

const KINDS = ['template', 'snippet'] as const

type Props = {
  template: Template
  /** It was just made: its name is to be typed. */
  isFresh: boolean
  /** Where it is the whole view: the way back to the list. */
  onBack: (() => void) | null
  onDuplicate: (template: Template) => void
  onRemove: (template: Template) => void
}

export function TemplateDetail({ template, isFresh, onBack, onDuplicate, onRemove }: Props) {
  const words = useWords()
  const editor = useRef<LetterEditor | null>(null)
  const take = useRef(() => editor.current?.take() ?? null)
  const edit = useTemplateEdit(template, take)
  const name = useRef<HTMLInputElement>(null)
  const subject = useRef<HTMLInputElement>(null)
  const { written } = edit
  const whole: Template = { ...template, ...written, id: template.id, files: template.files }

  useEffect(() => {
    if (isFresh) name.current?.select()
  }, [isFresh])

  return (
    <section
      className={css.detail}
      aria-label={template.name}
      onBlur={event => {
        if (!event.currentTarget.contains(event.relatedTarget)) void edit.flush()
      }}
    >
      <header className={css.bar}>
        {onBack !== null && (
          <IconButton icon={IconArrowLeft} name={words('templates.back')} onClick={onBack} />
        )}
        <h2>{template.name}</h2>
        <span className={css.save} role="status">
          {words(SAVE_WORDS[edit.save])}
        </span>
        <IconButton
          icon={IconCopy}
          name={words('templates.duplicate')}
          onClick={() => void edit.flush().then(() => onDuplicate(whole))}
        />
        <IconButton
          icon={IconTrash}
          name={words('templates.remove')}
          onClick={() => void edit.flush().then(() => onRemove(whole))}
        />
      </header>
      <div className={css.form}>
        {edit.problem !== null && <ProblemNote problem={edit.problem} onRetry={() => void edit.flush()} />}
        <div className={css.head}>
          <SegmentedControl
            aria-label={words('templates.kind')}
            value={written.kind}
            onChange={value => edit.change({ kind: KINDS.find(one => one === value) ?? 'template' })}
            data={KINDS.map(value => ({ value, label: words(`templates.${value}`) }))}
          />
          <FieldMenu editor={editor} subject={subject} edit={edit} />
        </div>
        <Field
          ref={name}
          name={words('templates.name')}
          value={written.name}
          onChange={value => edit.change({ name: value })}
          fault={edit.nameFault === null ? undefined : words(`templates.fault.${edit.nameFault}`)}
          hint={
            written.kind === 'snippet'
              ? words('templates.snippetHint', { typed: `;${written.name.trim()}` })
              : words('templates.nameHint')
          }
        />
        {written.kind === 'template' && (
          <Field
            ref={subject}
            name={words('templates.subject')}
            value={written.subject}
            onChange={value => edit.change({ subject: value })}
            hint={words('templates.subjectHint')}
          />
        )}
        <Suspense fallback={<div className={css.waiting} aria-busy />}>
          <KeptLetter
            name={words('templates.text')}
            noPictures={words('templates.noPictures')}
            letter={{ html: template.html, text: template.text }}
            files={template.files}
            readFile={(fileId, offset) => call('templates.readFile', template.id, fileId, offset)}
            editor={editor}
            onTyping={edit.typing}
            onLetter={edit.change}
          />
        </Suspense>
        <TemplateFiles template={template} />
        <FieldNote template={written} />
      </div>
    </section>
  )
}

const SAVE_WORDS = {
  saved: 'templates.saved',
  changed: 'templates.unsaved',
  saving: 'templates.saving',
} as const

/** Which fields it has: those a mail fills in by itself, and those that are left to the writer. */
function FieldNote({ template }: { template: Pick<Template, 'subject' | 'text' | 'html'> }) {
  const words = useWords()
  const format = useFormat()
  const fields = fieldsOf(template)
  const known = fields.filter(isKnownField)
  const open = fields.filter(field => !isKnownField(field))
  if (fields.length === 0) return null
  return (
    <div className={css.fields} role="note" aria-label={words('templates.fields')}>
      {known.length > 0 && <p>{words('templates.fieldsKnown', { fields: format.list(known) })}</p>}
      {open.length > 0 && <p>{words('templates.fieldsOpen', { fields: format.list(open) })}</p>}
    </div>
  )
}

type FieldMenuProps = {
  editor: RefObject<LetterEditor | null>
  subject: RefObject<HTMLInputElement | null>
  edit: TemplateEdit
}

/** Writes a field where the cursor was last: in the subject, else in the text. */
function FieldMenu({ editor, subject, edit }: FieldMenuProps) {
  const words = useWords()
  const language = useLanguage()
  const isInSubject = useRef(false)

  function insert(field: string): void {
    const text = `{{${field}}}`
    const input = subject.current
    if (!isInSubject.current || input === null) {
      editor.current?.insert(text)
      editor.current?.element.focus()
      return
    }
    const start = input.selectionStart ?? input.value.length
    const end = input.selectionEnd ?? start
    edit.change({ subject: input.value.slice(0, start) + text + input.value.slice(end) })
    requestAnimationFrame(() => {
      input.focus()
      input.setSelectionRange(start + text.length, start + text.length)
    })
  }

  return (
    <Menu
      position="bottom-end"
      withInitialFocusPlaceholder={false}
      returnFocus={false}
      onOpen={() => {
        isInSubject.current = document.activeElement === subject.current
      }}
    >
      <Menu.Target>
        {/* The cursor stays where it was. */}
        <button type="button" className={css.fieldMenu} onMouseDown={event => event.preventDefault()}>
          <IconBraces size={16} stroke={1.7} aria-hidden />
          {words('templates.insertField')}
          <IconChevronDown size={15} stroke={1.8} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {KNOWN_FIELDS.map(field => (
          <Menu.Item
            key={field}
            rightSection={<code className={css.code}>{`{{${fieldWord(field, language)}}}`}</code>}
            onClick={() => insert(fieldWord(field, language))}
          >
            {words(`templates.field.${field}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => insert(words('templates.ownFieldName'))}>
          {words('templates.ownField')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
