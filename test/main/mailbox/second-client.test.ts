import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type MailServers, startMailServers } from '../../support/mail-servers.ts'
import { needsPackages } from '../../support/packages.ts'
import { runTwoClients } from './second-client.ts'

const SEEDS = [1, 2, 3]
/** The long form is `npm run test:mailbox`. */
const RUN_MS = 4_000

describe.skipIf(!needsPackages(['dovecot-imapd']))('with a second client at work', () => {
  let servers: MailServers
  beforeAll(async () => {
    const users = [...SEEDS, 4].map(seed => ({ user: `pair${seed}@todoke.test`, password: `pass ${seed}` }))
    servers = await startMailServers({ users })
  })
  afterAll(() => servers?.stop())

  test.each(SEEDS)(
    'the state here becomes the state of the server (seed %i)',
    { timeout: 60_000 },
    async seed => {
      const { user, password } = servers.dovecot.users[seed - 1] as { user: string; password: string }
      const port = servers.dovecot.ports.imaps
      const end = performance.now() + RUN_MS
      const result = await runTwoClients({ user, password, port }, seed, () => performance.now() > end)
      expect(result.acts.ours).toBeGreaterThan(0)
      expect(result.acts.theirs).toBeGreaterThan(0)
      expect(result).toMatchObject({ differences: [], wrongBodies: 0 })
      if (seed % 2 === 1) expect(result.doubles).toBe(0)
    },
  )

  test('no mail is lost or doubled by a line that breaks in the middle of moves', {
    timeout: 60_000,
  }, async () => {
    const { user, password } = servers.dovecot.users[SEEDS.length] as { user: string; password: string }
    const port = servers.dovecot.ports.imaps
    const end = performance.now() + RUN_MS
    const result = await runTwoClients({ user, password, port }, 4, () => performance.now() > end, 'moves')
    expect(result).toMatchObject({ differences: [], wrongBodies: 0, doubles: 0, lost: 0 })
  })
})
