/** From Send to handed over, and everything that can be in the way, against a scripted server. */

import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { Account } from '../../../shared/model.ts'
import { fail } from '../../../shared/problem.ts'
import { done, drop, hold, type Reply, reset } from '../../servers/acts.ts'
import {
  type ScriptedSmtp,
  type SmtpOptions,
  type SmtpScript,
  startScriptedSmtp,
} from '../../servers/scripted-smtp.ts'
import { accountFor, buildHouse, type House, password, sha256Of } from './house.ts'

const servers: ScriptedSmtp[] = []
const houses: House[] = []
afterEach(async () => {
  const bugs = houses.flatMap(house => house.bugs)
  for (const house of houses.splice(0)) await house.close()
  for (const server of servers.splice(0)) await server.stop()
  expect(bugs).toEqual([])
})

const users = { yuki: password }
async function serve(script: SmtpScript = {}, options: SmtpOptions = { users }): Promise<ScriptedSmtp> {
  const server = await startScriptedSmtp(script, options)
  servers.push(server)
  return server
}
function houseOf(...accounts: Account[]): House {
  const house = buildHouse(...accounts)
  houses.push(house)
  return house
}
async function build(script: SmtpScript = {}, options?: SmtpOptions, more: Partial<Account> = {}) {
  const server = await serve(script, options)
  return { server, house: houseOf(accountFor(server, more)) }
}
const minutes = (count: number) => count * 60_000
const list = (count: number, reply: Reply): Reply[] => Array.from({ length: count }, () => reply)
const three = ['a@x.org', 'bad@x.org', 'c@x.org'].map(address => ({ name: '', address }))

