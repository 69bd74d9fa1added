/**
 * The program played by one object in memory: it answers the whole contract, remembers what was asked, and lets a
 * test make any call fail or never answer. For views only; nothing of main is tested with it.
 */

import type { AccountCheck } from '../../shared/account-check.ts'
import type { AnyEvent, Args, Bridge, Handlers, Method, Reply, Value } from '../../shared/api.ts'
import type { DraftWriter } from '../../shared/draft-writer.ts'
import type { Folder, MoveTarget } from '../../shared/folder.ts'
import { usualIdentityOf } from '../../shared/identity.ts'
import type { LeftList } from '../../shared/list-leaving.ts'
import type { MergeBatch, MergeBatchRow, MergeColumns, MergeTable } from '../../shared/merge.ts'
import type {
  Account,
  AccountStatus,
  Draft,
  DraftAttachment,
  DraftContent,
  DraftHead,
  Message,
  MessageHead,
  OutboxItem,
  Place,
  Settings,
  ShellInfo,
  TranscriptLine,
} from '../../shared/model.ts'
import { needsPerson } from '../../shared/outbox-abilities.ts'
import { fail, ok, type Problem } from '../../shared/problem.ts'
import { beginLetter } from '../../shared/signature.ts'
import { aDraft, aFolder, anAccount, anOutboxItem, aShell, NOW, someSettings } from './builders.ts'
import { type ConversationWorld, conversationHandlers } from './fake-conversations.ts'
import { type PeopleWorld, peopleHandlers } from './fake-people.ts'
import { type SearchWorld, searchHandlers } from './fake-search.ts'
import { type TemplateWorld, templateHandlers } from './fake-templates.ts'

/** All that the played program knows. Change it and `emit` what changed. */
export type World = PeopleWorld &
  ConversationWorld &
  SearchWorld &
  TemplateWorld & {
    info: ShellInfo
    settings: Settings
    accounts: Account[]
    status: AccountStatus[]
    folders: Folder[]
    /** Heads of every folder, in any order; a place is read off folderId and the folders' roles. */
    heads: MessageHead[]
    /** What opening a head gives; one that is not here is made from its head. */
    messages: Record<string, Partial<Message>>
    sources: Record<string, string>
    drafts: Draft[]
    /** What each draft was, oldest first. */
    versions: Record<string, Draft[]>
    /** Drafts that another window writes, or that it sent or discarded. */
    writers: Record<string, DraftWriter>
    outbox: OutboxItem[]
    transcripts: Record<string, TranscriptLine[]>
    checks: Record<string, AccountCheck>
    batches: MergeBatch[]
    batchRows: Record<string, MergeBatchRow[]>
    /** The people that came back with a draft, by its id. */
    draftPeople: Record<string, { table: MergeTable; columns: MergeColumns; from: string }>
    /** What can be fetched, by its address; '' where that fails. */
    remotePictures: Record<string, string>
    trustedSenders: string[]
    leftLists: LeftList[]
  }

/** Instead of the played answer: never, a problem, or an answer of the test's own. */
export type Answer<M extends Method> =
  | 'never'
  | Problem
  | ((...args: Args<M>) => Value<M> | Promise<Value<M>>)
export type Answers = { [M in Method]?: Answer<M> }

export type FakeBridge = Bridge & {
  world: World
  calls: { method: Method; args: readonly unknown[] }[]
  emit(event: AnyEvent): void
  answer<M extends Method>(method: M, answer: Answer<M>): void
}

export function aWorld(change: Partial<World> = {}): World {
  return {
    info: aShell(),
    settings: someSettings(),
    accounts: [],
    status: [],
    folders: [],
    heads: [],
    threads: {},
    messages: {},
    sources: {},
    drafts: [],
    versions: {},
    writers: {},
    templates: [],
    batches: [],
    batchRows: {},
    draftPeople: {},
    outbox: [],
    transcripts: {},
    checks: {},
    people: [],
    groups: [],
    importPreview: null,
    remotePictures: {},
    trustedSenders: [],
    leftLists: [],
    onServers: { messageIds: [], unlisted: 0, unreachable: [] },
    unindexed: 0,
    ...change,
  }
}

