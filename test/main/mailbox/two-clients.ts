// `npm run test:mailbox -- [--minutes 10] [--seed 1]`: two clients at work on one mailbox of a real Dovecot, our line
// breaking again and again: half of the time all that can be done, half of it moves alone. Prints what it saw; ends
// with 1 where the state here is not the server's, or a mail was lost or doubled by us.

import { parseArgs } from 'node:util'
import { startMailServers } from '../../support/mail-servers.ts'
import { runTwoClients } from './second-client.ts'

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } },
})
const minutes = Number(values.minutes)
const seed = Number(values.seed)
const users = ['everything', 'moves'].map(name => ({ user: `${name}@todoke.test`, password: 'two at once' }))
const servers = await startMailServers({ users })
try {
  const port = servers.dovecot.ports.imaps
  let faults = 0
  for (const [at, what] of (['everything', 'moves'] as const).entries()) {
    const end = performance.now() + minutes * 30_000
    const person = users[at] as (typeof users)[number]
    const result = await runTwoClients({ ...person, port }, seed, () => performance.now() > end, what)
    const { differences, wrongBodies, doubles, lost } = result
    console.log(`${what}, ${minutes / 2} min, seed ${seed}:`)
    console.log(
      `  ${result.acts.ours} acts of ours, ${result.acts.theirs} of theirs, ${result.mails} mails at the end`,
    )
    console.log(
      `  state difference ${differences.length}, wrong body ${wrongBodies}, double ${doubles}, lost ${lost}`,
    )
    for (const line of [...differences, ...result.refusals].slice(0, 40)) console.log(`    ${line}`)
    // Where both move, one mail may be moved by both at once.
    const isOurs = what === 'moves' || seed % 2 === 1
    faults += differences.length + wrongBodies + lost + (isOurs ? doubles : 0)
  }
  process.exitCode = faults === 0 ? 0 : 1
} finally {
  await servers.stop()
}
