/**
 * What a shell without Electron does outside the program: opens a checked link with the system's own opener and finds a
 * free name in the Downloads folder. No shell command is ever built from a text.
 */

import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { extname, join } from 'node:path'

/** http, https and mailto without control characters; everything else could start a program. */
export function isOpenable(url: string): boolean {
  if (url.length > 8_192 || /[\u0000-\u0020\u007f"'`<>\\^{|}]/.test(url)) return false
  try {
    return ['http:', 'https:', 'mailto:'].includes(new URL(url).protocol)
  } catch {
    return false
  }
}

/** The opener of the system with its arguments as a list. */
export function openerOf(url: string, platform: NodeJS.Platform = process.platform): [string, string[]] {
  if (platform === 'darwin') return ['open', ['--', url]]
  // Not `start`: that is a word of the command interpreter, which would read `&` in the link.
  if (platform === 'win32') return ['rundll32.exe', ['url.dll,FileProtocolHandler', url]]
  return ['xdg-open', [url]]
}

/** Rejects where the link is not to be opened or there is no opener. */
export async function openOutside(url: string): Promise<void> {
  if (!isOpenable(url)) throw new Error('this kind of link is not opened')
  const [command, args] = openerOf(url)
  await new Promise<void>((resolve, reject) => {
    const child = spawn(command, args, { detached: true, stdio: 'ignore', shell: false })
    child.once('error', reject)
    child.once('spawn', () => {
      child.unref()
      resolve()
    })
  })
}

/** By the XDG user directories on Linux, else `Downloads` at home. */
export function downloadsDir(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  const named = platform === 'linux' ? (env.XDG_DOWNLOAD_DIR ?? userDirectory(env, home)) : undefined
  return named?.startsWith('/') ? named : join(home, 'Downloads')
}

function userDirectory(env: NodeJS.ProcessEnv, home: string): string | undefined {
  const file = join(env.XDG_CONFIG_HOME || join(home, '.config'), 'user-dirs.dirs')
  if (!existsSync(file)) return undefined
  const line = /^XDG_DOWNLOAD_DIR="(.+)"$/m.exec(readFileSync(file, 'utf8'))
  return line?.[1]?.replace(/^\$HOME/, home)
}

const LONGEST_NAME_BYTES = 180

/** A name that is only a name: no path, nothing invisible, nothing the system reserves. */
export function plainFileName(suggested: string): string {
  const name = suggested
    .normalize('NFC')
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/[/\\:*?"<>|]/g, '_')
    .replace(/^[\s.]+|[\s.]+$/g, '')
  const extension = extname(name).slice(0, 20)
  let stem = name.slice(0, name.length - extname(name).length)
  while (Buffer.byteLength(stem + extension) > LONGEST_NAME_BYTES)
    stem = Array.from(stem).slice(0, -1).join('')
  if (/^(con|prn|aux|nul|com\d|lpt\d)$/i.test(stem)) stem = `_${stem}`
  return stem + extension === '' ? 'mail' : stem + extension
}

/** A path in `directory` that is not there yet; an older file keeps its name. */
export function unusedPath(directory: string, suggested: string): string {
  mkdirSync(directory, { recursive: true })
  const name = plainFileName(suggested)
  const extension = extname(name)
  const stem = name.slice(0, name.length - extension.length)
  let path = join(directory, name)
  for (let number = 2; existsSync(path); number += 1)
    path = join(directory, `${stem} (${number})${extension}`)
  return path
}
