/** What the command line and the system say to a shell: where the data lies, practice or not, which language. */

import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Language } from '../../shared/model.ts'

export type ShellOptions = {
  /** Absolute. Practice has a place of its own, so that it never touches real mail. */
  dataDir: string
  isPractice: boolean
  isHeadless: boolean
  /** Only for the headless shell: do not end when the input ends. */
  stays: boolean
  mailto: string | null
}

/** Words it does not know (Electron passes its own) are let through. `argv` is without the program and its script. */
export function parseShellOptions(argv: string[], env: NodeJS.ProcessEnv = process.env): ShellOptions {
  const { values, positionals } = parseArgs({
    args: argv,
    strict: false,
    allowPositionals: true,
    options: {
      data: { type: 'string' },
      practice: { type: 'boolean' },
      headless: { type: 'boolean' },
      stay: { type: 'boolean' },
    },
  })
  const isPractice = values.practice === true
  const root =
    typeof values.data === 'string' && values.data !== '' ? resolve(values.data) : defaultDataDir(env)
  return {
    dataDir: isPractice ? join(root, 'practice') : root,
    isPractice,
    isHeadless: values.headless === true,
    stays: values.stay === true,
    mailto: positionals.find(word => /^mailto:/i.test(word)) ?? null,
  }
}

/** By the custom of each system. */
export function defaultDataDir(
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Todoke')
  if (platform === 'win32') return join(env.APPDATA || join(home, 'AppData', 'Roaming'), 'Todoke')
  // The XDG specification: a relative path is to be ignored.
  const xdg = env.XDG_DATA_HOME
  return join(xdg?.startsWith('/') ? xdg : join(home, '.local', 'share'), 'todoke')
}

/** BCP 47, as the shell's environment says it. */
export function systemLanguage(env: NodeJS.ProcessEnv = process.env): string {
  const named = env.LC_ALL || env.LC_MESSAGES || env.LANG || ''
  const language = named.split('.')[0]?.replaceAll('_', '-') ?? ''
  if (/^[a-z]{2,3}(-|$)/i.test(language)) return language
  return named === '' ? Intl.DateTimeFormat().resolvedOptions().locale : 'en'
}

/** The language for what a shell itself has to say. */
export function shellLanguage(language: string): Language {
  return language.toLowerCase().startsWith('ja') ? 'ja' : 'en'
}
