/** Wires the program: every domain is made here and nowhere else, and each is given the others' functions. Decides nothing. */

import { join } from 'node:path'
import type { Account, AccountStatus, Language, RemovalPreview } from '../shared/model.ts'
import { ok, type Result } from '../shared/problem.ts'
import { begunWith } from '../shared/signature.ts'
import { accountCalls, createAccounts } from './accounts/accounts.ts'
import { appCalls } from './app-calls.ts'
import { createDoor, type Door } from './call.ts'
import { openDatabase } from './db.ts'
import { draftCalls } from './drafts/draft-calls.ts'
import { createDrafts } from './drafts/drafts.ts'
import { previewCalls } from './drafts/preview.ts'
import { createSpool, fileCalls } from './drafts/spool.ts'
import { createEventHub, type EventHub } from './events.ts'
import type { Host } from './host.ts'
import { createLists, listCalls } from './lists/lists.ts'
import { conversationCalls, createConversations } from './mailbox/conversations.ts'
import { createMailbox, mailboxCalls } from './mailbox/mailbox.ts'
import { createSearch, searchCalls } from './mailbox/search.ts'
import { createMerge } from './merge/merge.ts'
import { mergeCalls } from './merge/merge-calls.ts'
import { createOutbox } from './outbox/outbox.ts'
import { outboxCalls } from './outbox/outbox-calls.ts'
import { createPeople, peopleCalls } from './people/people.ts'
import { createPictures, pictureCalls } from './pictures/pictures.ts'
import { createPractice } from './practice/practice.ts'
import { deskMigrations, mailMigrations } from './schema.ts'
import { createSettings, settingsCalls } from './settings/settings.ts'
import { abilityCalls, createAbilities } from './smtp/abilities.ts'
import { createSearchThread } from './sorting-room/search-thread.ts'
import { createSortingRoom, mailDatabaseFile } from './sorting-room/sorting-room.ts'
import { createTemplates, templateCalls } from './templates/templates.ts'

export type App = {
  door: Door
  events: Pick<EventHub, 'listen'>
  /** Opens connections and starts the queue. Answers are possible before. */
  start(): Promise<void>
  /** Lets a running submission reach its end or its deadline, then closes everything. */
  stop(): Promise<void>
  /** Mails that would be interrupted or kept waiting by quitting now. */
  unfinished(): { sending: number; held: number; files: number }
}

/**
 * Opens the databases under `host.dataDir` and wires the domains. Answers `database-newer`, `database-corrupt`,
 * `disk-full` or `disk`; then nothing is left open.
 */
