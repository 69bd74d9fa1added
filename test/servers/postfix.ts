// A real Postfix for one test file: submission (STARTTLS) and submissions (TLS at once) on free loopback
// ports, passwords checked by Dovecot, mail for the local domains handed to Dovecot.
// Refuses to send anything beyond loopback and to touch the system's own Postfix, its queue or its users.

import { execFileSync } from 'node:child_process'
import { readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  makeFolder,
  portTaken,
  serverFolder,
  startGuarded,
  untilReady,
  writePublic,
} from '../support/guarded-process.ts'
import { needsPackages, needsRoot } from '../support/packages.ts'
import { freePorts, portAnswers } from '../support/ports.ts'
import type { TestCa } from '../support/test-ca.ts'
import type { Dovecot } from './dovecot.ts'

export type PostfixOptions = {
  ca: TestCa
  dovecot: Dovecot
  /** Domains whose users are Dovecot's; an unknown user there is refused at RCPT. */
  domains: string[]
  /** In bytes; 0 is no limit. */
  messageSizeLimit?: number
  /**
   * Where mail for another domain goes, in Postfix's words: `smtp:[127.0.0.1]:2525` (a scripted server as
   * the next mail server), `error:5.1.1 no such person` (refused at RCPT), `retry:4.3.2 later`, `discard:`.
   */
  routes?: Record<string, string>
  /** A third port without TLS and login, for clients that know neither. */
  plain?: boolean
  /** Further parameters of main.cf, e.g. `{ delay_warning_time: '1s' }`. */
  settings?: Record<string, string>
}

export type Postfix = {
  host: string
  ports: {
    /** STARTTLS and a login are needed. */
    submission: number
    /** TLS from the first byte. */
    submissions: number
    /** Where it was asked for, else 0. */
    plain: number
  }
  log(): string
  stop(): Promise<void>
}

const starts = 4
const longAgo = new Date('2024-01-01')

/** Starts Postfix and resolves when both ports answer. */
export async function startPostfix(options: PostfixOptions): Promise<Postfix> {
  needsPackages(['postfix'])
  needsRoot('Postfix')
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(options)
    } catch (error) {
      if (attempt === starts || !portTaken.test(String(error))) throw error
    }
  }
}

async function startOnce(options: PostfixOptions): Promise<Postfix> {
  const [submission, submissions, third] = (await freePorts(3)) as [number, number, number]
  const plain = options.plain === true ? third : 0
  const folder = serverFolder('postfix')
  const file = (name: string) => join(folder, name)
  const log = () => readFileSync(file('log'), 'utf8')

  makeFolders(folder)
  const { key, cert } = options.ca.issue(['mail.todoke.test', 'localhost', '127.0.0.1'])
  writeFileSync(file('config/key.pem'), key, { mode: 0o600 })
  writePublic(file('config/cert.pem'), cert)
  writePublic(file('config/main.cf'), mainCf(folder, options))
  // Postfix waits until main.cf is two seconds old, lest somebody is still writing it.
  utimesSync(file('config/main.cf'), longAgo, longAgo)
  writePublic(file('config/master.cf'), masterCf(submission, submissions, plain))
  writePublic(file('log'), '')

  const program = startGuarded({
    command: ['postfix', '-c', file('config'), 'start-fg'],
    folder,
    // The child is the start script; the master that it waits for is in the pid file.
    endWith: 'kill $(head -n 1 "$folder/queue/pid/master.pid") || kill $child',
    forceWith: 'kill -9 -$(head -n 1 "$folder/queue/pid/master.pid"); kill -9 $child',
  })
  const answering = async () => (await portAnswers(submission)) && (await portAnswers(submissions))
  await untilReady(program, answering, log)
  return { host: '127.0.0.1', ports: { submission, submissions, plain }, log, stop: () => program.stop() }
}

// Postfix insists: configuration and queue belong to root, what lies in them to its own user. Its start
// script would make them too, but needs a second for looking at everything; quick-start skips that.
function makeFolders(folder: string): void {
  const make = (name: string, mode: number) => makeFolder(join(folder, name), mode)
  for (const name of ['config', 'queue', 'queue/pid']) make(name, 0o755)
  const ours = [make('data', 0o700), ...queueFolders.map(name => make(`queue/${name}`, 0o700))]
  const shared = [make('queue/maildrop', 0o730), make('queue/public', 0o710)]
  execFileSync('chown', ['postfix', ...ours])
  execFileSync('chown', ['postfix:postdrop', ...shared])
  writeFileSync(join(folder, 'queue/quick-start'), '')
}

