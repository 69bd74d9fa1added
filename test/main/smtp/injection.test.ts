/** What is typed stays text: 21 places where text enters a header or a command, 8 payloads, on a real connection. */

import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { simpleParser } from 'mailparser'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../../main/host.ts'
import { envelopeOf, freeze, type Recipe, type Written, wireAddress } from '../../../main/mime/recipe.ts'
import { writeMail } from '../../../main/mime/write-mail.ts'
import { createSubmitter, type Submitter } from '../../../main/smtp/submit.ts'
import { parseAddress } from '../../../shared/address.ts'
import { isSendableAddress } from '../../../shared/draft-check.ts'
import type { Address } from '../../../shared/model.ts'
import { type ScriptedSmtp, startScriptedSmtp } from '../../servers/scripted-smtp.ts'
import { addressStrings } from '../outbox/address-strings.ts'
import { attempt, settingsFor } from './attempt.ts'

const PAYLOADS = [
  '\r\nBcc: injected@evil.test\r\n',
  'a\nX-Injected: yes',
  'a\rX-Injected: yes',
  'a\u2028Bcc: injected@evil.test\u2029X-Injected: yes',
  'a\u0000\r\nX-Injected: yes',
  '=?utf-8?Q?=0D=0ABcc:_injected@evil.test?=',
  'a>\r\nRCPT TO:<injected@evil.test>\r\n',
  '"; x="\r\n.\r\nMAIL FROM:<injected@evil.test>\r\nX-Injected: yes\r\n\r\n',
]

let folder = ''
let server: ScriptedSmtp
let submitter: Submitter
const file = Buffer.from('a file')
const sha256 = createHash('sha256').update(file).digest('hex')
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'todoke-injection-'))
  writeFileSync(join(folder, sha256), file)
  server = await startScriptedSmtp()
  submitter = createSubmitter({ clock: systemClock })
})
afterAll(async () => {
  submitter.close()
  await server.stop()
  rmSync(folder, { recursive: true })
})

const bob = { name: 'Bob', address: 'bob@example.org' }
const yuki = { name: 'Yuki', address: 'yuki@example.co.jp' }
const plain: Written = {
  from: yuki,
  to: [bob],
  cc: [],
  bcc: [],
  subject: 'S',
  text: 'T',
  references: [],
  attachments: [],
}
const attached = (name: string, type: string) => ({
  ...plain,
  attachments: [{ name, type, bytes: file.length, sha256 }],
})
const at = (payload: string) => `bob${payload}@example.org`

/** As if nobody had checked the draft before: each layer has to hold by itself. */
const IN_MAILS: [string, (payload: string) => Recipe][] = [
  ['the name of From', p => freeze({ ...plain, from: { ...yuki, name: p } }, 0)],
  ['the address of From', p => freeze({ ...plain, from: { ...yuki, address: at(p) } }, 0)],
  ['a name in To', p => freeze({ ...plain, to: [{ ...bob, name: p }] }, 0)],
  ['an address in To', p => freeze({ ...plain, to: [{ ...bob, address: at(p) }] }, 0)],
  ['a domain in To', p => freeze({ ...plain, to: [{ ...bob, address: `bob@${p}` }] }, 0)],
  ['the second name in To', p => freeze({ ...plain, to: [bob, { ...yuki, name: p }] }, 0)],
  ['a name in Cc', p => freeze({ ...plain, cc: [{ ...yuki, name: p }] }, 0)],
  ['an address in Cc', p => freeze({ ...plain, cc: [{ ...yuki, address: at(p) }] }, 0)],
  ['a name in Bcc', p => freeze({ ...plain, bcc: [{ ...yuki, name: p }] }, 0)],
  ['an address in Bcc', p => freeze({ ...plain, bcc: [{ ...yuki, address: at(p) }] }, 0)],
  ['the subject', p => freeze({ ...plain, subject: p }, 0)],
  ['the text', p => freeze({ ...plain, text: p }, 0)],
  ['the name of a file', p => freeze(attached(p, 'text/plain'), 0)],
  ['the type of a file', p => freeze(attached('a.txt', `text/plain${p}`), 0)],
  ['a reference', p => freeze({ ...plain, references: [`id${p}@example.org`] }, 0)],
  ['a stored Message-ID', p => ({ ...freeze(plain, 0), messageId: `id${p}@example.org` })],
  ['a stored boundary', p => ({ ...freeze(attached('a.txt', 'text/plain'), 0), boundary: p })],
]

const LAWFUL = new Set(
  'from to cc subject message-id in-reply-to references date mime-version content-type content-transfer-encoding content-disposition'.split(
    ' ',
  ),
)

const headerNames = (mail: Buffer) =>
  mail
    .toString('latin1')
    .split('\r\n\r\n', 1)[0]
    ?.split(/\r\n|\r|\n/)
    .filter(line => !/^[ \t]/.test(line))
    .map(line => line.split(':', 1)[0]?.toLowerCase() ?? '') ?? []

async function send(recipe: Recipe) {
  const before = server.commands.length
  const taken = server.messages.length
  const chunks: Buffer[] = []
  let envelope = { from: '', to: [''] }
  try {
    envelope = envelopeOf(recipe)
    const mail = writeMail(recipe, { for: 'wire', openPath: sha => join(folder, sha) })
    for await (const chunk of mail) chunks.push(chunk)
  } catch {
    // Refused before there was a mail: as good as any.
    return { commands: [], mails: [], envelope }
  }
  const to = envelope.to
  await attempt({ settings: settingsFor(server), submitter, mail: Buffer.concat(chunks), to })
  return { commands: server.commands.slice(before), mails: server.messages.slice(taken), envelope }
}