describe('Send', () => {
  test('holds the mail for the undo window, then hands it over and files the copy', async () => {
    const { server, house } = await build()
    const itemId = await house.send({ bcc: [{ name: 'Hidden', address: 'hidden@example.org' }] })
    expect(house.item(itemId).journey).toMatchObject({
      state: 'held',
      heldFor: 'undo',
      dueAt: house.clock.now() + 10_000,
    })
    expect(server.sessions).toHaveLength(0)
    house.clock.advance(10_000)
    const item = await house.until(itemId, ({ journey }) => journey.sentCopy.state === 'filed')
    expect(item.journey.state).toBe('accepted')
    expect(item.journey.stations.submitted).toMatchObject({ reply: { code: 250 }, queueId: '1' })
    expect(item.journey.recipients.map(({ address, state }) => [address, state])).toEqual([
      ['bob@example.org', 'accepted'],
      ['hidden@example.org', 'accepted'],
    ])
    expect(house.types(itemId)).toEqual([
      'written',
      'held',
      'released',
      'claimed',
      'connected',
      'greeted',
      'authenticated',
      'sender-accepted',
      'recipient-accepted',
      'recipient-accepted',
      'body-started',
      'terminating',
      'accepted',
      'copy-filing',
      'copy-filed',
    ])
    expect(house.sent).toEqual([item.messageIdHeader])
  })

  test('lets the same bytes go that were frozen, to all recipients, with no Bcc in them', async () => {
    const { server, house } = await build()
    const attachment = Buffer.alloc(700_000, 'todoke')
    const bcc = [{ name: 'Hidden', address: 'hidden@example.org' }]
    const itemId = await house.send({ bcc, subject: '件名', text: 'こんにちは' }, null, attachment)
    house.clock.advance(10_000)
    const message = await server.nextMessage()
    const row = house.db.get('SELECT sha256, bytes FROM outbox_item WHERE id = ?', itemId)
    expect(sha256Of(message.data)).toBe(row?.sha256)
    expect(message.data.length).toBe(row?.bytes)
    expect(message.to).toEqual(['bob@example.org', 'hidden@example.org'])
    expect(message.data.toString()).not.toMatch(/^bcc:|hidden/im)
    await house.untilState(itemId, 'accepted')
  })

  test('under another identity writes its name and address, and its copy for oneself stays hidden', async () => {
    const identity = {
      id: 'sales',
      name: '営業部',
      address: 'sales@example.co.jp',
      replyTo: [],
      organisation: '',
      copiesSelf: true,
      signature: null,
    }
    const { server, house } = await build({}, undefined, { identities: [identity] })
    await house.send({ identityId: 'sales' })
    house.clock.advance(10_000)
    const message = await server.nextMessage()
    expect(message.from).toBe('sales@example.co.jp')
    expect(message.to).toEqual(['bob@example.org', 'sales@example.co.jp'])
    expect(message.data.toString()).toMatch(/^From: .*<sales@example\.co\.jp>\r\nTo: bob@example\.org\r\n/m)
    expect(message.data.toString()).not.toMatch(/^bcc:|yuki/im)
  })

  test('takes the draft away in the same moment, and keeps it where Send fails', async () => {
    const { house } = await build()
    const { draftId, revision } = await house.draft()
    expect((await house.outbox.send(draftId, revision, null)).ok).toBe(true)
    expect(house.drafts.get(draftId)).toBeNull()

    const empty = await house.draft({ to: [] })
    expect(await house.outbox.send(empty.draftId, empty.revision, null)).toEqual({
      ok: false,
      problem: { kind: 'no-recipients' },
    })
    const bad = await house.draft({ cc: [{ name: '', address: 'bob' }] })
    expect(await house.outbox.send(bad.draftId, bad.revision, null)).toMatchObject({
      problem: { kind: 'address-invalid', address: 'bob', field: 'cc' },
    })
    expect(await house.outbox.send(bad.draftId, bad.revision - 1, null)).toMatchObject({
      problem: { kind: 'conflict' },
    })
    expect(house.drafts.get(empty.draftId)).not.toBeNull()
    expect(house.drafts.get(bad.draftId)).not.toBeNull()
    expect(house.outbox.list()).toHaveLength(1)
  })

  test('with an attachment that is gone names it, and keeps the draft', async () => {
    const { house } = await build()
    const { draftId, revision } = await house.draft({}, Buffer.from('abc'))
    rmSync(join(house.folder, 'spool'), { recursive: true })
    expect(await house.outbox.send(draftId, revision, null)).toEqual({
      ok: false,
      problem: { kind: 'attachment-missing', name: 'データ.bin' },
    })
    expect(house.drafts.get(draftId)).not.toBeNull()
  })

  test('on a full disk keeps the draft and queues nothing', async () => {
    const { house } = await build()
    const { draftId, revision } = await house.draft({ text: 'x'.repeat(500_000) })
    house.db.run(`PRAGMA max_page_count = ${house.db.get('PRAGMA page_count')?.page_count}`)
    expect(await house.outbox.send(draftId, revision, null)).toEqual({
      ok: false,
      problem: { kind: 'disk-full' },
    })
    expect(house.drafts.get(draftId)).not.toBeNull()
    expect(house.outbox.list()).toEqual([])
    house.db.run('PRAGMA max_page_count = 1000000')
  })

  test('on a disk that takes it and cannot keep it, queues nothing and gives the draft back', async () => {
    const { house } = await build()
    const { draftId, revision } = await house.draft({ subject: 'Kept' }, Buffer.from('abc'))
    const { synced } = house.db
    house.db.synced = async () => {
      throw Object.assign(new Error('disk I/O error'), { errcode: 10 })
    }
    expect(await house.outbox.send(draftId, revision, null)).toMatchObject({ problem: { kind: 'disk' } })
    house.db.synced = synced
    expect(house.outbox.list()).toEqual([])
    const [draft] = house.drafts.list()
    expect(house.drafts.get(draft?.id ?? '')).toMatchObject({
      subject: 'Kept',
      attachments: [{ name: 'データ.bin' }],
    })
  })

  test('pressed twice is one mail', async () => {
    const { house } = await build()
    const { draftId, revision } = await house.draft()
    const [one, two] = await Promise.all([
      house.outbox.send(draftId, revision, null),
      house.outbox.send(draftId, revision, null),
    ])
    expect(one).toEqual(two)
    const itemId = one.ok ? one.value.itemId : ''
    expect(await house.outbox.send(draftId, revision, null)).toEqual({
      ok: false,
      problem: { kind: 'same-mail', itemId },
    })
    expect(house.outbox.list()).toHaveLength(1)
  })

  test('without an undo window goes at once, and a scheduled mail at its time', async () => {
    const { server, house } = await build()
    house.undoSeconds = 0
    const later = await house.send({ subject: 'later' }, house.clock.now() + minutes(60))
    expect(house.item(later).journey).toMatchObject({ state: 'held', heldFor: 'schedule' })
    const now = await house.send({ subject: 'now' })
    await house.untilState(now, 'accepted')
    expect(server.messages).toHaveLength(1)
    house.clock.advance(minutes(60))
    await house.untilState(later, 'accepted')
    expect(server.messages[1]?.data.toString()).toContain('Subject: later')
  })
})

