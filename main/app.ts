/** Wires the program: every domain is made here and nowhere else. Decides nothing. */

import type { Method } from '../shared/api.ts'
import { ok, type Result } from '../shared/problem.ts'
import { type Calls, createDoor, type Door } from './call.ts'
import { createEventHub, type EventHub } from './events.ts'
import type { Host } from './host.ts'

export type App = {
  door: Door
  events: EventHub
  /** Opens connections and starts the queue. Answers are possible before. */
  start(): Promise<void>
  /** Lets a running submission reach its end or its deadline, then closes everything. */
  stop(): Promise<void>
  /** Mails that would be interrupted or kept waiting by quitting now. */
  unfinished(): { sending: number; held: number }
}

/** Opens the databases under `host.dataDir` and wires the domains. Answers `database-newer`, `database-corrupt` or `disk`. */
export async function createApp(host: Host): Promise<Result<App>> {
  const hub = createEventHub()
  const calls = {} as Calls<Method>
  const door = createDoor(calls, (method, error) => console.error('bug', method, error))
  void host
  return ok({
    door,
    events: hub,
    async start() {},
    async stop() {},
    unfinished: () => ({ sending: 0, held: 0 }),
  })
}