export async function createApp(host: Host): Promise<Result<App>> {
  const { clock, dataDir, info } = host
  const hub = createEventHub()
  const { emit } = hub

  const opened = openDatabase(join(dataDir, 'desk.db'), { durability: 'full', migrations: deskMigrations })
  if (!opened.ok) return opened
  const desk = opened.value

  const room = createSortingRoom({
    url: host.sortingRoomUrl,
    dataDir,
    clock,
    emit,
    onCounted: addresses => people.reload(addresses),
    onSynced: accountId => outbox.mailboxSynced(accountId),
    onCrash: detail => reportBug('sorting-room', detail),
  })
  const roomOpened = await room.start()
  const mailOpened = roomOpened.ok
    ? openDatabase(mailDatabaseFile(dataDir), {
        durability: 'normal',
        migrations: mailMigrations,
        isReadOnly: true,
      })
    : roomOpened
  if (!mailOpened.ok) {
    await room.stop()
    desk.close()
    return mailOpened
  }
  const mail = mailOpened.value

  const settings = createSettings({ file: host.settings, emit })
  const spool = createSpool(join(dataDir, 'spool'))
  const practice = createPractice({ clock })

  const accounts = createAccounts({
    db: desk,
    secrets: host.secrets,
    emit,
    clock,
    belongings: {
      count: accountId => belongingsOf(accountId),
      removeWithin(accountId) {
        merge.removeOfAccountWithin(accountId)
        outbox.removeOfAccountWithin(accountId)
      },
    },
  })
  const mailbox = createMailbox({
    db: mail,
    room: room.receiving,
    saveAs: host.saveAs,
    outboxItemOf: messageIdHeader => outbox.itemOfMessageId(messageIdHeader),
    accountOf: accounts.get,
  })
  const conversations = createConversations({
    db: mail,
    outboxItemOf: messageIdHeader => outbox.itemOfMessageId(messageIdHeader),
  })
  const searchThread = createSearchThread({ url: host.sortingRoomUrl, dataDir })
  const search = createSearch({
    db: mail,
    reader: searchThread,
    room: room.receiving,
    accounts: accounts.list,
    outboxItemOf: messageIdHeader => outbox.itemOfMessageId(messageIdHeader),
    now: clock.now,
  })
  const abilities = createAbilities({
    db: desk,
    clock,
    emit,
    settingsOf: accountId => accounts.get(accountId)?.smtp ?? null,
  })
  const takes8bit = (accountId: string) => abilities.get(accountId)?.isEightBit ?? false
  const drafts = createDrafts({
    db: desk,
    spool,
    accounts,
    clock,
    emit,
    readMessage: mailbox.quotable,
    takeFiles: (messageId, wanted) => spool.adopt(() => room.receiving.takeFiles(messageId, wanted)),
    sentMail: itemId => outbox.written(itemId),
    keepCopy: room.receiving.keepDraftCopy,
    freezeElsewhere: room.freeze,
    preferences: () => ({
      language: settings.get().language ?? languageOf(info.systemLanguage),
      defaultAccountId: settings.get().defaultAccountId,
      quotes: settings.get().quotes,
      signatures: settings.get().signatures,
      writesPlain: settings.get().writesPlain,
    }),
  })
  const people = createPeople({
    desk,
    mail,
    clock,
    emit,
    room: room.people,
    async takeFile(fileToken) {
      const file = await spool.finish(fileToken)
      return file.ok ? ok({ path: spool.pathOf(file.value.sha256) }) : file
    },
    saveAs: host.saveAs,
    answersSince: (at, limit) => outbox.answersSince(at, limit),
  })
  const outbox = createOutbox({
    db: desk,
    clock,
    emit,
    accounts,
    drafts,
    spool,
    undoSeconds: () => settings.get().undoSeconds,
    whenSomeRefused: () => settings.get().whenSomeRefused,
    dueAsleep: () => settings.get().dueAsleep,
    learnAbilities: abilities.learn,
    fitsServer: abilities.fitsServer,
    freezeElsewhere: room.freeze,
    takes8bit,
    fileSentCopy: room.receiving.fileSentCopy,
    findSentCopy: room.receiving.findSentCopy,
    saveAs: host.saveAs,
    onAnswers: people.hear,
    reportBug,
  })

  const pictures = createPictures({
    db: desk,
    clock,
    emit,
    named: room.receiving.remotePictures,
    isForbidden: () => settings.get().remotePictures === 'never',
    mayConnect: host.mayConnectTo,
  })
  const lists = createLists({
    db: desk,
    clock,
    emit,
    async leavingOf(messageId) {
      const read = await room.receiving.read(messageId)
      return read.ok ? ok(read.value.leaving) : read
    },
    async sendMail(messageId, { to, cc, bcc, subject, body }) {
      // Begun as a reply, as that knows which address the mail went to.
      const begun = await drafts.create({ kind: 'reply', messageId, all: false })
      if (!begun.ok) return begun
      const { id, revision, accountId, identityId } = begun.value
      const content = { accountId, identityId, to, cc, bcc, subject, text: body, html: null }
      const saved = drafts.save(id, revision, content)
      const sent = saved.ok ? await outbox.send(id, saved.value.revision, null, 'again') : saved
      if (!sent.ok) drafts.discard(id)
      return sent
    },
    openExternal: host.openExternal,
    mayConnect: host.mayConnectTo,
  })
  const templates = createTemplates({
    db: desk,
    clock,
    emit,
    drafts: { files: draftId => drafts.get(draftId)?.attachments ?? null, attach: drafts.attachSpooled },
    readFile: spool.read,
  })
  const merge = createMerge({
    db: desk,
    clock,
    emit,
    accounts,
    drafts,
    undoSeconds: () => settings.get().undoSeconds,
    batches: outbox.batches,
    reportBug,
  })

  const belongingsOf = (accountId: string): RemovalPreview => ({
    ...mailbox.storedFor(accountId),
    drafts: drafts.countOf(accountId),
    waiting: outbox.waitingOf(accountId),
  })

  /** The sorting room and the outbox work with the accounts as they are now. */
  const passOnAccounts = (): Promise<Result<true>> =>
    room.receiving.setAccounts(
      accounts
        .list()
        .map(account => ({ account, credentials: accounts.credentials(account.id, 'incoming') })),
    )
  /** Mail is not fetched ahead while some is sent: the line is the person's then. */
  let aheadNow = ''
  let cancelLook = () => {}
  const passOnAhead = () => {
    const wish = { days: settings.get().aheadDays, isHeld: outbox.unfinished().sending > 0 }
    // The last mail may still be on its way out when its change is told.
    cancelLook()
    if (wish.isHeld) cancelLook = clock.after(LOOK_AGAIN_MS, passOnAhead)
    if (aheadNow === JSON.stringify(wish)) return
    aheadNow = JSON.stringify(wish)
    void room.receiving.fetchAhead(wish)
  }
  hub.listen(({ name }) => {
    if (name === 'settings.changed' || name === 'outbox.changed') passOnAhead()
  })
  const accountSaved = (saved: Result<Account>): Result<Account> => {
    if (saved.ok) {
      void passOnAccounts()
      outbox.resumeAccount(saved.value.id)
    }
    return saved
  }
  const accountRemoved = (accountId: string): Result<RemovalPreview> => {
    const removed = accounts.remove(accountId)
    if (removed.ok) {
      void room.receiving.removeAccount(accountId)
      if (!accounts.list().some(account => account.isPractice)) void practice.stop()
    }
    return removed
  }
  const startPractice = async (): Promise<Result<{ accountId: string }>> => {
    const started = await practice.start()
    if (!started.ok) return started
    const saved = accountSaved(accounts.savePractice(started.value.accountInput))
    return saved.ok ? ok({ accountId: saved.value.id }) : saved
  }

  const statuses = (): AccountStatus[] => {
    const incoming = room.statuses()
    return accounts.list().map(({ id }) => {
      const heard = incoming.find(status => status.accountId === id)
      return {
        accountId: id,
        incoming: heard?.incoming ?? { state: 'never' },
        outgoing: outbox.outgoing(id),
        syncedAt: heard?.syncedAt ?? null,
        refusals: heard?.refusals ?? [],
      }
    })
  }

  const door = createDoor(
    {
      ...appCalls({
        info,
        statuses,
        openExternal: host.openExternal,
        quit: host.quit,
        async writeTo({ to, cc, bcc, subject, body }) {
          const begun = await drafts.create({ kind: 'empty', accountId: null })
          if (!begun.ok) return begun
          const { id, revision, accountId, identityId, text, html } = begun.value
          const letter = begunWith(body, { text, html })
          const saved = drafts.save(id, revision, { accountId, identityId, to, cc, bcc, subject, ...letter })
          if (!saved.ok) return saved
          emit('compose.requested', { draftId: id })
          return ok({ draftId: id })
        },
        startPractice,
      }),
      ...settingsCalls(settings),
      ...accountCalls({
        ...accounts,
        save: input => accountSaved(accounts.save(input)),
        saveIdentities: (accountId, identities) =>
          accountSaved(accounts.saveIdentities(accountId, identities)),
        remove: accountRemoved,
      }),
      ...abilityCalls(abilities),
      ...draftCalls({
        ...drafts,
        async create(start) {
          const begun = await drafts.create(start)
          if (begun.ok) outbox.warm(begun.value.accountId)
          people.warm()
          return begun
        },
        // Somebody is writing: what was made ready stays so.
        save(draftId, revision, content, ...beside) {
          const saved = drafts.save(draftId, revision, content, ...beside)
          if (saved.ok) outbox.warm(content.accountId)
          return saved
        },
      }),
      ...previewCalls({
        drafts,
        accounts,
        now: clock.now,
        freezing: accountId => ({
          openPath: spool.pathOf,
          takes8bit: takes8bit(accountId),
          elsewhere: room.freeze,
        }),
      }),
      ...fileCalls(spool),
      ...outboxCalls(outbox),
      ...mergeCalls(merge),
      ...templateCalls(templates),
      ...mailboxCalls(mailbox),
      ...conversationCalls(conversations),
      ...searchCalls(search),
      ...peopleCalls(people),
      ...pictureCalls(pictures),
      ...listCalls(lists),
    },
    reportBug,
  )

  return ok({
    door,
    events: hub,
    async start() {
      if (info.isPractice || accounts.list().some(account => account.isPractice)) await startPractice()
      // The program may have ended between forgetting an account and deleting its mail.
      const known = new Set(accounts.list().map(({ id }) => id))
      const orphans = new Set(
        mailbox
          .folders()
          .map(({ accountId }) => accountId)
          .filter(id => !known.has(id)),
      )
      for (const accountId of orphans) await room.receiving.removeAccount(accountId)
      passOnAhead()
      await passOnAccounts()
      outbox.start()
      merge.start()
      drafts.copies.start()
      void people.catchUp()
      void spool.sweep(
        new Set([...drafts.hashes(), ...templates.hashes(), ...merge.hashes(), ...outbox.hashes()]),
      )
    },
    async stop() {
      cancelLook()
      accounts.close()
      await drafts.copies.stop()
      people.stop()
      await merge.stop()
      await outbox.stop()
      await Promise.all([room.stop(), searchThread.stop()])
      await Promise.all([practice.stop(), spool.close()])
      mail.close()
      desk.close()
    },
    unfinished: () => ({ ...outbox.unfinished(), files: spool.running() }),
  })
}

function languageOf(systemLanguage: string): Language {
  return systemLanguage.toLowerCase().startsWith('ja') ? 'ja' : 'en'
}

/** While mails are sent, it is looked again whether they still are. */
const LOOK_AGAIN_MS = 5_000

/** The last resort for what should not happen: on stderr, by name; never with what a mail or a password holds. */
function reportBug(where: string, error: unknown): void {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(`bug in ${where}: ${detail}\n`)
}
