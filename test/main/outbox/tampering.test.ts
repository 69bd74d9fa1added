// What was frozen at Send is what goes, or nothing goes: a changed byte is found by its hash and named.

import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { type ScriptedSmtp, startScriptedSmtp } from '../../servers/scripted-smtp.ts'
import { accountFor, buildHouse, type House, password, sha256Of } from './house.ts'

const servers: ScriptedSmtp[] = []
const houses: House[] = []
afterEach(async () => {
  const bugs = houses.flatMap(house => house.bugs)
  for (const house of houses.splice(0)) await house.close()
  for (const server of servers.splice(0)) await server.stop()
  expect(bugs).toEqual([])
})

async function build() {
  const server = await startScriptedSmtp({}, { users: { yuki: password } })
  servers.push(server)
  const house = buildHouse(accountFor(server))
  houses.push(house)
  return { server, house }
}

const content = Buffer.alloc(300_000, 'todoke')
const flipped = (bytes: Buffer) => {
  const other = Buffer.from(bytes)
  other[1_000] = (other[1_000] ?? 0) ^ 1
  return other
}

test('a flipped byte in the stored mail: nothing is sent, and the mail says so', async () => {
  const { server, house } = await build()
  const itemId = await house.send({ text: 'Pay 100 EUR to Bob' })
  const recipe = String(house.db.get('SELECT recipe FROM outbox_item WHERE id = ?', itemId)?.recipe)
  const changed = recipe.replace('100 EUR', '900 EUR')
  house.db.run('UPDATE outbox_item SET recipe = ? WHERE id = ?', changed, itemId)
  house.clock.advance(10_000)
  const item = await house.untilState(itemId, 'paused')
  expect(item.journey).toMatchObject({ pausedFor: 'mail', problem: { kind: 'bytes-changed' } })
  expect(server.messages).toEqual([])
  // Mended, it goes.
  house.db.run('UPDATE outbox_item SET recipe = ? WHERE id = ?', recipe, itemId)
  house.outbox.resume(itemId)
  await house.untilState(itemId, 'accepted')
  expect(server.messages).toHaveLength(1)
})

const named = { kind: 'attachment-unreadable', name: 'データ.bin' }
test.each<[string, (path: string, folder: string) => void, object]>([
  ['with a flipped byte', path => writeFileSync(path, flipped(content)), named],
  ['cut short', path => writeFileSync(path, content.subarray(0, 1_000)), named],
  ['deleted', path => rmSync(path), { kind: 'attachment-missing', name: 'データ.bin' }],
  [
    'replaced by a link to something else',
    (path, folder) => {
      writeFileSync(join(folder, 'secret'), flipped(content))
      rmSync(path)
      symlinkSync(join(folder, 'secret'), path)
    },
    named,
  ],
])(
  'a file in the spool that was %s after Send: nothing is sent, and the file is named',
  async (_how, spoil, problem) => {
    const { server, house } = await build()
    const itemId = await house.send({}, null, content)
    const path = house.spool.pathOf(sha256Of(content))
    spoil(path, house.folder)
    house.clock.advance(10_000)
    const item = await house.untilState(itemId, 'paused')
    expect(item.journey).toMatchObject({ pausedFor: 'mail', problem })
    expect(server.messages).toEqual([])
    rmSync(path, { force: true })
    writeFileSync(path, content)
    house.outbox.resume(itemId)
    await house.untilState(itemId, 'accepted')
    expect(server.messages).toHaveLength(1)
  },
)

test('the writer’s own file may change, go or become a link after it was attached: the frozen bytes go', async () => {
  const { server, house } = await build()
  const own = join(house.folder, 'own.bin')
  writeFileSync(own, content)
  const itemId = await house.send({}, null, readFileSync(own))
  rmSync(own)
  symlinkSync('/etc/hostname', own)
  house.clock.advance(10_000)
  await house.untilState(itemId, 'accepted')
  const row = house.db.get('SELECT sha256 FROM outbox_item WHERE id = ?', itemId)
  expect(sha256Of(server.messages[0]?.data ?? Buffer.alloc(0))).toBe(row?.sha256)
  expect(existsSync(house.spool.pathOf(sha256Of(content)))).toBe(true)
})

test('a mail with a damaged file is saved without it, which is named, and can be deleted', async () => {
  const { house } = await build()
  const itemId = await house.send({ text: 'Still here' }, null, content)
  writeFileSync(house.spool.pathOf(sha256Of(content)), flipped(content))
  house.clock.advance(10_000)
  const item = await house.untilState(itemId, 'paused')
  house.saveTo = join(house.folder, 'saved.eml')
  expect(await house.outbox.saveAs(itemId)).toEqual({
    ok: true,
    value: { savedAs: house.saveTo, leftOut: ['データ.bin'] },
  })
  expect(readFileSync(house.saveTo, 'utf8')).toContain('Still here')
  expect(item.can.remove).toBe(true)
  expect(house.outbox.remove(itemId).ok).toBe(true)
  expect(house.outbox.get(itemId)).toBeNull()
})

test.each<[string, (recipe: string) => string, string]>([
  ['a part of it', recipe => recipe.replace('"version":2', '"version":"?"'), 'Still here'],
  ['all of it', recipe => recipe.slice(0, -5), '"name":"Yuki"'],
])(
  'a mail whose row is damaged, %s, can be opened, saved and deleted, and never goes',
  async (_how, spoil, kept) => {
    const { server, house } = await build()
    const itemId = await house.send({ text: 'Still here' })
    const recipe = String(house.db.get('SELECT recipe FROM outbox_item WHERE id = ?', itemId)?.recipe)
    house.db.run('UPDATE outbox_item SET recipe = ? WHERE id = ?', spoil(recipe), itemId)
    house.clock.advance(10_000)
    const item = await house.untilState(itemId, 'paused')
    expect(item).toMatchObject({
      to: [{ address: 'bob@example.org' }],
      journey: { pausedFor: 'mail', problem: { kind: 'mail-unreadable' } },
      can: { edit: false, correctRecipient: false, remove: true },
    })
    expect(item.preview).toContain(kept)
    house.saveTo = join(house.folder, 'saved.eml')
    expect(await house.outbox.saveAs(itemId)).toMatchObject({ ok: true })
    // Long lines are folded in the file.
    expect(readFileSync(house.saveTo, 'utf8').replaceAll('=\r\n', '')).toContain(kept)
    expect(house.outbox.remove(itemId).ok).toBe(true)
    expect([house.outbox.get(itemId), server.messages.length]).toEqual([null, 0])
  },
)