/** What is new in a text, roughly as the program says it. */
function firstNew(before: string, text: string): string {
  let at = 0
  while (at < before.length && before[at] === text[at]) at += 1
  return text
    .slice(at, at + 140)
    .replace(/\s+/g, ' ')
    .trim()
}

const notFound = (what: Extract<Problem, { kind: 'not-found' }>['what']) => fail({ kind: 'not-found', what })

function headOfDraft(draft: Draft): DraftHead {
  const { id, accountId, to, subject, text, savedAt, attachments } = draft
  return { id, accountId, to, subject, preview: text.slice(0, 120), savedAt, attachments: attachments.length }
}

function messageOf(world: World, head: MessageHead): Message {
  return {
    ...head,
    cc: [],
    bcc: [],
    replyTo: [],
    messageIdHeader: `${head.id}@example.org`,
    references: [],
    text: head.preview,
    unsafeHtml: null,
    inlineImages: {},
    attachments: [],
    received: [],
    leaving: null,
    authentication: 'unknown',
    isDamaged: false,
    ...world.messages[head.id],
  }
}

/** The lists are asked for in pages of up to 50,000 rows: sorted once per change, not per page. */
function createLists(world: World) {
  const cache = new WeakMap<MessageHead[], Map<string, MessageHead[]>>()
  return (place: Place): MessageHead[] => {
    const lists = cache.get(world.heads) ?? new Map<string, MessageHead[]>()
    cache.set(world.heads, lists)
    const key = JSON.stringify(place)
    const known = lists.get(key)
    if (known !== undefined) return known
    const folderIds = new Set(
      place.kind === 'folder'
        ? [place.folderId]
        : world.folders.filter(folder => folder.role === place.role).map(folder => folder.id),
    )
    const list = world.heads
      .filter(head => folderIds.has(head.folderId))
      .sort((left, right) => right.sentAt - left.sentAt)
    lists.set(key, list)
    return list
  }
}

