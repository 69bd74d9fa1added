/** Submission to a real server: Postfix takes what was frozen, and what it refuses is told as it said it. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../../main/host.ts'
import { createSubmitter } from '../../../main/smtp/submit.ts'
import { type MailServers, startMailServers } from '../../support/mail-servers.ts'
import { attempt, bigMail, settingsFor } from './attempt.ts'

let office: MailServers
beforeAll(async () => {
  office = await startMailServers({
    postfix: { messageSizeLimit: 10_000_000, routes: { 'nowhere.test': 'error:5.1.1 no such person' } },
  })
}, 60_000)
afterAll(() => office?.stop())

const settings = (tls: 'implicit' | 'starttls') =>
  settingsFor(
    { port: tls === 'implicit' ? office.postfix.ports.submissions : office.postfix.ports.submission },
    { host: 'localhost', tls, user: office.haruka.user },
  )
const login = () => ({ user: office.haruka.user, password: office.haruka.password })

describe.each(['implicit', 'starttls'] as const)('over %s', tls => {
  test('a mail with a login is taken, with its queue id', async () => {
    const submitter = createSubmitter({ clock: systemClock })
    const common = { settings: settings(tls), credentials: login(), submitter, to: [office.weber.user] }
    const first = await attempt(common)
    expect(first.outcome).toMatchObject({ kind: 'accepted', reply: { code: 250 } })
    expect(first.outcome.kind === 'accepted' && first.outcome.queueId).toMatch(/^\w{6,}$/)
    const second = await attempt({ ...common, mail: bigMail(3_000_000) })
    expect(second.outcome.kind).toBe('accepted')
    expect(second.types[0]).toBe('reused-connection')
    // Dovecot behind it checks the proof of SCRAM and proves itself.
    expect(first.events).toContainEqual(
      expect.objectContaining({ type: 'authenticated', mechanism: 'SCRAM-SHA-256' }),
    )
    submitter.forget('account')
    const third = await attempt(common)
    expect(third.events.find(({ type }) => type === 'secured')).toMatchObject({ isResumed: true })
    submitter.close()
  })
})

test('a wrong password, an unknown person, a mail over the limit', async () => {
  const base = { settings: settings('implicit'), credentials: login() }
  const wrong = await attempt({ ...base, credentials: { ...login(), password: 'wrong' } })
  expect(wrong.outcome).toMatchObject({ problem: { kind: 'authentication' } })
  const to = [office.weber.user, 'nobody@todoke.test']
  const some = await attempt({ ...base, to })
  expect(some.outcome).toMatchObject({
    kind: 'recipients refused',
    accepted: [office.weber.user],
    refused: [{ address: 'nobody@todoke.test', reply: { code: 550 } }],
  })
  expect(some.terminating).toEqual([])
  const big = await attempt({ ...base, mail: bigMail(12_000_000), to: [office.weber.user] })
  expect(big.outcome).toMatchObject({ problem: { kind: 'too-big', limit: 10_000_000 } })
})
