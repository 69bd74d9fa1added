/** The present moment as state: a view that shows times of today draws itself again as time goes by. */

import { useEffect, useState } from 'react'

/** Epoch ms, renewed every `everyMs`; a hidden window does not tick. */
export function useNow(everyMs = 30_000): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) setNow(Date.now())
    }, everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}

/** True once `isWaiting` has lasted 300 ms: only then is the shape of what comes shown, so quick answers do not flash. */
export function useIsSlow(isWaiting: boolean, afterMs = 300): boolean {
  const [isSlow, setSlow] = useState(false)
  useEffect(() => {
    if (!isWaiting) {
      setSlow(false)
      return
    }
    const timer = setTimeout(() => setSlow(true), afterMs)
    return () => clearTimeout(timer)
  }, [isWaiting, afterMs])
  return isWaiting && isSlow
}
