// Two clients at work on one mailbox: ours, and another that appends, flags, moves, expunges, makes, renames and
// removes folders, both by a seeded dice; our line breaks whenever the dice says. At the end the state here has to be
// the server's. Refuses to compare early.

import { ImapFlow } from 'imapflow'
import { type CuttingProxy, startCuttingProxy } from '../../servers/cutting-proxy.ts'
import {
  type Bench,
  failing,
  imapAccount,
  incoming,
  mail,
  must,
  openBench,
  receiveFor,
} from './receiving-bench.ts'

export type Person = { user: string; password: string; port: number }

export type RunResult = {
  acts: { ours: number; theirs: number }
  mails: number
  /** What is here and not there, there and not here, or other than there. */
  differences: string[]
  /** Mails whose text is another's. */
  wrongBodies: number
  /** Mails that lie on the server more than once. Two who move one at once leave two: not asserted where both move. */
  doubles: number
  /** Mails that were put there, that nobody removed, and that lie nowhere. */
  lost: number
  refusals: string[]
}

/** A small generator that gives the same numbers for the same seed (mulberry32). */
export function dice(seed: number): (sides: number) => number {
  let state = seed >>> 0
  return sides => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * sides)
  }
}

const FOLDERS = ['INBOX', 'Archive', 'Trash', 'Work', 'Work/Deep', '請求書']

/** `everything`: both do all that can be done. `moves`: nobody removes a mail, and only we move: none may be lost or doubled. */
export type Work = 'everything' | 'moves'

export async function runTwoClients(
  person: Person,
  seed: number,
  isOver: () => boolean,
  what: Work = 'everything',
): Promise<RunResult> {
  const here = openBench({ limits: { settleMs: 1_000 } })
  const proxy = await startCuttingProxy(person.port)
  const other = new ImapFlow({
    host: 'localhost',
    port: person.port,
    secure: true,
    auth: { user: person.user, pass: person.password },
    logger: false,
  })
  await other.connect()
  try {
    for (const path of FOLDERS.slice(3)) await other.mailboxCreate(path)
    // Two moves of one mail at once leave two of it on the server: every other seed is without theirs.
    const theirs = createOther(other, dice(seed), seed % 2 === 0, what)
    for (let count = 0; count < 40; count += 1) await theirs.append()
    const account = imapAccount({ host: 'localhost', port: proxy.port, tls: 'implicit', user: person.user })
    const connect = () => receiveFor(here, account, person.password)
    await connect()
    const ours = createOurs(here, dice(seed + 1), connect, proxy, what)
    const counts = { ours: 0, theirs: 0 }
    const work = async (who: 'ours' | 'theirs', act: () => Promise<void>) => {
      while (!isOver()) {
        await act()
        counts[who] += 1
      }
    }
    await Promise.all([work('ours', ours.act), work('theirs', theirs.act)])
    await connect()
    await quiet(here)
    return { acts: counts, ...(await compare(here, other, what === 'moves' ? theirs.appended : [])) }
  } finally {
    other.close()
    await here.stop()
    await proxy.stop()
  }
}

/** Resolves when nothing is wished and all folders were looked through since. */
async function quiet(here: Bench): Promise<void> {
  const isIdle = () => incoming(here)?.state === 'idle'
  await here.until(isIdle, 'the connection')
  await here.until(() => here.db.get('SELECT 1 FROM move_begun') === undefined, 'the moves')
  await here.receiving.settled()
  for (let round = 0; round < 2; round += 1) {
    const before = here.receiving.statuses()[0]?.syncedAt ?? 0
    must(await here.receiving.refresh(null))
    await here.until(
      () => isIdle() && (here.receiving.statuses()[0]?.syncedAt ?? 0) > before,
      'the last look',
    )
  }
}

