/**
 * Keys of the whole window. Single keys (`c`, `/`) never act while somebody types, composes with an IME or has a
 * dialog open, nor where the settings turn them off; `Mod+` keys act everywhere but inside a composition.
 */

import { useEffect, useRef } from 'react'
import { useAsk } from '../ask.ts'
import { isComposing } from './ime.ts'

/** `c`, `/`, `Escape`, `Mod+k`, `Mod+Enter`; Mod is Cmd on a Mac and Ctrl elsewhere. */
export type KeyName = string
export type KeyBindings = Record<KeyName, (event: KeyboardEvent) => void>

export const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform)

/** `Mod+k` as the person's keyboard writes it: `⌘K`, `Ctrl+K`. */
export function showKey(key: KeyName): string {
  const name = key.replace('Enter', isMac ? '↩' : 'Enter').replace(/\b[a-z]$/, letter => letter.toUpperCase())
  return name.replace('Mod+', isMac ? '⌘' : 'Ctrl+')
}

/** `Mod+k` as `aria-keyshortcuts` wants it. */
export function keyForEars(key: KeyName): string {
  return key.replace('Mod', isMac ? 'Meta' : 'Control')
}

/** Whether what has the focus takes text, so that a letter belongs to it. */
export function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target.closest('[role="textbox"],[role="combobox"]') !== null) return true
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true
  if (!(target instanceof HTMLInputElement)) return false
  return !['button', 'checkbox', 'radio', 'range', 'submit', 'reset', 'file', 'color'].includes(target.type)
}

/** The name of a key press among `bindings`, or null where it is nobody's. */
export function nameOfKey(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>,
): KeyName | null {
  if (event.altKey) return null
  const isLetter = event.key.length === 1 && event.key.toLowerCase() !== event.key.toUpperCase()
  const key = isLetter ? event.key.toLowerCase() : event.key
  if (isMac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey) {
    return event.shiftKey ? `Mod+Shift+${key}` : `Mod+${key}`
  }
  if (event.ctrlKey || event.metaKey) return null
  // `/` and `?` need Shift on many keyboards; a letter with Shift is somebody else's.
  return isLetter && event.shiftKey ? null : key
}

function isInDialog(): boolean {
  return document.querySelector('[aria-modal="true"], [role="menu"]') !== null
}

/** Binds keys for as long as the view is mounted. */
export function useKeys(bindings: KeyBindings, options: { isEnabled?: boolean } = {}): void {
  const settings = useAsk('settings.get', [])
  const singleKeys = settings.data?.singleKeys ?? true
  const isEnabled = options.isEnabled ?? true
  const latest = useRef(bindings)
  latest.current = bindings

  useEffect(() => {
    if (!isEnabled) return
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isComposing(event)) return
      const name = nameOfKey(event)
      const act = name === null ? undefined : latest.current[name]
      if (name === null || act === undefined) return
      const isSingle = name.length === 1
      if (isSingle && (!singleKeys || takesText(event.target))) return
      if (!name.startsWith('Mod+') && (takesText(event.target) || isInDialog())) return
      event.preventDefault()
      act(event)
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [isEnabled, singleKeys])
}
