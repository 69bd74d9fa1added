/** A place of mail: its list, and beside it the mail that is read. In a stack, one after the other. */

import { Button } from '@mantine/core'
import {
  IconFolder,
  IconInbox,
  IconMailOpened,
  IconMessages,
  IconRefresh,
  IconSend,
} from '@tabler/icons-react'
import { useCallback, useId, useRef, useState } from 'react'
import type { SearchTerm } from '../../shared/search-query.ts'
import { useAsk } from '../ask.ts'
import { openComposer } from '../compose/composers.ts'
import { placeName } from '../frame/folders.ts'
import { useNavigation, type Where } from '../frame/navigation.tsx'
import { PaneHandle } from '../frame/PaneHandle.tsx'
import { LIST_LIMITS, type Panes } from '../frame/panes.ts'
import { useWords } from '../i18n/words.ts'
import { FoundWords } from '../search/found-words.ts'
import { type ResultWalk, SearchField } from '../search/SearchField.tsx'
import { SearchHints } from '../search/SearchHints.tsx'
import { SearchResults } from '../search/SearchResults.tsx'
import { askedSearch, type SearchState } from '../search/search-state.ts'
import { useSearchQuery } from '../search/use-search-query.ts'
import { Empty } from '../ui/Empty.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { SkeletonRows } from '../ui/SkeletonRows.tsx'
import { useAct } from '../ui/use-act.tsx'
import { useIsSlow } from '../ui/use-now.ts'
import styles from './MailView.module.css'
import { MessageList } from './MessageList.tsx'
import { ReadingPane } from './ReadingPane.tsx'
import { useIsOffline } from './use-is-offline.ts'

type Props = { where: Extract<Where, { view: 'mail' }>; panes: Panes }

export function MailView({ where, panes }: Props) {
  const words = useWords()
  const { go } = useNavigation()
  const neighbours = useRef<{ next: string | null; previous: string | null }>({ next: null, previous: null })
  const { place, messageId, search } = where
  const choose = useCallback(
    (id: string | null) => go({ view: 'mail', place, messageId: id, search }),
    [go, place, search],
  )
  const { terms, inText, isEmpty } = useSearchQuery(search?.text ?? '')
  const keepNeighbours = useCallback((known: typeof neighbours.current) => {
    neighbours.current = known
  }, [])
  /** The mail that was read has left the list: the next one takes its place, at the end the one before. */
  const goOn = useCallback(() => {
    const { next, previous } = neighbours.current
    choose(panes.isStack ? null : (next ?? previous))
  }, [choose, panes.isStack])

  const list = (
    <ListPane
      where={where}
      terms={isEmpty ? null : terms}
      isStack={panes.isStack}
      onChoose={choose}
      onNeighbours={keepNeighbours}
    />
  )
  const count = useAsk('mailbox.count', [place])
  const hasMails = (count.data?.total ?? 0) > 0
  const reading = (
    <FoundWords value={inText}>
      <ReadingPane
        key={messageId}
        messageId={messageId}
        place={place}
        isInvited={hasMails}
        onRemoved={goOn}
      />
    </FoundWords>
  )
  if (panes.isStack) {
    return <div className={styles.stack}>{messageId === null ? list : reading}</div>
  }
  return (
    <div className={styles.panes} style={{ gridTemplateColumns: `${panes.widths.list}px minmax(0, 1fr)` }}>
      {list}
      {reading}
      <PaneHandle
        name={words('frame.resizeList')}
        width={panes.widths.list}
        limits={LIST_LIMITS}
        onResize={list => panes.resize({ list })}
        onDone={panes.remember}
      />
    </div>
  )
}

type ListProps = {
  where: Props['where']
  /** What is searched for; null where nothing is. */
  terms: readonly SearchTerm[] | null
  isStack: boolean
  onChoose(messageId: string): void
  onNeighbours(neighbours: { next: string | null; previous: string | null }): void
}

