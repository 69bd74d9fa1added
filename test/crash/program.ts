// The program as a real process, driven by lines of JSON; it can be killed at any moment and started again on the
// same data. Refuses to look into its files: what it knows is what the program answers.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Api, Args, Method, Value } from '../../shared/api.ts'
import type { OutboxItem } from '../../shared/model.ts'
import type { Result } from '../../shared/problem.ts'
import type { Order } from './points.ts'

const shell = resolve(import.meta.dirname, '../../main/shells/headless.ts')
const points = resolve(import.meta.dirname, 'points.ts')
/** A start on a busy machine may take long; what is measured begins when it answers. */
const PATIENCE_MS = 120_000

export class Died extends Error {}

export type Program = {
  pid: number
  ask<M extends keyof Api>(method: M, ...args: Args<M>): Promise<Result<Value<M>>>
  /** The value; throws where there is a problem. */
  call<M extends Method>(method: M, ...args: Args<M>): Promise<Value<M>>
  /** Answers the process it was heard by: under another program that is not the one that was started. */
  order(order: Order): Promise<number>
  /** Resolves when a mail looks so; asked again whenever the outbox changes. */
  until(itemId: string, look: (item: OutboxItem) => boolean, ms?: number): Promise<OutboxItem>
  kill(): Promise<void>
  /** When it is gone, for whatever reason. */
  ended: Promise<void>
  errors(): string
}

export type StartOptions = {
  /** Runs it under another program, as `strace`. */
  under?: string[]
  /** Long waits are short from the start, in both threads. */
  isHurried?: boolean
}

/** Resolves when it answers its first call. */
export async function startProgram(
  dataDir: string,
  { under = [], isHurried = false }: StartOptions = {},
): Promise<Program> {
  const [command = 'node', ...words] = [
    ...under,
    process.execPath,
    '--import',
    points,
    shell,
    '--data',
    dataDir,
    '--stay',
  ]
  const child = spawn(command, words, {
    stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, TODOKE_CRASH_HURRY: isHurried ? '1' : '0' },
  })
  let errors = ''
  let nextId = 1
  let isGone = false
  const waiting = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>()
  const lookers = new Set<() => void>()
  const died = () => new Died(`the program is gone: ${errors.slice(-2_000)}`)
  const ended = once(child, 'close').then(() => {
    isGone = true
    for (const { reject } of waiting.values()) reject(died())
    waiting.clear()
    for (const look of [...lookers]) look()
  })
  child.stdin?.on('error', () => {})
  child.on('error', error => {
    errors += String(error)
  })
  child.stderr?.on('data', chunk => {
    errors += chunk
  })
  if (child.stdout === null) throw new Error('no output')
  createInterface({ input: child.stdout }).on('line', line => {
    const answer = JSON.parse(line) as { id?: number; event?: string }
    if (answer.event !== undefined) {
      if (answer.event === 'outbox.changed') for (const look of [...lookers]) look()
      return
    }
    const asker = waiting.get(answer.id ?? -1)
    waiting.delete(answer.id ?? -1)
    asker?.resolve(answer)
  })

  const ask = <M extends Method>(method: M, ...args: Args<M>): Promise<Result<Value<M>>> =>
    new Promise((resolve, reject) => {
      if (isGone) return reject(died())
      const id = nextId
      nextId += 1
      waiting.set(id, { resolve: answer => resolve(answer as Result<Value<M>>), reject })
      child.stdin?.write(`${JSON.stringify({ id, method, args })}\n`)
    })

  const program: Program = {
    pid: child.pid ?? 0,
    ask,
    async call(method, ...args) {
      const answer = await ask(method, ...args)
      if (!answer.ok) throw new Error(`${method}: ${JSON.stringify(answer.problem)}`)
      return answer.value
    },
    order: order =>
      new Promise((resolve, reject) => {
        child.once('message', pid => resolve(Number(pid)))
        child.send(order, error => (error ? reject(error) : undefined))
      }),
    until: (itemId, look, ms = 60_000) =>
      new Promise((resolve, reject) => {
        let last: OutboxItem | null = null
        let isAsking = false
        let isAgain = false
        const finish = (end: () => void) => {
          clearTimeout(late)
          lookers.delete(again)
          end()
        }
        const late = setTimeout(
          () => finish(() => reject(new Error(`never so: ${JSON.stringify(last?.journey)} ${errors}`))),
          ms,
        )
        const again = () => {
          isAgain = true
          if (!isAsking) void check()
        }
        const check = async () => {
          isAsking = true
          while (isAgain) {
            isAgain = false
            try {
              last = await program.call('outbox.get', itemId)
            } catch (error) {
              return finish(() => reject(error))
            }
            const item = last
            if (look(item)) return finish(() => resolve(item))
          }
          isAsking = false
        }
        lookers.add(again)
        again()
      }),
    async kill() {
      process.kill(program.pid, 'SIGKILL')
      await ended
    },
    ended,
    errors: () => errors,
  }
  const slow = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS)
  await program.call('outbox.counts')
  program.pid = await program.order({ do: 'move clock', ms: 0 })
  clearTimeout(slow)
  return program
}
