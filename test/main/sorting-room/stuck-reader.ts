// A reading thread that never ends with a mail that says so, and dies of another. Reads the rest as the real one does.

import { parentPort } from 'node:worker_threads'
import type { ToReading } from '../../../main/sorting-room/messages.ts'
import { answerReading } from '../../../main/sorting-room/reading-thread.ts'

parentPort?.on('message', async (asked: ToReading) => {
  const source = Buffer.from(asked.args[0] as Uint8Array).toString('latin1')
  if (source.includes('takes forever')) {
    for (;;) Math.random()
  }
  if (source.includes('kills')) process.exit(1)
  parentPort?.postMessage(await answerReading(asked))
})
