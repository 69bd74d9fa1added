/**
 * The post office of all flows: one Dovecot and one Postfix with several pairs of users, started once.
 * The workers of the flows trust its authority through NODE_EXTRA_CA_CERTS, as threads inherit nothing else.
 */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { serverFolder } from './guarded-process.ts'
import { startMailServers } from './mail-servers.ts'

/** Each flow file takes users of its own, so that files do not see each other's mail. */
export const FLOW_USERS = Array.from({ length: 12 }, (_, index) => ({
  user: `person${index + 1}@todoke.test`,
  password: `correct horse ${index + 1}`,
}))

export type FlowServers = {
  host: string
  smtp: { submission: number; submissions: number }
  dovecot: { imap: number; imaps: number; pop3: number; pop3s: number; lmtp: number }
  maildirs: string
}

// biome-ignore lint/style/noDefaultExport: Playwright takes the default export of a global set-up
export default async function startFlowServers(): Promise<() => Promise<void>> {
  const servers = await startMailServers({ users: FLOW_USERS })
  const authority = join(serverFolder('flow-ca'), 'ca.pem')
  writeFileSync(authority, servers.ca.caPem)
  process.env.NODE_EXTRA_CA_CERTS = authority
  process.env.TODOKE_FLOW_SERVERS = JSON.stringify({
    host: servers.host,
    smtp: servers.postfix.ports,
    dovecot: servers.dovecot.ports,
  })
  return () => servers.stop()
}
