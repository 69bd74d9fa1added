// Which mail servers of the system are here, and the line that installs the missing ones.
// Refuses to install anything: that is the project's set-up.

import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { searchPath } from './guarded-process.ts'

/** Debian's names of the packages the tests use. */
export type PackageName = 'dovecot-imapd' | 'dovecot-pop3d' | 'dovecot-lmtpd' | 'postfix' | 'openssl'

export const mailServerPackages: PackageName[] = [
  'dovecot-imapd',
  'dovecot-pop3d',
  'dovecot-lmtpd',
  'postfix',
  'openssl',
]

/**
 * True when all are installed. When one is missing it throws, naming the line to run: a test that needs a
 * server fails without it. Only where somebody says TODOKE_SKIP_SERVERS=1 (and not CI_STRICT=1) does it
 * answer false, for `describe.skipIf(!needsPackages([…]))`.
 */
export function needsPackages(names: PackageName[]): boolean {
  const missing = names.filter(name => !isInstalled(name))
  if (missing.length === 0) return true
  if (process.env.TODOKE_SKIP_SERVERS === '1' && process.env.CI_STRICT !== '1') return false
  throw new Error(
    `These tests use real mail servers, and ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not ` +
      `installed. Run:\n  sudo apt-get install -y --no-install-recommends ${missing.join(' ')}`,
  )
}

/** The servers change users and so start only as root. */
export function needsRoot(program: string): void {
  if (process.getuid?.() !== 0) throw new Error(`${program} has to be started as root in these tests`)
}

function isInstalled(name: PackageName): boolean {
  const commands = searchPath().split(delimiter)
  const dovecotPrograms = ['/usr/lib/dovecot', '/usr/libexec/dovecot']
  const has = (folders: string[], file: string) => folders.some(folder => existsSync(join(folder, file)))
  switch (name) {
    case 'dovecot-imapd':
      return has(commands, 'dovecot') && has(dovecotPrograms, 'imap')
    case 'dovecot-pop3d':
      return has(dovecotPrograms, 'pop3')
    case 'dovecot-lmtpd':
      return has(dovecotPrograms, 'lmtp')
    case 'postfix':
    case 'openssl':
      return has(commands, name)
  }
}
