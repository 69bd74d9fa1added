// Somebody writes in the window, and the program is ended by kill -9 at a random moment. What has to hold afterwards: all
// but the last second is there, in the window too, no older version came after a newer one, here and in IMAP Drafts.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { simpleParser } from 'mailparser'
import type { Args, Method, Value } from '../../shared/api.ts'
import type { Result } from '../../shared/problem.ts'
import { createRandom } from '../bench/mailbox-generator.ts'
import { eventually } from '../support/wait.ts'
import { idOf, login, openPostOffice, type PostOffice } from './post-office.ts'
import type { Told, TypingOrder } from './typing-orders.ts'

const entry = resolve(import.meta.dirname, 'typing-program.ts')
const LONGEST_MS = 9_000
/** A copy comes soon after a pause, also on a busy machine. */
const COPY_MS = 60_000
/** What may be lost. */
export const LOST_MS = 1_000

export type TypingKills = {
  runs: number
  /** Of each run: how long before the kill the first key was typed that is gone; 0 where all is there. */
  lostMs: number[]
  letters: number
  versions: number
  copies: number
  errors: string[]
}

type Typed = { text: string; at: number }

type Writer = {
  call<M extends Method>(method: M, ...args: Args<M>): Promise<Value<M>>
  read(preview: string): Promise<string>
  /** Types until it is killed `ms` after its first key; answers what was typed and when it died. */
  killWhileTyping(seed: number, isPlain: boolean, ms: number): Promise<{ typed: Typed[]; killedAt: number }>
  kill(): Promise<void>
}

/** Runs one after the other on the same data: what one leaves behind, the next begins with. */
export async function killTyping(
  seed: number,
  runs: number,
  say: (line: string) => void = () => {},
): Promise<TypingKills> {
  const found: TypingKills = { runs: 0, lostMs: [], letters: 0, versions: 0, copies: 0, errors: [] }
  const folder = mkdtempSync(join(tmpdir(), 'todoke-typing-'))
  const office = await openPostOffice(null)
  let writer = await startWriter(join(folder, 'data'))
  try {
    await writer.call('accounts.save', accountOf(office))
    for (let run = 0; run < runs; run += 1) {
      const random = createRandom(seed * 1_009 + run)
      const known = new Set((await writer.call('drafts.list')).map(({ id }) => id))
      const { typed, killedAt } = await writer.killWhileTyping(
        seed * 1_009 + run,
        random() < 0.5,
        random() * LONGEST_MS,
      )
      writer = await startWriter(join(folder, 'data'))
      const errors = await judge(writer, office, known, typed, killedAt, found)
      found.runs += 1
      found.errors.push(...errors.map(error => `run ${run}: ${error}`))
      say(
        `${errors.length === 0 ? 'ok   ' : 'WRONG'} run ${run}: ${typed.length} keys, the last ${Math.round(found.lostMs.at(-1) ?? 0)} ms are gone ${errors.join(', ')}`,
      )
    }
  } finally {
    await writer.kill()
    await office.close()
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
  }
  return found
}

async function judge(
  writer: Writer,
  office: PostOffice,
  known: ReadonlySet<string>,
  typed: readonly Typed[],
  killedAt: number,
  found: TypingKills,
): Promise<string[]> {
  const errors: string[] = []
  const [head, ...more] = (await writer.call('drafts.list')).filter(({ id }) => !known.has(id))
  if (head === undefined || more.length > 0) return [`${more.length + (head ? 1 : 0)} drafts instead of one`]
  const draft = await writer.call('drafts.get', head.id)
  const all = typed.map(({ text }) => text).join('')
  found.letters += typed.length
  if (!all.startsWith(draft.text) && !draft.text.startsWith(all))
    errors.push('what is there was not typed so')
  const firstGone = typed[draft.text.length]
  found.lostMs.push(firstGone === undefined ? 0 : killedAt - firstGone.at)

  const versions = (await writer.call('drafts.history', draft.id)).toReversed()
  const texts: string[] = []
  for (const { id } of versions) texts.push((await writer.call('drafts.version', draft.id, id)).text)
  found.versions += versions.length
  if (texts.some((text, at) => at > 0 && !text.startsWith(texts[at - 1] ?? '')))
    errors.push('an older version came after a newer one')
  if ((texts.at(-1) ?? '') !== draft.text) errors.push('the draft is not its newest version')

  if (draft.text.trim() === '') return errors
  const shown = await writer.read(draft.text.split(' ')[0] ?? '')
  if (shown.trimEnd() !== draft.text.trimEnd()) errors.push('the window shows something else')
  const newest = versions.at(-1)?.id ?? 0
  await eventually(
    () => copiesIn(office.drafts(), draft.id).some(({ version }) => version === newest),
    COPY_MS,
  )
  await eventually(() => copiesIn(office.drafts(), draft.id).length === 1, COPY_MS)
  const appended = copiesIn(office.appended, draft.id)
  found.copies += appended.length
  if (appended.some(({ version }, at) => version < (appended[at - 1]?.version ?? 0)))
    errors.push('an older copy came over a newer one')
  for (const { version, mail } of appended) {
    const { text = '' } = await simpleParser(mail)
    const expected = texts[versions.findIndex(({ id }) => id === version)] ?? ''
    if (wordsOf(text) !== wordsOf(expected)) errors.push(`the copy of version ${version} has other words`)
  }
  return errors
}