function mailboxHandlers(world: World, emit: (event: AnyEvent) => void) {
  const listOf = createLists(world)
  const change = (ids: string[], next: (head: MessageHead) => MessageHead | null): number => {
    const wanted = new Set(ids)
    const touched = world.heads.filter(head => wanted.has(head.id))
    world.heads = world.heads.flatMap(head => (wanted.has(head.id) ? (next(head) ?? []) : head))
    emit({ name: 'message.changed', payload: { messageIds: ids } })
    for (const accountId of new Set(touched.map(head => head.accountId))) {
      const folderIds = touched.filter(head => head.accountId === accountId).map(head => head.folderId)
      emit({ name: 'mailbox.changed', payload: { accountId, folderIds } })
    }
    return touched.length
  }
  const move = (ids: string[], target: MoveTarget) =>
    change(ids, head => {
      const folder = world.folders.find(({ id, accountId, role }) =>
        'folderId' in target ? id === target.folderId : accountId === head.accountId && role === target.role,
      )
      return folder === undefined ? null : { ...head, folderId: folder.id }
    })
  const undos = new Map<string, MessageHead[]>()
  /** Remembers what the mails were, as the program does. */
  const undoable = <T extends object>(ids: string[], act: () => T): T & { undoId: string } => {
    const undoId = `undo-${undos.size + 1}`
    undos.set(
      undoId,
      world.heads.filter(head => ids.includes(head.id)),
    )
    return { ...act(), undoId }
  }
  const changeFolder = (folderId: string, next: (folder: Folder) => Folder | null) => {
    const accountId = world.folders.find(({ id }) => id === folderId)?.accountId ?? ''
    world.folders = world.folders.flatMap(folder => (folder.id === folderId ? (next(folder) ?? []) : folder))
    emit({ name: 'mailbox.changed', payload: { accountId, folderIds: [] } })
  }
  return {
    ...conversationHandlers(world, listOf),
    'mailbox.folders': () => ok(world.folders),
    'mailbox.count': place => {
      const list = listOf(place)
      return ok({ total: list.length, unread: list.filter(head => !head.isSeen).length })
    },
    'mailbox.page': (place, offset, limit) => ok(listOf(place).slice(offset, offset + limit)),
    'mailbox.message': messageId => {
      const head = world.heads.find(candidate => candidate.id === messageId)
      return head === undefined ? fail({ kind: 'message-gone' }) : ok(messageOf(world, head))
    },
    'mailbox.answered': messageIdHeader => {
      const mails = world.heads.map(head => messageOf(world, head))
      return ok(mails.find(mail => mail.messageIdHeader === messageIdHeader) ?? null)
    },
    'mailbox.source': messageId =>
      ok({ source: world.sources[messageId] ?? 'Subject: none\r\n\r\n', isCut: false }),
    'mailbox.setFlags': (messageIds, flags) =>
      ok(undoable(messageIds, () => ({ changed: change(messageIds, head => ({ ...head, ...flags })) }))),
    'mailbox.markRead': place => {
      const unread = listOf(place).flatMap(head => (head.isSeen ? [] : head.id))
      return ok(undoable(unread, () => ({ changed: change(unread, head => ({ ...head, isSeen: true })) })))
    },
    'mailbox.move': (messageIds, target) =>
      ok(undoable(messageIds, () => ({ moved: move(messageIds, target) }))),
    'mailbox.remove': messageIds => ok({ removed: change(messageIds, () => null) }),
    'mailbox.undo': undoId => {
      const before = undos.get(undoId) ?? []
      const byId = new Map(before.map(head => [head.id, head]))
      return ok({ undone: change([...byId.keys()], head => byId.get(head.id) ?? head) })
    },
    'mailbox.createFolder': (accountId, parentId, name) => {
      const folder = aFolder({ id: `${accountId}/${name}`, accountId, parentId, name, role: null })
      world.folders = [...world.folders, folder]
      emit({ name: 'mailbox.changed', payload: { accountId, folderIds: [] } })
      return ok({ folderId: folder.id })
    },
    'mailbox.renameFolder': (folderId, name) => {
      changeFolder(folderId, folder => ({ ...folder, name }))
      return ok({ renamed: true })
    },
    'mailbox.removeFolder': folderId => {
      changeFolder(folderId, () => null)
      return ok({ removed: true })
    },
    'mailbox.subscribe': (folderId, isSubscribed) => {
      changeFolder(folderId, folder => ({ ...folder, isSubscribed }))
      return ok({ changed: true })
    },
    'mailbox.stopFetching': () => ok({ stopped: true }),
    'mailbox.saveAs': () => ok({ savedAs: 'Photos for the catalogue.eml' }),
    'mailbox.saveAttachment': () => ok({ savedAs: 'invoice-2026-11.pdf' }),
    'mailbox.refresh': () => ok({ started: true }),
    'lists.left': () => ok(world.leftLists),
    'lists.leave': (messageId, way) => {
      const key = world.messages[messageId]?.leaving?.key ?? ''
      world.leftLists = [{ key, way, at: Date.now() }, ...world.leftLists.filter(list => list.key !== key)]
      emit({ name: 'lists.changed', payload: { keys: [key] } })
      return ok({ way })
    },
    'pictures.fetch': messageId => {
      const html = world.messages[messageId]?.unsafeHtml ?? ''
      const named = Object.entries(world.remotePictures).filter(([url]) => html.includes(url))
      const failed = named.filter(([, picture]) => picture === '').length
      const pictures = Object.fromEntries(named.filter(([, picture]) => picture !== ''))
      return ok({ pictures, failed, trackers: 1 })
    },
    'pictures.trusted': () => ok(world.trustedSenders),
    'pictures.trust': (address, isTrusted) => {
      const others = world.trustedSenders.filter(one => one !== address)
      world.trustedSenders = isTrusted ? [address, ...others] : others
      emit({ name: 'pictures.changed', payload: { addresses: [address] } })
      return ok({ isTrusted })
    },
  } satisfies Partial<Handlers>
}

