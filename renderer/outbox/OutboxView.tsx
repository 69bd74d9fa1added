/**
 * The outbox: every mail on its way, live, in the order of care; beside it the chosen one. It shows what the program
 * says and nothing sooner.
 */

import { Button } from '@mantine/core'
import { IconArrowLeft, IconRoute, IconSend } from '@tabler/icons-react'
import { type KeyboardEvent, useMemo, useRef, useState } from 'react'
import type { MergeBatch } from '../../shared/merge.ts'
import type { OutboxItem } from '../../shared/model.ts'
import { useAsk } from '../ask.ts'
import { useWords } from '../i18n/words.ts'
import { BatchDetail } from '../merge/BatchDetail.tsx'
import { BatchRow } from '../merge/BatchRow.tsx'
import { Empty } from '../ui/Empty.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { SkeletonRows } from '../ui/SkeletonRows.tsx'
import { useIsSlow } from '../ui/use-now.ts'
import { type Group, groupsOf } from './groups.ts'
import { OutboxDetail } from './OutboxDetail.tsx'
import { OutboxRow } from './OutboxRow.tsx'
import css from './OutboxView.module.css'
import { PausedAccounts } from './PausedAccounts.tsx'
import { useAnnouncedChanges } from './use-announced-changes.ts'

const DONE_AT_FIRST = 12
const GROUP_WORDS = {
  'needs-you': 'outbox.group.needsYou',
  sending: 'outbox.group.sending',
  waiting: 'outbox.group.waiting',
  done: 'outbox.group.done',
} as const

/** The done ones are cut to the newest few until all are asked for. */
function cut(groups: readonly Group[], isWhole: boolean): { shown: Group[]; hidden: number } {
  const done = groups.find(group => group.name === 'done')
  if (isWhole || done === undefined || done.items.length <= DONE_AT_FIRST)
    return { shown: [...groups], hidden: 0 }
  return {
    shown: groups.map(group =>
      group === done ? { ...group, items: group.items.slice(0, DONE_AT_FIRST) } : group,
    ),
    hidden: done.items.length - DONE_AT_FIRST,
  }
}

export function OutboxView() {
  const words = useWords()
  const items = useAsk('outbox.list', [])
  const batches = useAsk('merge.list', [])
  const isSlow = useIsSlow(items.isPending)
  const announced = useAnnouncedChanges(items.data)
  return (
    <div className={css.view}>
      <div className="for-ears" role="status">
        {announced}
      </div>
      {items.isSuccess && items.data.length + (batches.data?.length ?? 0) > 0 ? (
        <Panes items={items.data} batches={batches.data ?? []} />
      ) : (
        <section className={css.alone} aria-busy={items.isPending}>
          <Head count={0} />
          {isSlow && (
            <>
              <span className="for-ears">{words('outbox.loading')}</span>
              <SkeletonRows rows={5} rowHeight={108} />
            </>
          )}
          {items.isError && (
            <div className={css.problem}>
              <ProblemNote problem={items.error.problem} onRetry={() => void items.refetch()} />
            </div>
          )}
          {items.isSuccess && (
            <Empty icon={IconSend} title={words('outbox.emptyTitle')} text={words('outbox.emptyText')} />
          )}
        </section>
      )}
    </div>
  )
}

function Head({ count }: { count: number }) {
  const words = useWords()
  return (
    <header className={css.bar}>
      <h1>{words('outbox.title')}</h1>
      {count > 0 && <span className={css.count}>{count}</span>}
    </header>
  )
}

type PanesProps = { items: readonly OutboxItem[]; batches: readonly MergeBatch[] }

function Panes({ items, batches }: PanesProps) {
  const words = useWords()
  const [chosenId, choose] = useState<string | null>(null)
  const [isWhole, setWhole] = useState(false)
  const groups = useMemo(() => groupsOf(items), [items])
  const { shown, hidden } = cut(groups, isWhole)
  // Wide panes always show one; the stack shows the list until one is chosen.
  const item = items.find(({ id }) => id === chosenId)
  const batch = item === undefined ? (batches.find(({ id }) => id === chosenId) ?? batches[0]) : undefined
  const chosen = item ?? (batch === undefined ? groups[0]?.items[0] : undefined)
  const list = useRef<HTMLDivElement>(null)

  function move(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return
    const rows = [...batches, ...shown.flatMap(group => group.items)]
    const index = rows.findIndex(row => row.id === (batch ?? chosen)?.id)
    const next = rows[Math.min(rows.length - 1, Math.max(0, index + step))]
    if (next === undefined) return
    event.preventDefault()
    choose(next.id)
    list.current?.querySelector<HTMLElement>(`[data-item="${CSS.escape(next.id)}"]`)?.focus()
  }

  return (
    <div className={css.panes} data-chosen={chosenId !== null || undefined}>
      <section className={css.list} aria-label={words('outbox.list')}>
        <Head count={items.length + batches.length} />
        {/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys of the rows within */}
        <div ref={list} className={css.rows} onKeyDown={move}>
          <PausedAccounts items={items} batches={batches} />
          {batches.length > 0 && (
            <ul className={css.items} aria-label={words('merge.mine')}>
              {batches.map(one => (
                <BatchRow key={one.id} batch={one} isChosen={one.id === batch?.id} onChoose={choose} />
              ))}
            </ul>
          )}
          {shown.map(group => (
            <section key={group.name} aria-labelledby={`outbox-${group.name}`}>
              <h2 id={`outbox-${group.name}`} className={css.group} data-group={group.name}>
                {words(GROUP_WORDS[group.name])}
                <span className={css.groupCount}>{group.items.length}</span>
              </h2>
              <ul className={css.items}>
                {group.items.map(item => (
                  <OutboxRow key={item.id} item={item} isChosen={item.id === chosen?.id} onChoose={choose} />
                ))}
              </ul>
            </section>
          ))}
          {hidden > 0 && (
            <Button className={css.earlier ?? ''} variant="subtle" onClick={() => setWhole(true)}>
              {words('outbox.showEarlier', { count: hidden })}
            </Button>
          )}
        </div>
      </section>
      <section className={css.detail} aria-label={(batch ?? chosen)?.subject || words('outbox.noSubject')}>
        {batch !== undefined ? (
          <BatchDetail key={batch.id} batch={batch} onBack={() => choose(null)} />
        ) : chosen === undefined ? (
          <Empty icon={IconRoute} title={words('outbox.noneChosen')} text={words('outbox.noneChosenText')} />
        ) : (
          <OutboxDetail
            key={chosen.id}
            item={chosen}
            back={
              <span className={css.back}>
                <IconButton icon={IconArrowLeft} name={words('outbox.back')} onClick={() => choose(null)} />
              </span>
            }
          />
        )}
      </section>
    </div>
  )
}
