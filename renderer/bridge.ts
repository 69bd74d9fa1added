/** The page's only way to the program. Takes the bridge the preload put on the window, and deletes the global. */

import type { AnyEvent, Args, Bridge, Method, Reply } from '../shared/api.ts'

declare global {
  interface Window {
    todoke?: Bridge
  }
}

let bridge: Bridge | undefined

function theBridge(): Bridge {
  if (bridge === undefined) {
    bridge = window.todoke
    delete window.todoke
    if (bridge === undefined) throw new Error('the page was opened without its program')
  }
  return bridge
}

export function call<M extends Method>(method: M, ...args: Args<M>): Promise<Reply<M>> {
  return theBridge().call(method, args)
}

/** Returns the unsubscribe. */
export function onEvent(listener: (event: AnyEvent) => void): () => void {
  return theBridge().on(listener)
}
