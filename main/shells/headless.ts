/**
 * The program without a window: one call per line on stdin, answers and events on stdout, logs on stderr only.
 * `{"id":1,"method":"accounts.list","args":[]}` is answered by `{"id":1,"ok":true,"value":[…]}`.
 */

import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fail } from '../../shared/problem.ts'
import type { App } from '../app.ts'
import { claimDataDir, openApp } from './open-app.ts'
import { parseShellOptions, shellLanguage, systemLanguage } from './options.ts'
import { serve } from './serve.ts'
import { sayProblem } from './words.ts'

/** Answers each line of `input` on `output`. Resolves when the input has ended and every call has its answer. */
export async function serveLines(
  app: Pick<App, 'door' | 'events'>,
  input: Readable,
  output: Writable,
): Promise<void> {
  const write = (line: string) => {
    if (output.writable) output.write(`${line}\n`)
  }
  const served = serve(app, text => write(eventLine(text)))
  const running = new Set<Promise<void>>()
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue
    const answering = answerLine(line, served.answer).then(write)
    running.add(answering)
    void answering.finally(() => running.delete(answering))
  }
  await Promise.all(running)
}

function eventLine(text: string): string {
  const { name, payload } = JSON.parse(text) as { name: string; payload: unknown }
  return JSON.stringify({ event: name, payload })
}

async function answerLine(line: string, answer: (text: unknown) => Promise<string>): Promise<string> {
  let call: { id?: unknown; method?: unknown; args?: unknown }
  try {
    call = JSON.parse(line) ?? {}
  } catch {
    return JSON.stringify({ id: null, ...fail({ kind: 'invalid', field: 'line', reason: 'not-json' }) })
  }
  const id = typeof call.id === 'string' || typeof call.id === 'number' ? call.id : null
  const reply = await answer(JSON.stringify([call.method, call.args ?? []]))
  return `{"id":${JSON.stringify(id)},${reply.slice(1)}`
}

async function main(): Promise<number> {
  const options = parseShellOptions(process.argv.slice(2))
  const claim = await claimDataDir(options.dataDir, () => {})
  const opened = claim.ok
    ? await openApp(claim.value, { shell: 'headless', isPractice: options.isPractice })
    : claim
  if (!opened.ok) {
    console.error(sayProblem(opened.problem, shellLanguage(systemLanguage())))
    return 1
  }
  const { app, close } = opened.value
  const asked = new Promise<void>(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
  })
  // Who read our output has gone: that is their end, not ours.
  process.stdout.on('error', () => {})
  const served = serveLines(app, process.stdin, process.stdout)
  await app.start()
  await Promise.race([options.stays ? served.then(() => asked) : served, asked])
  await close()
  return 0
}

if (import.meta.main) {
  const code = await main()
  // What was written to a pipe has to get through first; what is left of timers does not hold anybody up.
  process.stdout.write('', () => process.exit(code))
}
