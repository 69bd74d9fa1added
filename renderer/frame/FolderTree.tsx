/** The folders of one account as places: what lies in what, unread mails, what can be done; mails are dropped on them. */

import { IconChevronRight } from '@tabler/icons-react'
import { type KeyboardEvent, useState } from 'react'
import type { Folder } from '../../shared/folder.ts'
import { FolderMenu } from '../folders/FolderMenu.tsx'
import { type TreeFolder, treeOf } from '../folders/folder-tree.ts'
import { mailOver } from '../folders/mail-drag.ts'
import { useFiling } from '../folders/use-filing.ts'
import { useLanguage, useWords } from '../i18n/words.ts'
import { Count } from './Count.tsx'
import { folderIcon, folderName, isSamePlace } from './folders.ts'
import { useNavigation } from './navigation.tsx'
import styles from './Places.module.css'

export function FolderTree({ folders }: { folders: readonly Folder[] }) {
  const language = useLanguage()
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set())
  const toggle = (id: string) => {
    const next = new Set(closed)
    if (!next.delete(id)) next.add(id)
    setClosed(next)
  }
  return (
    <ul className={styles.list}>
      {treeOf(folders, language, closed).map(entry => (
        <li key={entry.folder.id}>
          <FolderPlace
            entry={entry}
            isClosed={closed.has(entry.folder.id)}
            onToggle={() => toggle(entry.folder.id)}
          />
        </li>
      ))}
    </ul>
  )
}

type PlaceProps = { entry: TreeFolder; isClosed: boolean; onToggle(): void }

function FolderPlace({ entry, isClosed, onToggle }: PlaceProps) {
  const { folder, depth, hasChildren } = entry
  const words = useWords()
  const { where, go } = useNavigation()
  const file = useFiling()
  const [isMenuOpen, setMenuOpen] = useState(false)
  const [isOver, setOver] = useState(false)
  const name = folderName(folder, words)
  const place = { kind: 'folder', folderId: folder.id } as const
  const isOn = where.view === 'mail' && isSamePlace(place, where.place)
  const Shape = folderIcon(folder)
  const press = (event: KeyboardEvent) => {
    const isMenuKey = event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)
    const closes = event.key === 'ArrowLeft' && !isClosed
    const opens = event.key === 'ArrowRight' && isClosed
    if (isMenuKey) setMenuOpen(true)
    else if (hasChildren && (closes || opens)) onToggle()
    else return
    event.preventDefault()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a mouse drops here; keys move a mail by a dialog
    <div
      className={styles.folder}
      data-over={isOver || undefined}
      data-menu={isMenuOpen || undefined}
      style={{ paddingLeft: 12 + Math.min(depth, 6) * 14 }}
      onContextMenu={event => {
        event.preventDefault()
        setMenuOpen(true)
      }}
      onDragOver={event => {
        if (folder.isContainer || mailOver(event, folder) === null) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={event => {
        const mail = mailOver(event, folder)
        setOver(false)
        if (mail === null) return
        event.preventDefault()
        void file([mail.id], { folderId: folder.id }, name)
      }}
    >
      {hasChildren ? (
        <button
          type="button"
          className={styles.branch}
          aria-expanded={!isClosed}
          aria-label={words('folders.expand', { folder: name })}
          onClick={onToggle}
        >
          <IconChevronRight size={13} stroke={2.2} aria-hidden />
        </button>
      ) : (
        <span className={styles.branch} aria-hidden />
      )}
      <button
        type="button"
        className={styles.place}
        data-depth="1"
        {...(isOn && { 'aria-current': 'page' as const })}
        onKeyDown={press}
        onClick={() => (folder.isContainer ? onToggle() : go({ view: 'mail', place, messageId: null }))}
      >
        <Shape size={16} stroke={1.7} aria-hidden />
        <span className={styles.name} title={folder.name}>
          {name}
        </span>
        <Count number={folder.unread} ears={words('frame.unreadCount', { count: folder.unread })} />
      </button>
      <span className={styles.folderMenu}>
        <FolderMenu folder={folder} isOpen={isMenuOpen} onOpen={setMenuOpen} />
      </span>
    </div>
  )
}
