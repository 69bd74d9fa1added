/**
 * The settings file: electron-store in Electron, its base class conf elsewhere, one file of one name and shape. A file
 * that cannot be read is kept aside under another name and never written over; good ones are copied at each start.
 */

import { copyFileSync, existsSync, readFileSync, renameSync } from 'node:fs'
import { basename, join } from 'node:path'
import Conf from 'conf'
import { fail, ok, type Problem, type Result } from '../../shared/problem.ts'
import type { SettingsFile } from '../host.ts'
import { problemOfFileError } from './atomic-file.ts'

type Values = Record<string, unknown>

/** What of a store is used here; electron-store and conf both are one. */
export type Store = { store: Values }

export type StoreOptions = {
  cwd: string
  name: string
  configFileMode: number
  clearInvalidConfig: boolean
  accessPropertiesByDotNotation: boolean
}

const NAME = 'settings'
const BACKUPS = 3

/** `problem` is `settings-corrupt` when the file was kept aside, or why nothing can be read or written here. */
export function openSettingsFile(
  directory: string,
  now: number,
  openStore: (options: StoreOptions) => Store = openConf,
): { settings: SettingsFile; problem: Problem | null } {
  const file = join(directory, `${NAME}.json`)
  try {
    const problem = keepDamagedAside(file, now)
    if (problem === null) rotateBackups(directory, file)
    const store = openStore({
      cwd: directory,
      name: NAME,
      configFileMode: 0o600,
      clearInvalidConfig: false,
      accessPropertiesByDotNotation: false,
    })
    return { settings: settingsOver(store), problem }
  } catch (error) {
    return { settings: settingsInMemory(), problem: problemOfFileError(error) }
  }
}

function openConf({ name, ...options }: StoreOptions): Store {
  return new Conf<Values>({ ...options, configName: name })
}

function settingsOver(store: Store): SettingsFile {
  // Kept in memory: a file that somebody damages while we run must not make a question throw.
  let values: Values = { ...store.store }
  return {
    get: key => (Object.hasOwn(values, key) ? values[key] : undefined),
    set(changed) {
      const next = { ...values, ...changed }
      const written = write(store, next)
      if (written.ok) values = next
      return written
    },
  }
}

function write(store: Store, values: Values): Result<true> {
  try {
    store.store = values
    return ok(true)
  } catch (error) {
    return fail(problemOfFileError(error))
  }
}

/** Where not even the folder can be read, the program still opens and says so. */
function settingsInMemory(): SettingsFile {
  const values = new Map<string, unknown>()
  return {
    get: key => values.get(key),
    set(changed) {
      for (const [key, value] of Object.entries(changed)) values.set(key, value)
      return ok(true)
    },
  }
}

function keepDamagedAside(file: string, now: number): Problem | null {
  if (!existsSync(file) || isReadable(readFileSync(file, 'utf8'))) return null
  const stamp = new Date(now).toISOString().slice(0, 19).replaceAll(':', '').replace('T', '-')
  let aside = file.replace(/\.json$/, `.damaged-${stamp}.json`)
  for (let count = 2; existsSync(aside); count += 1) {
    aside = file.replace(/\.json$/, `.damaged-${stamp}-${count}.json`)
  }
  renameSync(file, aside)
  return { kind: 'settings-corrupt', keptAs: basename(aside) }
}

function isReadable(text: string): boolean {
  try {
    const values: unknown = JSON.parse(text)
    return typeof values === 'object' && values !== null && !Array.isArray(values)
  } catch {
    return false
  }
}

/** settings.backup-1.json is the file as the last start found it, 2 and 3 are older. Same content is not copied again. */
function rotateBackups(directory: string, file: string): void {
  if (!existsSync(file)) return
  const backup = (number: number) => join(directory, `${NAME}.backup-${number}.json`)
  if (existsSync(backup(1)) && readFileSync(backup(1)).equals(readFileSync(file))) return
  for (let number = BACKUPS - 1; number >= 1; number -= 1) {
    if (existsSync(backup(number))) renameSync(backup(number), backup(number + 1))
  }
  copyFileSync(file, backup(1))
}