let wentOut = 0

describe.each(IN_MAILS)('%s', (_sink, recipeOf) => {
  test.each(PAYLOADS)('holds %j', async payload => {
    const { commands, mails, envelope } = await send(recipeOf(payload))
    const verbs = commands.map(line => line.split(/[ :]/, 1)[0])
    expect(verbs.filter(verb => !/^(EHLO|MAIL|RCPT|DATA|QUIT|\.)$/.test(verb ?? ''))).toEqual([])
    expect(verbs.filter(verb => verb === 'MAIL').length).toBeLessThanOrEqual(1)
    expect(verbs.filter(verb => verb === 'RCPT').length).toBeLessThanOrEqual(envelope.to.length)
    expect(mails.length).toBeLessThanOrEqual(1)
    for (const { to, data } of mails) {
      wentOut += 1
      expect(to).toEqual(envelope.to)
      expect(to).not.toContain('injected@evil.test')
      expect(headerNames(data).filter(name => !LAWFUL.has(name))).toEqual([])
      // In a part's header, too, nothing begins a line of its own.
      if (!recipeOf(payload).text.includes(payload)) {
        expect(data.toString('latin1')).not.toMatch(/^(bcc|x-injected|rcpt to|mail from):/im)
      }
    }
  })
})

describe.each(['user', 'password', 'token', 'user of a token'])('the %s of a login', what => {
  test.each(PAYLOADS)('holds %j', async payload => {
    const isToken = what.includes('token')
    const mechanisms = isToken ? ['XOAUTH2', 'OAUTHBEARER'] : ['PLAIN', 'LOGIN', 'CRAM-MD5']
    for (const mechanism of mechanisms) {
      const guarded = await startScriptedSmtp({}, { users: { yuki: 'x' }, mechanisms: [mechanism] })
      const user = what.startsWith('user') ? payload : 'yuki'
      await attempt({
        settings: settingsFor(guarded),
        credentials: isToken
          ? { user, password: '', token: async () => ({ ok: true, value: what === 'token' ? payload : 't' }) }
          : { user, password: what === 'password' ? payload : 'p' },
      })
      const verbs = guarded.commands.map(line => line.split(/[ :]/, 1)[0])
      expect(verbs.filter(verb => !/^(EHLO|AUTH|QUIT)$/.test(verb ?? ''))).toEqual([])
      expect(guarded.messages).toEqual([])
      await guarded.stop()
    }
  })
})

test('the sinks are 21 and the payloads 8', () => {
  expect([IN_MAILS.length + 4, PAYLOADS.length]).toEqual([21, 8])
  // Most were not just refused: they went out, and held.
  expect(wentOut).toBeGreaterThan(80)
})

test('chips, RCPT and headers are the same people, for 200 strings', async () => {
  const all = addressStrings()
  expect(all).toHaveLength(200)
  let sent = 0
  for (const text of all) {
    const chip: Address | null = parseAddress(text)
    if (chip === null || !isSendableAddress(chip.address)) continue
    const { mails, envelope } = await send(freeze({ ...plain, to: [chip] }, 0))
    expect(envelope.to).toEqual([wireAddress(chip.address)])
    const [mail] = mails
    if (mail === undefined) throw new Error(`not taken: ${text}`)
    expect(mail.to).toEqual([wireAddress(chip.address)])
    const { to } = await simpleParser(mail.data)
    const shown = (Array.isArray(to) ? to : [to]).flatMap(list => list?.value ?? [])
    expect(shown.map(({ address }) => address?.toLowerCase())).toHaveLength(1)
    // The parser gives a quoted local part without its quotes.
    const bare = (address: string) => wireAddress(address).toLowerCase().replaceAll('"', '')
    expect(bare(shown[0]?.address ?? '')).toBe(bare(chip.address))
    sent += 1
  }
  expect(sent).toBeGreaterThan(60)
})

test('Bcc is in DATA never, however the mail was made', async () => {
  const hidden = { name: 'Hidden Reader', address: 'hidden@secret.test' }
  const ways: Written[] = [
    { ...plain, bcc: [hidden] },
    { ...plain, cc: [yuki], bcc: [hidden, yuki] },
    { ...plain, to: [], bcc: [hidden] },
    { ...plain, bcc: [hidden], references: ['a@example.org', 'b@example.org'] },
    { ...attached('a.txt', 'text/plain'), bcc: [hidden] },
    { ...attached('mail.eml', 'message/rfc822'), bcc: [hidden] },
    { ...plain, subject: '件名', text: '本文', bcc: [hidden] },
  ]
  for (const written of ways) {
    const recipe = freeze(written, 0)
    for (const one of [recipe, JSON.parse(JSON.stringify(recipe)) as Recipe]) {
      const { mails } = await send(one)
      expect(mails).toHaveLength(1)
      expect(mails[0]?.to).toContain('hidden@secret.test')
      expect(mails[0]?.data.toString('latin1')).not.toMatch(/^bcc:|hidden/im)
    }
  }
})
