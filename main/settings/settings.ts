/**
 * Owns what the person prefers: checks every value of the settings file, gives defaults, keeps changes.
 * A broken value falls back alone; refuses to know where the file lies or who wrote it.
 */

import { CHECK_NAMES } from '../../shared/check-name.ts'
import type { Settings } from '../../shared/model.ts'
import { fail, ok, type Result } from '../../shared/problem.ts'
import { type Calls, z } from '../call.ts'
import type { Emit } from '../events.ts'
import type { SettingsFile } from '../host.ts'

export const DEFAULT_SETTINGS: Settings = {
  language: null,
  theme: 'system',
  undoSeconds: 10,
  whenSomeRefused: 'ask',
  dueAsleep: 'ask',
  paneWidths: { places: 228, list: 372 },
  defaultAccountId: null,
  singleKeys: true,
  writesPlain: false,
  quotes: 'below',
  signatures: 'under-answer',
  checksOff: [],
  outsidersLimit: 10,
  remotePictures: 'ask',
  showsConversations: false,
  aheadDays: 90,
}

// One check for a value of the file and one that comes from the page.
const checks: { [K in keyof Settings]: z.ZodType<Settings[K]> } = {
  language: z.enum(['en', 'ja']).nullable(),
  theme: z.enum(['system', 'light', 'dark']),
  undoSeconds: z.int().min(0).max(60),
  whenSomeRefused: z.enum(['ask', 'send-to-others', 'cancel']),
  dueAsleep: z.enum(['ask', 'send']),
  paneWidths: z.object({ places: z.number().min(120).max(2_000), list: z.number().min(160).max(4_000) }),
  defaultAccountId: z.string().min(1).max(100).nullable(),
  singleKeys: z.boolean(),
  writesPlain: z.boolean(),
  quotes: z.enum(['above', 'below']),
  signatures: z.enum(['under-answer', 'at-end']),
  checksOff: z.array(z.enum(CHECK_NAMES)).max(100),
  outsidersLimit: z.int().min(1).max(1_000),
  remotePictures: z.enum(['ask', 'never']),
  showsConversations: z.boolean(),
  aheadDays: z.int().min(0).max(36_500).nullable(),
}

const KEYS = Object.keys(checks) as (keyof Settings)[]

export type SettingsDesk = {
  get(): Settings
  /** Changes what is named and leaves the rest. A value that is none changes nothing at all. */
  set(patch: Partial<Settings>): Result<Settings>
}

/** Settings over the shell's file; each read checks anew, as a person may edit the file by hand. */
export function createSettings({ file, emit }: { file: SettingsFile; emit: Emit }): SettingsDesk {
  const get = (): Settings => {
    const settings: Record<string, unknown> = {}
    for (const key of KEYS) {
      const read = checks[key].safeParse(file.get(key))
      settings[key] = read.success ? read.data : structuredClone(DEFAULT_SETTINGS[key])
    }
    return settings as Settings
  }
  return {
    get,
    set(patch) {
      const change: Record<string, unknown> = {}
      for (const key of KEYS) {
        if (patch[key] === undefined) continue
        const read = checks[key].safeParse(patch[key])
        if (!read.success)
          return fail({ kind: 'invalid', field: key, reason: read.error.issues[0]?.code ?? 'shape' })
        change[key] = read.data
      }
      if (Object.keys(change).length > 0) {
        const written = file.set(change)
        if (!written.ok) return written
        emit('settings.changed', {})
      }
      return ok(get())
    },
  }
}

export function settingsCalls(settings: SettingsDesk): Calls<'settings.get' | 'settings.set'> {
  return {
    'settings.get': { args: z.tuple([]), run: () => ok(settings.get()) },
    'settings.set': {
      args: z.tuple([patchShape]),
      run: patch => settings.set(patch),
    },
  }
}

// Unknown keys are dropped here; `set` checks the values, so that it names the field that is wrong.
const patchShape = z.custom<Partial<Settings>>(
  value => typeof value === 'object' && value !== null && !Array.isArray(value),
)
