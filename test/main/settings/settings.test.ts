import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Calls, createDoor } from '../../../main/call.ts'
import { createEventHub } from '../../../main/events.ts'
import type { SettingsFile } from '../../../main/host.ts'
import { createSettings, DEFAULT_SETTINGS, settingsCalls } from '../../../main/settings/settings.ts'
import type { Method } from '../../../shared/api.ts'
import type { Settings } from '../../../shared/model.ts'
import { fail, ok } from '../../../shared/problem.ts'

function settingsOver(content: Record<string, unknown>, isReadOnly = false) {
  const values = new Map(Object.entries(content))
  const file: SettingsFile = {
    get: key => values.get(key),
    set(change) {
      if (isReadOnly) return fail({ kind: 'disk', detail: 'EROFS' })
      for (const [key, value] of Object.entries(change)) values.set(key, value)
      return ok(true)
    },
  }
  const hub = createEventHub()
  const events: string[] = []
  hub.listen(({ name }) => events.push(name))
  return { settings: createSettings({ file, emit: hub.emit }), events, values }
}

test('a first start has the defaults: a mail can be taken back for ten seconds', () => {
  const { settings } = settingsOver({})
  expect(settings.get()).toEqual(DEFAULT_SETTINGS)
  expect(settings.get().undoSeconds).toBe(10)
})

test('a broken value falls back alone', () => {
  const { settings } = settingsOver({
    language: 'ja',
    theme: 'pink',
    undoSeconds: -3,
    paneWidths: { places: 300, list: '10' },
    singleKeys: false,
    defaultAccountId: 7,
  })
  expect(settings.get()).toEqual({ ...DEFAULT_SETTINGS, language: 'ja', singleKeys: false })
})

test('whatever the file holds, the settings are whole', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...Object.keys(DEFAULT_SETTINGS)), fc.anything()), content => {
      const { settings } = settingsOver(content)
      expect(Object.keys(settings.get()).sort()).toEqual(Object.keys(DEFAULT_SETTINGS).sort())
      expect(settings.set(settings.get()).ok).toBe(true)
    }),
  )
})

test('a change touches what it names, is announced and stays', () => {
  const { settings, events, values } = settingsOver({ language: 'en' })
  expect(settings.set({ undoSeconds: 0, theme: 'dark' })).toEqual(
    ok({ ...DEFAULT_SETTINGS, language: 'en', undoSeconds: 0, theme: 'dark' }),
  )
  expect([...values.keys()].sort()).toEqual(['language', 'theme', 'undoSeconds'])
  expect(events).toEqual(['settings.changed'])
})

test('one wrong value changes nothing and is named', () => {
  const { settings, events, values } = settingsOver({})
  for (const undoSeconds of [61, -1, 1.5, Number.NaN]) {
    expect(settings.set({ theme: 'dark', undoSeconds })).toMatchObject({
      problem: { kind: 'invalid', field: 'undoSeconds' },
    })
  }
  expect([values.size, events]).toEqual([0, []])
})

test('a file that cannot be written says so and nothing is announced', () => {
  const { settings, events } = settingsOver({}, true)
  expect(settings.set({ theme: 'dark' })).toEqual(fail({ kind: 'disk', detail: 'EROFS' }))
  expect(events).toEqual([])
})

test('the defaults are nobody else’s to change', () => {
  const { settings } = settingsOver({})
  settings.get().paneWidths.list = 1
  expect(settings.get()).toEqual(DEFAULT_SETTINGS)
})

test('the calls drop unknown keys and refuse what is no patch', async () => {
  const { settings, values } = settingsOver({})
  const door = createDoor(settingsCalls(settings) as Calls<Method>, () => {})
  expect(await door.call('settings.set', [{ theme: 'light', evil: 1 } as Partial<Settings>])).toMatchObject({
    ok: true,
    value: { theme: 'light' },
  })
  expect([...values.keys()]).toEqual(['theme'])
  for (const patch of [null, [], 'dark', { theme: 3 }]) {
    expect(await door.call('settings.set', [patch])).toMatchObject({ problem: { kind: 'invalid' } })
  }
  expect(await door.call('settings.get', [])).toMatchObject({ ok: true })
})
