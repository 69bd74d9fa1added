/**
 * The work of the sorting room: one mail source for each account, and the commands of the desk. It owns every write
 * to mail.db and the packs. Runs in the worker; tests run it in their own thread. Refuses to log anything of a mail
 * or a password.
 */

import { fail, ok, type Result } from '../../shared/problem.ts'
import type { ServerSearch } from '../../shared/search-answer.ts'
import type { SearchQuery } from '../../shared/search-query.ts'
import type { Db } from '../db.ts'
import type { Emit } from '../events.ts'
import type { Clock } from '../host.ts'
import type { FilesWanted } from '../mime/mail-files.ts'
import { type MailReader, readerHere } from '../mime/mail-reader.ts'
import type { Quotable } from '../mime/quotable.ts'
import type { AttachmentContent, ParsedMail } from '../mime/read-mail.ts'
import type { Recipe } from '../mime/recipe.ts'
import type { RemotePictures } from '../mime/remote-pictures.ts'
import { draftMessageId } from './draft-copy.ts'
import { createFolderActs, type FolderActs } from './folder-acts.ts'
import { IMAP_LIMITS, type ImapLimits } from './imap.ts'
import { createImapAccount } from './imap-account.ts'
import { searchAll } from './imap-search.ts'
import { type ActTools, createMailActs, type MailActs } from './mail-acts.ts'
import type {
  AheadWish,
  FiledCopy,
  MailSource,
  ReceivingAccount,
  SourceState,
  SourceTools,
} from './mail-source.ts'
import type { StoredMessage } from './mailbox-rows.ts'
import { createMailStore, type MailStore } from './mailbox-store.ts'
import { createPacks, type Packs } from './pack.ts'
import { createPop3Account } from './pop3-account.ts'

export type { AheadWish, FiledCopy, ReceivingAccount } from './mail-source.ts'
export type { FlagWish } from './wish-store.ts'

export type IncomingStatus = { accountId: string } & SourceState

/** What the desk may ask of the sorting room. All of it can cross a thread: JSON and bytes. */
export type Receiving = Fetching & MailActs & FolderActs

type Fetching = {
  /** The accounts as they are now, all of them. Starts, restarts and stops what differs; deletes nothing. */
  setAccounts(accounts: ReceivingAccount[]): Promise<Result<true>>
  /** Deletes here all that came in for an account that was removed. */
  removeAccount(accountId: string): Promise<Result<true>>
  refresh(accountId: string | null): Promise<Result<{ started: boolean }>>
  /** No more of what is missing is fetched until the next `refresh`; what is new still comes. */
  stopFetching(accountId: string): Promise<Result<{ stopped: boolean }>>
  /** How many days of mail are fetched before they are opened: null all, 0 none. Nothing is while it is held. */
  fetchAhead(wish: AheadWish): Promise<Result<true>>
  /** The mail, fetched and kept where it was not here yet, read. */
  read(messageId: string): Promise<Result<ParsedMail>>
  source(messageId: string, limit: number): Promise<Result<{ source: string; isCut: boolean }>>
  /** All of it, as it came. */
  bytes(messageId: string): Promise<Result<Uint8Array>>
  attachment(messageId: string, partId: string): Promise<Result<AttachmentContent>>
  /** What the mail wants from the internet. */
  remotePictures(messageId: string): Promise<Result<RemotePictures>>
  /** What of the mail may travel on in an answer. */
  quote(messageId: string): Promise<Result<Quotable>>
  /** Puts files of the mail into the spool; the caller keeps them from being swept up. */
  takeFiles(messageId: string, wanted: FilesWanted): Promise<Result<SpooledMailFile[]>>
  /** Asks the IMAP servers of all accounts that the question is about, at once. */
  searchServers(query: SearchQuery, folderIds: string[] | null, limit: number): Promise<Result<ServerSearch>>
  fileSentCopy(copy: {
    accountId: string
    messageIdHeader: string
    recipe: Recipe
  }): Promise<Result<FiledCopy>>
  /** Of the Message-ID `draftMessageId` gives; the recipe's own is not used. */
  keepDraftCopy(copy: {
    accountId: string
    draftId: string
    copy: { revision: number; recipe: Recipe } | null
  }): Promise<Result<true>>
  findSentCopy(copy: { accountId: string; messageIdHeader: string }): Promise<Result<{ isThere: boolean }>>
}

export type SpooledMailFile = {
  name: string
  type: string
  bytes: number
  sha256: string
  contentId?: string
}

export type ReceivingDeps = {
  /** mail.db, for writing. */
  db: Db
  packsDir: string
  clock: Clock
  emit: Emit
  /** Left out, the usual ones. */
  imapLimits?: ImapLimits
  /** The bytes of a Sent copy from its recipe; fails where an attachment is no longer there. */
  writeSentCopy: (recipe: Recipe) => Promise<Result<Buffer>>
  /** Reads whole mails; left out, in this thread and without a limit of time. */
  reader?: MailReader
  /** Left out, no file can be taken. */
  spoolFile?: (name: string, type: string, bytes: Uint8Array) => Promise<Result<SpooledMailFile>>
}