function createOther(client: ImapFlow, roll: (sides: number) => number, moves: boolean, what: Work) {
  let number = 0
  const appended: string[] = []
  const pick = async (): Promise<{ uid: number } | null> => {
    const mailbox = client.mailbox
    if (!mailbox || mailbox.exists === 0) return null
    const found = await client.search({ all: true }, { uid: true })
    const uids = found === false || found === undefined ? [] : (found as number[])
    return uids.length === 0 ? null : { uid: uids[roll(uids.length)] as number }
  }
  const folder = () => FOLDERS[roll(FOLDERS.length)] as string
  const append = async (path = folder()) => {
    number += 1
    const name = `mail-${number}@elsewhere.test`
    const put = await client.append(path, mail(number)).catch(() => false)
    if (put !== false) appended.push(name)
  }
  const inFolder = async (work: (uid: string) => Promise<unknown>) => {
    await client.mailboxOpen(folder())
    const picked = await pick()
    if (picked !== null) await work(String(picked.uid))
  }
  const move = () => inFolder(uid => client.messageMove(uid, folder(), { uid: true }))
  const tame = [
    () => append(),
    () => append(),
    () => append(),
    () => inFolder(uid => client.messageFlagsAdd(uid, ['\\Seen'], { uid: true })),
    () => inFolder(uid => client.messageFlagsRemove(uid, ['\\Seen'], { uid: true })),
    () => inFolder(uid => client.messageFlagsAdd(uid, ['\\Flagged'], { uid: true })),
  ]
  const wild = [
    ...(moves ? [move, move] : []),
    () => inFolder(uid => client.messageDelete(uid, { uid: true })),
    // The folder is numbered anew, and for a moment it is not there at all.
    async () => {
      if (roll(6) > 0) return
      await client.mailboxDelete('請求書')
      await client.mailboxCreate('請求書')
    },
    async () => {
      if (roll(6) > 0) return
      await client.mailboxRename('Work/Deep', 'Work/Elsewhere')
      await append('Work/Elsewhere')
      await client.mailboxRename('Work/Elsewhere', 'Work/Deep')
    },
  ]
  const acts: (() => Promise<unknown>)[] = what === 'moves' ? tame : [...tame, ...wild]
  return {
    append,
    appended,
    async act() {
      // The folder may be gone at this moment by our own doing: then nothing happens.
      await (acts[roll(acts.length)] as () => Promise<unknown>)().catch(() => {})
    },
  }
}

function createOurs(
  here: Bench,
  roll: (sides: number) => number,
  connect: () => Promise<void>,
  proxy: CuttingProxy,
  what: Work,
) {
  const undos: string[] = []
  const folders = () => here.mailbox.folders().filter(({ isContainer }) => !isContainer)
  const someFolder = () => folders()[roll(folders().length)]
  const someMails = (): string[] => {
    const folder = someFolder()
    if (folder === undefined) return []
    const page = here.mailbox.page({ kind: 'folder', folderId: folder.id }, 0, 50)
    const start = roll(Math.max(1, page.length))
    return page.slice(start, start + 1 + roll(3)).map(head => head.id)
  }
  const undoable = (answer: { ok: boolean; value?: { undoId: string } }) => {
    if (answer.ok && answer.value !== undefined) undos.push(answer.value.undoId)
  }
  const tame: (() => Promise<unknown>)[] = [
    async () => undoable(await here.mailbox.setFlags(someMails(), { isSeen: roll(2) === 0 })),
    async () => undoable(await here.mailbox.setFlags(someMails(), { isFlagged: roll(2) === 0 })),
    async () => {
      const target = someFolder()
      if (target !== undefined) undoable(await here.mailbox.move(someMails(), { folderId: target.id }))
    },
    async () => undoable(await here.mailbox.move(someMails(), { role: 'archive' })),
    async () => undoable(await here.mailbox.move(someMails(), { role: 'junk' })),
    async () => {
      const undoId = undos.pop()
      if (undoId !== undefined) await here.mailbox.undo(undoId)
    },
    async () => {
      const folder = someFolder()
      if (folder !== undefined && roll(4) === 0) {
        undoable(await here.mailbox.markRead({ kind: 'folder', folderId: folder.id }))
      }
    },
    // The line breaks in the middle of whatever is under way, or once the server has done it and before we hear so.
    async () => {
      if (roll(12) > 0) return
      if (roll(3) === 0) proxy.cutNow()
      else proxy.loseNextReply()
      await here.until(() => failing(here) !== null || incoming(here)?.state === 'idle', 'a state')
      must(await here.receiving.refresh(null))
    },
    // It is left, and taken up again.
    async () => {
      if (roll(8) > 0) return
      await here.receiving.setAccounts([])
      await connect()
    },
    () => here.receiving.settled(),
  ]
  const wild: (() => Promise<unknown>)[] = [
    async () => {
      const trash = folders().find(({ role }) => role === 'trash')
      const page = trash === undefined ? [] : here.mailbox.page({ kind: 'folder', folderId: trash.id }, 0, 5)
      await here.mailbox.remove(page.map(head => head.id).slice(0, 1))
    },
    async () => {
      const [own] = here.receiving.statuses()
      const accountId = own?.accountId
      if (accountId !== undefined && roll(3) === 0) {
        await here.mailbox.createFolder(accountId, null, `Ours ${roll(5)}`)
      }
    },
    async () => {
      const made = folders().filter(({ name }) => name.startsWith('Ours'))
      const folder = made[roll(made.length)]
      if (folder !== undefined && roll(3) === 0) await here.mailbox.removeFolder(folder.id)
    },
    async () => {
      const made = folders().filter(({ name }) => name.startsWith('Ours'))
      const folder = made[roll(made.length)]
      if (folder !== undefined && roll(3) === 0) await here.mailbox.renameFolder(folder.id, `Ours ${roll(8)}`)
    },
  ]
  const acts = what === 'moves' ? tame : [...tame, ...wild]
  return {
    async act() {
      await (acts[roll(acts.length)] as () => Promise<unknown>)()
      // Others may speak.
      await new Promise<void>(resolve => setImmediate(resolve))
    },
  }
}

