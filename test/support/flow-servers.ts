/**
 * The post office of all flows: one Dovecot and one Postfix with many users, started once. The workers of the flows
 * trust its authority through NODE_EXTRA_CA_CERTS, which is read when a process starts.
 */

import { join } from 'node:path'
import { deliverByLmtp } from '../servers/lmtp.ts'
import { readMaildir, type StoredMail } from '../servers/maildir.ts'
import { startMailServers } from './mail-servers.ts'
import type { Certificate } from './test-ca.ts'
import { eventually } from './wait.ts'

/** Each flow takes users of its own, so that flows do not see each other's mail. */
const USERS = Array.from({ length: 64 }, (_, index) => ({
  user: `person${index + 1}@todoke.test`,
  password: `correct horse ${index + 1}`,
}))

type Facts = {
  host: string
  smtp: { submission: number; submissions: number }
  imap: { imap: number; imaps: number; pop3: number; pop3s: number; lmtp: number }
  mailRoot: string
  /** For a server of a flow's own on this machine. */
  certificate: Certificate
}

const VARIABLE = 'TODOKE_FLOW_SERVERS'

// biome-ignore lint/style/noDefaultExport: Playwright takes the default export of a global set-up
export default async function startFlowServers(): Promise<() => Promise<void>> {
  const servers = await startMailServers({ users: USERS })
  process.env.NODE_EXTRA_CA_CERTS = servers.ca.caFile
  const facts: Facts = {
    host: servers.host,
    smtp: servers.postfix.ports,
    imap: servers.dovecot.ports,
    mailRoot: servers.dovecot.mailRoot,
    certificate: servers.ca.issue(['localhost', '127.0.0.1']),
  }
  process.env[VARIABLE] = JSON.stringify(facts)
  return () => servers.stop()
}

export type PostOffice = Facts & {
  /** The n-th user, from 1. */
  user(number: number): { user: string; password: string }
  deliver(to: string, mail: string | Buffer): Promise<void>
  /** The mails of a folder as soon as so many are there, oldest first. */
  arrived(user: string, folder?: string, count?: number): Promise<StoredMail[]>
  stored(user: string, folder?: string): StoredMail[]
}

/** The post office as a flow sees it, in a process of its own. */
export function postOffice(): PostOffice {
  const facts = JSON.parse(process.env[VARIABLE] ?? '') as Facts
  const stored = (user: string, folder = 'INBOX') =>
    readMaildir(join(facts.mailRoot, user, 'Maildir'), folder)
  return {
    ...facts,
    user: number => USERS[number - 1] ?? { user: '', password: '' },
    deliver: (to, mail) =>
      deliverByLmtp({
        port: facts.imap.lmtp,
        from: 'sender@elsewhere.test',
        to,
        data: Buffer.from(mail),
      }),
    stored,
    arrived: (user, folder = 'INBOX', count = 1) =>
      eventually(() => {
        const mails = stored(user, folder)
        return mails.length >= count && mails
      }, 20_000),
  }
}
