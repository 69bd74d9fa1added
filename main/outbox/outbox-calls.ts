/** The page's way into the outbox: what each call may carry, and what of the outbox it asks. Decides nothing. */

import { fail, ok } from '../../shared/problem.ts'
import { type Calls, z } from '../call.ts'
import type { Outbox } from './outbox.ts'

const itemId = z.tuple([z.string().max(100)])
/** As far ahead as a date can be told. */
const MOST_FUTURE_MS = 8.64e15
const sendArguments = [z.string().max(100), z.int().nonnegative(), z.number().nullable()] as const
const sendShape = z.union([z.tuple(sendArguments), z.tuple([...sendArguments, z.literal('again')])])

/** The page's way into the outbox. */
export function outboxCalls(
  outbox: Outbox,
): Calls<
  | 'outbox.send'
  | 'outbox.warm'
  | 'outbox.list'
  | 'outbox.get'
  | 'outbox.counts'
  | 'outbox.cancel'
  | 'outbox.edit'
  | 'outbox.tryNow'
  | 'outbox.pause'
  | 'outbox.resume'
  | 'outbox.resumeAccount'
  | 'outbox.holdUntil'
  | 'outbox.chooseRecipients'
  | 'outbox.decideOutcome'
  | 'outbox.remove'
  | 'outbox.transcript'
  | 'outbox.saveAs'
  | 'outbox.correctRecipient'
  | 'outbox.export'
  | 'outbox.saveExport'
> {
  return {
    'outbox.send': {
      args: sendShape,
      run: (draftId, revision, sendAt, meant) => outbox.send(draftId, revision, sendAt, meant ?? null),
    },
    'outbox.warm': {
      args: itemId,
      run(accountId) {
        outbox.warm(accountId)
        return ok({ asked: true })
      },
    },
    'outbox.list': { args: z.tuple([]), run: () => ok(outbox.list()) },
    'outbox.get': {
      args: itemId,
      run(id) {
        const item = outbox.get(id)
        return item === null ? fail({ kind: 'not-found', what: 'mail' }) : ok(item)
      },
    },
    'outbox.counts': { args: z.tuple([]), run: () => ok(outbox.counts()) },
    'outbox.cancel': { args: itemId, run: id => outbox.cancel(id) },
    'outbox.edit': { args: itemId, run: id => outbox.edit(id) },
    'outbox.tryNow': { args: itemId, run: id => outbox.tryNow(id) },
    'outbox.pause': { args: itemId, run: id => outbox.pause(id) },
    'outbox.resume': { args: itemId, run: id => outbox.resume(id) },
    'outbox.resumeAccount': {
      args: itemId,
      run(accountId) {
        outbox.resumeAccount(accountId)
        return ok({ resumed: true })
      },
    },
    'outbox.holdUntil': {
      args: z.tuple([z.string().max(100), z.number().max(MOST_FUTURE_MS)]),
      run: (id, at) => outbox.holdUntil(id, at),
    },
    'outbox.chooseRecipients': {
      args: z.tuple([z.string().max(100), z.enum(['send-to-others', 'cancel'])]),
      run: (id, choice) => outbox.chooseRecipients(id, choice),
    },
    'outbox.decideOutcome': {
      args: z.tuple([z.string().max(100), z.enum(['handed-over', 'send-again', 'do-not-send'])]),
      run: (id, verdict) => outbox.decideOutcome(id, verdict),
    },
    'outbox.remove': { args: itemId, run: id => outbox.remove(id) },
    'outbox.transcript': { args: itemId, run: id => outbox.transcript(id) },
    'outbox.saveAs': { args: itemId, run: id => outbox.saveAs(id) },
    'outbox.correctRecipient': {
      args: z.tuple([z.string().max(100), z.string().max(1_000), z.string().max(1_000)]),
      run: (id, oldAddress, newAddress) => outbox.correctRecipient(id, oldAddress, newAddress),
    },
    'outbox.export': { args: itemId, run: id => outbox.export(id) },
    'outbox.saveExport': {
      args: z.tuple([z.string().max(100), z.enum(['text', 'json'])]),
      run: (id, format) => outbox.saveExport(id, format),
    },
  }
}
