/**
 * Choosing files out of received mails: found by typing, the newest first. The files of the mail that is walked to stand
 * beside the list, with the mail itself; several can be chosen, of several mails. Their bytes never come here.
 */

import { Button, Modal } from '@mantine/core'
import { IconMailOff, IconSearch } from '@tabler/icons-react'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import type { MessageHead } from '../../shared/model.ts'
import { useAsk } from '../ask.ts'
import { useWords } from '../i18n/words.ts'
import { nameOf } from '../mailbox/people.ts'
import { Empty } from '../ui/Empty.tsx'
import { useFormat } from '../ui/format.ts'
import { isComposing } from '../ui/ime.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import css from './FromMailDialog.module.css'
import { MailFileChoice } from './MailFileChoice.tsx'
import type { MailFile } from './mail-file-drag.ts'

type Props = { onChoose: (files: readonly MailFile[]) => void; onClose: () => void }

export function FromMailDialog({ onChoose, onClose }: Props) {
  const words = useWords()
  return (
    <Modal
      opened
      onClose={onClose}
      title={words('attach.fromMailTitle')}
      closeButtonProps={{ 'aria-label': words('frame.close') }}
      size={820}
      zIndex={400}
    >
      <Choice onChoose={onChoose} onClose={onClose} />
    </Modal>
  )
}

const keyOf = ({ messageId, partId }: MailFile) => `${messageId} ${partId ?? ''}`
const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 6, PageUp: -6 }

function Choice({ onChoose, onClose }: Props) {
  const words = useWords()
  const listId = useId()
  const [query, setQuery] = useState('')
  const [active, setActive] = useState(0)
  const [chosen, setChosen] = useState<ReadonlyMap<string, MailFile>>(new Map())
  const found = useAsk('search.find', [`has:attachment ${query}`, null, 'newest', null, []], {
    keepsLast: true,
  })
  const heads = found.data?.heads ?? []
  const head = heads[Math.min(active, heads.length - 1)]

  function toggle(file: MailFile): void {
    const next = new Map(chosen)
    if (!next.delete(keyOf(file))) next.set(keyOf(file), file)
    setChosen(next)
  }

  function attach(): void {
    if (chosen.size === 0) return
    onClose()
    onChoose([...chosen.values()])
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (isComposing(event)) return
    const step = STEPS[event.key]
    if (step !== undefined && heads.length > 0) {
      setActive(current => Math.max(0, Math.min(heads.length - 1, current + step)))
    } else if (event.key === 'Enter') attach()
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
          aria-label={words('attach.find')}
          placeholder={words('attach.find')}
          aria-expanded={heads.length > 0}
          aria-controls={listId}
          aria-activedescendant={head === undefined ? undefined : `${listId}-${head.id}`}
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
      {found.isError && <ProblemNote problem={found.error.problem} onRetry={() => void found.refetch()} />}
      {found.isSuccess && head === undefined && (
        <div className={css.none}>
          <Empty
            icon={IconMailOff}
            title={words(query.trim() === '' ? 'attach.noMail' : 'attach.noneFound')}
            text={words('attach.noneText')}
          />
        </div>
      )}
      {head !== undefined && (
        <div className={css.sides}>
          <Mails listId={listId} heads={heads} head={head} onPoint={setActive} />
          <MailFileChoice head={head} isChosen={file => chosen.has(keyOf(file))} onToggle={toggle} />
        </div>
      )}
      <div className={css.answers}>
        <span className={css.count} role="status">
          {found.data?.cursor != null && chosen.size === 0 && words('attach.more100')}
          {chosen.size > 0 && words('attach.chosen', { count: chosen.size })}
        </span>
        <Button onClick={onClose}>{words('attach.cancel')}</Button>
        <Button variant="filled" disabled={chosen.size === 0} onClick={attach}>
          {words('attach.attach')}
        </Button>
      </div>
    </>
  )
}

type MailsProps = {
  listId: string
  heads: readonly MessageHead[]
  head: MessageHead
  onPoint: (index: number) => void
}

function Mails({ listId, heads, head, onPoint }: MailsProps) {
  const words = useWords()
  const format = useFormat()
  const list = useRef<HTMLDivElement>(null)
  const names = useAsk('search.files', [heads.map(({ id }) => id)], { keepsLast: true })
  const namesOf = new Map(names.data?.map(({ messageId, names: of }) => [messageId, of]))
  useEffect(() => {
    list.current?.querySelector(`[id="${listId}-${head.id}"]`)?.scrollIntoView({ block: 'nearest' })
  }, [listId, head.id])
  return (
    <div ref={list} id={listId} className={css.list} role="listbox" aria-label={words('attach.mails')}>
      {heads.map((each, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the combobox that has the focus
        <div
          key={each.id}
          id={`${listId}-${each.id}`}
          className={css.mail}
          role="option"
          tabIndex={-1}
          aria-selected={each.id === head.id}
          onMouseDown={event => event.preventDefault()}
          onClick={() => onPoint(index)}
        >
          <span className={css.from}>{nameOf(each.from)}</span>
          <span className={css.when}>{format.listTime(each.sentAt, Date.now())}</span>
          <span className={css.subject}>{each.subject || words('compose.noSubject')}</span>
          <span className={css.files}>{namesOf.get(each.id)?.join(words('attach.between')) ?? ''}</span>
        </div>
      ))}
    </div>
  )
}
