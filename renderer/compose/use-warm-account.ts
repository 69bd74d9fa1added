/** While a composer is open and somebody is at it, the account's connection is kept ready, so that Send is quick. */

import { useEffect } from 'react'
import { call } from '../bridge.ts'

/** More often than the program lets an idle connection go (30 s). */
const BEAT_MS = 20_000
/** A window left open over lunch holds no connection of a server. */
const IDLE_MS = 10 * 60_000

export function useWarmAccount(accountId: string, isShown: boolean): void {
  useEffect(() => {
    if (accountId === '' || !isShown) return
    let lastAt = Date.now()
    const warm = () => {
      if (document.visibilityState === 'visible' && Date.now() - lastAt < IDLE_MS) {
        void call('outbox.warm', accountId)
      }
    }
    const onActive = () => {
      const wasAway = Date.now() - lastAt >= IDLE_MS
      lastAt = Date.now()
      if (wasAway) warm()
    }
    warm()
    const beat = setInterval(warm, BEAT_MS)
    document.addEventListener('visibilitychange', warm)
    window.addEventListener('keydown', onActive)
    window.addEventListener('pointerdown', onActive)
    return () => {
      clearInterval(beat)
      document.removeEventListener('visibilitychange', warm)
      window.removeEventListener('keydown', onActive)
      window.removeEventListener('pointerdown', onActive)
    }
  }, [accountId, isShown])
}