describe('a running queue', () => {
  test('hands mails over one after the other over one connection, two commits each', async () => {
    const { server, house } = await build()
    const ids = []
    for (let count = 0; count < 5; count += 1) ids.push(await house.send({ subject: `mail ${count}` }))
    let commits = 0
    const { transaction, transactionUnsynced } = house.db
    let depth = 0
    const counting =
      (open: typeof transaction): typeof transaction =>
      work => {
        depth += 1
        try {
          return open(work)
        } finally {
          depth -= 1
          if (depth === 0) commits += 1
        }
      }
    house.db.transaction = counting(transaction)
    house.db.transactionUnsynced = counting(transactionUnsynced)
    // Filing is its own step; it would be counted with them.
    house.fileSentCopy = () => new Promise(() => {})
    house.clock.advance(10_000)
    for (const id of ids) await house.untilState(id, 'accepted')
    expect(server.sessions).toHaveLength(1)
    expect(server.messages.map(({ data }) => /mail \d/.exec(data.toString())?.[0])).toEqual([
      'mail 0',
      'mail 1',
      'mail 2',
      'mail 3',
      'mail 4',
    ])
    // The first claim, two for each mail, and what the filing of the first copy notes.
    expect(commits).toBeLessThanOrEqual(1 + 2 * ids.length + 1)
  })

  test('a mail whose end cannot be kept on the disk is not ended, and tried again', async () => {
    const { server, house } = await build()
    const itemId = await house.send()
    const { synced } = house.db
    house.db.synced = async () => {
      const { state, isPastNoReturn } = house.item(itemId).journey
      if (state === 'sending' && isPastNoReturn)
        throw Object.assign(new Error('disk I/O error'), { errcode: 10 })
      return synced()
    }
    house.clock.advance(10_000)
    const { journey } = await house.until(itemId, item => item.journey.problem?.kind === 'disk')
    expect(journey).toMatchObject({ state: 'queued', isPastNoReturn: false })
    expect(server.messages).toEqual([])
    house.db.synced = synced
    house.clock.advance(minutes(2))
    await house.untilState(itemId, 'accepted')
    expect(server.messages).toHaveLength(1)
  })

  test('a word is said to the server only when the claim is on the disk', async () => {
    const { server, house } = await build()
    const itemId = await house.send()
    let keep = () => {}
    const { synced } = house.db
    house.db.synced = () => new Promise(resolve => (keep = () => resolve(synced())))
    house.clock.advance(10_000)
    expect(house.item(itemId).journey.state).toBe('sending')
    for (let turn = 0; turn < 50; turn += 1) await new Promise(resolve => setImmediate(resolve))
    expect(server.sessions).toEqual([])
    house.db.synced = synced
    keep()
    await house.untilState(itemId, 'accepted')
  })

  test('an account that stalls holds nobody else up', async () => {
    const stuck = hold()
    const one = await serve({ mail: stuck })
    const two = await serve()
    const house = houseOf(accountFor(one), accountFor(two, { id: 'other' }))
    const first = await house.send()
    const second = await house.send({ accountId: 'other' })
    house.clock.advance(10_000)
    await stuck.reached
    await house.untilState(second, 'accepted')
    expect(house.item(first).journey.state).toBe('sending')
    stuck.release()
    await house.untilState(first, 'accepted')
  })

  test('says what happens while it happens, with the bytes taken', async () => {
    const atEnd = hold()
    const { house } = await build({ body: atEnd })
    const itemId = await house.send({}, null, Buffer.alloc(1_000_000, 1))
    const phases = new Set<string | null>()
    house.hub.listen(event => {
      if (event.name === 'outbox.changed') phases.add(house.outbox.get(itemId)?.journey.phase ?? null)
    })
    house.clock.advance(10_000)
    const waiting = await house.until(itemId, ({ journey }) => journey.phase === 'awaiting-reply')
    expect([...phases]).toEqual(expect.arrayContaining(['connecting', 'authenticating', 'envelope', 'body']))
    expect(waiting.progress?.total).toBe(waiting.bytes)
    expect(waiting.progress?.sent).toBeGreaterThan(waiting.bytes - 100_000)
    expect(waiting.can).toMatchObject({ cancel: false, edit: false, pause: false })
    expect(await house.outbox.cancel(itemId)).toEqual({ ok: false, problem: { kind: 'past-no-return' } })
    atEnd.release()
    await house.untilState(itemId, 'accepted')
  })

  test('keeps the conversation, without the password', async () => {
    const { house } = await build()
    const itemId = await house.send()
    house.clock.advance(10_000)
    await house.untilState(itemId, 'accepted')
    const transcript = house.outbox.transcript(itemId)
    const text = transcript.ok
      ? transcript.value.map(({ side, text: line }) => `${side} ${line}`).join('\n')
      : ''
    expect(text).toMatch(/client EHLO/)
    expect(text).toMatch(/client AUTH PLAIN \*\*\*/)
    expect(text).toMatch(/server 250 2\.0\.0 Ok: queued as 1/)
    expect(text).not.toContain(Buffer.from(`\0yuki\0${password}`).toString('base64'))
    expect(JSON.stringify(house.db.all('SELECT * FROM ledger'))).not.toContain(password)
  })
})