const wordsOf = (text: string) => text.split(/\s+/).filter(Boolean).join(' ')

/** A copy names its draft and its version in its Message-ID. */
function copiesIn(mails: readonly Buffer[], draftId: string): { version: number; mail: Buffer }[] {
  return mails.flatMap(mail => {
    const [, id, version] = /^([0-9a-f-]+)\.(\d+)@/.exec(idOf(mail)) ?? []
    return id === draftId ? [{ version: Number(version), mail }] : []
  })
}

async function startWriter(dataDir: string): Promise<Writer> {
  const child: ChildProcess = spawn(process.execPath, [entry, dataDir], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let said = ''
  child.stderr?.on('data', chunk => {
    said += chunk
  })
  const ended = once(child, 'close')
  const answers = new Map<number, (value: unknown) => void>()
  const typed: Typed[] = []
  const begins = Promise.withResolvers<void>()
  const ready = Promise.withResolvers<void>()
  const failed = Promise.withResolvers<never>()
  failed.promise.catch(() => {})
  void ended.then(() => failed.reject(new Error(`the program is gone: ${said.slice(-2_000)}`)))
  child.on('message', (told: Told) => {
    if (told.kind === 'typed') typed.push(told)
    else if (told.kind === 'answer') answers.get(told.id)?.(told.value)
    else if (told.kind === 'begins') begins.resolve()
    else if (told.kind === 'ready') ready.resolve()
    else failed.reject(new Error(told.detail))
  })
  let nextId = 1
  const ask = (order: (id: number) => TypingOrder): Promise<unknown> => {
    const id = nextId
    nextId += 1
    const answer = new Promise(answered => answers.set(id, answered))
    child.send(order(id))
    return Promise.race([answer, failed.promise])
  }
  const kill = async () => {
    child.kill('SIGKILL')
    await ended
  }
  await Promise.race([ready.promise, failed.promise])
  return {
    async call(method, ...args) {
      const reply = (await ask(id => ({ do: 'call', id, method, args }))) as Result<Value<typeof method>>
      if (!reply.ok) throw new Error(`${method}: ${JSON.stringify(reply.problem)}`)
      return reply.value
    },
    read: async preview => String(await ask(id => ({ do: 'read', id, preview }))),
    async killWhileTyping(seed, isPlain, ms) {
      child.send({ do: 'type', seed, isPlain } satisfies TypingOrder)
      await Promise.race([begins.promise, failed.promise])
      await new Promise(passed => setTimeout(passed, ms))
      const killedAt = Date.now()
      await kill()
      return { typed, killedAt }
    },
    kill,
  }
}

function accountOf(office: PostOffice) {
  const server = {
    host: '127.0.0.1',
    tls: 'none' as const,
    user: login.user,
    pinnedCertificate: null,
    plaintextConsent: true,
  }
  return {
    id: null,
    label: 'Yuki',
    color: 'indigo' as const,
    identity: { name: 'Yuki', address: 'yuki@example.co.jp' },
    smtp: { ...server, port: office.smtp.port },
    incoming: { kind: 'imap' as const, ...server, port: office.imapPort },
    passwords: { smtp: login.password, incoming: login.password },
  }
}