export type ReceivingHere = Receiving & {
  statuses(): IncomingStatus[]
  /** Resolves when the servers have heard of all that was wished, as far as they can be reached. */
  settled(): Promise<void>
  /** Mails are on their way here in numbers. */
  isFetching(): boolean
  stop(): Promise<void>
}

type Running = { key: string; source: MailSource }

export function createReceiving({
  db,
  packsDir,
  clock,
  emit,
  imapLimits = IMAP_LIMITS,
  writeSentCopy,
  reader = readerHere,
  spoolFile,
}: ReceivingDeps): ReceivingHere {
  const store = createMailStore(db)
  const packs = createPacks(packsDir)
  const running = new Map<string, Running>()
  let ahead: AheadWish = { days: 0, isHeld: false }
  const kept = createKeeper({ store, packs, emit, reader, sourceOf: id => running.get(id)?.source ?? null })

  const pushing = new Set<Promise<void>>()
  const acting: ActTools = {
    store,
    emit,
    sourceOf: accountId => running.get(accountId)?.source ?? null,
    push(accountIds) {
      for (const accountId of accountIds) {
        const pushed = running.get(accountId)?.source.pushWishes()
        if (pushed === undefined) continue
        pushing.add(pushed)
        void pushed.finally(() => pushing.delete(pushed))
      }
    },
  }

  const startAccount = (receiving: ReceivingAccount, key: string) => {
    const { account } = receiving
    const onState = () => emit('status.changed', { accountIds: [account.id] })
    const tools: SourceTools = { store, packs, clock, emit, onState, ahead: () => ahead }
    const source =
      account.incoming.kind === 'imap'
        ? createImapAccount(receiving, tools, imapLimits)
        : createPop3Account(receiving, tools)
    running.set(account.id, { key, source })
    source.start()
    onState()
  }
  const stopAccount = async (accountId: string) => {
    const entry = running.get(accountId)
    running.delete(accountId)
    await entry?.source.stop()
  }
  // Two lists of accounts at once would start one of them twice: each change waits for the one before.
  let changing: Promise<unknown> = Promise.resolve()
  const inOrder = <T>(work: () => Promise<T>): Promise<T> => {
    const next = changing.then(work)
    changing = next.catch(() => {})
    return next
  }
  const withSource = async <T>(
    accountId: string,
    work: (source: MailSource) => Promise<Result<T>>,
  ): Promise<Result<T>> => {
    const source = running.get(accountId)?.source
    return source === undefined ? fail({ kind: 'not-found', what: 'account' }) : work(source)
  }

  return {
    setAccounts: accounts =>
      inOrder(async () => {
        const wanted = new Map(accounts.map(entry => [entry.account.id, entry]))
        for (const [accountId, { key }] of [...running]) {
          const entry = wanted.get(accountId)
          if (entry === undefined || keyOf(entry) !== key) await stopAccount(accountId)
        }
        for (const entry of accounts) {
          if (!running.has(entry.account.id)) startAccount(entry, keyOf(entry))
        }
        return ok(true as const)
      }),
    removeAccount: accountId =>
      inOrder(async () => {
        await stopAccount(accountId)
        store.removeAccount(accountId)
        await packs.removeAccount(accountId)
        emit('mailbox.changed', { accountId, folderIds: [] })
        return ok(true as const)
      }),
    async refresh(accountId) {
      const sources = accountId === null ? [...running.values()] : [running.get(accountId)]
      for (const entry of sources) entry?.source.refresh()
      return ok({ started: sources.some(entry => entry !== undefined) })
    },
    async fetchAhead(wish) {
      ahead = wish
      for (const { source } of running.values()) source.fetchAhead()
      return ok(true as const)
    },
    async read(messageId) {
      const source = await kept.source(messageId)
      return source.ok ? ok(await reader.read(source.value)) : source
    },
    async source(messageId, limit) {
      const source = await kept.source(messageId)
      if (!source.ok) return source
      const shown = source.value.subarray(0, limit)
      return ok({ source: decodeSource(shown), isCut: shown.length < source.value.length })
    },
    bytes: messageId => kept.source(messageId),
    async attachment(messageId, partId) {
      const source = await kept.source(messageId)
      if (!source.ok) return source
      const [attachment] = (await reader.attachments(source.value, [partId])) ?? []
      return attachment === undefined ? fail({ kind: 'not-found', what: 'attachment' }) : ok(attachment)
    },
    async quote(messageId) {
      const source = await kept.source(messageId)
      return source.ok ? ok(await reader.quote(source.value)) : source
    },
    async remotePictures(messageId) {
      const source = await kept.source(messageId)
      return source.ok ? ok(await reader.remotePictures(source.value)) : source
    },
    async takeFiles(messageId, wanted) {
      const source = await kept.source(messageId)
      if (!source.ok) return source
      const files = await reader.files(source.value, wanted)
      if (files === null || spoolFile === undefined) return fail({ kind: 'not-found', what: 'attachment' })
      const spooled: SpooledMailFile[] = []
      for (const { name, type, content, contentId } of files) {
        const file = await spoolFile(name, type, content)
        if (!file.ok) return file
        spooled.push({ ...file.value, ...(contentId === null ? {} : { contentId }) })
      }
      return ok(spooled)
    },
    searchServers: (query, folderIds, limit) =>
      searchAll(
        [...running]
          .filter(
            ([accountId]) =>
              query.accountIds?.includes(accountId) ?? !query.notAccountIds.includes(accountId),
          )
          .map(([accountId, { source }]) => ({
            accountId,
            ask: () => source.searchServer(query, folderIds, limit),
          })),
      ),
    ...createMailActs(acting),
    ...createFolderActs(acting),
    async stopFetching(accountId) {
      running.get(accountId)?.source.stopFetching()
      return ok({ stopped: running.has(accountId) })
    },
    fileSentCopy: ({ accountId, messageIdHeader, recipe }) =>
      withSource(accountId, source =>
        source.fileSentCopy({ messageIdHeader: bareId(messageIdHeader), write: () => writeSentCopy(recipe) }),
      ),
    keepDraftCopy: ({ accountId, draftId, copy }) =>
      withSource(accountId, source => {
        if (copy === null) return source.keepDraftCopy(draftId, null)
        const { revision, recipe } = copy
        const messageId = draftMessageId(draftId, revision)
        return source.keepDraftCopy(draftId, {
          revision,
          write: () => writeSentCopy({ ...recipe, messageId }),
        })
      }),
    findSentCopy: ({ accountId, messageIdHeader }) =>
      withSource(accountId, source => source.findSentCopy(bareId(messageIdHeader))),
    statuses: () => [...running].map(([accountId, { source }]) => ({ accountId, ...source.state() })),
    async settled() {
      while (pushing.size > 0) await Promise.allSettled(pushing)
    },
    isFetching: () => [...running.values()].some(({ source }) => source.isFetching()),
    async stop() {
      await changing
      await Promise.all([...running.keys()].map(stopAccount))
      await kept.settled()
      await packs.close()
    },
  }
}