describe('the weather', () => {
  test.each<[string, SmtpScript]>([
    ['a drop before the greeting', { greeting: [drop()] }],
    ['a drop after RCPT', { rcpt: [drop()] }],
    ['a reset during the body', { data: [reset()] }],
    ['a busy server', { mail: ['451 4.3.0 later'] }],
    ['grey-listing', { rcpt: ['450 4.2.0 grey'] }],
    ['a 4xx after the final dot', { body: ['451 4.3.0 later'] }],
  ])('%s: tried again after a minute, and taken once', async (_what, script) => {
    const { server, house } = await build(script)
    const itemId = await house.send()
    house.clock.advance(10_000)
    const waiting = await house.until(
      itemId,
      ({ journey }) => journey.state === 'queued' && journey.problem !== null,
    )
    expect(waiting.journey.dueAt).toBe(house.clock.now() + minutes(1))
    expect(waiting.can).toMatchObject({ tryNow: true, edit: true, cancel: true })
    house.clock.advance(minutes(1))
    const item = await house.untilState(itemId, 'accepted')
    expect(item.journey.attempt).toBe(2)
    expect(server.messages.filter(({ accepted }) => accepted)).toHaveLength(1)
  })

  test('waits longer each time, and says that it gives up after five days', async () => {
    const { server, house } = await build({ mail: list(100, '451 4.3.0 later') })
    const itemId = await house.send()
    house.clock.advance(10_000)
    const waits: number[] = []
    for (;;) {
      const { journey } = await house.until(
        itemId,
        item => item.journey.state !== 'sending' && item.journey.problem !== null,
      )
      if (journey.state !== 'queued') break
      const wait = (journey.dueAt ?? 0) - house.clock.now()
      waits.push(wait / 60_000)
      house.clock.advance(wait)
      await house.until(itemId, item => item.journey.state === 'sending' || item.journey.state === 'refused')
    }
    expect(waits.slice(0, 6)).toEqual([1, 5, 15, 60, 120, 240])
    expect(house.item(itemId).journey).toMatchObject({ state: 'refused', problem: { kind: 'gave-up' } })
    expect(server.messages).toEqual([])

    expect(house.outbox.tryNow(itemId).ok).toBe(true)
    const again = await house.until(
      itemId,
      item => item.journey.state === 'queued' && item.journey.problem !== null,
    )
    expect((again.journey.dueAt ?? 0) - house.clock.now()).toBe(minutes(1))
  })

  test('"try now" does not wait', async () => {
    const { house } = await build({ mail: ['451 4.3.0 later'] })
    const itemId = await house.send()
    expect(house.outbox.tryNow(itemId)).toEqual({ ok: true, value: { dueAt: house.clock.now() } })
    await house.until(itemId, ({ journey }) => journey.problem !== null)
    house.outbox.tryNow(itemId)
    await house.untilState(itemId, 'accepted')
  })
})

describe('this mail', () => {
  test('that the server is known to be too small for is not queued, and its draft stays', async () => {
    const { house, server } = await build()
    house.limit = 100
    const { draftId, revision } = await house.draft()
    const answer = await house.outbox.send(draftId, revision, null)
    expect(answer).toMatchObject({ ok: false, problem: { kind: 'too-big', limit: 100 } })
    expect(house.drafts.get(draftId)).not.toBeNull()
    expect([house.outbox.list(), server.sessions]).toEqual([[], []])
  })

  test('is refused in the server’s words, can be edited, and is a draft again with its attachment', async () => {
    const { house } = await build({ body: '554 5.7.1 looks like spam' })
    const attachment = Buffer.from('attached')
    const itemId = await house.send(
      { subject: 'S', bcc: [{ name: '', address: 'h@x.org' }] },
      null,
      attachment,
    )
    house.clock.advance(10_000)
    const item = await house.untilState(itemId, 'refused')
    expect(item.journey.problem).toEqual({
      kind: 'refused',
      reply: { code: 554, enhanced: '5.7.1', text: 'looks like spam' },
      step: 'body',
    })
    expect(house.outbox.counts()).toEqual({ sending: 0, waiting: 0, needsYou: 1 })
    const edited = await house.outbox.edit(itemId)
    const draft = edited.ok ? house.drafts.get(edited.value.draftId) : null
    expect(draft).toMatchObject({
      subject: 'S',
      text: 'Hi Bob\n.\n..\n',
      bcc: [{ address: 'h@x.org' }],
      attachments: [{ name: 'データ.bin', bytes: attachment.length, sha256: sha256Of(attachment) }],
    })
    expect(house.outbox.list()).toEqual([])
  })

  test('over the server’s SIZE is refused before DATA', async () => {
    const { server, house } = await build({}, { users, size: 10_000_000 })
    const itemId = await house.send({}, null, Buffer.alloc(30_000_000))
    house.clock.advance(10_000)
    const item = await house.untilState(itemId, 'refused')
    expect(item.journey.problem).toMatchObject({ kind: 'too-big', bytes: item.bytes, limit: 10_000_000 })
    expect(server.commands.join('\n')).not.toMatch(/MAIL|DATA/)
  })

  test('whose attachment has changed since Send does not go, and says so', async () => {
    const { server, house } = await build()
    const itemId = await house.send({}, null, Buffer.from('abc'))
    rmSync(join(house.folder, 'spool'), { recursive: true })
    house.clock.advance(10_000)
    const item = await house.untilState(itemId, 'paused')
    expect(item.journey).toMatchObject({
      pausedFor: 'mail',
      problem: { kind: 'attachment-missing', name: 'データ.bin' },
    })
    expect(server.messages).toEqual([])
  })
})