function draftHandlers(world: World, emit: (event: AnyEvent) => void) {
  const files = new Map<
    string,
    { name: string; type: string; bytes: number; isOpen: boolean; received: number; pieces: string[] }
  >()
  const undoOf = new Map<string, string | null>()
  /** The bytes of what was attached here, in the pieces they came in. */
  const piecesOf = new Map<string, string[]>()
  let serial = 0
  const byId = (draftId: string) => world.drafts.find(draft => draft.id === draftId)
  const put = (draft: Draft, name: 'drafts.changed' | 'drafts.saved' = 'drafts.changed') => {
    world.versions[draft.id] = [...(world.versions[draft.id] ?? []), draft]
    world.drafts = [...world.drafts.filter(other => other.id !== draft.id), draft]
    emit({ name, payload: { draftIds: [draft.id] } })
  }
  return {
    'drafts.list': () => ok(world.drafts.map(headOfDraft).sort((a, b) => b.savedAt - a.savedAt)),
    'drafts.create': start => {
      serial += 1
      const original = !('messageId' in start)
        ? undefined
        : world.heads.find(head => head.id === start.messageId)
      const accountId = start.kind === 'empty' ? start.accountId : original?.accountId
      const home = accountId ?? world.settings.defaultAccountId ?? world.accounts[0]?.id ?? ''
      const account = world.accounts.find(({ id }) => id === home)
      const identity = account === undefined ? null : usualIdentityOf(account)
      const draft = aDraft({
        id: `draft-new-${serial}`,
        accountId: home,
        savedAt: Date.now(),
        createdAt: Date.now(),
        ...(start.kind === 'empty' && {
          ...(identity !== null && { identityId: identity.id }),
          ...beginLetter({ quote: null, signature: identity?.signature ?? null }),
        }),
        ...(start.kind === 'reply' &&
          original && {
            to: [original.from],
            subject: `Re: ${original.subject}`,
            text: `\n\n> ${original.preview}`,
          }),
        ...(start.kind === 'forward' && original && { subject: `Fwd: ${original.subject}` }),
      })
      put(draft)
      return ok(draft)
    },
    'drafts.get': draftId => {
      const draft = byId(draftId)
      return draft === undefined ? notFound('draft') : ok(draft)
    },
    'drafts.save': (draftId, revision, content: DraftContent, undo) => {
      const draft = byId(draftId)
      if (draft === undefined) return notFound('draft')
      if (draft.revision !== revision) {
        return fail({ kind: 'conflict', what: 'draft', revision: draft.revision })
      }
      const saved = { ...draft, ...content, revision: revision + 1, savedAt: Date.now() }
      put(saved, 'drafts.saved')
      undoOf.set(draftId, undo ?? null)
      return ok({ revision: saved.revision, savedAt: saved.savedAt })
    },
    'drafts.preview': draftId => {
      const draft = byId(draftId)
      if (draft === undefined) return notFound('draft')
      const people = (list: Draft['to']) => list.map(({ name, address }) => `${name} <${address}>`.trim())
      return ok({
        plain: draft.text,
        html: draft.html?.replace(/<(\/?)p(?=[ >])/g, '<$1div') ?? null,
        inlineImages: {},
        headers: [
          ['From', 'Yuki Tanaka <yuki@example.co.jp>'],
          ['To', people(draft.to).join(', ')],
          ['Subject', draft.subject],
          ['MIME-Version', '1.0'],
          ['Content-Type', 'text/plain; charset=utf-8; format=flowed; delsp=yes'],
        ],
        bytes: 1_240 + draft.text.length * 3,
      })
    },
    'drafts.undo': draftId => ok({ undo: undoOf.get(draftId) ?? null }),
    'drafts.history': draftId =>
      ok(
        (world.versions[draftId] ?? [])
          .map(({ text, savedAt, attachments }, id) => ({
            id,
            savedAt,
            preview: firstNew(world.versions[draftId]?.[id - 1]?.text ?? '', text),
            characters: text.length,
            attachments: attachments.length,
          }))
          .reverse(),
      ),
    'drafts.version': (draftId, versionId) => {
      const version = world.versions[draftId]?.[versionId]
      return version === undefined ? notFound('draft') : ok(version)
    },
    'drafts.restoreVersion': (draftId, _revision, versionId) => {
      const [draft, version] = [byId(draftId), world.versions[draftId]?.[versionId]]
      if (draft === undefined || version === undefined) return notFound('draft')
      const restored = { ...draft, ...version, revision: draft.revision + 1, savedAt: Date.now() }
      put(restored)
      return ok(restored)
    },
    'drafts.discard': draftId => {
      world.drafts = world.drafts.filter(draft => draft.id !== draftId)
      emit({ name: 'drafts.changed', payload: { draftIds: [draftId] } })
      return ok({ discarded: true })
    },
    'drafts.claim': (draftId, _windowId, how) => {
      if (byId(draftId) === undefined) return ok({ writer: world.writers[draftId] ?? 'discarded' })
      if (how === 'take') delete world.writers[draftId]
      return ok({ writer: world.writers[draftId] ?? 'you' })
    },
    'drafts.release': () => ok({ released: true }),
    'drafts.attach': (draftId, fileToken, contentId) => {
      const draft = byId(draftId)
      const file = files.get(fileToken)
      if (draft === undefined) return notFound('draft')
      if (file === undefined) return notFound('file')
      serial += 1
      const { name, type, bytes } = file
      const attachment: DraftAttachment = {
        id: `attachment-${serial}`,
        name,
        type,
        bytes,
        sha256: fileToken.padEnd(64, '0'),
        ...(contentId !== undefined && { contentId }),
      }
      piecesOf.set(attachment.id, file.pieces)
      put({ ...draft, attachments: [...draft.attachments, attachment] })
      return ok(attachment)
    },
    'drafts.attachFromMail': (draftId, messageId, partId) => {
      const [draft, head] = [byId(draftId), world.heads.find(({ id }) => id === messageId)]
      if (draft === undefined) return notFound('draft')
      if (head === undefined) return fail({ kind: 'message-gone' })
      const part = messageOf(world, head).attachments.find(each => each.partId === partId)
      serial += 1
      const attachment: DraftAttachment = {
        id: `attachment-${serial}`,
        name: part?.name ?? `${head.subject}.eml`,
        type: part?.type ?? 'message/rfc822',
        bytes: part?.bytes ?? head.bytes,
        sha256: String(serial).padEnd(64, '0'),
      }
      put({ ...draft, attachments: [...draft.attachments, attachment] })
      return ok(attachment)
    },
    'drafts.detach': (draftId, attachmentId) => {
      const draft = byId(draftId)
      if (draft === undefined) return notFound('draft')
      put({ ...draft, attachments: draft.attachments.filter(({ id }) => id !== attachmentId) })
      return ok({ detached: true })
    },
    'drafts.readAttachment': (_draftId, attachmentId, offset) => {
      let at = 0
      const piece = piecesOf.get(attachmentId)?.find(base64 => {
        const isWanted = at === offset
        at += byteCount(base64)
        return isWanted
      })
      return ok({ base64: piece ?? '' })
    },
    'drafts.readVersionFile': () => notFound('attachment'),
    'drafts.split': (draftId, revision, groups) => {
      const draft = byId(draftId)
      if (draft === undefined) return notFound('draft')
      if (draft.revision !== revision) {
        return fail({ kind: 'conflict', what: 'draft', revision: draft.revision })
      }
      const parts = groups.map((group, index) => ({
        ...draft,
        id: index === 0 ? draftId : `${draftId}-${index + 1}`,
        revision: index === 0 ? revision + 1 : 1,
        subject: `${draft.subject} (${index + 1}/${groups.length})`,
        attachments: draft.attachments.filter(({ id }) => group.includes(id)),
      }))
      for (const part of parts) put(part)
      return ok(parts)
    },
    'files.begin': (name, type, bytes) => {
      serial += 1
      files.set(`file-${serial}`, {
        name,
        type,
        bytes: bytes ?? 0,
        isOpen: bytes === null,
        received: 0,
        pieces: [],
      })
      return ok({ fileToken: `file-${serial}` })
    },
    'files.append': (fileToken, offset, base64) => {
      const file = files.get(fileToken)
      if (file === undefined) return notFound('file')
      file.pieces.push(base64)
      file.received = offset + byteCount(base64)
      if (file.isOpen) file.bytes = file.received
      return ok({ received: file.received })
    },
    'files.abandon': fileToken => ok({ abandoned: files.delete(fileToken) }),
  } satisfies Partial<Handlers>
}

