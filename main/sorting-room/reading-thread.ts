/**
 * The thread that reads whole mails, one at a time. A mail that is not read within its time, or takes the thread down
 * with it, is given up: it is answered by its head and its source as text, and the next one gets a new thread. Knows
 * nothing of where mails lie; refuses to wait without end.
 */

import { Worker } from 'node:worker_threads'
import type { Clock } from '../host.ts'
import { type MailReader, readerHere, readerOfHeads } from '../mime/mail-reader.ts'
import type { FromReading, ReadingStart, ToReading } from './messages.ts'

/** No mail that somebody wrote takes so long. */
export const READ_WITHIN_MS = 10_000
/** Of one mail and all that is made of it. */
const MOST_MEMORY_MB = 1_024

type Command = keyof MailReader
type Asked = { asked: ToReading; answer: (value: unknown) => void; giveUp: () => void }

export type ReadingThread = MailReader & { stop(): Promise<void> }

type Deps = { url: URL; clock: Clock; withinMs?: number }

export function createReadingThread({ url, clock, withinMs = READ_WITHIN_MS }: Deps): ReadingThread {
  const waiting: Asked[] = []
  let worker: Worker | null = null
  let current: Asked | null = null
  let cancel = () => {}
  let isStopped = false

  const finish = (settle: (asked: Asked) => void) => {
    const asked = current
    current = null
    cancel()
    if (asked !== null) settle(asked)
    next()
  }
  const begin = (): Worker => {
    const workerData: ReadingStart = { part: 'reading' }
    const started = new Worker(url, {
      workerData,
      name: 'reading',
      resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY_MB },
    })
    started.on('message', ({ value, isDone }: FromReading) => {
      if (worker === started) finish(asked => (isDone ? asked.answer(value) : asked.giveUp()))
    })
    // Out of memory: what it was reading is given up at its exit.
    started.on('error', () => {})
    started.on('exit', () => {
      if (worker !== started) return
      worker = null
      finish(asked => asked.giveUp())
    })
    return started
  }
  const next = () => {
    if (current !== null || isStopped) return
    const asked = waiting.shift()
    if (asked === undefined) return
    current = asked
    worker ??= begin()
    cancel = clock.after(withinMs, () => {
      const stuck = worker
      worker = null
      void stuck?.terminate()
      finish(given => given.giveUp())
    })
    worker.postMessage(asked.asked)
  }
  const ask = <C extends Command>(command: C, ...args: Parameters<MailReader[C]>) =>
    new Promise<Awaited<ReturnType<MailReader[C]>>>(resolve => {
      const otherwise = readerOfHeads[command] as (...args: unknown[]) => Promise<unknown>
      waiting.push({
        asked: { command, args },
        answer: value => resolve(value as Awaited<ReturnType<MailReader[C]>>),
        giveUp: () =>
          void otherwise(...args).then(value => resolve(value as Awaited<ReturnType<MailReader[C]>>)),
      })
      next()
    })

  return {
    read: source => ask('read', source),
    quote: source => ask('quote', source),
    remotePictures: source => ask('remotePictures', source),
    attachments: (source, partIds) => ask('attachments', source, partIds),
    files: (source, wanted) => ask('files', source, wanted),
    async stop() {
      isStopped = true
      const ending = worker
      worker = null
      await ending?.terminate()
      finish(asked => asked.giveUp())
      for (const asked of waiting.splice(0)) asked.giveUp()
    },
  }
}

/** The thread's side: one reading; a bug in it is the same to a person as a mail that cannot be read. */
export async function answerReading({ command, args }: ToReading): Promise<FromReading> {
  try {
    const read = readerHere[command] as (...args: unknown[]) => Promise<unknown>
    return { isDone: true, value: await read(...args) }
  } catch {
    return { isDone: false, value: null }
  }
}