describe('some refused recipients', () => {
  const script: SmtpScript = { recipients: { 'bad@x.org': '550 5.1.1 unknown' } }

  test('the writer is asked, and the others get it once', async () => {
    const { server, house } = await build(script)
    const itemId = await house.send({ to: three })
    house.clock.advance(10_000)
    const asked = await house.untilState(itemId, 'paused')
    expect(asked.journey.pausedFor).toBe('recipients')
    expect(asked.can).toMatchObject({ chooseRecipients: true, resume: false, edit: true })
    expect(asked.journey.recipients.map(({ state }) => state)).toEqual(['paused', 'refused', 'paused'])
    expect(server.messages).toEqual([])

    expect(house.outbox.chooseRecipients(itemId, 'send-to-others')).toEqual({
      ok: true,
      value: { chosen: true },
    })
    const item = await house.untilState(itemId, 'accepted')
    expect(server.messages.map(({ to }) => to)).toEqual([['a@x.org', 'c@x.org']])
    expect(item.journey.recipients.map(({ state }) => state)).toEqual(['accepted', 'refused', 'accepted'])
  })

  test('or nobody gets it', async () => {
    const { server, house } = await build(script)
    const itemId = await house.send({ to: three })
    house.clock.advance(10_000)
    await house.untilState(itemId, 'paused')
    house.outbox.chooseRecipients(itemId, 'cancel')
    expect(house.item(itemId).journey.state).toBe('cancelled')
    expect(server.messages).toEqual([])
  })
})

describe('the account', () => {
  test('with a wrong password pauses all its mails, consumes no attempt, and goes on when it is mended', async () => {
    const { server, house } = await build()
    house.passwords.set('account', 'wrong')
    const status: string[] = []
    house.hub.listen(event => {
      if (event.name === 'status.changed') status.push(...event.payload.accountIds)
    })
    const ids = [await house.send(), await house.send(), await house.send()]
    const scheduled = await house.send({}, house.clock.now() + minutes(60))
    house.clock.advance(10_000)
    for (const id of ids) {
      const item = await house.untilState(id, 'paused')
      expect(item.journey).toMatchObject({ pausedFor: 'account', problem: { kind: 'authentication' } })
    }
    expect(status).toEqual(['account'])
    expect(house.outbox.outgoing('account')).toMatchObject({ state: 'paused', until: null })
    expect(server.commands.filter(command => command.startsWith('AUTH'))).toHaveLength(1)
    expect(house.item(scheduled).journey.state).toBe('held')
    // A new mail does not try the wrong password again.
    const late = await house.send()
    house.clock.advance(10_000)
    await house.untilState(late, 'paused')
    expect(server.commands.filter(command => command.startsWith('AUTH'))).toHaveLength(1)

    house.passwords.set('account', password)
    house.outbox.resumeAccount('account')
    for (const id of [...ids, late]) await house.untilState(id, 'accepted')
    expect(house.outbox.outgoing('account')).toEqual({ state: 'ready' })
    expect(house.item(scheduled).journey.state).toBe('held')
    expect(house.ledger(ids[0] ?? '').some(({ type }) => type === 'deferred')).toBe(false)
  })

  test('that is slowed down waits a quarter of an hour and goes on by itself', async () => {
    const { house } = await build({ greeting: ['421 4.7.0 slow down'] })
    const itemId = await house.send()
    house.clock.advance(10_000)
    await house.untilState(itemId, 'paused')
    expect(house.outbox.outgoing('account')).toMatchObject({ until: house.clock.now() + minutes(15) })
    expect(house.outbox.counts()).toEqual({ sending: 0, waiting: 1, needsYou: 0 })
    house.clock.advance(minutes(15))
    await house.untilState(itemId, 'accepted')
  })

  test('without STARTTLS or with an untrusted certificate sends nothing', async () => {
    const server = await serve()
    const base = accountFor(server)
    const house = houseOf({ ...base, smtp: { ...base.smtp, tls: 'starttls' } })
    const itemId = await house.send()
    house.clock.advance(10_000)
    const item = await house.untilState(itemId, 'paused')
    expect(item.journey.problem).toEqual({ kind: 'tls-not-offered', host: '127.0.0.1' })
    expect(server.commands.join('\n')).not.toMatch(/AUTH|MAIL/)
  })

  test('without a password waits for one, also after a restart', async () => {
    const { house } = await build()
    house.passwords.delete('account')
    const itemId = await house.send()
    house.clock.advance(10_000)
    await house.untilState(itemId, 'paused')
    house.restart()
    await house.until(itemId, ({ journey }) => journey.state === 'paused' && journey.attempt === 2)
    house.passwords.set('account', password)
    house.outbox.resumeAccount('account')
    await house.untilState(itemId, 'accepted')
  })

  test('that is removed takes its mails along, and what runs is not taken', async () => {
    const atRcpt = hold()
    const { server, house } = await build({ rcpt: atRcpt })
    await house.send()
    await house.send({}, house.clock.now() + minutes(5))
    house.clock.advance(10_000)
    await atRcpt.reached
    expect(house.outbox.waitingOf('account')).toBe(2)
    house.db.transaction(() => house.outbox.removeOfAccountWithin('account'))
    house.accounts.delete('account')
    await server.waitFor(() => server.sessions[0]?.wire.isClosed())
    expect(house.outbox.list()).toEqual([])
    expect(server.messages).toEqual([])
  })
})