function byteCount(base64: string): number {
  return Math.floor((base64.replaceAll('=', '').length * 3) / 4)
}

function mergeHandlers(world: World, emit: (event: AnyEvent) => void) {
  const become = (batchId: string, state: MergeBatch['state']) => {
    const batch = world.batches.find(({ id }) => id === batchId)
    if (batch === undefined) return fail({ kind: 'not-found', what: 'batch' })
    const changed = { ...batch, state }
    world.batches = world.batches.map(other => (other.id === batchId ? changed : other))
    emit({ name: 'merge.changed', payload: { batchIds: [batchId] } })
    return ok(changed)
  }
  return {
    'merge.start': (draftId, _revision, table) => {
      const draft = world.drafts.find(({ id }) => id === draftId)
      if (draft === undefined) return fail({ kind: 'not-found', what: 'draft' })
      const counts = { toMake: table.rows.length, waiting: 0, sending: 0, accepted: 0 }
      const batch: MergeBatch = {
        id: `batch-${draftId}`,
        accountId: draft.accountId,
        subject: draft.subject,
        createdAt: Date.now(),
        leavesAt: Date.now() + 10_000,
        state: 'making',
        rows: table.rows.length,
        counts: { ...counts, needsYou: 0, cancelled: 0, left: 0 },
      }
      world.batches = [batch, ...world.batches]
      world.drafts = world.drafts.filter(({ id }) => id !== draftId)
      emit({ name: 'drafts.changed', payload: { draftIds: [draftId] } })
      emit({ name: 'merge.changed', payload: { batchIds: [batch.id] } })
      return ok({ batchId: batch.id, dueAt: Date.now() + 10_000 })
    },
    'merge.list': () => ok(world.batches),
    'merge.get': batchId => {
      const batch = world.batches.find(({ id }) => id === batchId)
      return batch === undefined ? fail({ kind: 'not-found', what: 'batch' }) : ok(batch)
    },
    'merge.rows': (batchId, offset, limit) =>
      ok((world.batchRows[batchId] ?? []).slice(offset, offset + limit)),
    'merge.pause': batchId => become(batchId, 'paused'),
    'merge.resume': batchId => become(batchId, 'sending'),
    'merge.cancel': batchId => become(batchId, 'cancelled'),
    'merge.takeBack': batchId => {
      world.batches = world.batches.filter(({ id }) => id !== batchId)
      emit({ name: 'merge.changed', payload: { batchIds: [batchId] } })
      return ok({ draftId: world.drafts[0]?.id ?? '' })
    },
    'merge.people': draftId => {
      const people = world.draftPeople[draftId]
      if (people === undefined) return ok(null)
      const { table, columns, from } = people
      return ok({ headings: table.columns, columns, from, rows: table.rows.length })
    },
    'merge.peopleRows': (draftId, offset, limit) =>
      ok((world.draftPeople[draftId]?.table.rows ?? []).slice(offset, offset + limit)),
    'merge.forgetPeople': draftId => {
      const hasPeople = world.draftPeople[draftId] !== undefined
      delete world.draftPeople[draftId]
      return ok({ forgotten: hasPeople })
    },
    'merge.dismiss': batchId => {
      world.batches = world.batches.filter(({ id }) => id !== batchId)
      emit({ name: 'merge.changed', payload: { batchIds: [batchId] } })
      return ok({ dismissed: true })
    },
  } satisfies Partial<Handlers>
}

