/** Where a mail goes: folders found by typing a part of the name; one that is not there can be made on the way. */

import { Modal } from '@mantine/core'
import { IconFolderPlus } from '@tabler/icons-react'
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react'
import { foldText } from '../../shared/fold.ts'
import type { Folder } from '../../shared/folder.ts'
import { useAsk } from '../ask.ts'
import { folderIcon } from '../frame/folders.ts'
import { useLanguage, useWords } from '../i18n/words.ts'
import { isComposing } from '../ui/ime.ts'
import { useAct } from '../ui/use-act.tsx'
import styles from './Dialogs.module.css'
import { treeOf, wholeName } from './folder-tree.ts'
import { useFiling } from './use-filing.ts'

type Props = {
  accountId: string
  /** Where the mails lie now. */
  folderId: string
  messageIds: string[]
  onMoved(): void
  onClose(): void
}

type Choice = { kind: 'folder'; folder: Folder; name: string } | { kind: 'new'; name: string }
const NONE_CLOSED: ReadonlySet<string> = new Set()

export function MoveDialog({ accountId, folderId, messageIds, onMoved, onClose }: Props) {
  const words = useWords()
  const act = useAct()
  const file = useFiling()
  const listId = useId()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const choices = useChoices(accountId, folderId, text)
  const chosen = choices[Math.min(at, choices.length - 1)]
  const chosenRow = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the row that is chosen now
  useEffect(() => {
    // Chromium gives a promise back, and that is no clean-up.
    void chosenRow.current?.scrollIntoView({ block: 'nearest' })
  }, [chosen])

  async function take(choice: Choice | undefined): Promise<void> {
    if (choice === undefined) return
    const made =
      choice.kind === 'folder'
        ? { folderId: choice.folder.id }
        : await act('mailbox.createFolder', accountId, null, choice.name)
    if (made === null) return
    onClose()
    if (await file(messageIds, made, choice.name)) onMoved()
  }

  function press(event: KeyboardEvent): void {
    if (isComposing(event.nativeEvent)) return
    if (event.key === 'Enter') void take(chosen)
    else if (event.key === 'ArrowDown') setAt(Math.min(choices.length - 1, at + 1))
    else if (event.key === 'ArrowUp') setAt(Math.max(0, at - 1))
    else return
    event.preventDefault()
  }

  const rowId = (index: number) => `${listId}-${index}`
  const current = chosen === undefined ? -1 : choices.indexOf(chosen)
  return (
    <Modal
      opened
      onClose={onClose}
      title={words('folders.moveTitle')}
      closeButtonProps={{ 'aria-label': words('frame.close') }}
      size={460}
      zIndex={400}
    >
      <input
        className={styles.find}
        data-autofocus
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-autocomplete="list"
        aria-label={words('folders.moveTitle')}
        {...(current !== -1 && { 'aria-activedescendant': rowId(current) })}
        placeholder={words('folders.movePlaceholder')}
        value={text}
        spellCheck={false}
        onChange={event => {
          setText(event.target.value)
          setAt(0)
        }}
        onKeyDown={press}
      />
      <div id={listId} className={styles.found} role="listbox" aria-label={words('folders.moveList')}>
        {choices.map((choice, index) => {
          const Shape = choice.kind === 'new' ? IconFolderPlus : folderIcon(choice.folder)
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys
            // biome-ignore lint/a11y/useFocusableInteractive: options are reached by aria-activedescendant
            <div
              key={choice.kind === 'new' ? 'new' : choice.folder.id}
              id={rowId(index)}
              ref={index === current ? chosenRow : null}
              role="option"
              aria-selected={index === current}
              className={styles.option}
              onClick={() => void take(choice)}
            >
              <Shape size={16} stroke={1.7} aria-hidden />
              <span>
                {choice.kind === 'new' ? words('folders.moveNew', { name: choice.name }) : choice.name}
              </span>
            </div>
          )
        })}
        {choices.length === 0 && <div className={styles.none}>{words('folders.moveNone')}</div>}
      </div>
    </Modal>
  )
}

/** What fits the typed text, names that begin with it first; a name that is nobody's can be made. */
function useChoices(accountId: string, folderId: string, text: string): Choice[] {
  const words = useWords()
  const language = useLanguage()
  const all = useAsk('mailbox.folders', [])
  return useMemo(() => {
    const own = (all.data ?? []).filter(folder => folder.accountId === accountId)
    const wanted = foldText(text).trim()
    const named = treeOf(own, language, NONE_CLOSED)
      .filter(({ folder }) => folder.id !== folderId && !folder.isContainer)
      .map(({ folder }): Extract<Choice, { kind: 'folder' }> => {
        return { kind: 'folder', folder, name: wholeName(folder, own, words) }
      })
    if (wanted === '') return named
    const places = named.flatMap(choice => {
      const place = foldText(`${choice.name} ${choice.folder.name}`).indexOf(wanted)
      return place === -1 ? [] : [{ choice, place }]
    })
    const found: Choice[] = places.sort((left, right) => left.place - right.place).map(({ choice }) => choice)
    const isKnown = own.some(folder => foldText(folder.name) === wanted)
    return isKnown ? found : [...found, { kind: 'new', name: text.trim() }]
  }, [all.data, accountId, folderId, text, language, words])
}
