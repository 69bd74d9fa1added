/** The copy in Sent: there once, whoever files it, and never a reason to send again. */

import { afterEach, describe, expect, test } from 'vitest'
import type { SentCopyPolicy } from '../../../shared/model.ts'
import { fail, ok } from '../../../shared/problem.ts'
import { done, drop } from '../../servers/acts.ts'
import { type ScriptedSmtp, type SmtpScript, startScriptedSmtp } from '../../servers/scripted-smtp.ts'
import { accountFor, buildHouse, type House, password } from './house.ts'

const servers: ScriptedSmtp[] = []
const houses: House[] = []
afterEach(async () => {
  for (const house of houses.splice(0)) await house.close()
  for (const server of servers.splice(0)) await server.stop()
})

async function build(sentCopy: SentCopyPolicy, script: SmtpScript = {}) {
  const server = await startScriptedSmtp(script, { users: { yuki: password } })
  servers.push(server)
  const house = buildHouse(accountFor(server, { sentCopy }))
  houses.push(house)
  house.undoSeconds = 0
  return { server, house }
}

/** Lets time pass in steps, so that answers can come in between. */
async function pass(house: House, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    house.clock.advance(1_000)
    await new Promise(resolve => setImmediate(resolve))
  }
}
const untilFiled = (house: House, itemId: string) =>
  house.until(itemId, ({ journey }) => journey.sentCopy.state === 'filed')

describe('exactly one copy', () => {
  test('where we file it: at once, without looking first', async () => {
    const { house } = await build('we-file-it')
    let looks = 0
    house.findSentCopy = async () => {
      looks += 1
      return ok({ isThere: false })
    }
    const itemId = await house.send()
    const item = await untilFiled(house, itemId)
    expect(item.journey.sentCopy).toEqual({
      state: 'filed',
      how: 'appended',
      folder: 'Sent',
      problem: null,
      retryAt: null,
    })
    expect(looks).toBe(0)
    expect(house.sent).toHaveLength(1)
    expect(house.learned).toEqual([])
  })

  test('where nothing is known and nobody files it: ours after half a minute, and learned', async () => {
    const { house } = await build('unknown')
    const itemId = await house.send()
    await house.until(itemId, ({ journey }) => journey.sentCopy.state === 'filing')
    await pass(house, 29)
    expect(house.sent).toEqual([])
    await pass(house, 2)
    await untilFiled(house, itemId)
    expect(house.sent).toHaveLength(1)
    expect(house.learned).toEqual(['we-file-it'])
  })

  test('where nothing is known and the server files it: its own, and learned', async () => {
    const { house } = await build('unknown')
    house.fileSentCopy = async () => {
      throw new Error('must not be asked')
    }
    house.findSentCopy = async () => ok({ isThere: true, folder: 'Sent' })
    const itemId = await house.send()
    const item = await untilFiled(house, itemId)
    expect(item.journey.sentCopy.how).toBe('found')
    expect(house.learned).toEqual(['server-files-it'])
  })

  test('where the server is known to file it, 20 seconds late', async () => {
    const { house } = await build('server-files-it')
    const itemId = await house.send()
    const { messageIdHeader } = await house.until(
      itemId,
      ({ journey }) => journey.sentCopy.state === 'filing',
    )
    await pass(house, 20)
    expect(house.sent).toEqual([])
    house.sent.push(messageIdHeader)
    await pass(house, 15)
    const item = await untilFiled(house, itemId)
    expect(item.journey.sentCopy.how).toBe('found')
    expect(house.sent).toHaveLength(1)
  })

  test('where the 250 is Gmail’s, nothing is known yet and it takes 20 seconds', async () => {
    const { house } = await build('unknown', { body: '250 2.0.0 OK  1732419200 d2e1a7-72sm62.74 - gsmtp' })
    const itemId = await house.send()
    const { messageIdHeader } = await house.until(
      itemId,
      ({ journey }) => journey.sentCopy.state === 'filing',
    )
    await pass(house, 20)
    house.sent.push(messageIdHeader)
    await pass(house, 15)
    await untilFiled(house, itemId)
    expect(house.sent).toHaveLength(1)
    expect(house.learned).toEqual(['server-files-it'])
  })

  test('where the server was said to file it and does not: ours after half a minute', async () => {
    const { house } = await build('server-files-it')
    const itemId = await house.send()
    await house.until(itemId, ({ journey }) => journey.sentCopy.state === 'filing')
    await pass(house, 32)
    const item = await untilFiled(house, itemId)
    expect(item.journey.sentCopy.how).toBe('appended')
  })

  test('for POP3 on this machine', async () => {
    const { server, house } = await build('unknown')
    const account = accountFor(server)
    const incoming = { ...account.smtp, kind: 'pop3' as const, leaveOnServer: true, deleteAfterDays: null }
    house.accounts.set('account', { ...account, sentCopy: 'unknown', incoming })
    house.fileSentCopy = async () => ok({ how: 'local', folder: 'Sent' })
    const itemId = await house.send()
    const item = await untilFiled(house, itemId)
    expect(item.journey.sentCopy).toMatchObject({ how: 'local' })
    expect(house.ledger(itemId).find(({ type }) => type === 'copy-filing')).toMatchObject({ how: 'local' })
    expect(house.learned).toEqual([])
  })
})

