// A mail's journey to take along: everything that happened, and none of the secrets, whoever repeats them.

import { createHmac } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { exportLedger } from '../../../main/outbox/ledger-export.ts'
import type { NewEvent } from '../../../main/outbox/outbox-store.ts'
import { journeyOf } from '../../../shared/journey.ts'
import type { TranscriptLine } from '../../../shared/model.ts'
import { fail } from '../../../shared/problem.ts'
import {
  type ScriptedSmtp,
  type SmtpScript,
  type SmtpSession,
  startScriptedSmtp,
} from '../../servers/scripted-smtp.ts'
import { accountFor, buildHouse, type House } from './house.ts'

const servers: ScriptedSmtp[] = []
const houses: House[] = []
afterEach(async () => {
  for (const house of houses.splice(0)) await house.close()
  for (const server of servers.splice(0)) await server.stop()
})

const user = 'yuki@example.co.jp'
const password = 'p"lant/ed+söcret\\42'
const base64 = (text: string) => Buffer.from(text).toString('base64')
const proof = createHmac('sha256', password).update('proof').digest('base64')
const token = 'ya29.A0ARrdaM-k3y_of~the+house'

/** Each is something that must not be in any export. */
const secrets: Record<string, string> = {
  password,
  'password in JSON': JSON.stringify(password).slice(1, -1),
  'password in base64': base64(password),
  'PLAIN with the password': base64(`\0${user}\0${password}`),
  'PLAIN with authorisation': base64(`${user}\0${user}\0${password}`),
  'password in a URL': encodeURIComponent(password),
  'SCRAM proof': proof,
  'token as bearer': token,
  'XOAUTH2 line': base64(`user=${user}\x01auth=Bearer ${password}\x01\x01`),
  'CRAM-MD5 answer': base64(`${user} 9f86d081884c7d659a2feaa0c55ad015`),
}

function itemWith(texts: string[]) {
  const events: NewEvent[] = [
    { at: 1, type: 'written', bytes: 10, sha256: 'f', recipients: ['bob@x.org'] },
    { at: 2, type: 'released', by: 'window' },
    { at: 3, type: 'claimed', host: 'mx.test', port: 465 },
    ...texts.map(
      (text): NewEvent => ({
        at: 4,
        type: 'deferred',
        problem: { kind: 'authentication', host: 'mx.test', user, text },
        dueAt: 5,
      }),
    ),
  ]
  const ledger = events.map((event, seq) => ({ ...event, seq, attempt: 1 }))
  const journey = journeyOf(ledger)
  if (journey === null) throw new Error('no journey')
  return {
    id: 'item',
    accountId: 'account',
    recipe: null,
    remains: null,
    sha256: 'f',
    bytes: 10,
    messageId: 'm@x.org',
    createdAt: 1,
    events: ledger,
    journey,
  }
}

test('100 exports hold none of 10 planted secrets, wherever a server puts them', () => {
  const names = Object.keys(secrets)
  expect(names).toHaveLength(10)
  let found = 0
  for (let run = 0; run < 100; run += 1) {
    const secret = secrets[names[run % names.length] ?? ''] ?? ''
    const isAuth = run % 3 === 0
    const isBearer = secret === token || secret === proof
    const said = isBearer
      ? secret === token
        ? `Bearer ${secret}`
        : `v=1,p=${secret}`
      : `You said ${secret}!`
    const line = (side: TranscriptLine['side'], text: string): TranscriptLine => ({
      at: 4,
      attempt: 1,
      side,
      text,
    })
    // What only AUTH may say stands in an exchange, as a broken transcript would hold it.
    const exchange = [
      line('client', `AUTH PLAIN ${secret}`),
      line('server', `334 ${secret}`),
      line('client', secret),
      line('server', '535 5.7.8 No'),
    ]
    const isOnlyInAuth = secret === secrets['CRAM-MD5 answer']
    const transcript = isAuth || isOnlyInAuth ? exchange : [line('server', `554 5.7.0 ${said}`), ...exchange]
    const made = exportLedger(itemWith(isOnlyInAuth ? [] : [said]), transcript, [{ user, password }])
    for (const one of Object.values(secrets)) {
      if (made.text.includes(one) || made.json.includes(one)) found += 1
      if (made.json.includes(JSON.stringify(one).slice(1, -1))) found += 1
    }
    expect(() => JSON.parse(made.json)).not.toThrow()
  }
  expect(found).toBe(0)
})

const MECHANISMS = ['PLAIN', 'LOGIN', 'CRAM-MD5', 'SCRAM-SHA-256', 'XOAUTH2', 'OAUTHBEARER']
/** Where a server repeats everything it was told, and with which answer. */
const ECHOES: [keyof SmtpScript, string][] = [
  ['auth', '535 5.7.8'],
  ['auth', '454 4.7.0'],
  ['auth', '421 4.7.0'],
  ['auth', '235 2.7.0'],
  ['mail', '250 2.1.0'],
  ['mail', '550 5.7.1'],
  ['mail', '530 5.7.0'],
  ['mail', '421 4.7.0'],
  ['rcpt', '250 2.1.5'],
  ['rcpt', '550 5.1.1'],
  ['rcpt', '450 4.2.0'],
  ['data', '451 4.3.0'],
  ['data', '554 5.7.1'],
  ['data', '354'],
  ['body', '250 2.0.0'],
  ['body', '451 4.3.0'],
  ['body', '554 5.7.1'],
]
const conversations = MECHANISMS.flatMap(mechanism =>
  ECHOES.map(([place, reply]) => ({ mechanism, place, reply })),
)

