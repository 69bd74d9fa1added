// A sorting room that dies at its first command after each of its first two starts, and then answers.
// Says how often it was started and for which accounts; refuses to know mail.

import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import type { FromRoom, RoomStart, ToRoom } from '../../../main/sorting-room/messages.ts'

const { dataDir } = workerData as RoomStart
const log = join(dataDir, 'starts')
appendFileSync(log, 'x')
const starts = readFileSync(log, 'utf8').length
const say = (message: FromRoom) => parentPort?.postMessage(message)

say({ kind: 'opened', result: { ok: true, value: true } })
parentPort?.on('message', (message: ToRoom) => {
  if (message.kind === 'stop') return parentPort?.close()
  if (message.command === 'setAccounts') {
    const accounts = message.args[0] as unknown[]
    say({
      kind: 'event',
      event: { name: 'accounts.changed', payload: { accountIds: [String(accounts.length)] } },
    })
    return say({ kind: 'reply', id: message.id, result: { ok: true, value: true } })
  }
  if (starts < 3) throw new Error(`death ${starts}`)
  say({ kind: 'reply', id: message.id, result: { ok: true, value: { started: true } } })
})
