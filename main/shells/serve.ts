/**
 * Puts a program on a pipe. Text goes in, text comes out; what carries it (Electron, a binding, a line) is the
 * shell's. Refuses what is no call by its shape or is too big, and lets nothing that goes wrong here out as a throw.
 */

import { fail, type Result } from '../../shared/problem.ts'
import type { App } from '../app.ts'

/** A piece of a file is the biggest ordinary call (350 kB); a long letter with its html must pass too. */
const LARGEST_CALL = 32 * 1024 * 1024

export type Served = {
  /** `text` is the JSON of `[method, args]`, untrusted. Gives the JSON of the answer; never rejects. */
  answer(text: unknown): Promise<string>
  /** No event is announced any more; calls that are under way still get their answer. */
  close(): void
}

/** `announce` gets the JSON of each event; a pipe that is broken may throw or reject, nobody minds. */
export function serve(
  app: Pick<App, 'door' | 'events'>,
  announce: (text: string) => void | Promise<void>,
): Served {
  const close = app.events.listen(event => {
    try {
      Promise.resolve(announce(JSON.stringify(event))).catch(() => {})
    } catch {
      // An event that gets lost does no harm: the page asks again when it is back.
    }
  })
  return {
    close,
    async answer(text) {
      const call = parseCall(text)
      if (!call.ok) return JSON.stringify(call)
      try {
        return toJson(await app.door.call(call.value.method, call.value.args))
      } catch (error) {
        return JSON.stringify(fail({ kind: 'internal', detail: messageOf(error) }))
      }
    },
  }
}

function parseCall(text: unknown): Result<{ method: string; args: unknown[] }> {
  const refuse = (reason: string) => fail({ kind: 'invalid', field: 'call', reason })
  if (typeof text !== 'string') return refuse('not-text')
  if (text.length > LARGEST_CALL) return refuse('too-big')
  let call: unknown
  try {
    call = JSON.parse(text)
  } catch {
    return refuse('not-json')
  }
  if (!Array.isArray(call) || call.length !== 2) return refuse('shape')
  const [method, args] = call as unknown[]
  if (typeof method !== 'string' || !Array.isArray(args)) return refuse('shape')
  return { ok: true, value: { method, args } }
}

function toJson(reply: unknown): string {
  const text = JSON.stringify(reply)
  if (text === undefined) throw new Error('the answer is not JSON')
  return text
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
