// The whole post office of a flow: a CA that this process trusts, a Dovecot and a Postfix with the same users.
// Refuses to configure anything itself: dovecot.ts and postfix.ts do.

import { type Dovecot, type MailUser, startDovecot } from '../servers/dovecot.ts'
import { type Postfix, type PostfixOptions, startPostfix } from '../servers/postfix.ts'
import { mailServerPackages, needsPackages } from './packages.ts'
import { createTestCa, type TestCa, trustCa } from './test-ca.ts'

export { mailServerPackages, needsPackages } from './packages.ts'

export type MailServersOptions = {
  users?: MailUser[]
  domains?: string[]
  /** Lines at the end of Dovecot's configuration. */
  dovecotConfig?: string
  postfix?: Pick<PostfixOptions, 'messageSizeLimit' | 'routes' | 'settings' | 'plain'>
}

export type MailServers = {
  ca: TestCa
  dovecot: Dovecot
  postfix: Postfix
  /** The first two users, who write to each other in most flows. */
  haruka: MailUser
  weber: MailUser
  /** A name and a number that the certificates are valid for. */
  host: 'localhost'
  stop(): Promise<void>
}

const haruka: MailUser = { user: 'haruka@todoke.test', password: 'harukas: password' }
const weber: MailUser = { user: 'weber@todoke.test', password: 'webers password' }

/** Starts all three; when one fails, what had been started is stopped again. */
export async function startMailServers(options: MailServersOptions = {}): Promise<MailServers> {
  needsPackages(mailServerPackages)
  const undo: (() => void | Promise<void>)[] = []
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    const ca = await createTestCa()
    undo.push(() => ca.dispose(), trustCa(ca.caPem))
    const users = options.users ?? [haruka, weber]
    const dovecot = await startDovecot({ ca, users, extraConfig: options.dovecotConfig ?? '' })
    undo.push(() => dovecot.stop())
    const domains = options.domains ?? ['todoke.test']
    const postfix = await startPostfix({ ca, dovecot, domains, ...options.postfix })
    undo.push(() => postfix.stop())
    return {
      ca,
      dovecot,
      postfix,
      haruka: users[0] ?? haruka,
      weber: users[1] ?? weber,
      host: 'localhost',
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
