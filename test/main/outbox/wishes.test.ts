/** What a mail asks for, from the draft to the wire and back into a draft. */

import { afterEach, describe, expect, test } from 'vitest'
import { USUAL_OPTIONS } from '../../../shared/model.ts'
import { type ScriptedSmtp, type SmtpScript, startScriptedSmtp } from '../../servers/scripted-smtp.ts'
import { accountFor, buildHouse, type House } from './house.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function build(script: SmtpScript = {}): Promise<{ server: ScriptedSmtp; house: House }> {
  const server = await startScriptedSmtp(script)
  closers.push(() => server.stop())
  const house = buildHouse(accountFor(server, { smtp: { ...accountFor(server).smtp, user: '' } }))
  closers.push(() => house.close())
  return { server, house }
}

const claims = (house: House, itemId: string) =>
  house.ledger(itemId).flatMap(event => (event.type === 'claimed' ? [event.envelopeId] : []))
const envids = (server: ScriptedSmtp) =>
  server.commands.flatMap(line => /^MAIL .* ENVID=(\S+)/.exec(line)?.[1] ?? [])

describe('delivery reports', () => {
  test('are asked for by a token that is on the disk first, another one for each attempt', async () => {
    const { server, house } = await build({ mail: ['451 4.3.0 later', '250 2.1.0 Ok'] })
    const itemId = await house.send()
    house.clock.advance(10_000)
    await house.untilState(itemId, 'queued')
    house.outbox.tryNow(itemId)
    await house.untilState(itemId, 'accepted')
    const [first, second] = claims(house, itemId)
    expect(first).toMatch(/^[\w-]{24}$/)
    expect(second).not.toBe(first)
    expect(envids(server)).toEqual([first, second])
  })

  test('are not asked for where the writer wants none', async () => {
    const { server, house } = await build()
    const itemId = await house.send({ options: { ...USUAL_OPTIONS, wantsReport: false } })
    house.clock.advance(10_000)
    await house.untilState(itemId, 'accepted')
    expect([claims(house, itemId), envids(server)]).toEqual([[undefined], []])
    expect(server.commands.join('\n')).not.toContain('NOTIFY')
  })
})

test('a mail that must not go without TLS all the way is refused before MAIL, and names the server', async () => {
  const { server, house } = await build()
  const itemId = await house.send({ options: { ...USUAL_OPTIONS, requiresTls: true } })
  house.clock.advance(10_000)
  const item = await house.untilState(itemId, 'refused')
  expect(item.journey.problem).toEqual({ kind: 'server-lacks', host: '127.0.0.1', extension: 'REQUIRETLS' })
  expect(server.commands.join('\n')).not.toMatch(/MAIL|DATA/)
})

test('a mail taken back is the draft it was: its formats, its pictures, its options, its identity', async () => {
  const { house } = await build()
  const options = { ...USUAL_OPTIONS, priority: 'high' as const, wantsReadReceipt: true }
  const html = '<p>Hello <strong>Bob</strong></p>\n<p><img src="cid:pic@1" alt="cat" width="300"></p>'
  const { draftId, revision } = await house.draft({ html, text: 'Hello Bob', options }, Buffer.from('file'))
  const before = house.drafts.get(draftId)
  house.db.run('UPDATE draft_attachment SET content_id = ? WHERE draft_id = ?', 'pic@1', draftId)
  const sent = await house.outbox.send(draftId, revision, null)
  const edited = sent.ok ? await house.outbox.edit(sent.value.itemId) : sent
  const draft = edited.ok && 'draftId' in edited.value ? house.drafts.get(edited.value.draftId) : null
  expect(draft).toMatchObject({ html, options, identityId: 'main', text: 'Hello Bob\n[cat]' })
  expect(draft?.attachments).toMatchObject([
    { name: 'データ.bin', sha256: before?.attachments[0]?.sha256, contentId: 'pic@1' },
  ])
})
