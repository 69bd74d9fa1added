// Ten recipients of whom the server takes some, puts off some and refuses some, with lost connections between: whoever
// has the mail is never offered it again, and a wrong address can be set right.

import { simpleParser } from 'mailparser'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { drop, reset } from '../../servers/acts.ts'
import { type ScriptedSmtp, type SmtpScript, startScriptedSmtp } from '../../servers/scripted-smtp.ts'
import { accountFor, buildHouse, type House, password, sha256Of } from './house.ts'

const servers: ScriptedSmtp[] = []
const houses: House[] = []
afterEach(async () => {
  const bugs = houses.flatMap(house => house.bugs)
  for (const house of houses.splice(0)) await house.close()
  for (const server of servers.splice(0)) await server.stop()
  expect(bugs).toEqual([])
})

async function build(script: SmtpScript) {
  const server = await startScriptedSmtp(script, { users: { yuki: password } })
  servers.push(server)
  const house = buildHouse(accountFor(server))
  houses.push(house)
  house.undoSeconds = 0
  return { server, house }
}

const addresses = (people: readonly string[]) => people.map(address => ({ name: '', address }))
const ten = Array.from({ length: 10 }, (_, index) => `r${index}@x.org`)

/** The same numbers in [0, 1) from the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** By recipient: how often the server took the mail for it. */
function takenBy(server: ScriptedSmtp): Map<string, number> {
  const taken = new Map<string, number>()
  for (const { accepted, to } of server.messages) {
    if (accepted) for (const recipient of to) taken.set(recipient, (taken.get(recipient) ?? 0) + 1)
  }
  return taken
}

describe('ten recipients, mixed', () => {
  const mixes = Array.from({ length: 50 }, (_, seed) => seed + 1)
  test.each(mixes)('mix %i: nobody who has it is offered it again', async seed => {
    const random = randomFrom(seed)
    const taken = new Set<string>()
    let offeredToTaken = 0
    let drops = Math.floor(random() * 3)
    const replies = new Map(
      ten.map(address => {
        const draw = random()
        const refusals = draw < 0.2 ? 1 + Math.floor(random() * 5) : 0
        return [address, { isUnknown: draw > 0.85, refusals }]
      }),
    )
    const places = ['mail', 'rcpt', 'data'] as const
    const place = places[Math.floor(random() * places.length)]
    const way = random() < 0.5 ? drop : reset
    const lost = (at: (typeof places)[number]) => {
      if (at !== place || drops === 0) return undefined
      drops -= 1
      return way()
    }
    const { server, house } = await build({
      mail: () => lost('mail'),
      data: () => lost('data'),
      rcpt: ({ address }) => {
        if (taken.has(address)) offeredToTaken += 1
        const reply = replies.get(address)
        if (reply === undefined) return undefined
        if (reply.isUnknown) return '550 5.1.1 Unknown'
        if (reply.refusals > 0) {
          reply.refusals -= 1
          return '450 4.2.0 Come back later'
        }
        return lost('rcpt')
      },
      body: ({ message }) => {
        for (const address of message?.to ?? []) taken.add(address)
        return undefined
      },
    })
    const [first, second, third] = [ten.slice(0, 4), ten.slice(4, 8), ten.slice(8)]
    const itemId = await house.send({
      to: addresses(first),
      cc: addresses(second),
      bcc: addresses(third),
    })
    await bringHome(house, itemId, random)
    const { journey } = house.item(itemId)
    const counts = takenBy(server)
    const known = ten.filter(address => replies.get(address)?.isUnknown !== true)
    expect(offeredToTaken).toBe(0)
    expect([...counts.values()].filter(times => times > 1)).toEqual([])
    if (known.length > 0) expect(journey.state).toBe('accepted')
    // Whoever is said to have it has it, and the other way round.
    const said = journey.recipients.filter(({ state }) => state === 'accepted').map(({ address }) => address)
    expect(said.sort()).toEqual([...counts.keys()].sort())
    for (const { address, state } of journey.recipients) {
      if (replies.get(address)?.isUnknown) expect(state).toBe('refused')
    }
    // Whoever could not be reached gets it at another address, and nobody else hears of it once more.
    const others = journey.recipients.filter(({ state }) => state === 'refused')
    for (const { address } of others) {
      const corrected = await house.outbox.correctRecipient(itemId, address, `new-${address}`)
      if (!corrected.ok) throw new Error(corrected.problem.kind)
      await bringHome(house, corrected.value.itemId, random)
    }
    const after = takenBy(server)
    expect(offeredToTaken).toBe(0)
    expect([...after.values()].filter(times => times > 1)).toEqual([])
    expect(others.filter(({ address }) => !after.has(`new-${address}`))).toEqual([])
    totals.mixes += 1
    totals.offeredToTaken += offeredToTaken
    totals.taken += after.size
    totals.corrected += others.length
  })

  afterAll(() => {
    const { mixes: count, taken, corrected, offeredToTaken } = totals
    console.log(
      `Shows 4: ${count} mixes of 10, ${taken} recipients have the mail, ${corrected} of them at a corrected address; offered again to one who had it: ${offeredToTaken}`,
    )
  })
})