describe('an unknown outcome', () => {
  const lostReply: SmtpScript = { body: [done(drop())] }

  test('is held, never sent again by itself, and decided by the person', async () => {
    const { server, house } = await build(lostReply)
    const itemId = await house.send()
    house.clock.advance(10_000)
    const item = await house.untilState(itemId, 'uncertain')
    expect(item.can).toMatchObject({
      decideOutcome: true,
      cancel: false,
      edit: false,
      tryNow: false,
      remove: false,
    })
    for (let hour = 0; hour < 24; hour += 1) house.clock.advance(minutes(60))
    house.restart()
    house.clock.advance(minutes(60))
    expect(house.item(itemId).journey.state).toBe('uncertain')
    expect(server.commands.filter(command => command.startsWith('MAIL'))).toHaveLength(1)
    expect(house.outbox.tryNow(itemId).ok).toBe(false)

    expect(house.outbox.decideOutcome(itemId, 'send-again')).toEqual({ ok: true, value: { decided: true } })
    await house.untilState(itemId, 'accepted')
    expect(server.messages).toHaveLength(2)
    const [one, two] = server.messages
    expect(one?.data.equals(two?.data ?? Buffer.alloc(0))).toBe(true)
  })

  test('is resolved by the copy that the server filed itself, whenever it shows up', async () => {
    const { server, house } = await build(lostReply)
    const itemId = await house.send()
    house.clock.advance(10_000)
    const item = await house.untilState(itemId, 'uncertain')
    const asked: number[] = []
    const startedAt = house.clock.now()
    house.findSentCopy = async ({ messageIdHeader }) => {
      asked.push(house.clock.now() - startedAt)
      return {
        ok: true,
        value: { isThere: asked.length === 3 && messageIdHeader === item.messageIdHeader, folder: 'Sent' },
      }
    }
    for (const wait of [0, 10_000, 50_000]) {
      house.clock.advance(wait)
      await new Promise(resolve => setImmediate(resolve))
    }
    const found = await house.untilState(itemId, 'accepted')
    expect(asked.at(-1)).toBe(60_000)
    expect(found.journey.sentCopy).toMatchObject({ state: 'filed', how: 'found' })
    expect(house.ledger(itemId).at(-2)).toMatchObject({ type: 'reconciled', proof: 'sent-copy' })
    expect(server.messages).toHaveLength(1)
  })

  test('says how often it was looked for, when next, and why a look failed', async () => {
    const { house } = await build(lostReply)
    house.findSentCopy = async () => fail({ kind: 'offline' })
    const itemId = await house.send()
    house.clock.advance(10_000)
    await house.untilState(itemId, 'uncertain')
    house.clock.advance(0)
    const { search } = await house.until(itemId, item => item.search?.looks === 1)
    const at = house.clock.now()
    expect(search).toEqual({ looks: 1, lastAt: at, nextAt: at + 10_000, problem: { kind: 'offline' } })
    house.findSentCopy = async () => ({ ok: true, value: { isThere: false } })
    for (const [wait, looks] of [
      [10_000, 2],
      [50_000, 3],
      [240_000, 4],
    ] as const) {
      house.clock.advance(wait)
      await house.until(itemId, item => item.search?.looks === looks)
    }
    expect(house.item(itemId).search).toMatchObject({ looks: 4, nextAt: null, problem: null })
  })

  test('is looked for after 0, 10, 60 and 300 seconds and then whenever the account was synced', async () => {
    const { server, house } = await build(lostReply)
    const asked: number[] = []
    let isThere = false
    const itemId = await house.send()
    house.clock.advance(10_000)
    const startedAt = house.clock.now()
    house.findSentCopy = async () => {
      asked.push((house.clock.now() - startedAt) / 1_000)
      return { ok: true, value: { isThere, folder: 'Sent' } }
    }
    await house.untilState(itemId, 'uncertain')
    for (let second = 0; second < 1_000; second += 1) {
      house.clock.advance(1_000)
      await new Promise(resolve => setImmediate(resolve))
    }
    expect(asked).toHaveLength(4)
    for (const [turn, after] of [0, 10, 60, 300].entries()) {
      // A look begins when the one before has its answer.
      expect(Math.abs((asked[turn] ?? -1) - after)).toBeLessThanOrEqual(4)
    }
    house.outbox.mailboxSynced('another account')
    house.outbox.mailboxSynced('account')
    house.outbox.mailboxSynced('account')
    await new Promise(resolve => setImmediate(resolve))
    expect(asked).toHaveLength(5)
    expect(house.item(itemId).journey.state).toBe('uncertain')
    isThere = true
    house.outbox.mailboxSynced('account')
    await house.untilState(itemId, 'accepted')
    expect([asked.length, server.messages.length]).toEqual([6, 1])
  })

  test('said to have been handed over is filed in Sent; said not to be sent is gone but remembered', async () => {
    const { house } = await build({ body: [done(drop()), done(drop())] })
    const one = await house.send()
    const two = await house.send()
    house.clock.advance(10_000)
    await house.untilState(one, 'uncertain')
    await house.untilState(two, 'uncertain')
    house.outbox.decideOutcome(one, 'handed-over')
    await house.until(one, ({ journey }) => journey.sentCopy.state === 'filed')
    house.outbox.decideOutcome(two, 'do-not-send')
    expect(house.item(two).journey.state).toBe('cancelled')
    expect(house.outbox.remove(two).ok).toBe(true)
    expect(house.outbox.list().map(({ id }) => id)).toEqual([one])
    // Its bytes may be out: a report that comes still finds it.
    expect(house.outbox.get(two)).not.toBeNull()
  })
})

