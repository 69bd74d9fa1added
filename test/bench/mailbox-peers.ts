// The programs that do the same work, each with a configuration of its own in a temporary folder. Whole processes are
// timed, from their start to their end. A peer that is not installed is null.

import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export type Login = { port: number; user: string; password: string }

/** Runs it to its end; answers ms, throws what it said where it failed. */
export function timedProcess(command: string, args: string[], env: Record<string, string> = {}): number {
  const startedAt = performance.now()
  const run = spawnSync(command, args, { env: { ...process.env, ...env }, encoding: 'utf8' })
  if (run.status !== 0) throw new Error(`${command}: ${run.stderr || run.error}`)
  return performance.now() - startedAt
}

export function isInstalled(command: string): boolean {
  return spawnSync('which', [command]).status === 0
}

export type Mbsync = {
  /** Into an empty Maildir, all of it. */
  first(): number
  /** Once more over what the last run left. */
  again(): number
}

/** Pulls from the server; what is local stays local. */
export function mbsync(folder: string, { port, user, password }: Login, fsync: boolean): Mbsync {
  const home = join(folder, `mbsync-${fsync ? 'fsync' : 'quick'}`)
  const config = join(folder, `mbsyncrc-${fsync ? 'fsync' : 'quick'}`)
  const lines = [
    `FSync ${fsync ? 'yes' : 'no'}`,
    ...['IMAPAccount far', 'Host 127.0.0.1', `Port ${port}`, `User ${user}`, `Pass "${password}"`],
    ...['SSLType None', 'AuthMechs PLAIN', '', 'IMAPStore far', 'Account far', ''],
    ...['MaildirStore near', `Path ${home}/`, `Inbox ${home}/INBOX`, 'SubFolders Verbatim', ''],
    ...['Channel all', 'Far :far:', 'Near :near:', 'Patterns INBOX', 'Create Near', 'Sync Pull'],
    'SyncState *',
  ]
  writeFileSync(config, `${lines.join('\n')}\n`, { mode: 0o600 })
  const again = () => timedProcess('mbsync', ['-q', '-q', '-c', config, 'all'])
  return {
    first() {
      rmSync(home, { recursive: true, force: true })
      mkdirSync(home)
      return again()
    },
    again,
  }
}

/** All mails, left on the server. */
export function mpop(folder: string, { port, user, password }: Login): number {
  const home = join(folder, 'mpop')
  rmSync(home, { recursive: true, force: true })
  for (const part of ['cur', 'new', 'tmp']) mkdirSync(join(home, part), { recursive: true })
  const config = join(folder, 'mpoprc')
  const uidls = join(folder, 'mpop-uidls')
  rmSync(uidls, { force: true })
  const lines = ['account default', 'host 127.0.0.1', `port ${port}`, `user ${user}`, `password ${password}`]
  lines.push('tls off', 'auth user', 'keep on', `uidls_file ${uidls}`, `delivery maildir ${home}`)
  writeFileSync(config, `${lines.join('\n')}\n`, { mode: 0o600 })
  return timedProcess('mpop', ['-q', '-C', config])
}

/** Parses and indexes a Maildir. */
export function muIndex(folder: string, maildir: string): number {
  const home = join(folder, 'mu')
  rmSync(home, { recursive: true, force: true })
  timedProcess('mu', ['init', `--muhome=${home}`, `--maildir=${maildir}`])
  return timedProcess('mu', ['index', '--quiet', `--muhome=${home}`])
}

export function notmuchNew(folder: string, maildir: string): number {
  const config = join(folder, 'notmuch-config')
  rmSync(join(maildir, '.notmuch'), { recursive: true, force: true })
  writeFileSync(
    config,
    `[database]\npath=${maildir}\n[user]\nname=x\nprimary_email=x@example\n[new]\ntags=\n`,
  )
  return timedProcess('notmuch', ['new', '--quiet'], { NOTMUCH_CONFIG: config })
}
