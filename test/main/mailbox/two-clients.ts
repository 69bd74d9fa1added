// `npm run test:mailbox [minutes] [seed]`: two clients at work on one mailbox of a real Dovecot, ten minutes long where
// nothing else is said. Prints what it saw; ends with 1 where the state here is not the state of the server.

import { startMailServers } from '../../support/mail-servers.ts'
import { imapAccount } from './receiving-bench.ts'
import { runTwoClients } from './second-client.ts'

const minutes = Number(process.argv[2] ?? 10)
const seed = Number(process.argv[3] ?? 1)
const person = { user: 'pair@todoke.test', password: 'two at once' }
const servers = await startMailServers({ users: [person] })
try {
  const port = servers.dovecot.ports.imaps
  const account = imapAccount({ host: 'localhost', port, tls: 'implicit', user: person.user })
  const end = performance.now() + minutes * 60_000
  const result = await runTwoClients({ ...person, account, port }, seed, () => performance.now() > end)
  console.log(
    `${minutes} min, seed ${seed}: ${result.acts.ours} acts of ours, ${result.acts.theirs} of theirs`,
  )
  console.log(`${result.mails} mails at the end; state difference ${result.differences.length}`)
  console.log(`wrong body ${result.wrongBodies}, double on the server ${result.doubles}`)
  for (const line of [...result.differences, ...result.refusals]) console.log(`  ${line}`)
  process.exitCode = result.differences.length + result.wrongBodies === 0 ? 0 : 1
} finally {
  await servers.stop()
}