describe('killed and started again', () => {
  test('at the claim: the mail is queued again and taken once', async () => {
    const atMail = hold()
    const { server, house } = await build({ mail: [atMail] })
    const itemId = await house.send()
    house.clock.advance(10_000)
    await atMail.reached
    expect(house.types(itemId).at(-1)).toBe('claimed')
    house.restart()
    const item = await house.untilState(itemId, 'accepted')
    expect(item.journey.attempt).toBe(2)
    expect(house.ledger(itemId).filter(({ type }) => type === 'released')).toHaveLength(2)
    expect(server.messages).toHaveLength(1)
  })

  test('after the last bytes: the outcome is unknown, and it is not sent again', async () => {
    const atEnd = hold()
    const { server, house } = await build({ body: [atEnd] })
    const itemId = await house.send()
    house.clock.advance(10_000)
    await atEnd.reached
    expect(house.types(itemId).at(-1)).toBe('terminating')
    house.restart()
    expect(house.item(itemId).journey).toMatchObject({ state: 'uncertain', isPastNoReturn: true })
    house.clock.advance(minutes(600))
    expect(house.item(itemId).journey.state).toBe('uncertain')
    expect(server.commands.filter(command => command.startsWith('MAIL'))).toHaveLength(1)
  })

  test('between handing over and filing: only the copy is filed', async () => {
    const { server, house } = await build()
    house.fileSentCopy = () => new Promise(() => {})
    const itemId = await house.send()
    house.clock.advance(10_000)
    await house.until(itemId, ({ journey }) => journey.sentCopy.state === 'filing')
    house.fileSentCopy = async () => ({ ok: true, value: { how: 'appended', folder: 'Sent' } })
    house.restart()
    await house.until(itemId, ({ journey }) => journey.sentCopy.state === 'filed')
    expect(server.messages).toHaveLength(1)
  })

  test('while held: it still waits for its time', async () => {
    const { server, house } = await build()
    const itemId = await house.send()
    house.clock.advance(4_000)
    house.restart()
    expect(house.item(itemId).journey.state).toBe('held')
    house.clock.advance(5_999)
    expect(server.sessions).toHaveLength(0)
    house.clock.advance(1)
    await house.untilState(itemId, 'accepted')
  })
})