function outboxHandlers(world: World, emit: (event: AnyEvent) => void) {
  const byId = (itemId: string) => world.outbox.find(item => item.id === itemId)
  const touched = (itemId: string) => emit({ name: 'outbox.changed', payload: { itemIds: [itemId] } })
  const drop = (itemId: string) => {
    world.outbox = world.outbox.filter(item => item.id !== itemId)
    touched(itemId)
  }
  const toDraft = (itemId: string) => {
    const item = byId(itemId)
    if (item === undefined) return null
    const { accountId, to, cc, bcc, subject, preview: text } = item
    const draft = aDraft({ id: `draft-of-${itemId}`, accountId, to, cc, bcc, subject, text })
    world.drafts = [...world.drafts, draft]
    drop(itemId)
    emit({ name: 'drafts.changed', payload: { draftIds: [`draft-of-${itemId}`] } })
    return `draft-of-${itemId}`
  }
  return {
    'outbox.send': (draftId, revision, sendAt) => {
      const draft = world.drafts.find(candidate => candidate.id === draftId)
      if (draft === undefined) return notFound('draft')
      if (draft.revision !== revision) {
        return fail({ kind: 'conflict', what: 'draft', revision: draft.revision })
      }
      const everybody = [...draft.to, ...draft.cc, ...draft.bcc]
      if (everybody.length === 0) return fail({ kind: 'no-recipients' })
      const now = Date.now()
      const dueAt = sendAt ?? now + world.settings.undoSeconds * 1000
      const recipients = everybody.map(({ address }) => address)
      const item = anOutboxItem({
        id: `item-of-${draftId}`,
        accountId: draft.accountId,
        to: draft.to,
        cc: draft.cc,
        bcc: draft.bcc,
        subject: draft.subject,
        preview: draft.text.slice(0, 120),
        createdAt: now,
        startAt: now,
        steps: [
          [0, { type: 'written', bytes: 4096, sha256: ''.padEnd(64, '0'), recipients }],
          [1, { type: 'held', dueAt, why: sendAt === null ? 'undo' : 'schedule' }],
        ],
      })
      world.outbox = [...world.outbox, item]
      world.drafts = world.drafts.filter(candidate => candidate.id !== draftId)
      emit({ name: 'drafts.changed', payload: { draftIds: [draftId] } })
      touched(item.id)
      return ok({ itemId: item.id, dueAt })
    },
    'outbox.warm': () => ok({ asked: true }),
    'outbox.list': () => ok(world.outbox),
    'outbox.get': itemId => {
      const item = byId(itemId)
      return item === undefined ? notFound('mail') : ok(item)
    },
    'outbox.counts': () => {
      const needsYou = world.outbox.filter(({ journey }) => needsPerson(journey)).length
      const count = (states: string[]) =>
        world.outbox.filter(item => states.includes(item.journey.state)).length
      return ok({
        sending: count(['sending']),
        waiting: count(['held', 'queued', 'paused', 'uncertain', 'refused']) - needsYou,
        needsYou,
      })
    },
    'outbox.cancel': itemId => ok({ cancelled: toDraft(itemId) !== null }),
    'outbox.edit': itemId => {
      const draftId = toDraft(itemId)
      return draftId === null ? notFound('mail') : ok({ draftId })
    },
    'outbox.tryNow': () => ok({ dueAt: Date.now() }),
    'outbox.pause': () => ok({ paused: true }),
    'outbox.resume': () => ok({ dueAt: Date.now() }),
    'outbox.resumeAccount': () => ok({ resumed: true }),
    'outbox.holdUntil': (_itemId, at) => ok({ dueAt: at }),
    'outbox.chooseRecipients': () => ok({ chosen: true }),
    'outbox.decideOutcome': () => ok({ decided: true }),
    'outbox.remove': itemId => {
      drop(itemId)
      return ok({ removed: true })
    },
    'outbox.transcript': itemId => ok(world.transcripts[itemId] ?? []),
    'outbox.correctRecipient': itemId => ok({ itemId }),
    'outbox.saveAs': () => ok({ savedAs: 'mail.eml', leftOut: [] }),
    'outbox.export': itemId => ok({ text: `journey of ${itemId}`, json: '{}' }),
    'outbox.saveExport': () => ok({ savedAs: 'journey.txt' }),
  } satisfies Partial<Handlers>
}

