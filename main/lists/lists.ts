/**
 * Leaves mailing lists for the person: by one request (RFC 8058), by a mail of the outbox, or by a page in the browser,
 * and remembers which were left (table left_list). Refuses every address that the mail itself does not name.
 */

import { LEAVING_WAYS, type LeavingWay, type LeftList, type ListLeaving } from '../../shared/list-leaving.ts'
import { type Mailto, parseMailto } from '../../shared/mailto.ts'
import { fail, ok, type Result } from '../../shared/problem.ts'
import { type Calls, z } from '../call.ts'
import { type Db, problemOfDbError } from '../db.ts'
import type { Emit } from '../events.ts'
import type { Clock } from '../host.ts'
import { createAskWeb, type MayConnect, secureUrl } from '../web-request.ts'

const PATIENCE_MS = 20_000
/** RFC 8058 section 3.1. */
const ONE_CLICK = 'List-Unsubscribe=One-Click'

export type Lists = ReturnType<typeof createLists>

export type ListsDeps = {
  db: Db
  clock: Clock
  emit: Emit
  /** What the mail says of leaving its list; null where it says nothing. */
  leavingOf: (messageId: string) => Promise<Result<ListLeaving | null>>
  /** Sends a mail from the address that the message went to. */
  sendMail: (messageId: string, mailto: Mailto) => Promise<Result<unknown>>
  /** Opens a checked http(s) link outside. */
  openExternal: (url: string) => Promise<void>
  mayConnect?: MayConnect | undefined
}

export function createLists({ db, clock, emit, leavingOf, sendMail, openExternal, mayConnect }: ListsDeps) {
  const ask = createAskWeb(clock, mayConnect)

  async function post(address: string): Promise<Result<unknown>> {
    const url = secureUrl(address)
    if (url === null) return fail({ kind: 'invalid', field: 'url', reason: 'scheme' })
    const answer = await ask(
      { url, method: 'POST', accept: '*/*', form: ONE_CLICK, mostBytes: 1_000_000, patienceMs: PATIENCE_MS },
      AbortSignal.timeout(PATIENCE_MS * 2),
    )
    // A server that took it, and says too much about it, took it.
    if (!answer.ok) return answer.problem.kind === 'too-big' ? ok(true) : answer
    const { status } = answer.value
    // A redirect is no yes: it may lead to a page that asks for more (RFC 8058 section 3.2).
    if (status >= 200 && status < 300) return ok(true)
    return fail({ kind: 'web-refused', host: url.hostname, detail: `HTTP ${status}` })
  }

  async function go(messageId: string, way: LeavingWay, address: string): Promise<Result<unknown>> {
    switch (way) {
      case 'web':
        return post(address)
      case 'mail': {
        const mailto = parseMailto(address)
        if (mailto === null || mailto.to.length === 0)
          return fail({ kind: 'invalid', field: 'url', reason: 'mailto' })
        return sendMail(messageId, {
          ...mailto,
          // Nobody else is written to because a mail says so.
          cc: [],
          bcc: [],
          subject: mailto.subject || 'unsubscribe',
          body: mailto.body || 'unsubscribe',
        })
      }
      case 'browser': {
        if (!URL.canParse(address)) return fail({ kind: 'invalid', field: 'url', reason: 'scheme' })
        await openExternal(address)
        return ok(true)
      }
    }
  }

  function remember(key: string, way: LeavingWay): Result<true> {
    try {
      db.run(
        `INSERT INTO left_list (list_key, way, left_at) VALUES (?, ?, ?)
         ON CONFLICT (list_key) DO UPDATE SET way = excluded.way, left_at = excluded.left_at`,
        key,
        way,
        clock.now(),
      )
    } catch (error) {
      if (!(error instanceof Error) || !('errcode' in error)) throw error
      return fail(problemOfDbError(error, 'desk.db'))
    }
    emit('lists.changed', { keys: [key] })
    return ok(true)
  }

  return {
    left: (): LeftList[] =>
      db.all('SELECT list_key, way, left_at FROM left_list ORDER BY left_at DESC').map(row => ({
        key: String(row.list_key),
        way: row.way as LeavingWay,
        at: Number(row.left_at),
      })),

    /** By one of the ways that the mail names; `not-found` where it does not name this one. */
    async leave(messageId: string, way: LeavingWay): Promise<Result<{ way: LeavingWay }>> {
      const leaving = await leavingOf(messageId)
      if (!leaving.ok) return leaving
      const address = leaving.value?.ways[way] ?? null
      if (leaving.value === null || address === null) return fail({ kind: 'not-found', what: 'message' })
      const gone = await go(messageId, way, address)
      if (!gone.ok) return gone
      const kept = remember(leaving.value.key, way)
      return kept.ok ? ok({ way }) : kept
    },
  }
}

export function listCalls(lists: Lists): Calls<'lists.left' | 'lists.leave'> {
  return {
    'lists.left': { args: z.tuple([]), run: () => ok(lists.left()) },
    'lists.leave': {
      args: z.tuple([z.string().min(1).max(40), z.enum(LEAVING_WAYS)]),
      run: (messageId, way) => lists.leave(messageId, way),
    },
  }
}