function ListPane({ where, terms, isStack, onChoose, onNeighbours }: ListProps) {
  const { place, messageId: chosenId, search } = where
  const words = useWords()
  const { go } = useNavigation()
  const listId = useId()
  const walk = useRef<ResultWalk | null>(null)
  const [active, setActive] = useState<string | null>(null)
  const setSearch = (change: Partial<SearchState>) =>
    go({ ...where, search: { ...(search ?? askedSearch(undefined)), ...change } })
  const act = useAct()
  const folders = useAsk('mailbox.folders', [])
  const isCollapsed = useAsk('settings.get', []).data?.showsConversations === true
  const count = useAsk('mailbox.count', [place])
  const conversations = useAsk('mailbox.conversationCount', [place], { isEnabled: isCollapsed })
  const rows = isCollapsed ? conversations.data?.total : count.data?.total
  const isSlow = useIsSlow(count.isPending)
  const isOffline = useIsOffline()
  const name = placeName(place, folders.data ?? [], words)
  const folder = place.kind === 'folder' ? folders.data?.find(({ id }) => id === place.folderId) : undefined
  const role = place.kind === 'unified' ? place.role : (folder?.role ?? null)
  return (
    <section className={styles.list} aria-label={name} aria-busy={count.isPending}>
      <header className={styles.bar}>
        <h1 className={search === undefined ? styles.name : 'for-ears'}>{name}</h1>
        <SearchField
          search={search}
          placeName={name}
          listId={listId}
          activeId={terms === null ? null : active}
          walk={walk}
          onOpen={() => setSearch({})}
          onText={text => setSearch({ text })}
          onClose={() => go({ ...where, search: undefined })}
        />
        {search === undefined && (
          <IconButton
            icon={IconMessages}
            name={words('mailbox.conversation.group')}
            size="small"
            isOn={isCollapsed}
            onClick={() => void act('settings.set', { showsConversations: !isCollapsed })}
          />
        )}
        {search === undefined && (
          <IconButton
            icon={IconRefresh}
            name={words('mailbox.refresh')}
            size="small"
            onClick={() => void act('mailbox.refresh', folder?.accountId ?? null)}
          />
        )}
      </header>
      {isOffline && (
        <p className={styles.offline} role="status">
          {words('mailbox.offlineNote')}
        </p>
      )}
      {search !== undefined && (
        <SearchHints text={search.text} onText={text => setSearch({ text, asked: search.asked + 1 })} />
      )}
      {search !== undefined && terms !== null && (
        <SearchResults
          search={search}
          terms={terms}
          place={place}
          placeName={name}
          listId={listId}
          chosenId={chosenId}
          opensAtOnce={!isStack}
          walk={walk}
          onActive={setActive}
          onChoose={onChoose}
          onSearch={setSearch}
          onNeighbours={onNeighbours}
        />
      )}
      {isSlow && (
        <>
          <span className="for-ears" role="status">
            {words('mailbox.loading')}
          </span>
          <SkeletonRows rows={8} />
        </>
      )}
      {count.isError && (
        <div className={styles.problem}>
          <ProblemNote problem={count.error.problem} onRetry={() => void count.refetch()} />
        </div>
      )}
      {terms === null && count.data?.total === 0 && <EmptyPlace role={role} />}
      {terms === null && rows !== undefined && rows > 0 && (
        <MessageList
          key={JSON.stringify([place, isCollapsed])}
          place={place}
          name={name}
          total={rows}
          isCollapsed={isCollapsed}
          chosenId={chosenId}
          showsRecipients={role === 'sent' || role === 'drafts'}
          onChoose={onChoose}
          onNeighbours={onNeighbours}
        />
      )}
    </section>
  )
}

function EmptyPlace({ role }: { role: string | null }) {
  const words = useWords()
  const act = useAct()
  if (role === 'inbox') {
    return (
      <Empty
        icon={IconInbox}
        title={words('mailbox.empty.inboxTitle')}
        text={words('mailbox.empty.inboxText')}
      >
        <Button onClick={() => void act('mailbox.refresh', null)}>{words('mailbox.refresh')}</Button>
      </Empty>
    )
  }
  if (role === 'sent') {
    return (
      <Empty icon={IconSend} title={words('mailbox.empty.sentTitle')} text={words('mailbox.empty.sentText')}>
        <Button
          variant="filled"
          color="seal"
          onClick={() => openComposer({ kind: 'empty', accountId: null })}
        >
          {words('frame.write')}
        </Button>
      </Empty>
    )
  }
  return (
    <Empty
      icon={role === 'archive' ? IconMailOpened : IconFolder}
      title={words('mailbox.empty.folderTitle')}
      text={words('mailbox.empty.folderText')}
    />
  )
}