const totals = { mixes: 0, taken: 0, corrected: 0, offeredToTaken: 0 }

/** Tries again and chooses as a person would, until the mail is over; now and then the program is killed between. */
async function bringHome(house: House, itemId: string, random: () => number): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) {
    const { journey } = await house.until(
      itemId,
      ({ journey: now }) => now.state !== 'sending' && !(now.state === 'queued' && now.dueAt === null),
    )
    if (journey.state === 'accepted' || journey.state === 'refused') return
    if (random() < 0.2) house.restart()
    if (journey.pausedFor === 'recipients') house.outbox.chooseRecipients(itemId, 'send-to-others')
    else if (journey.state === 'queued') house.outbox.tryNow(itemId)
    await new Promise(resolve => setImmediate(resolve))
  }
}

describe('500 recipients', () => {
  const many = Array.from({ length: 500 }, (_, index) => `r${index}@x.org`)

  test('are one mail in one envelope', async () => {
    const { server, house } = await build({})
    const itemId = await house.send({ to: addresses(many) })
    await house.untilState(itemId, 'accepted')
    expect(server.messages.map(({ to }) => to)).toEqual([many])
    expect(house.db.get('SELECT count(*) AS count FROM outbox_item')?.count).toBe(1)
  })

  test('of whom the server takes only some at once are asked about at once, and nobody has the mail', async () => {
    let taken = 0
    const { server, house } = await build({
      rcpt: () => {
        taken += 1
        return taken > 100 ? '452 4.5.3 Too many recipients' : undefined
      },
    })
    const itemId = await house.send({ to: addresses(many) })
    const { journey } = await house.until(
      itemId,
      ({ journey: now }) => now.state === 'paused' || (now.state === 'queued' && now.dueAt !== null),
    )
    expect(journey).toMatchObject({ state: 'paused', pausedFor: 'recipients' })
    expect(server.messages.filter(({ accepted }) => accepted)).toEqual([])
  })
})

test('emoji cut anywhere are whole in the row of the outbox and on the wire', async () => {
  const { server, house } = await build({})
  for (const lead of ['', 'x']) {
    const family = `${lead}${'👩‍👩‍👧😀'.repeat(120)}`
    // The last sign was cut where it was typed: no text of UTF-8 can hold it.
    const subject = `${lead}${'😀'.repeat(60)}\ud83d`
    const itemId = await house.send({ to: addresses(['a@x.org']), subject, text: family })
    const item = await house.untilState(itemId, 'accepted')
    expect(item.preview.isWellFormed()).toBe(true)
    expect(family.startsWith(item.preview)).toBe(true)
    expect(item.subject.isWellFormed()).toBe(true)
    const wire = await simpleParser(server.messages.at(-1)?.data ?? Buffer.alloc(0))
    expect(wire.text?.trim()).toBe(family)
    expect(wire.subject).toBe(subject.toWellFormed())
  }
})