describe('the person', () => {
  test('undoes within the window: the draft is back, nothing was sent', async () => {
    const { server, house } = await build()
    const itemId = await house.send({ text: 'oops' })
    house.clock.advance(9_999)
    const edited = await house.outbox.edit(itemId)
    expect(edited.ok && house.drafts.get(edited.value.draftId)?.text).toBe('oops')
    house.clock.advance(minutes(10))
    expect(server.sessions).toHaveLength(0)
    expect(house.outbox.get(itemId)).toBeNull()
  })

  test('cancels; the words stay and can be edited still', async () => {
    const { house } = await build()
    const itemId = await house.send({ text: 'words' })
    expect(await house.outbox.cancel(itemId)).toEqual({ ok: true, value: { cancelled: true } })
    expect(house.item(itemId)).toMatchObject({
      journey: { state: 'cancelled' },
      can: { edit: true, remove: true },
    })
    const edited = await house.outbox.edit(itemId)
    expect(edited.ok && house.drafts.get(edited.value.draftId)?.text).toBe('words')
  })

  test.each(['cancel', 'edit', 'pause'] as const)(
    'can %s while it is being sent, before the last bytes',
    async what => {
      const atRcpt = hold()
      const { server, house } = await build({ rcpt: [atRcpt] })
      const itemId = await house.send()
      house.clock.advance(10_000)
      await atRcpt.reached
      expect((await house.outbox[what](itemId)).ok).toBe(true)
      expect(house.outbox.get(itemId)?.journey.state ?? 'gone').toBe(
        { cancel: 'cancelled', edit: 'gone', pause: 'paused' }[what],
      )
      expect(server.messages).toEqual([])
      expect(house.drafts.list()).toHaveLength(what === 'edit' ? 1 : 0)
    },
  )

  test('pauses a scheduled mail and resumes it to its time', async () => {
    const { house } = await build()
    const at = house.clock.now() + minutes(60)
    const itemId = await house.send({}, at)
    await house.outbox.pause(itemId)
    house.clock.advance(minutes(10))
    expect(house.item(itemId).journey).toMatchObject({ state: 'paused', pausedFor: 'person' })
    expect(house.outbox.counts()).toEqual({ sending: 0, waiting: 1, needsYou: 0 })
    expect(house.outbox.resume(itemId)).toEqual({ ok: true, value: { dueAt: at } })
    expect(house.item(itemId).journey).toMatchObject({ state: 'held', dueAt: at, heldFor: 'schedule' })
    await house.outbox.pause(itemId)
    house.clock.advance(minutes(60))
    house.outbox.resume(itemId)
    await house.untilState(itemId, 'accepted')
  })

  test('does nothing that is not possible now', async () => {
    const { house } = await build()
    const itemId = await house.send()
    house.clock.advance(10_000)
    await house.untilState(itemId, 'accepted')
    for (const act of [house.outbox.cancel, house.outbox.edit, house.outbox.pause]) {
      expect(await act(itemId)).toEqual({ ok: false, problem: { kind: 'past-no-return' } })
    }
    expect(house.outbox.resume(itemId)).toEqual({ ok: false, problem: { kind: 'not-now', what: 'accepted' } })
    expect(house.outbox.tryNow('nothing')).toEqual({
      ok: false,
      problem: { kind: 'not-found', what: 'mail' },
    })
  })

  test('takes a handed-over mail off the list; its way is still known', async () => {
    const { house } = await build()
    const itemId = await house.send()
    house.clock.advance(10_000)
    const item = await house.until(itemId, ({ journey }) => journey.sentCopy.state === 'filed')
    expect(house.outbox.itemOfMessageId(item.messageIdHeader)).toBe(itemId)
    house.outbox.remove(itemId)
    expect(house.outbox.list()).toEqual([])
    expect(house.outbox.get(itemId)?.journey.state).toBe('accepted')
  })

  test('saves the mail as a file with its Bcc, and never over another file', async () => {
    const { house } = await build()
    const itemId = await house.send({ bcc: [{ name: '', address: 'hidden@example.org' }] })
    expect(await house.outbox.saveAs(itemId)).toEqual({ ok: true, value: { savedAs: null, leftOut: [] } })
    house.saveTo = join(house.folder, 'mail.eml')
    expect(await house.outbox.saveAs(itemId)).toEqual({
      ok: true,
      value: { savedAs: house.saveTo, leftOut: [] },
    })
    expect(readFileSync(house.saveTo, 'utf8')).toContain('Bcc: hidden@example.org')
    expect(await house.outbox.saveAs(itemId)).toEqual({
      ok: false,
      problem: { kind: 'disk', detail: 'EEXIST' },
    })
    expect(readFileSync(house.saveTo, 'utf8')).toContain('Bcc')
  })

  test('opens a composer: the connection is ready when Send is pressed', async () => {
    const { server, house } = await build()
    house.undoSeconds = 0
    house.outbox.warm('account')
    await server.nextCommand(/^AUTH/)
    const itemId = await house.send()
    const item = await house.untilState(itemId, 'accepted')
    expect(item.journey.stations.connected).toMatchObject({ isReused: true })
    expect(server.sessions).toHaveLength(1)
  })
})

test('attachments are needed as long as the mail may be sent, edited, filed or saved', async () => {
  const { house } = await build()
  const attachment = Buffer.from('needed')
  const itemId = await house.send({}, null, attachment)
  expect(house.outbox.hashes()).toEqual([sha256Of(attachment)])
  house.clock.advance(10_000)
  await house.until(itemId, ({ journey }) => journey.sentCopy.state === 'filed')
  expect(house.outbox.hashes()).toEqual([sha256Of(attachment)])
  house.clock.advance(minutes(25 * 60))
  expect(house.outbox.hashes()).toEqual([])
  expect(house.outbox.list()).toEqual([])
})

test('stopping lets a running mail come to its end', async () => {
  const atEnd = hold()
  const { house } = await build({ body: atEnd })
  const itemId = await house.send()
  house.clock.advance(10_000)
  await atEnd.reached
  expect(house.outbox.unfinished()).toEqual({ sending: 1, held: 0 })
  const stopped = house.outbox.stop()
  atEnd.release()
  await stopped
  expect(house.item(itemId).journey.state).toBe('accepted')
})

test('stopping takes a mail back that hangs before its last bytes', async () => {
  const atRcpt = hold()
  const { house } = await build({ rcpt: atRcpt })
  const itemId = await house.send()
  house.clock.advance(10_000)
  await atRcpt.reached
  const stopped = house.outbox.stop()
  house.clock.advance(10_000)
  await stopped
  expect(house.item(itemId).journey.state).toBe('queued')
})