const queueFolders = [
  'active',
  'bounce',
  'corrupt',
  'defer',
  'deferred',
  'flush',
  'hold',
  'incoming',
  'private',
  'saved',
  'trace',
]

function mainCf(folder: string, options: PostfixOptions): string {
  const { dovecot, domains, routes = {} } = options
  const table = (entries: string[][]) =>
    entries.length === 0
      ? ''
      : `inline:{ ${entries.map(([key, value]) => `{ ${key} = ${value} }`).join(', ')} }`
  const parameters: Record<string, string> = {
    compatibility_level: '3.6',
    queue_directory: `${folder}/queue`,
    data_directory: `${folder}/data`,
    maillog_file: `${folder}/log`,
    maillog_file_prefixes: folder,
    myhostname: 'mail.todoke.test',
    myorigin: domains[0] ?? 'todoke.test',
    notify_classes: '',

    // Only loopback, no names looked up, nothing goes out unless a test names a route.
    inet_interfaces: 'loopback-only',
    inet_protocols: 'ipv4',
    mynetworks: '127.0.0.0/8',
    smtp_dns_support_level: 'disabled',
    lmtp_dns_support_level: 'disabled',
    smtpd_peername_lookup: 'no',
    default_transport: 'error:5.1.2 this test server sends nothing out',
    relay_transport: 'error:5.1.2 this test server sends nothing out',
    local_transport: 'error:5.1.1 no local users here',
    transport_maps: table(Object.entries(routes)),
    relayhost: '',
    mydestination: '',
    local_recipient_maps: '',
    alias_maps: '',
    alias_database: '',

    virtual_mailbox_domains: domains.join(', '),
    virtual_mailbox_maps: table(dovecot.users.map(({ user }) => [user, 'here'])),
    virtual_transport: `lmtp:inet:127.0.0.1:${dovecot.ports.lmtp}`,
    // Dovecot is the end of the way: reports say "delivered", not "relayed".
    lmtp_assume_final: 'yes',
    recipient_delimiter: '+',

    smtpd_tls_cert_file: `${folder}/config/cert.pem`,
    smtpd_tls_key_file: `${folder}/config/key.pem`,
    smtpd_tls_auth_only: 'yes',
    smtpd_sasl_auth_enable: 'yes',
    smtpd_sasl_type: 'dovecot',
    smtpd_sasl_path: dovecot.authSocket,
    smtpd_relay_restrictions: 'permit_sasl_authenticated, reject',
    smtpd_recipient_restrictions: 'permit_sasl_authenticated, reject',

    message_size_limit: String(options.messageSizeLimit ?? 26_214_400),
    mailbox_size_limit: '0',
    virtual_mailbox_limit: '0',

    // Postfix answers attackers slowly; tests err on purpose and do not want to wait.
    smtpd_error_sleep_time: '0s',
    smtpd_client_connection_count_limit: '0',
    in_flow_delay: '0s',
    ...options.settings,
  }
  return Object.entries(parameters)
    .map(([name, value]) => `${name} = ${value}\n`)
    .join('')
}

// Columns: service, type, private, unprivileged, chroot (off everywhere), wake-up, limit, command.
function masterCf(submission: number, submissions: number, plain: number): string {
  const open = `127.0.0.1:${plain} inet n - n - - smtpd
  -o syslog_name=postfix/plain
  -o smtpd_relay_restrictions=permit_mynetworks,reject
  -o smtpd_recipient_restrictions=permit_mynetworks,reject
`
  return `
${plain === 0 ? '' : open}127.0.0.1:${submission} inet n - n - - smtpd
  -o syslog_name=postfix/submission
  -o smtpd_tls_security_level=encrypt
127.0.0.1:${submissions} inet n - n - - smtpd
  -o syslog_name=postfix/submissions
  -o smtpd_tls_wrappermode=yes
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`
}