describe('correcting an address', () => {
  test('before anybody has the mail sends the whole of it once, to the right people', async () => {
    const { server, house } = await build({ recipients: { 'bod@x.org': '550 5.1.1 Unknown' } })
    const itemId = await house.send({
      to: [{ name: 'Bob', address: 'bod@x.org' }],
      cc: addresses(['a@x.org']),
    })
    const asked = await house.untilState(itemId, 'paused')
    expect(asked.can.correctRecipient).toBe(true)
    expect(await house.outbox.correctRecipient(itemId, 'bod@x.org', 'bob@x.org')).toEqual({
      ok: true,
      value: { itemId },
    })
    const item = await house.untilState(itemId, 'accepted')
    const [message] = server.messages
    expect(server.messages).toHaveLength(1)
    expect(message?.to).toEqual(['bob@x.org', 'a@x.org'])
    expect(message?.data.toString()).toMatch(/^To: Bob <bob@x\.org>\r$/m)
    expect(message?.data.toString()).toContain(`Message-ID: <${asked.messageIdHeader}>`)
    expect(message?.data.toString()).not.toContain('bod@')
    expect(sha256Of(message?.data ?? Buffer.alloc(0))).toBe(
      house.db.get('SELECT sha256 FROM outbox_item WHERE id = ?', itemId)?.sha256,
    )
    expect(item.journey.recipients.map(({ address, state }) => [address, state])).toEqual([
      ['bob@x.org', 'accepted'],
      ['a@x.org', 'accepted'],
    ])
    expect(item.to).toEqual([{ name: 'Bob', address: 'bob@x.org' }])
  })

  test('after the others have it takes the same bytes to the right one alone', async () => {
    const { server, house } = await build({ recipients: { 'bod@x.org': '550 5.1.1 Unknown' } })
    const itemId = await house.send({ to: addresses(['bod@x.org', 'a@x.org']), bcc: addresses(['c@x.org']) })
    await house.untilState(itemId, 'paused')
    house.outbox.chooseRecipients(itemId, 'send-to-others')
    const first = await house.until(itemId, ({ journey }) => journey.sentCopy.state === 'filed')
    expect(first.can.correctRecipient).toBe(true)
    const corrected = await house.outbox.correctRecipient(itemId, 'bod@x.org', 'bob@x.org')
    if (!corrected.ok) throw new Error(corrected.problem.kind)
    const apart = await house.until(
      corrected.value.itemId,
      ({ journey }) => journey.sentCopy.state === 'filed',
    )
    expect(apart.id).not.toBe(itemId)
    expect(apart.to).toEqual(addresses(['bob@x.org']))
    expect(server.messages.map(({ to }) => to)).toEqual([['a@x.org', 'c@x.org'], ['bob@x.org']])
    expect(server.messages[0]?.data.equals(server.messages[1]?.data ?? Buffer.alloc(0))).toBe(true)
    // One mail, one copy.
    expect(house.sent).toEqual([first.messageIdHeader])
    expect(apart.messageIdHeader).toBe(first.messageIdHeader)
    const bod = house.item(itemId).journey.recipients.find(({ address }) => address === 'bod@x.org')
    expect(bod).toMatchObject({ state: 'refused', correctedTo: 'bob@x.org' })
    expect(house.item(itemId).can.correctRecipient).toBe(false)
    expect(await house.outbox.correctRecipient(itemId, 'bod@x.org', 'rob@x.org')).toMatchObject({ ok: false })
    expect(house.outbox.itemOfMessageId(first.messageIdHeader)).toBe(itemId)
  })

  test('after a report that somebody did not get it takes the same bytes to the right address alone', async () => {
    const { server, house } = await build({})
    const itemId = await house.send({ to: addresses(['bod@x.org', 'a@x.org']) })
    const first = await house.until(itemId, ({ journey }) => journey.sentCopy.state === 'filed')
    expect(first.can.correctRecipient).toBe(false)
    house.db.run(
      `INSERT INTO ledger (item_id, at, attempt, type, data) VALUES (?, ?, 1, 'failed', ?)`,
      itemId,
      house.clock.now(),
      JSON.stringify({ recipient: 'bod@x.org', text: '550 5.1.1 User unknown', status: '5.1.1' }),
    )
    expect(house.item(itemId).can.correctRecipient).toBe(true)
    const corrected = await house.outbox.correctRecipient(itemId, 'bod@x.org', 'bob@x.org')
    if (!corrected.ok) throw new Error(corrected.problem.kind)
    await house.untilState(corrected.value.itemId, 'accepted')
    expect(server.messages.map(({ to }) => to)).toEqual([['bod@x.org', 'a@x.org'], ['bob@x.org']])
    expect(server.messages[0]?.data.equals(server.messages[1]?.data ?? Buffer.alloc(0))).toBe(true)
    const bod = house.item(itemId).journey.recipients.find(({ address }) => address === 'bod@x.org')
    expect(bod).toMatchObject({ state: 'failed', correctedTo: 'bob@x.org' })
    expect(await house.outbox.correctRecipient(itemId, 'a@x.org', 'c@x.org')).toMatchObject({ ok: false })
  })

  test('refuses what is no address, somebody who gets it anyway, and one that was not refused', async () => {
    const { server, house } = await build({ recipients: { 'bod@x.org': '550 5.1.1 Unknown' } })
    const itemId = await house.send({ to: addresses(['bod@x.org', 'a@x.org']) })
    await house.untilState(itemId, 'paused')
    expect(await house.outbox.correctRecipient(itemId, 'bod@x.org', 'bob')).toMatchObject({
      problem: { kind: 'address-invalid', address: 'bob' },
    })
    expect(await house.outbox.correctRecipient(itemId, 'bod@x.org', 'A@x.org ')).toMatchObject({
      problem: { kind: 'invalid', reason: 'already-recipient' },
    })
    expect(await house.outbox.correctRecipient(itemId, 'a@x.org', 'b@x.org')).toMatchObject({ ok: false })
    expect(
      await house.outbox.correctRecipient(itemId, 'bod@x.org', 'b@x.org\r\nRCPT TO:<d@x.org>'),
    ).toMatchObject({
      problem: { kind: 'address-invalid' },
    })
    expect(house.item(itemId).journey.state).toBe('paused')
    expect(server.messages).toEqual([])
  })

  test('survives a kill: it is either corrected or not', async () => {
    const { server, house } = await build({ recipients: { 'bod@x.org': '550 5.1.1 Unknown' } })
    const itemId = await house.send({ to: addresses(['bod@x.org', 'a@x.org']) })
    await house.untilState(itemId, 'paused')
    await house.outbox.correctRecipient(itemId, 'bod@x.org', 'bob@x.org')
    house.restart()
    await house.untilState(itemId, 'accepted')
    expect(server.messages.filter(({ accepted }) => accepted).map(({ to }) => to)).toEqual([
      ['bob@x.org', 'a@x.org'],
    ])
  })
})

