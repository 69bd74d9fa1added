/**
 * The list of one place: as long as it is, only what is on screen is drawn and asked for. Walks with J/K and the arrow
 * keys; the mail chosen is the mail read.
 */

import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useId, useMemo, useRef } from 'react'
import type { Account, OutboxItem, Place } from '../../shared/model.ts'
import { useAsk } from '../ask.ts'
import { endMailDrag, startMailDrag } from '../folders/mail-drag.ts'
import { useWords } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'
import { useKeys } from '../ui/keys.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { SkeletonRow } from '../ui/SkeletonRows.tsx'
import { useNow } from '../ui/use-now.ts'
import styles from './MessageList.module.css'
import { MessageRow, ROW_HEIGHT } from './MessageRow.tsx'
import { type ListedRow, usePages } from './use-pages.ts'

type Props = {
  place: Place
  name: string
  total: number
  /** A row is a conversation. */
  isCollapsed: boolean
  chosenId: string | null
  showsRecipients: boolean
  onChoose(messageId: string): void
  /** Tells which mails stand before and after the chosen one, as far as they are loaded. */
  onNeighbours(neighbours: { next: string | null; previous: string | null }): void
}

function useById<T extends { id: string }>(rows: readonly T[] | undefined): ReadonlyMap<string, T> {
  return useMemo(() => new Map((rows ?? []).map(row => [row.id, row])), [rows])
}

/** Keys that walk, and how far. */
const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }

export function MessageList(props: Props) {
  const { place, name, total, isCollapsed, chosenId, showsRecipients, onChoose, onNeighbours } = props
  const words = useWords()
  const format = useFormat()
  const now = useNow()
  const listId = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const accounts = useById<Account>(useAsk('accounts.list', []).data)
  const items = useById<OutboxItem>(
    useAsk('outbox.list', [], { isEnabled: showsRecipients || isCollapsed }).data,
  )
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 6,
  })
  const drawn = virtual.getVirtualItems()
  const pages = usePages(place, {
    total,
    first: drawn[0]?.index ?? 0,
    last: drawn.at(-1)?.index ?? 0,
    isCollapsed,
  })
  const chosenThread = useAsk('mailbox.conversation', [chosenId ?? ''], {
    isEnabled: isCollapsed && chosenId !== null,
  }).data?.threadId
  const chosen = useChosenIndex(chosenId, id => pages.indexOf(id, chosenThread ?? null))

  function choose(index: number): void {
    const head = pages.rowAt(Math.max(0, Math.min(total - 1, index)))?.head
    if (head === undefined) return
    onChoose(head.id)
    virtual.scrollToIndex(index, { align: 'auto' })
  }

  const step = (by: number) => choose(chosen === -1 ? (drawn[0]?.index ?? 0) : chosen + by)
  useKeys({ j: () => step(1), k: () => step(-1) })
  const next = (chosen === -1 ? undefined : pages.rowAt(chosen + 1)?.head.id) ?? null
  const previous = (chosen < 1 ? undefined : pages.rowAt(chosen - 1)?.head.id) ?? null
  useEffect(() => onNeighbours({ next, previous }), [onNeighbours, next, previous])

  function press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const by = STEPS[event.key]
    if (by !== undefined) step(by)
    else if (event.key === 'Home') jump(0)
    else if (event.key === 'End') jump(total - 1)
    else return
    event.preventDefault()
  }

  /** Far away the page is not here yet: go there first, choose once it is drawn. */
  function jump(index: number): void {
    virtual.scrollToIndex(index, { align: 'auto' })
    choose(index)
  }

  const rowId = (index: number) => `${listId}-${index}`
  return (
    <div
      ref={scroller}
      className={styles.scroller}
      role="listbox"
      aria-label={words('mailbox.list', { place: name })}
      tabIndex={0}
      {...(chosen !== -1 && { 'aria-activedescendant': rowId(chosen) })}
      onKeyDown={press}
    >
      {pages.error !== null && (
        <div className={styles.problem}>
          <ProblemNote problem={pages.error.problem} onRetry={pages.refetch} />
        </div>
      )}
      <div className={styles.whole} style={{ height: virtual.getTotalSize() }} role="presentation">
        {drawn.map(({ index, start }) => {
          const row = pages.rowAt(index)
          const head = row?.head
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox around it has the keys
            // biome-ignore lint/a11y/useFocusableInteractive: options are reached by aria-activedescendant
            <div
              key={index}
              id={rowId(index)}
              role="option"
              aria-selected={index === chosen}
              aria-setsize={total}
              aria-posinset={index + 1}
              {...(head === undefined && { 'aria-busy': true, 'aria-label': words('mailbox.loading') })}
              className={styles.option}
              style={{ height: ROW_HEIGHT, transform: `translateY(${start}px)` }}
              onClick={() => choose(index)}
              draggable={head !== undefined && !isCollapsed}
              onDragStart={event => head !== undefined && startMailDrag(event, head)}
              onDragEnd={endMailDrag}
            >
              {row === undefined || head === undefined ? (
                <SkeletonRow height={ROW_HEIGHT} seed={index} />
              ) : (
                <MessageRow
                  head={head}
                  showsRecipients={showsRecipients}
                  conversation={row.conversation}
                  isChosen={index === chosen}
                  now={now}
                  format={format}
                  journey={journeyOfRow(row, items)}
                  account={
                    place.kind === 'unified' && accounts.size > 1
                      ? (accounts.get(head.accountId) ?? null)
                      : null
                  }
                />
              )}
            </div>
          )
        })}
      </div>
    </div>
  )
}

/** How far the own mail of the row came: the mail itself, or the last word of a conversation. */
function journeyOfRow({ head, conversation }: ListedRow, items: ReadonlyMap<string, OutboxItem>) {
  const own = conversation?.own
  const itemId = conversation === null ? head.outboxItemId : own?.isLast === true ? own.outboxItemId : null
  return itemId === null ? null : (items.get(itemId)?.journey ?? null)
}

/** Where the chosen mail stands. Scrolled out of the loaded pages it is where it was seen last. */
function useChosenIndex(chosenId: string | null, indexOf: (id: string) => number): number {
  const last = useRef<{ id: string; index: number } | null>(null)
  if (chosenId === null) return -1
  const index = indexOf(chosenId)
  if (index !== -1) last.current = { id: chosenId, index }
  return last.current?.id === chosenId ? last.current.index : -1
}
