import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openSettingsFile } from '../../../main/shells/settings-file.ts'
import { removeFolder, temporaryFolder } from './house.ts'

let folder: string
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(() => removeFolder(folder))

const file = () => join(folder, 'settings.json')
const now = Date.UTC(2026, 10, 24, 9, 30, 5)
const open = () => openSettingsFile(folder, now)

describe('the settings file, by conf', () => {
  test('is settings.json with plain values at the top, for its owner only', () => {
    const { settings, problem } = open()
    expect(problem).toBeNull()
    expect(settings.set({ theme: 'dark', paneWidths: { places: 228, list: 372 } })).toEqual({
      ok: true,
      value: true,
    })
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual({
      theme: 'dark',
      paneWidths: { places: 228, list: 372 },
    })
    expect(statSync(file()).mode & 0o777).toBe(0o600)
  })

  test('keeps what was set, and what this version does not know', () => {
    writeFileSync(file(), '{"fromTheFuture":{"a":1},"theme":"light"}')
    open().settings.set({ theme: 'dark' })
    expect(open().settings.get('theme')).toBe('dark')
    expect(open().settings.get('fromTheFuture')).toEqual({ a: 1 })
  })

  test('a name with a dot is a name, and a name of every object is nothing', () => {
    open().settings.set({ 'a.b': 1 })
    expect(open().settings.get('a.b')).toBe(1)
    expect(open().settings.get('constructor')).toBeUndefined()
  })

  test.each([
    ['half a file', '{"theme":"da'],
    ['no object', '[1]'],
    ['nothing at all', ''],
    ['zeros after a power cut', '\0\0\0\0'],
  ])('with %s it starts from the defaults, keeps the file aside and says so', (_what, text) => {
    writeFileSync(file(), text)
    const { settings, problem } = open()
    expect(problem).toEqual({ kind: 'settings-corrupt', keptAs: 'settings.damaged-2026-11-24-093005.json' })
    expect(readFileSync(join(folder, 'settings.damaged-2026-11-24-093005.json'), 'utf8')).toBe(text)
    expect(settings.get('theme')).toBeUndefined()
    settings.set({ theme: 'light' })
    expect(open()).toMatchObject({ problem: null })
  })

  test('a second damaged file of the same second does not replace the first', () => {
    writeFileSync(file(), 'one')
    open()
    writeFileSync(file(), 'two')
    expect(open().problem).toEqual({
      kind: 'settings-corrupt',
      keptAs: 'settings.damaged-2026-11-24-093005-2.json',
    })
  })

  test('the file of the last three starts is kept, newest first, and never a damaged one', () => {
    for (const theme of ['a', 'b', 'c', 'd']) {
      writeFileSync(file(), JSON.stringify({ theme }))
      open()
      open()
    }
    writeFileSync(file(), '{')
    open()
    const backup = (number: number) => readFileSync(join(folder, `settings.backup-${number}.json`), 'utf8')
    expect([1, 2, 3].map(backup)).toEqual(['{"theme":"d"}', '{"theme":"c"}', '{"theme":"b"}'])
    expect(existsSync(join(folder, 'settings.backup-4.json'))).toBe(false)
  })

  test('a file that somebody damages while we run does not make a question throw', () => {
    const { settings } = open()
    settings.set({ theme: 'dark' })
    writeFileSync(file(), '{"theme')
    expect(settings.get('theme')).toBe('dark')
    expect(settings.set({ undoSeconds: 10 })).toEqual({ ok: true, value: true })
    expect(open().settings.get('theme')).toBe('dark')
  })

  test('where the file cannot be written it says so, and the program still has settings', () => {
    mkdirSync(file())
    const { settings, problem } = open()
    expect(problem).toMatchObject({ kind: 'disk' })
    expect(settings.set({ theme: 'dark' }).ok).toBe(true)
    expect(settings.get('theme')).toBe('dark')
    expect(readdirSync(folder)).toContain('settings.json')
  })
})
