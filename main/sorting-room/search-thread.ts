/**
 * The desk's side of the search thread: started with the first question, one question under way at a time. Of several
 * that wait only the newest of a kind is asked, as who types on no longer wants the others. Knows nothing of mail.
 */

import { Worker } from 'node:worker_threads'
import { fail, ok, type Result } from '../../shared/problem.ts'
import type { SearchReader } from '../mailbox/search-reader.ts'
import type { FromSearch, SearchStart, ToSearch } from './messages.ts'

type Command = keyof SearchReader
type Answer<C extends Command> = Result<Awaited<ReturnType<SearchReader[C]>>>

export type SearchThread = {
  [C in Command]: (...args: Parameters<SearchReader[C]>) => Promise<Answer<C>>
} & { stop(): Promise<void> }

type Asked = { command: Command; args: unknown[]; answer: (result: Result<unknown>) => void }

export function createSearchThread({ url, dataDir }: { url: URL; dataDir: string }): SearchThread {
  const waiting = new Map<Command, Asked>()
  let worker: Worker | null = null
  let current: Asked | null = null
  let isStopped = false

  const finish = (result: Result<unknown>) => {
    const asked = current
    current = null
    asked?.answer(result)
    next()
  }
  const begin = (): Worker => {
    const workerData: SearchStart = { part: 'search', dataDir }
    const started = new Worker(url, { workerData, name: 'search' })
    // Nothing is lost with it: the next question starts another one.
    let detail = 'the search thread ended'
    started.on('message', ({ result }: FromSearch) => finish(result))
    started.on('error', error => {
      detail = error instanceof Error ? error.message : String(error)
    })
    started.on('exit', () => {
      if (worker === started) worker = null
      if (current !== null) finish(fail({ kind: 'internal', detail }))
    })
    return started
  }
  const next = () => {
    if (current !== null || isStopped) return
    const [asked] = waiting.values()
    if (asked === undefined) return
    waiting.delete(asked.command)
    current = asked
    worker ??= begin()
    worker.postMessage({ command: asked.command, args: asked.args } satisfies ToSearch)
  }
  const ask = <C extends Command>(command: C, args: Parameters<SearchReader[C]>): Promise<Answer<C>> =>
    new Promise(resolve => {
      if (isStopped) return resolve(fail({ kind: 'cancelled' }) as Answer<C>)
      waiting.get(command)?.answer(fail({ kind: 'cancelled' }))
      waiting.delete(command)
      waiting.set(command, { command, args, answer: result => resolve(result as Answer<C>) })
      next()
    })

  return {
    find: (...args) => ask('find', args),
    count: (...args) => ask('count', args),
    excerpts: (...args) => ask('excerpts', args),
    files: (...args) => ask('files', args),
    async stop() {
      isStopped = true
      for (const asked of waiting.values()) asked.answer(fail({ kind: 'cancelled' }))
      waiting.clear()
      await worker?.terminate()
    },
  }
}

/** Answers what a thread is asked, one question after the other; a bug is an answer too. */
export async function answerSearch(reader: SearchReader, { command, args }: ToSearch): Promise<FromSearch> {
  try {
    const run = reader[command] as (...args: unknown[]) => Promise<unknown>
    return { result: ok(await run(...args)) }
  } catch (error) {
    return {
      result: fail({ kind: 'internal', detail: error instanceof Error ? error.message : String(error) }),
    }
  }
}
