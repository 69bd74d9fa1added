import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Secrets } from '../../../main/host.ts'
import { createKeyFileSeal } from '../../../main/shells/key-file.ts'
import { createSealedSecrets } from '../../../main/shells/sealed-secrets.ts'
import { removeFolder, temporaryFolder } from './house.ts'

let folder: string
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(() => removeFolder(folder))

const file = () => join(folder, 'secrets.json')
const keyFile = () => join(folder, 'secrets.key')
const open = (): Secrets => createSealedSecrets(file(), createKeyFileSeal(keyFile()))
const unavailable = { ok: false, problem: { kind: 'secrets-unavailable' } }

describe('secrets under a key file', () => {
  test('what was set is there again after a restart, and gone after removal', () => {
    expect(open().set('smtp:1', 'pässwörd 届')).toEqual({ ok: true, value: true })
    expect(open().get('smtp:1')).toEqual({ ok: true, value: 'pässwörd 届' })
    expect(open().remove('smtp:1')).toEqual({ ok: true, value: true })
    expect(open().get('smtp:1')).toEqual({ ok: true, value: null })
  })

  test('reading before anything was kept makes no file', () => {
    expect(open().get('smtp:1')).toEqual({ ok: true, value: null })
    expect(open().remove('smtp:1')).toEqual({ ok: true, value: true })
    expect(() => statSync(keyFile())).toThrow()
  })

  test('both files are for their owner only, and the password is in neither', () => {
    open().set('smtp:1', 'correct horse')
    for (const one of [file(), keyFile()]) {
      expect(statSync(one).mode & 0o777).toBe(0o600)
      expect(readFileSync(one).includes('correct horse')).toBe(false)
    }
  })

  test('the same password is never sealed into the same bytes', () => {
    open().set('smtp:1', 'a')
    const first = readFileSync(file(), 'utf8')
    open().set('smtp:1', 'a')
    expect(readFileSync(file(), 'utf8')).not.toBe(first)
  })

  test('a key file that became readable to others is closed again', () => {
    open().set('smtp:1', 'a')
    chmodSync(keyFile(), 0o644)
    open().get('smtp:1')
    expect(statSync(keyFile()).mode & 0o777).toBe(0o600)
  })

  test('two sealed values that changed places are unavailable, not each other', () => {
    open().set('smtp:1', 'for one')
    open().set('smtp:2', 'for two')
    const content = JSON.parse(readFileSync(file(), 'utf8'))
    content.values = { 'smtp:1': content.values['smtp:2'], 'smtp:2': content.values['smtp:1'] }
    writeFileSync(file(), JSON.stringify(content))
    expect(open().get('smtp:1')).toMatchObject(unavailable)
  })

  test.each([
    ['a changed byte', 40],
    ['a changed tag', 15],
    ['a changed nonce', 2],
  ])('a value with %s is unavailable', (_what, at) => {
    open().set('smtp:1', 'a rather long password')
    const content = JSON.parse(readFileSync(file(), 'utf8'))
    const sealed = Buffer.from(content.values['smtp:1'], 'base64')
    sealed[at] = (sealed[at] ?? 0) ^ 1
    content.values['smtp:1'] = sealed.toString('base64')
    writeFileSync(file(), JSON.stringify(content))
    expect(open().get('smtp:1')).toMatchObject(unavailable)
  })

  test('with a damaged key old secrets are unavailable and the key is not replaced', () => {
    open().set('smtp:1', 'a')
    writeFileSync(keyFile(), 'short')
    expect(open().get('smtp:1')).toMatchObject(unavailable)
    expect(open().set('smtp:2', 'b')).toMatchObject(unavailable)
    expect(readFileSync(keyFile(), 'utf8')).toBe('short')
  })

  test('a damaged file of secrets is not written over', () => {
    writeFileSync(file(), '{"version":1,"val')
    expect(open().get('smtp:1')).toMatchObject(unavailable)
    expect(open().set('smtp:1', 'a')).toMatchObject(unavailable)
    expect(readFileSync(file(), 'utf8')).toBe('{"version":1,"val')
  })

  test('a directory that is not there is a failure in words, not a throw', () => {
    const secrets = createSealedSecrets(join(folder, 'no', 'secrets.json'), createKeyFileSeal(keyFile()))
    expect(secrets.set('smtp:1', 'a')).toMatchObject({ ok: false, problem: { kind: 'disk' } })
  })
})