/** What makes a running source another one: server, user, password. A new colour does not. */
function keyOf({ account, credentials }: ReceivingAccount): string {
  return JSON.stringify([account.incoming, credentials])
}

function bareId(messageIdHeader: string): string {
  return messageIdHeader.trim().replace(/^<|>$/g, '')
}

/** The source view shows bytes as text: UTF-8 where it is that, else byte for byte. */
function decodeSource(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  return text.includes('\ufffd') ? bytes.toString('latin1') : text
}

type KeeperDeps = {
  store: MailStore
  packs: Packs
  emit: Emit
  reader: MailReader
  sourceOf: (accountId: string) => MailSource | null
}

/** Gives the source of a mail from the pack, or fetches it once and keeps it. */
function createKeeper({ store, packs, emit, reader, sourceOf }: KeeperDeps) {
  const fetching = new Map<number, Promise<Result<Buffer>>>()

  const fetchAndKeep = async (message: StoredMessage): Promise<Result<Buffer>> => {
    const server = sourceOf(message.accountId)
    if (server === null) return fail({ kind: 'not-found', what: 'account' })
    const fetched = await server.fetchSource(message)
    if (!fetched.ok) return fetched
    const ref = await packs.append(message.accountId, fetched.value)
    const synced = ref.ok ? await packs.sync(message.accountId) : ref
    // A full disk must not keep a person from reading what is in memory already.
    if (!ref.ok || !synced.ok) return fetched
    const { preview, attachments } = await reader.read(fetched.value)
    const hasAttachments = attachments.some(attachment => !attachment.isInline)
    store.setSource(message.id, ref.value, { preview, hasAttachments })
    emit('message.changed', { messageIds: [String(message.id)] })
    return fetched
  }

  return {
    async source(messageId: string): Promise<Result<Buffer>> {
      const message = store.message(messageId)
      if (message === null) return fail({ kind: 'not-found', what: 'message' })
      if (message.source !== null) {
        const read = await packs.read(message.accountId, message.source)
        if (read.ok || message.uid === null) return read
        store.forgetSource(message.id)
      }
      const waiting = fetching.get(message.id)
      if (waiting !== undefined) return waiting
      const work = fetchAndKeep(message).finally(() => fetching.delete(message.id))
      fetching.set(message.id, work)
      return work
    },
    /** Resolves when no fetched mail is on its way to the disk. */
    settled: () => Promise.allSettled(fetching.values()),
  }
}
