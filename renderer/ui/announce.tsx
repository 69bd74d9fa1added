/** What happened, said to ears: one polite live region for the whole window. */

import { useSyncExternalStore } from 'react'

let said = ''
let turn = 0
const listeners = new Set<() => void>()

/** Says a short sentence. The same sentence twice is said twice. */
export function announce(text: string): void {
  turn += 1
  // A live region speaks only when its text changes; an invisible mark makes a repeated sentence a change.
  said = turn % 2 === 0 ? text : `${text}\u200b`
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function Announcer() {
  const text = useSyncExternalStore(subscribe, () => said)
  return (
    <div className="for-ears" role="status" aria-live="polite">
      {text}
    </div>
  )
}
