/**
 * The calls about the program itself: what it is, how its accounts fare, links that lead outside, the practice mailbox.
 * Owns only the check of links; everything else is handed in by app.ts.
 */

import { type Mailto, parseMailto } from '../shared/mailto.ts'
import type { AccountStatus, ShellInfo } from '../shared/model.ts'
import { fail, ok, type Result } from '../shared/problem.ts'
import { type Calls, z } from './call.ts'

export type AppCallsDeps = {
  info: ShellInfo
  statuses(): AccountStatus[]
  openExternal(url: string): Promise<void>
  /** Begins a draft from a mailto link and asks the page to open it. */
  writeTo(mailto: Mailto): Promise<Result<{ draftId: string }>>
  quit: (() => void) | undefined
  startPractice(): Promise<Result<{ accountId: string }>>
}

const LONGEST_LINK = 64 * 1024

/** The link as the system should open it, or null: http and https with a host and without a password in it. */
export function safeLink(link: string): string | null {
  if (!URL.canParse(link)) return null
  const url = new URL(link)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null
  return url.hostname === '' || url.username !== '' || url.password !== '' ? null : url.href
}

export function appCalls(
  deps: AppCallsDeps,
): Calls<'app.info' | 'app.status' | 'app.openLink' | 'app.quit' | 'practice.start'> {
  return {
    'app.info': { args: z.tuple([]), run: () => ok(deps.info) },
    'app.status': { args: z.tuple([]), run: () => ok(deps.statuses()) },
    'app.openLink': {
      args: z.tuple([z.string().max(LONGEST_LINK)]),
      run: async link => {
        const mailto = parseMailto(link)
        if (mailto !== null) {
          const begun = await deps.writeTo(mailto)
          return begun.ok ? ok({ opened: true }) : begun
        }
        const url = safeLink(link)
        if (url === null) return fail({ kind: 'invalid', field: 'url', reason: 'scheme' })
        await deps.openExternal(url)
        return ok({ opened: true })
      },
    },
    'app.quit': {
      args: z.tuple([]),
      run() {
        if (deps.quit === undefined) return fail({ kind: 'not-now', what: 'quit' })
        deps.quit()
        return ok({ quitting: true })
      },
    },
    'practice.start': { args: z.tuple([]), run: () => deps.startPractice() },
  }
}