/** What a server may repeat of a login: the lines as they came, what was in them, and what it knows anyway. */
function heardIn({ saidInAuth }: SmtpSession, known: string[]): string[] {
  const inside = saidInAuth.flatMap(line => {
    const plain = Buffer.from(line, 'base64').toString('latin1')
    return /(?:,p=| )([A-Za-z0-9+/]{20,}=*)$/.exec(plain)?.[1] ?? []
  })
  return [...saidInAuth, ...inside, ...known.flatMap(one => [one, base64(one)])].filter(one => one.length > 3)
}

test(`${conversations.length} exports of real conversations hold nothing of what a server repeated`, async () => {
  let [planted, found] = [0, 0]
  for (const [run, { mechanism, place, reply }] of conversations.entries()) {
    const isToken = mechanism === 'XOAUTH2' || mechanism === 'OAUTHBEARER'
    const word = `s3cret/${run}+"wörd\\`
    const incoming = `of the mailbox ${run}`
    const script: SmtpScript = {}
    const heard = new Set<string>()
    const act = ({ session }: { session: SmtpSession }) => {
      const secrets = heardIn(session, [word])
      for (const one of secrets) heard.add(one)
      const lines = [...secrets, 'end'].map(
        (one, at) => `${reply.replace(' ', at < secrets.length ? '-' : ' ')} ${one}`,
      )
      return lines.join('\n')
    }
    Object.assign(script, { [place]: act })
    const server = await startScriptedSmtp(script, { users: { yuki: word }, mechanisms: [mechanism] })
    const house = buildHouse(accountFor(server))
    house.undoSeconds = 0
    house.incomingPassword = incoming
    if (isToken) house.tokens.set('account', word)
    house.passwords.set('account', isToken ? '' : word)
    house.fileSentCopy = async () =>
      fail({ kind: 'protocol', host: 'imap.test', detail: `NO LOGIN yuki "${incoming}" ${base64(incoming)}` })
    const itemId = await house.send()
    const item = await house.until(
      itemId,
      ({ journey }) =>
        journey.state !== 'sending' &&
        (journey.state !== 'queued' || journey.problem !== null) &&
        (journey.state !== 'accepted' || journey.sentCopy.state === 'failed'),
    )
    if (item.journey.state === 'accepted') for (const one of [incoming, base64(incoming)]) heard.add(one)
    const made = house.outbox.export(itemId)
    if (!made.ok) throw new Error(made.problem.kind)
    expect(heard.size > 2).toBe(true)
    expect(made.value.text).toMatch(/^State: /m)
    const whole = `${made.value.text}\n${made.value.json}`
    const told = JSON.stringify(JSON.parse(made.value.json))
    for (const secret of heard) {
      planted += 1
      const forms = [secret, secret.replace(/=+$/, ''), JSON.stringify(secret).slice(1, -1)]
      if (forms.some(form => whole.includes(form) || told.includes(form))) {
        found += 1
        console.log(`${mechanism} ${reply} at ${place}: ${secret}`)
      }
    }
    await house.close()
    await server.stop()
  }
  console.log(
    `Shows 7: ${conversations.length} exports, ${planted} secrets repeated to them, ${found} found in them`,
  )
  expect(found).toBe(0)
})

test('a mail that was sent: all its events and its conversation, without the password its server repeated', async () => {
  const users = { yuki: password }
  const server = await startScriptedSmtp(
    { auth: [`535 5.7.8 wrong: ${base64(`\0yuki\0${password}`)} ${password}`] },
    { users },
  )
  servers.push(server)
  const house = buildHouse(accountFor(server))
  houses.push(house)
  house.passwords.set('account', password)
  house.undoSeconds = 0
  const itemId = await house.send({ subject: '件名' })
  await house.untilState(itemId, 'paused')
  house.outbox.resume(itemId)
  await house.until(itemId, ({ journey }) => journey.sentCopy.state === 'filed')
  const made = house.outbox.export(itemId)
  if (!made.ok) throw new Error(made.problem.kind)
  const { text, json } = made.value
  const told = JSON.parse(json)
  expect(told.events.map(({ type }: { type: string }) => type)).toEqual(house.types(itemId))
  expect(told).toMatchObject({ format: 'todoke-journey', version: 1, state: 'accepted' })
  expect(told.mail.subject).toBe('件名')
  expect(text).toContain('C: MAIL FROM:<yuki@example.co.jp>')
  expect(text).toMatch(/S: 250 2\.0\.0 Ok: queued as 1/)
  for (const secret of [password, base64(password), base64(`\0yuki\0${password}`)]) {
    expect(`${text}${json}`).not.toContain(secret)
  }
})

test('is saved where the person says, for nobody else to read, and never over another file', async () => {
  const server = await startScriptedSmtp()
  servers.push(server)
  const house = buildHouse(accountFor(server))
  houses.push(house)
  const itemId = await house.send()
  expect(await house.outbox.saveExport(itemId, 'text')).toEqual({ ok: true, value: { savedAs: null } })
  house.saveTo = join(house.folder, 'journey.json')
  expect(await house.outbox.saveExport(itemId, 'json')).toEqual({
    ok: true,
    value: { savedAs: house.saveTo },
  })
  expect(existsSync(house.saveTo)).toBe(true)
  expect(statSync(house.saveTo).mode & 0o777).toBe(0o600)
  expect(JSON.parse(readFileSync(house.saveTo, 'utf8')).mail.id).toBe(itemId)
  expect(await house.outbox.saveExport(itemId, 'text')).toMatchObject({ ok: false })
  expect(await house.outbox.saveExport('nothing', 'text')).toMatchObject({ problem: { kind: 'not-found' } })
})
