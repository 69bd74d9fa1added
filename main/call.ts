/**
 * The door of the program: every call from outside comes through `createDoor`, which checks the arguments by shape
 * (zod; this file is its only importer) and turns a thrown bug into an answer. A domain lists its calls beside its code.
 */

import { z } from 'zod'
import type { Args, Method, Reply } from '../shared/api.ts'
import { fail } from '../shared/problem.ts'
import { problemOfDbError } from './db.ts'

export { z }

export type Call<M extends Method> = {
  args: z.ZodType<Args<M>>
  run: (...args: Args<M>) => Promise<Reply<M>> | Reply<M>
}

/** The calls of one domain: `Calls<'drafts.list' | 'drafts.get'>`. */
export type Calls<M extends Method> = { [K in M]: Call<K> }

export type Door = {
  /** Both arguments are untrusted. Never rejects. */
  call(method: unknown, args: unknown): Promise<Reply<Method>>
}

/** `reportBug` gets what was thrown; it must not write secrets and must not throw. */
export function createDoor(calls: Calls<Method>, reportBug: (method: string, error: unknown) => void): Door {
  return {
    async call(method, args) {
      if (typeof method !== 'string' || !Object.hasOwn(calls, method)) {
        return fail({ kind: 'invalid', field: 'method', reason: 'unknown' })
      }
      const call = calls[method as Method] as Call<Method>
      const parsed = call.args.safeParse(args)
      if (!parsed.success) {
        const issue = parsed.error.issues[0]
        return fail({
          kind: 'invalid',
          field: issue ? issue.path.map(String).join('.') : 'arguments',
          reason: issue?.message ?? 'shape',
        })
      }
      try {
        return await call.run(...(parsed.data as Args<Method>))
      } catch (error) {
        // A full disk can meet every call that writes; it is no bug, and nothing was done.
        if (problemOfDbError(error, 'desk.db').kind === 'disk-full') return fail({ kind: 'disk-full' })
        reportBug(method, error)
        return fail({ kind: 'internal', detail: error instanceof Error ? error.message : String(error) })
      }
    },
  }
}
