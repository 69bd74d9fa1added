/**
 * The mails that were found, as a list with the words marked: as long as it is, only what is on screen is drawn. Walks
 * from the field and by itself; below it the servers can be asked too.
 */

import { Button } from '@mantine/core'
import { IconMailSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import {
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from 'react'
import type { FolderRole, Place } from '../../shared/model.ts'
import type { ServerSearch } from '../../shared/search-answer.ts'
import type { SearchTerm } from '../../shared/search-query.ts'
import { ask, type ProblemError, useAsk } from '../ask.ts'
import { folderName } from '../frame/folders.ts'
import { useWords } from '../i18n/words.ts'
import { MessageRow, ROW_HEIGHT } from '../mailbox/MessageRow.tsx'
import { Empty } from '../ui/Empty.tsx'
import { useFormat } from '../ui/format.ts'
import { useKeys } from '../ui/keys.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { SkeletonRows } from '../ui/SkeletonRows.tsx'
import { useIsSlow, useNow } from '../ui/use-now.ts'
import type { ResultWalk } from './SearchField.tsx'
import styles from './SearchResults.module.css'
import { SearchStrip } from './SearchStrip.tsx'
import { ServerSearchBar } from './ServerSearchBar.tsx'
import type { SearchState } from './search-state.ts'
import { useExcerpts, useFound } from './use-found.ts'

type Props = {
  search: SearchState
  terms: readonly SearchTerm[]
  place: Place
  placeName: string
  listId: string
  chosenId: string | null
  /** A step opens the mail at once; where there is no room beside the list, Enter does. */
  opensAtOnce: boolean
  walk: RefObject<ResultWalk | null>
  onActive(rowId: string | null): void
  onChoose(messageId: string): void
  onSearch(change: Partial<SearchState>): void
  onNeighbours(neighbours: { next: string | null; previous: string | null }): void
}

const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }
const NOBODY: string[] = []
/** Where it is the recipients that tell mails apart. */
const OWN: ReadonlySet<FolderRole | null> = new Set(['sent', 'drafts'])

export function SearchResults(props: Props) {
  const { search, terms, place, placeName, listId, chosenId, onSearch, onNeighbours } = props
  const words = useWords()
  const format = useFormat()
  const now = useNow()
  const scroller = useRef<HTMLDivElement>(null)
  const where = search.isEverywhere ? null : place
  const server = useServerSearch(search.text, where)
  const alsoIds = server.answer?.messageIds ?? NOBODY
  const found = useFound(search.text, where, search.order, alsoIds)
  const count = useAsk('search.count', [search.text, where, alsoIds], { keepsLast: true })
  const accounts = useAsk('accounts.list', []).data ?? []
  const folders = useAsk('mailbox.folders', []).data
  const folderNames = useMemo(
    () => new Map((folders ?? []).map(folder => [folder.id, folderName(folder, words)])),
    [folders, words],
  )
  const roles = useMemo(() => new Map((folders ?? []).map(({ id, role }) => [id, role])), [folders])
  const { heads } = found
  const items = useAsk('outbox.list', [], { isEnabled: heads.some(head => head.outboxItemId !== null) }).data
  const virtual = useVirtualizer({
    count: heads.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 6,
  })
  const drawn = virtual.getVirtualItems()
  const last = drawn.at(-1)?.index ?? 0
  const excerpts = useExcerpts(search.text, heads, drawn[0]?.index ?? 0, last)
  const isSlow = useIsSlow(found.isPending)
  const { active, rowId, step, open, choose } = useWalk(props, heads, index =>
    virtual.scrollToIndex(index, { align: 'auto' }),
  )
  useKeys({ j: () => step(1), k: () => step(-1) })
  useEffect(() => {
    if (found.hasMore && last >= heads.length - 20) found.more()
  }, [found, heads.length, last])
  const next = heads[active + 1]?.id ?? null
  const previous = heads[active - 1]?.id ?? null
  useEffect(() => onNeighbours({ next, previous }), [onNeighbours, next, previous])

  function press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const by = STEPS[event.key]
    if (by !== undefined) step(by)
    else if (event.key === 'Enter') open()
    else if (event.key === 'Escape') onSearch({ asked: search.asked + 1 })
    else return
    event.preventDefault()
  }

  return (
    <>
      <SearchStrip search={search} placeName={placeName} count={count.data} onSearch={onSearch} />
      {found.error !== null && found.error.problem.kind !== 'cancelled' && (
        <div className={styles.problem}>
          <ProblemNote problem={found.error.problem} onRetry={found.retry} />
        </div>
      )}
      {found.isPending && <div className={styles.nothing}>{isSlow && <SkeletonRows rows={6} />}</div>}
      {!found.isPending && heads.length === 0 && found.error === null && (
        <div className={styles.nothing}>
          <Empty
            icon={IconMailSearch}
            title={words('search.nothingTitle')}
            text={
              search.isEverywhere
                ? words('search.nothingEverywhere')
                : words('search.nothingHere', { place: placeName })
            }
          >
            {!search.isEverywhere && (
              <Button onClick={() => onSearch({ isEverywhere: true })}>
                {words('search.lookEverywhere')}
              </Button>
            )}
          </Empty>
        </div>
      )}
      <div
        ref={scroller}
        id={listId}
        className={styles.scroller}
        hidden={heads.length === 0}
        role="listbox"
        aria-label={words('search.results')}
        tabIndex={0}
        {...(active !== -1 && { 'aria-activedescendant': rowId(active) })}
        onKeyDown={press}
      >
        <div className={styles.whole} style={{ height: virtual.getTotalSize() }} role="presentation">
          {drawn.map(({ index, start }) => {
            const head = heads[index]
            if (head === undefined) return null
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox around it has the keys
              // biome-ignore lint/a11y/useFocusableInteractive: options are reached by aria-activedescendant
              <div
                key={head.id}
                id={rowId(index)}
                role="option"
                aria-selected={index === active}
                aria-setsize={found.hasMore ? -1 : heads.length}
                aria-posinset={index + 1}
                className={styles.option}
                style={{ height: ROW_HEIGHT, transform: `translateY(${start}px)` }}
                onClick={() => choose(index)}
              >
                <MessageRow
                  head={head}
                  showsRecipients={OWN.has(roles.get(head.folderId) ?? null)}
                  isChosen={index === active || head.id === chosenId}
                  now={now}
                  format={format}
                  journey={items?.find(({ id }) => id === head.outboxItemId)?.journey ?? null}
                  account={
                    accounts.length > 1 ? (accounts.find(({ id }) => id === head.accountId) ?? null) : null
                  }
                  folder={search.isEverywhere ? (folderNames.get(head.folderId) ?? null) : null}
                  terms={terms}
                  excerpt={excerpts.get(head.id) ?? null}
                />
              </div>
            )
          })}
        </div>
      </div>
      <ServerSearchBar accounts={accounts} {...server} />
    </>
  )
}