type Compared = Omit<RunResult, 'acts'>

async function compare(here: Bench, other: ImapFlow, appended: string[]): Promise<Compared> {
  const there = await readServer(other)
  const local = new Map<string, string>()
  const bodies: [id: string, messageId: string][] = []
  for (const row of here.db.all(
    `SELECT message.*, folder.path, folder.uid_validity FROM message JOIN folder ON folder.id = folder_id`,
  )) {
    const key = `${row.path} ${row.uid_validity} ${row.uid}`
    const flags = [row.is_seen && 'seen', row.is_flagged && 'flagged', row.is_deleted && 'deleted']
    local.set(key, `${row.message_id} ${flags.filter(Boolean).join(' ')}`.trim())
    if (row.is_deleted === 0) bodies.push([String(row.id), String(row.message_id)])
  }
  const differences: string[] = []
  for (const [key, value] of there) {
    if (local.get(key) !== value)
      differences.push(`${key}: there "${value}", here "${local.get(key) ?? 'nothing'}"`)
  }
  for (const [key, value] of local) {
    if (!there.has(key)) differences.push(`${key}: here "${value}", there nothing`)
  }
  const pending = here.db.get('SELECT count(*) AS count FROM folder_wish')?.count
  if (pending !== 0) differences.push(`${pending} wishes of folders are left`)
  const counted = here.db.all(
    `SELECT path, total, (SELECT count(*) FROM message WHERE folder_id = folder.id AND is_shown = 1) AS true_total
     FROM folder WHERE total <> true_total`,
  )
  for (const { path, total, true_total } of counted)
    differences.push(`${path}: counts ${total}, has ${true_total}`)
  let wrongBodies = 0
  for (const [id, messageId] of bodies.slice(0, 200)) {
    const opened = must(await here.mailbox.message(id))
    const number = /^mail-(\d+)@/.exec(messageId)?.[1]
    if (opened.messageIdHeader !== messageId || !opened.text.includes(`The text of mail ${number}.`))
      wrongBodies += 1
  }
  const ids = [...there.values()].map(value => value.split(' ')[0])
  return {
    mails: there.size,
    differences,
    wrongBodies,
    doubles: ids.length - new Set(ids).size,
    lost: appended.filter(id => !ids.includes(id)).length,
    refusals: (here.receiving.statuses()[0]?.refusals ?? []).map(
      ({ act, folder, problem }) => `${act} ${folder} ${JSON.stringify(problem)}`,
    ),
  }
}

async function readServer(other: ImapFlow): Promise<Map<string, string>> {
  const there = new Map<string, string>()
  for (const { path, flags } of await other.list()) {
    if (flags.has('\\Noselect')) continue
    const opened = await other.mailboxOpen(path)
    if (opened.exists === 0) continue
    for await (const row of other.fetch(
      '1:*',
      { uid: true, flags: true, headers: ['message-id'] },
      { uid: true },
    )) {
      const id = /<([^>]+)>/.exec(String(row.headers))?.[1] ?? ''
      const kept = [
        row.flags?.has('\\Seen') && 'seen',
        row.flags?.has('\\Flagged') && 'flagged',
        row.flags?.has('\\Deleted') && 'deleted',
      ]
      there.set(`${path} ${opened.uidValidity} ${row.uid}`, `${id} ${kept.filter(Boolean).join(' ')}`.trim())
    }
  }
  return there
}