function houseHandlers(world: World, emit: (event: AnyEvent) => void) {
  let serial = 0
  const accountsChanged = (accountId: string) => {
    emit({ name: 'accounts.changed', payload: { accountIds: [accountId] } })
  }
  return {
    'app.info': () => ok(world.info),
    'app.status': () => ok(world.status),
    'app.openLink': () => ok({ opened: true }),
    'app.quit': () => ok({ quitting: true }),
    'practice.start': () => {
      const account = anAccount({
        id: 'practice',
        isPractice: true,
        color: 'teal',
        identity: { name: 'You', address: 'you@practice.test' },
      })
      world.accounts = [...world.accounts.filter(({ id }) => id !== 'practice'), account]
      accountsChanged('practice')
      return ok({ accountId: 'practice' })
    },
    'settings.get': () => ok(world.settings),
    'settings.set': patch => {
      world.settings = { ...world.settings, ...patch }
      emit({ name: 'settings.changed', payload: {} })
      return ok(world.settings)
    },
    'accounts.list': () => ok(world.accounts),
    'accounts.saveIdentities': (accountId, identities) => {
      const account = world.accounts.find(({ id }) => id === accountId)
      if (account === undefined) return fail({ kind: 'not-found', what: 'account' })
      const changed = { ...account, identities }
      world.accounts = world.accounts.map(other => (other.id === accountId ? changed : other))
      accountsChanged(accountId)
      return ok(changed)
    },
    'accounts.save': input => {
      serial += 1
      const { passwords: _passwords, id, ...rest } = input
      const old = world.accounts.find(account => account.id === id)
      const account: Account = {
        isPractice: false,
        ...old,
        ...rest,
        sentCopy: rest.sentCopy ?? old?.sentCopy ?? 'unknown',
        id: id ?? `account-${serial}`,
      }
      world.accounts = old
        ? world.accounts.map(other => (other.id === account.id ? account : other))
        : [...world.accounts, account]
      accountsChanged(account.id)
      return ok(account)
    },
    'accounts.abilities': () => ok(null),
    'accounts.removalPreview': () => ok({ messages: 4210, drafts: 2, waiting: 1, localOnly: 12 }),
    'accounts.remove': accountId => {
      world.accounts = world.accounts.filter(account => account.id !== accountId)
      world.folders = world.folders.filter(folder => folder.accountId !== accountId)
      accountsChanged(accountId)
      return ok({ messages: 4210, drafts: 2, waiting: 1, localOnly: 12 })
    },
    'accounts.check': () => {
      const checkId = Object.keys(world.checks)[0] ?? 'check-1'
      world.checks[checkId] ??= { id: checkId, state: 'running', stages: [], untrusted: [] }
      return ok({ checkId })
    },
    'accounts.checkState': checkId => {
      const check = world.checks[checkId]
      return check === undefined ? notFound('check') : ok(check)
    },
    'accounts.stopCheck': checkId => {
      const check = world.checks[checkId]
      if (check !== undefined) world.checks[checkId] = { ...check, state: 'stopped' }
      emit({ name: 'check.changed', payload: { checkId } })
      return ok({ stopped: check !== undefined })
    },
  } satisfies Partial<Handlers>
}

