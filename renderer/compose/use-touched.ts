/** Whether something was typed since a draft was opened: known at once, and shown after the key that did it. */

import { startTransition, useRef, useState } from 'react'

export function useTouched(isTouchedFirst: boolean): {
  isTouched: boolean
  isTouchedNow(): boolean
  touch(): void
} {
  const [isTouched, setTouched] = useState(isTouchedFirst)
  const now = useRef(isTouchedFirst)
  function touch(): void {
    if (now.current) return
    now.current = true
    startTransition(() => setTouched(true))
  }
  return { isTouched, isTouchedNow: () => now.current, touch }
}
