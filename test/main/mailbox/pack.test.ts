import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { createPacks, type PackRef } from '../../../main/mailbox/pack.ts'
import { must } from './receiving-bench.ts'

const folders: string[] = []
function makeRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'todoke-pack-'))
  folders.push(root)
  return root
}
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

const onlyPack = (root: string) => {
  const [name] = readdirSync(join(root, 'acc'))
  return join(root, 'acc', name ?? '')
}

test('what was appended is read back byte for byte, also in parallel and after a restart', async () => {
  const root = makeRoot()
  const sources = Array.from({ length: 20 }, (_, at) => Buffer.from(`mail ${at} `.repeat(at * 100 + 1)))
  const packs = createPacks(root)
  const refs = await Promise.all(sources.map(async source => must(await packs.append('acc', source))))
  must(await packs.sync('acc'))
  await packs.close()
  const again = createPacks(root)
  const more = must(await again.append('acc', Buffer.from([0xff, 0, 1])))
  for (const [at, ref] of refs.entries()) {
    expect(must(await again.read('acc', ref)).equals(sources[at] as Buffer)).toBe(true)
  }
  expect([...must(await again.read('acc', more))]).toEqual([0xff, 0, 1])
  expect(more.pack).toBe(refs[0]?.pack)
  await again.close()
})

test('a source is compressed, and nobody else may read it', async () => {
  const root = makeRoot()
  const packs = createPacks(root)
  const ref = must(await packs.append('acc', Buffer.from('The same words. '.repeat(1_000))))
  expect(ref.length).toBeLessThan(1_000)
  expect(statSync(onlyPack(root)).mode & 0o777).toBe(0o600)
  await packs.close()
})

test('bytes that changed on the disk are not given out as the mail', async () => {
  const root = makeRoot()
  const packs = createPacks(root)
  const ref = must(await packs.append('acc', Buffer.from('Pay 10 euro to Anna.')))
  await packs.close()
  const bytes = readFileSync(onlyPack(root))
  bytes[bytes.length - 3] = (bytes[bytes.length - 3] as number) ^ 1
  writeFileSync(onlyPack(root), bytes)
  const again = createPacks(root)
  expect(await again.read('acc', ref)).toMatchObject({ ok: false, problem: { kind: 'mail-unreadable' } })
  const wrong: PackRef = { ...ref, sha256: '0'.repeat(64) }
  expect((await again.read('acc', wrong)).ok).toBe(false)
  expect((await again.read('acc', { ...ref, pack: 'gone.pack' })).ok).toBe(false)
  await again.close()
})

test('the rest of an interrupted append does no harm to what comes after it', async () => {
  const root = makeRoot()
  const packs = createPacks(root)
  const first = must(await packs.append('acc', Buffer.from('first')))
  await packs.close()
  writeFileSync(onlyPack(root), Buffer.from('half a record'), { flag: 'a' })
  const again = createPacks(root)
  const second = must(await again.append('acc', Buffer.from('second')))
  expect(must(await again.read('acc', first)).toString()).toBe('first')
  expect(must(await again.read('acc', second)).toString()).toBe('second')
  await again.close()
})

test('an account that goes takes its packs along and no others, whatever its id looks like', async () => {
  const root = makeRoot()
  const packs = createPacks(root)
  must(await packs.append('acc', Buffer.from('a')))
  must(await packs.append('../../evil', Buffer.from('b')))
  await packs.removeAccount('acc')
  expect(readdirSync(root)).toEqual(['______evil'])
  await packs.close()
})

test('several sources take one write, and all that lies in the packs is found again without the database', async () => {
  const root = makeRoot()
  const packs = createPacks(root)
  const sources = ['one', 'two', 'three'].map(word => Buffer.from(`Subject: ${word}\r\n\r\n${word}\r\n`))
  const refs = must(await packs.appendAll('acc', sources))
  must(await packs.sync('acc'))
  expect((await packs.readAll('acc', refs)).map(read => must(read).toString())).toEqual(sources.map(String))
  const found: [PackRef, string][] = []
  for await (const { ref, source } of packs.records('acc')) found.push([ref, source.toString()])
  expect(found).toEqual(refs.map((ref, at) => [ref, String(sources[at])]))
  await packs.close()
})

test('behind a damaged record the others are found', async () => {
  const root = makeRoot()
  const packs = createPacks(root)
  const refs = must(
    await packs.appendAll(
      'acc',
      ['a', 'b', 'c'].map(word => Buffer.from(word)),
    ),
  )
  await packs.close()
  const bytes = readFileSync(onlyPack(root))
  bytes.fill(0xee, (refs[1]?.offset ?? 0) + 4, (refs[1]?.offset ?? 0) + 12)
  writeFileSync(onlyPack(root), bytes)
  const again = createPacks(root)
  const found: string[] = []
  for await (const { source } of again.records('acc')) found.push(source.toString())
  expect(found).toEqual(['a', 'c'])
  await again.close()
})

test('what was stored by raw deflate is still read', async () => {
  const root = makeRoot()
  const source = Buffer.from('Subject: old\r\n\r\nThe first packs were written so.\r\n')
  const stored = deflateRawSync(source)
  const digest = createHash('sha256').update(source).digest()
  const head = Buffer.alloc(16)
  head.write('TDK1', 'latin1')
  head.writeUInt32LE(stored.length, 4)
  head.writeUInt32LE(source.length, 8)
  head.writeUInt32LE(1, 12)
  mkdirSync(join(root, 'acc'))
  writeFileSync(join(root, 'acc', '000001.pack'), Buffer.concat([head, digest, stored]))
  const packs = createPacks(root)
  const ref = { pack: '000001.pack', offset: 0, length: 48 + stored.length, sha256: digest.toString('hex') }
  expect(must(await packs.read('acc', ref)).equals(source)).toBe(true)
  await packs.close()
})
