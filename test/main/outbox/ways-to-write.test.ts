// Every way in which a mail comes to be and goes: who is named in the fields is who the server hears of, and nobody else
// learns of a hidden reader.

import { simpleParser } from 'mailparser'
import { afterAll, afterEach, expect, test } from 'vitest'
import { wireAddress } from '../../../main/mime/recipe.ts'
import { chipFault, committed, fieldOf } from '../../../renderer/compose/chips.ts'
import { parseMailto } from '../../../shared/mailto.ts'
import type { Address, DraftContent } from '../../../shared/model.ts'
import { done, drop } from '../../servers/acts.ts'
import {
  type ScriptedSmtp,
  type SmtpMessage,
  type SmtpScript,
  startScriptedSmtp,
} from '../../servers/scripted-smtp.ts'
import { aMessage } from '../../support/builders.ts'
import { addressStrings } from './address-strings.ts'
import { accountFor, buildHouse, type House, password } from './house.ts'

const servers: ScriptedSmtp[] = []
const houses: House[] = []
afterEach(async () => {
  const bugs = houses.flatMap(house => house.bugs)
  for (const house of houses.splice(0)) await house.close()
  for (const server of servers.splice(0)) await server.stop()
  expect(bugs).toEqual([])
})

async function build(script: SmtpScript = {}) {
  const server = await startScriptedSmtp(script, { users: { yuki: password } })
  servers.push(server)
  const house = buildHouse(accountFor(server))
  houses.push(house)
  house.undoSeconds = 0
  return { server, house }
}

const HIDDEN = 'hidden@secret.test'
const hidden: Address = { name: 'Hidden Reader', address: HIDDEN }
const bob: Address = { name: 'Bob', address: 'bob@example.org' }
const ann: Address = { name: 'Ann', address: 'ann@example.org' }
const withHidden: Partial<DraftContent> = { to: [bob], cc: [ann], bcc: [hidden] }
const unknown = '550 5.1.1 Unknown'

/** A mail of ours as it lies in Sent: its Bcc stands there. */
const ofOurs = aMessage({
  id: 'sent',
  from: { name: 'Yuki', address: 'yuki@example.co.jp' },
  to: [bob],
  cc: [ann],
  bcc: [hidden],
  subject: 'Hello',
  text: 'Hi both',
})

async function begun(
  house: House,
  start: Parameters<House['drafts']['create']>[0],
  more: Partial<DraftContent>,
) {
  house.messages.set('sent', ofOurs)
  const created = await house.drafts.create(start)
  if (!created.ok) throw new Error(created.problem.kind)
  const { id, revision, accountId, to, cc, bcc, subject, text } = created.value
  const saved = house.drafts.save(id, revision, { accountId, to, cc, bcc, subject, text, ...more })
  if (!saved.ok) throw new Error(saved.problem.kind)
  const queued = await house.outbox.send(id, saved.value.revision, null, 'again')
  if (!queued.ok) throw new Error(JSON.stringify(queued.problem))
  return queued.value.itemId
}

async function sendDraft(house: House, draftId: string): Promise<string> {
  const queued = await house.outbox.send(draftId, house.drafts.get(draftId)?.revision ?? 0, null, 'again')
  if (!queued.ok) throw new Error(JSON.stringify(queued.problem))
  return queued.value.itemId
}

async function edited(house: House, itemId: string): Promise<string> {
  const draft = await house.outbox.edit(itemId)
  if (!draft.ok) throw new Error(draft.problem.kind)
  return sendDraft(house, draft.value.draftId)
}

type Way = {
  name: string
  script?: SmtpScript
  /** Gives the mail that goes in the end. */
  go(house: House): Promise<string>
  /** How often the hidden reader is served; 1 when not said. */
  served?: number
}