function useServerSearch(text: string, where: Place | null) {
  const [askedFor, setAskedFor] = useState<string | null>(null)
  const question = JSON.stringify([text, where])
  const isAsked = askedFor === question
  const answer = useQuery<ServerSearch, ProblemError>({
    queryKey: ['search.askServers', text, where],
    queryFn: () => ask('search.askServers', text, where),
    enabled: isAsked,
  })
  return {
    isAsking: isAsked && answer.isFetching,
    answer: isAsked ? answer.data : undefined,
    hasFailed: isAsked && answer.isError,
    onAsk: () => {
      if (isAsked) void answer.refetch()
      else setAskedFor(question)
    },
  }
}

/** Which row is walked to: the mail that is read, or, without room for one, the row itself. */
function useWalk(
  { search, listId, chosenId, opensAtOnce, walk, onActive, onChoose }: Props,
  heads: readonly { id: string }[],
  show: (index: number) => void,
) {
  const [walked, setWalked] = useState(-1)
  const read = chosenId === null ? -1 : heads.findIndex(({ id }) => id === chosenId)
  const active = opensAtOnce ? read : Math.min(walked, heads.length - 1)
  const rowId = (index: number) => `${listId}-${index}`
  // biome-ignore lint/correctness/useExhaustiveDependencies: another question begins at its first row
  useEffect(() => setWalked(-1), [search.text, search.order, search.isEverywhere])
  const activeRow = active === -1 ? null : rowId(active)
  useEffect(() => onActive(activeRow), [onActive, activeRow])
  const choose = (index: number) => {
    const head = heads[index]
    if (head === undefined) return
    setWalked(index)
    show(index)
    onChoose(head.id)
  }
  const step = (by: number) => {
    const index = Math.max(0, Math.min(heads.length - 1, active === -1 ? 0 : active + by))
    if (opensAtOnce) return choose(index)
    setWalked(index)
    show(index)
  }
  const open = () => choose(Math.max(0, active))
  useImperativeHandle(walk, () => ({ step, open }))
  return { active, rowId, step, open, choose }
}