describe('a preference makes the choice ahead', () => {
  const recipients = { 'bad@x.org': '550 5.1.1 Unknown' }
  test('the others get it once, and the ledger says why', async () => {
    const { server, house } = await build({ recipients })
    house.whenSomeRefused = 'send-to-others'
    const itemId = await house.send({ to: addresses(['a@x.org', 'bad@x.org']) })
    await house.untilState(itemId, 'accepted')
    expect(server.messages.map(({ to }) => to)).toEqual([['a@x.org']])
    expect(house.types(itemId)).toEqual(expect.arrayContaining(['paused', 'chosen', 'accepted']))
  })

  test('or nobody gets it', async () => {
    const { server, house } = await build({ recipients })
    house.whenSomeRefused = 'cancel'
    const itemId = await house.send({ to: addresses(['a@x.org', 'bad@x.org']) })
    await house.untilState(itemId, 'cancelled')
    expect(server.messages).toEqual([])
  })

  test('but with nobody left the writer is told', async () => {
    const { house } = await build({
      recipients: { 'bad@x.org': '550 5.1.1 Unknown', 'b@x.org': '450 4.2.0 Later' },
    })
    house.whenSomeRefused = 'send-to-others'
    const itemId = await house.send({ to: addresses(['bad@x.org', 'b@x.org']) })
    expect((await house.untilState(itemId, 'paused')).journey.pausedFor).toBe('recipients')
  })
})