const ways: Way[] = [
  { name: 'the composer', go: house => house.send(withHidden) },
  { name: 'the composer, with a file', go: house => house.send(withHidden, null, Buffer.from('a file')) },
  { name: 'nobody but hidden readers', go: house => house.send({ to: [], bcc: [hidden] }) },
  {
    name: 'a mailto link',
    go(house) {
      const link = parseMailto(`mailto:bob@example.org?bcc=${encodeURIComponent(HIDDEN)}&subject=x&body=y`)
      if (link === null) throw new Error('no link')
      const { to, cc, bcc, subject, body } = link
      return house.send({ to, cc, bcc, subject, text: body })
    },
  },
  {
    name: 'a reply',
    go: house => begun(house, { kind: 'reply', messageId: 'sent', all: false }, { bcc: [hidden] }),
  },
  {
    name: 'a reply to all of a mail of ours with a hidden reader',
    served: 0,
    go: house => begun(house, { kind: 'reply', messageId: 'sent', all: true }, {}),
  },
  {
    name: 'a forward of a mail of ours with a hidden reader',
    served: 0,
    go: house => begun(house, { kind: 'forward', messageId: 'sent' }, { to: [bob] }),
  },
  {
    name: 'an edit after it was taken back',
    async go(house) {
      house.undoSeconds = 10
      const itemId = await house.send(withHidden)
      house.undoSeconds = 0
      return edited(house, itemId)
    },
  },
  {
    name: 'an edit after it was refused',
    script: { mail: ['550 5.7.1 No'] },
    async go(house) {
      const itemId = await house.send(withHidden)
      await house.untilState(itemId, 'refused')
      return edited(house, itemId)
    },
  },
  {
    name: 'a hidden reader corrected before anybody has it',
    script: { recipients: { 'hiden@secret.test': unknown } },
    async go(house) {
      const itemId = await house.send({ ...withHidden, bcc: [{ ...hidden, address: 'hiden@secret.test' }] })
      await house.untilState(itemId, 'paused')
      await house.outbox.correctRecipient(itemId, 'hiden@secret.test', HIDDEN)
      return itemId
    },
  },
  {
    name: 'a hidden reader corrected after the others have it',
    script: { recipients: { 'hiden@secret.test': unknown } },
    async go(house) {
      const itemId = await house.send({ ...withHidden, bcc: [{ ...hidden, address: 'hiden@secret.test' }] })
      await house.untilState(itemId, 'paused')
      house.outbox.chooseRecipients(itemId, 'send-to-others')
      await house.untilState(itemId, 'accepted')
      const apart = await house.outbox.correctRecipient(itemId, 'hiden@secret.test', HIDDEN)
      if (!apart.ok) throw new Error(apart.problem.kind)
      return apart.value.itemId
    },
  },
  {
    name: 'another reader corrected',
    script: { recipients: { 'bod@example.org': unknown } },
    async go(house) {
      const itemId = await house.send({ ...withHidden, to: [{ ...bob, address: 'bod@example.org' }] })
      await house.untilState(itemId, 'paused')
      await house.outbox.correctRecipient(itemId, 'bod@example.org', 'bob@example.org')
      return itemId
    },
  },
  {
    name: 'the others alone',
    script: { recipients: { 'bob@example.org': unknown } },
    async go(house) {
      const itemId = await house.send(withHidden)
      await house.untilState(itemId, 'paused')
      house.outbox.chooseRecipients(itemId, 'send-to-others')
      return itemId
    },
  },
  {
    name: 'once more, when nobody knew',
    script: { body: [drop()] },
    async go(house) {
      const itemId = await house.send(withHidden)
      await house.untilState(itemId, 'uncertain')
      house.outbox.decideOutcome(itemId, 'send-again')
      return itemId
    },
  },
  {
    name: 'once more, though the server had it',
    script: { body: [done(drop())] },
    served: 2,
    async go(house) {
      const itemId = await house.send(withHidden)
      await house.untilState(itemId, 'uncertain')
      house.outbox.decideOutcome(itemId, 'send-again')
      return itemId
    },
  },
  {
    name: 'a try after a restart',
    script: { data: ['451 4.3.0 Later'] },
    async go(house) {
      const itemId = await house.send(withHidden)
      await house.until(itemId, ({ journey }) => journey.problem !== null)
      house.restart()
      house.outbox.tryNow(itemId)
      return itemId
    },
  },
  {
    name: 'a time of its own',
    async go(house) {
      const itemId = await house.send(withHidden, house.clock.now() + 60_000)
      house.clock.advance(60_000)
      return itemId
    },
  },
]

/** Everything in which a mail can name somebody: its bytes, and what they are decoded to. */
async function namesHidden({ data }: SmtpMessage): Promise<boolean> {
  const { text = '', headerLines } = await simpleParser(data)
  const raw = data.toString('latin1')
  const isNamed = [raw, text, JSON.stringify([...headerLines])].some(words => /hid+en/i.test(words))
  return isNamed || /^(resent-)?bcc\s*:/im.test(raw)
}

let served = 0
let leaks = 0
test.each(ways)('$name: the hidden reader has the mail, and nobody learns of it', async way => {
  const { server, house } = await build(way.script)
  const itemId = await way.go(house)
  await house.untilState(itemId, 'accepted')
  const taken = server.messages.filter(({ accepted }) => accepted)
  const times = taken.filter(({ to }) => to.includes(HIDDEN)).length
  expect(times).toBe(way.served ?? 1)
  for (const message of server.messages) if (await namesHidden(message)) leaks += 1
  served += times
  expect(leaks).toBe(0)
})

const verdicts = { sent: 0, questioned: 0 }
test('chips, RCPT and headers are the same people for 200 strings, from the field to the wire', async () => {
  const { server, house } = await build()
  const all = addressStrings()
  expect(all).toHaveLength(200)
  for (const [turn, text] of all.entries()) {
    const { chips } = committed({ ...fieldOf([]), text })
    const to = chips.map(({ address }) => address)
    const before = server.messages.length
    const commands = server.commands.length
    const { draftId, revision } = await house.draft({ to, subject: `string ${turn}` })
    const queued = await house.outbox.send(draftId, revision, null, 'again')
    if (!queued.ok) {
      // Nothing that a chip does not show as wrong is refused, and nothing of it reaches a server.
      expect(chips.some(chip => chipFault(chip) !== null)).toBe(true)
      expect(server.commands.slice(commands)).toEqual([])
      verdicts.questioned += 1
      continue
    }
    await house.untilState(queued.value.itemId, 'accepted')
    const [mail, ...others] = server.messages.slice(before)
    if (mail === undefined) throw new Error(`not taken: ${text}`)
    expect(others).toEqual([])
    const wanted = to.map(({ address }) => wireAddress(address))
    expect([text, mail.to]).toEqual([text, wanted])
    const { to: header } = await simpleParser(mail.data)
    const shown = (Array.isArray(header) ? header : [header]).flatMap(list => list?.value ?? [])
    // The parser gives a quoted local part without its quotes.
    const bare = (address: string) => wireAddress(address).toLowerCase().replaceAll('"', '')
    expect(shown.map(({ address }) => bare(address ?? ''))).toEqual(wanted.map(bare))
    verdicts.sent += 1
  }
  expect(verdicts.sent).toBeGreaterThan(80)
})

afterAll(() => {
  console.log(
    `Shows 6: 200 strings: ${verdicts.sent} went to exactly their chips, ${verdicts.questioned} were questioned and reached no server; ` +
      `${ways.length} ways to write, hidden readers served ${served} times, named in DATA ${leaks} times`,
  )
})
