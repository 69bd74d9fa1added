// A real Dovecot for one test file: IMAP, POP3 and LMTP on free loopback ports, mail in a temporary folder.
// Refuses to touch the system's own Dovecot, its configuration or its users.

import { execFileSync } from 'node:child_process'
import { chownSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type GuardedProcess,
  makeFolder,
  portTaken,
  searchPath,
  serverFolder,
  startGuarded,
  untilReady,
  writePublic,
} from '../support/guarded-process.ts'
import { needsPackages, needsRoot } from '../support/packages.ts'
import { freePorts, portAnswers } from '../support/ports.ts'
import type { TestCa } from '../support/test-ca.ts'
import { eventually } from '../support/wait.ts'
import { deliverByLmtp } from './lmtp.ts'
import { readMaildir, type StoredMail } from './maildir.ts'

/** `user` is the whole address. */
export type MailUser = { user: string; password: string }

export type DovecotPorts = {
  /** STARTTLS is offered, but not forced: Dovecot holds a client from its own address for safe. */
  imap: number
  imaps: number
  /** The same with STLS. */
  pop3: number
  pop3s: number
  lmtp: number
}

export type DovecotOptions = {
  ca: TestCa
  users: MailUser[]
  /** Lines at the end of the configuration, where a test needs another behaviour. */
  extraConfig?: string
}

export type Dovecot = {
  host: string
  ports: DovecotPorts
  users: MailUser[]
  /** Where the mail lies: `<mailRoot>/<user>/Maildir`, for `readMaildir` in another process. */
  mailRoot: string
  /** Unix socket that checks passwords for Postfix. */
  authSocket: string
  /** Puts a mail into the user's inbox, as a mail server would. */
  deliver(user: string, rawMail: string | Buffer, from?: string): Promise<void>
  /** What is stored in a folder ('INBOX', 'Sent', 'Work/Invoices'), oldest first. */
  mailbox(user: string, folder?: string): StoredMail[]
  /** The same, as soon as so many are there. */
  arrived(user: string, folder?: string, count?: number): Promise<StoredMail[]>
  log(): string
  stop(): Promise<void>
}

const starts = 4
// Owns the mail files; no user of this number has to exist.
const mailUid = 61_234

/** Starts Dovecot and resolves when all its ports answer. */
export async function startDovecot(options: DovecotOptions): Promise<Dovecot> {
  needsPackages(['dovecot-imapd', 'dovecot-pop3d', 'dovecot-lmtpd'])
  needsRoot('Dovecot')
  const version = execFileSync('dovecot', ['--version'], { encoding: 'utf8', env: { PATH: searchPath() } })
  if (!version.startsWith('2.3.')) {
    throw new Error(
      `test/servers/dovecot.ts writes a configuration for Dovecot 2.3, here is ${version.trim()}`,
    )
  }
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(options)
    } catch (error) {
      // Another test took one of the ports between our look and Dovecot's bind.
      if (attempt === starts || !portTaken.test(String(error))) throw error
    }
  }
}

async function startOnce(options: DovecotOptions): Promise<Dovecot> {
  const [imap, imaps, pop3, pop3s, lmtp] = (await freePorts(5)) as [number, number, number, number, number]
  const ports: DovecotPorts = { imap, imaps, pop3, pop3s, lmtp }
  const folder = serverFolder('dovecot')
  const file = (name: string) => join(folder, name)
  const log = () => readFileSync(file('log'), 'utf8')

  const { key, cert } = options.ca.issue(['mail.todoke.test', 'localhost', '127.0.0.1'])
  writeFileSync(file('key.pem'), key, { mode: 0o600 })
  writePublic(file('cert.pem'), cert)
  writePublic(file('log'), '')
  writePublic(file('users'), options.users.map(passwdLine).join(''))
  writePublic(file('dovecot.conf'), configuration(folder, ports) + (options.extraConfig ?? ''))
  chownSync(makeFolder(file('mail')), mailUid, mailUid)

  const program: GuardedProcess = startGuarded({
    command: ['dovecot', '-F', '-c', file('dovecot.conf')],
    folder,
  })
  const answering = async () => (await Promise.all(Object.values(ports).map(portAnswers))).every(Boolean)
  await untilReady(program, answering, log)

  const mailbox = (user: string, name = 'INBOX') => readMaildir(join(folder, 'mail', user, 'Maildir'), name)
  return {
    host: '127.0.0.1',
    ports,
    users: options.users,
    mailRoot: join(folder, 'mail'),
    authSocket: file('run/postfix-auth'),
    deliver: (user, rawMail, from = 'sender@elsewhere.test') =>
      deliverByLmtp({ port: ports.lmtp, from, to: user, data: Buffer.from(rawMail) }),
    mailbox,
    arrived: (user, name = 'INBOX', count = 1) =>
      eventually(() => {
        const mails = mailbox(user, name)
        return mails.length >= count && mails
      }).catch((error: Error) => {
        const there = mailbox(user, name).length
        throw new Error(`${there} of ${count} mails in ${name} of ${user}: ${error.message}\n${log()}`)
      }),
    log,
    stop: () => program.stop(),
  }
}

function passwdLine({ user, password }: MailUser): string {
  return `${user}:{PLAIN.b64}${Buffer.from(password).toString('base64')}::::::\n`
}

// LAYOUT=fs and UTF-8 so that a folder is found on disk by its own name; CRLF so that bytes stay as sent.
function configuration(folder: string, ports: DovecotPorts): string {
  return `
base_dir = ${folder}/run
state_dir = ${folder}/state
instance_name = ${folder}
log_path = ${folder}/log
protocols = imap pop3 lmtp
listen = 127.0.0.1
hostname = mail.todoke.test
shutdown_clients = yes

ssl = required
ssl_cert = <${folder}/cert.pem
ssl_key = <${folder}/key.pem
disable_plaintext_auth = yes
auth_mechanisms = plain login scram-sha-256 cram-md5
auth_failure_delay = 0
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u ${folder}/users
}
userdb {
  driver = static
  args = uid=${mailUid} gid=${mailUid} home=${folder}/mail/%u
}

mail_location = maildir:~/Maildir:LAYOUT=fs:UTF-8
mail_save_crlf = yes
mail_max_userip_connections = 1000
first_valid_uid = ${mailUid}
first_valid_gid = ${mailUid}
namespace inbox {
  inbox = yes
  separator = /
${specialFolders.map(([name, use]) => `  mailbox ${name} {\n    auto = subscribe\n    special_use = \\${use}\n  }`).join('\n')}
}

service imap-login {
  service_count = 0
  inet_listener imap {
    port = ${ports.imap}
  }
  inet_listener imaps {
    port = ${ports.imaps}
    ssl = yes
  }
}
service pop3-login {
  service_count = 0
  inet_listener pop3 {
    port = ${ports.pop3}
  }
  inet_listener pop3s {
    port = ${ports.pop3s}
    ssl = yes
  }
}
service lmtp {
  inet_listener lmtp {
    port = ${ports.lmtp}
  }
}
service auth {
  unix_listener postfix-auth {
    mode = 0666
  }
}
# Without this a wrong password makes the next logins from 127.0.0.1 wait, also those of other tests.
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
protocol lmtp {
  postmaster_address = postmaster@todoke.test
}
`
}

const specialFolders = [
  ['Drafts', 'Drafts'],
  ['Sent', 'Sent'],
  ['Junk', 'Junk'],
  ['Trash', 'Trash'],
  ['Archive', 'Archive'],
]
