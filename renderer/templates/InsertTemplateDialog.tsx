/** Choosing a template for the mail that is written: found by typing, seen as it will be, put in at the cursor. */

import { Button, Checkbox, Modal } from '@mantine/core'
import { IconPaperclip, IconSearch, IconTemplate } from '@tabler/icons-react'
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react'
import { foldText } from '../../shared/fold.ts'
import type { Template } from '../../shared/template.ts'
import { useAsk } from '../ask.ts'
import { useNavigation } from '../frame/navigation.tsx'
import { useWords } from '../i18n/words.ts'
import { announce } from '../ui/announce.tsx'
import { Empty } from '../ui/Empty.tsx'
import { useFormat } from '../ui/format.ts'
import { isComposing } from '../ui/ime.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { FieldText } from './FieldText.tsx'
import css from './InsertTemplateDialog.module.css'
import type { Templates } from './use-templates.ts'

type Props = { templates: Templates; subject: string; onClose: () => void }

export function InsertTemplateDialog({ templates, subject, onClose }: Props) {
  const words = useWords()
  const list = useAsk('templates.list', [])
  const { go } = useNavigation()
  const manage = () => {
    onClose()
    go({ view: 'templates' })
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={words('templates.insertTitle')}
      closeButtonProps={{ 'aria-label': words('frame.close') }}
      size={760}
      zIndex={400}
    >
      {list.isError && <ProblemNote problem={list.error.problem} onRetry={() => void list.refetch()} />}
      {list.data?.length === 0 && (
        <Empty icon={IconTemplate} title={words('templates.emptyTitle')} text={words('templates.emptyText')}>
          <Button onClick={manage}>{words('templates.manage')}</Button>
        </Empty>
      )}
      {list.data !== undefined && list.data.length > 0 && (
        <Choice all={list.data} templates={templates} subject={subject} onManage={manage} onClose={onClose} />
      )}
    </Modal>
  )
}

type ChoiceProps = Props & { all: readonly Template[]; onManage: () => void }

function Choice({ all, templates, subject, onManage, onClose }: ChoiceProps) {
  const words = useWords()
  const listId = useId()
  const [query, setQuery] = useState('')
  const [active, setActive] = useState(0)
  const [replacesSubject, setReplacesSubject] = useState(false)
  const found = useMemo(() => matching(all, query), [all, query])
  const chosen = found[active]
  const mayReplace = chosen !== undefined && templates.hasOtherSubject(chosen)

  function insert(template: Template | undefined): void {
    if (template === undefined) return
    onClose()
    const hasFields = templates.insert(template, mayReplace && replacesSubject)
    announce(words(hasFields ? 'templates.insertedFields' : 'templates.inserted', { name: template.name }))
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (isComposing(event)) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined && found.length > 0) {
      setActive(current => (current + step + found.length) % found.length)
    } else if (event.key === 'Enter') insert(chosen)
    else return
    event.preventDefault()
  }

  return (
    <>
      <label className={css.search}>
        <IconSearch size={16} stroke={1.7} aria-hidden />
        <input
          type="text"
          role="combobox"
          data-autofocus
          aria-label={words('templates.insertFind')}
          placeholder={words('templates.insertFind')}
          aria-expanded={found.length > 0}
          aria-controls={listId}
          aria-activedescendant={chosen === undefined ? undefined : `${listId}-${active}`}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          value={query}
          onChange={event => {
            setQuery(event.target.value)
            setActive(0)
          }}
          onKeyDown={onKeyDown}
        />
      </label>
      {chosen === undefined ? (
        <p className={css.none}>{words('templates.insertNone')}</p>
      ) : (
        <div className={css.sides}>
          <Options listId={listId} found={found} active={active} onPoint={setActive} onChoose={insert} />
          <Preview template={chosen} templates={templates} />
        </div>
      )}
      {mayReplace && (
        <Checkbox
          className={css.subject ?? ''}
          label={words('templates.takesSubject', { subject })}
          checked={replacesSubject}
          onChange={event => setReplacesSubject(event.currentTarget.checked)}
        />
      )}
      <div className={css.answers}>
        <Button variant="subtle" className={css.manage ?? ''} onClick={onManage}>
          {words('templates.manage')}
        </Button>
        <Button onClick={onClose}>{words('templates.insertNo')}</Button>
        <Button variant="filled" disabled={chosen === undefined} onClick={() => insert(chosen)}>
          {words('templates.insertYes')}
        </Button>
      </div>
    </>
  )
}

function matching(all: readonly Template[], query: string): Template[] {
  const wanted = foldText(query.trim().replace(/^[;；]/, ''))
  const isNamed = ({ name }: Template) => foldText(name).includes(wanted)
  const named = all.filter(isNamed)
  return [
    ...named,
    ...all.filter(
      template => !isNamed(template) && foldText(`${template.subject}\n${template.text}`).includes(wanted),
    ),
  ]
}

type OptionsProps = {
  listId: string
  found: readonly Template[]
  active: number
  onPoint: (index: number) => void
  onChoose: (template: Template) => void
}

function Options({ listId, found, active, onPoint, onChoose }: OptionsProps) {
  const words = useWords()
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' })
  }, [active])
  return (
    <div
      ref={list}
      id={listId}
      className={css.list}
      role="listbox"
      aria-label={words('templates.insertList')}
    >
      {found.map((template, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the combobox that has the focus
        <div
          key={template.id}
          id={`${listId}-${index}`}
          className={css.option}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          onMouseDown={event => event.preventDefault()}
          onClick={() => onPoint(index)}
          onDoubleClick={() => onChoose(template)}
        >
          <span className={css.name}>
            {template.kind === 'snippet' ? `;${template.name}` : template.name}
          </span>
          <span className={css.kind}>
            {words(template.kind === 'snippet' ? 'templates.snippet' : 'templates.template')}
          </span>
        </div>
      ))}
    </div>
  )
}

function Preview({ template, templates }: { template: Template; templates: Templates }) {
  const words = useWords()
  const format = useFormat()
  const { subject, letter } = templates.filled(template)
  return (
    <section
      className={css.preview}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable
      tabIndex={0}
      aria-label={words('templates.preview')}
    >
      {subject !== '' && (
        <p className={css.previewSubject}>
          <FieldText>{words('templates.previewSubject', { subject })}</FieldText>
        </p>
      )}
      <pre className={css.text}>
        <FieldText>{letter.text}</FieldText>
      </pre>
      {template.files.length > 0 && (
        <p className={css.previewFiles}>
          <IconPaperclip size={14} stroke={1.8} aria-hidden />
          <span>
            {words('templates.withFiles', { names: format.list(template.files.map(({ name }) => name)) })}
          </span>
        </p>
      )}
    </section>
  )
}
