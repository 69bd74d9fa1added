/**
 * Cut, copy and paste on a chip that has the focus. A browser fires these events at the body where nothing is selected,
 * so they are heard there and meant for the chip.
 */

import { type RefObject, useEffect } from 'react'

type Hands = {
  /** The text of the chosen chips. */
  copy: () => string
  cut: () => void
  paste: (text: string) => void
}

export function useChipClipboard(field: RefObject<HTMLElement | null>, hands: Hands): void {
  useEffect(() => {
    const isOnChip = () => {
      const focused = document.activeElement
      return focused?.hasAttribute('data-chip') === true && field.current?.contains(focused) === true
    }
    const onCopy = (event: ClipboardEvent) => {
      if (!isOnChip() || event.clipboardData === null) return
      event.clipboardData.setData('text/plain', hands.copy())
      event.preventDefault()
      if (event.type === 'cut') hands.cut()
    }
    const onPaste = (event: ClipboardEvent) => {
      if (!isOnChip() || event.clipboardData === null) return
      event.preventDefault()
      hands.paste(event.clipboardData.getData('text/plain'))
    }
    document.addEventListener('copy', onCopy)
    document.addEventListener('cut', onCopy)
    document.addEventListener('paste', onPaste)
    return () => {
      document.removeEventListener('copy', onCopy)
      document.removeEventListener('cut', onCopy)
      document.removeEventListener('paste', onPaste)
    }
  })
}
