/** A composer takes the focus when it opens and gives it back when it goes. */

import { useEffect, useRef } from 'react'

/** `target` is where the writer begins; a composer that is minimised takes nothing. */
export function useFocusReturn(target: () => HTMLElement | null, isMinimised: boolean): void {
  const latest = useRef(target)
  latest.current = target

  useEffect(() => {
    if (!isMinimised) latest.current()?.focus({ preventScroll: true })
  }, [isMinimised])

  useEffect(() => {
    const before = document.activeElement
    return () => {
      // Gone with the composer, the focus would be nowhere.
      requestAnimationFrame(() => {
        const isNowhere = document.activeElement === null || document.activeElement === document.body
        if (isNowhere && before instanceof HTMLElement && before.isConnected) before.focus()
      })
    }
  }, [])
}
