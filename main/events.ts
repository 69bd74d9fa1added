/** The one way out for announcements: domains emit, the shell's pipe listens. Events carry ids only. */

import type { AnyEvent, EventName, Events } from '../shared/api.ts'

export type Emit = <N extends EventName>(name: N, payload: Events[N]) => void

export type EventHub = {
  emit: Emit
  /** Returns the unsubscribe. */
  listen(listener: (event: AnyEvent) => void): () => void
}

export function createEventHub(): EventHub {
  const listeners = new Set<(event: AnyEvent) => void>()
  return {
    emit(name, payload) {
      for (const listener of listeners) listener({ name, payload } as AnyEvent)
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
