/** Whether something was typed since a draft was opened: known at once, and shown after the key that did it. */

import { startTransition, useRef, useState } from 'react'

export function useTouched(): { isTouched: boolean; isTouchedNow(): boolean; touch(): void } {
  const [isTouched, setTouched] = useState(false)
  const now = useRef(false)
  function touch(): void {
    if (now.current) return
    now.current = true
    startTransition(() => setTouched(true))
  }
  return { isTouched, isTouchedNow: () => now.current, touch }
}