export function createFakeBridge(options: { world?: Partial<World>; answers?: Answers } = {}): FakeBridge {
  const world = aWorld(options.world)
  const answers: Answers = { ...options.answers }
  const listeners = new Set<(event: AnyEvent) => void>()
  // An event comes after the answer that caused it, as across the real bridge.
  const emit = (event: AnyEvent) =>
    queueMicrotask(() => {
      for (const listener of listeners) listener(event)
    })
  const handlers: Handlers = {
    ...houseHandlers(world, emit),
    ...draftHandlers(world, emit),
    ...mergeHandlers(world, emit),
    ...outboxHandlers(world, emit),
    ...mailboxHandlers(world, emit),
    ...peopleHandlers(world, emit),
    ...searchHandlers(world, NOW),
    ...templateHandlers(world, emit),
  }
  const calls: FakeBridge['calls'] = []

  async function call<M extends Method>(method: M, args: Args<M>): Promise<Reply<M>> {
    calls.push({ method, args })
    const answer: Answer<M> | undefined = answers[method]
    if (answer === 'never') return new Promise(() => {})
    if (typeof answer === 'function') return ok(await answer(...args))
    if (answer !== undefined) return fail(answer)
    const handler: Handlers[M] = handlers[method]
    // What crosses the real bridge is JSON: nothing shared, nothing that JSON cannot say.
    return JSON.parse(JSON.stringify(await handler(...args)))
  }
  return {
    world,
    calls,
    call,
    on(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    emit,
    answer(method, answer) {
      Object.assign(answers, { [method]: answer })
    },
  }
}