describe('a copy that cannot be filed', () => {
  test('leaves the mail handed over, tries again by itself, and submits nothing', async () => {
    const { server, house } = await build('we-file-it')
    let failures = 2
    const { fileSentCopy } = house
    house.fileSentCopy = async copy => {
      if (failures === 0) return fileSentCopy(copy)
      failures -= 1
      return fail({ kind: 'connection-lost', host: 'imap.test', phase: 'append' })
    }
    const itemId = await house.send()
    const item = await house.until(itemId, ({ journey }) => journey.sentCopy.state === 'failed')
    expect(item.journey).toMatchObject({
      state: 'accepted',
      sentCopy: { problem: { kind: 'connection-lost' } },
    })
    await pass(house, 31)
    expect(failures).toBe(0)
    await house.until(itemId, ({ journey }) => journey.sentCopy.state === 'failed')
    await pass(house, 125)
    await untilFiled(house, itemId)
    expect(house.sent).toHaveLength(1)
    expect(server.commands.filter(command => command.startsWith('MAIL'))).toHaveLength(1)
  })

  test('is given up after a week, and says so', async () => {
    const { house } = await build('we-file-it')
    house.fileSentCopy = async () => fail({ kind: 'no-folder', role: 'sent' })
    const itemId = await house.send()
    await house.until(itemId, ({ journey }) => journey.sentCopy.state === 'failed')
    for (let hour = 0; hour < 24 * 8; hour += 1) {
      house.clock.advance(3_600_000)
      await new Promise(resolve => setImmediate(resolve))
    }
    const last = house.ledger(itemId).at(-1)
    expect(last).toMatchObject({ type: 'copy-failed', retryAt: null, problem: { kind: 'no-folder' } })
    expect(house.item(itemId).journey.state).toBe('accepted')
  })

  test('because of a bug in filing is a failure like another', async () => {
    const { house } = await build('we-file-it')
    house.fileSentCopy = async () => {
      throw new Error('bug')
    }
    const itemId = await house.send()
    const item = await house.until(itemId, ({ journey }) => journey.sentCopy.state === 'failed')
    expect(item.journey.sentCopy.problem).toMatchObject({ kind: 'internal' })
  })

  test('of one account does not keep the others waiting', async () => {
    const { server, house } = await build('we-file-it')
    house.accounts.set('other', accountFor(server, { id: 'other' }))
    house.passwords.set('other', password)
    const { fileSentCopy } = house
    house.fileSentCopy = copy => (copy.accountId === 'account' ? new Promise(() => {}) : fileSentCopy(copy))
    await house.send()
    const second = await house.send({ accountId: 'other' })
    await untilFiled(house, second)
  })
})

test('a mail whose outcome is unknown gets no copy from us until somebody says that it was handed over', async () => {
  const { house } = await build('we-file-it', { body: [done(drop())] })
  const itemId = await house.send()
  await house.untilState(itemId, 'uncertain')
  await pass(house, 400)
  expect(house.sent).toEqual([])
  house.outbox.decideOutcome(itemId, 'handed-over')
  await untilFiled(house, itemId)
  expect(house.sent).toHaveLength(1)
})
