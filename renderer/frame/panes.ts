/** Widths of the panes: what was wanted, fitted to the window. Remembered in the settings once a drag ends. */

import { useEffect, useState, useSyncExternalStore } from 'react'
import type { Settings } from '../../shared/model.ts'
import { useAsk } from '../ask.ts'
import { useAct } from '../ui/use-act.tsx'

export type PaneWidths = Settings['paneWidths']

/** Below this the panes become a stack. */
export const STACK_BELOW = 900
export const PLACES_LIMITS = { min: 176, max: 360 }
export const LIST_LIMITS = { min: 280, max: 640 }
const MAIL_MIN = 380

const clamp = (value: number, { min, max }: { min: number; max: number }) =>
  Math.round(Math.min(max, Math.max(min, value)))

/** The mail keeps its room: first the list gives way, then the places. */
export function fitPanes(windowWidth: number, wanted: PaneWidths): PaneWidths {
  const places = clamp(wanted.places, PLACES_LIMITS)
  const list = clamp(wanted.list, LIST_LIMITS)
  const over = Math.max(0, places + list + MAIL_MIN - windowWidth)
  const fromList = Math.min(over, list - LIST_LIMITS.min)
  const fromPlaces = Math.min(over - fromList, places - PLACES_LIMITS.min)
  return { places: places - fromPlaces, list: list - fromList }
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('resize', listener)
  return () => window.removeEventListener('resize', listener)
}

export function useWindowWidth(): number {
  return useSyncExternalStore(subscribe, () => window.innerWidth)
}

export type Panes = {
  widths: PaneWidths
  isStack: boolean
  /** While dragging. */
  resize(change: Partial<PaneWidths>): void
  /** At the end of it. */
  remember(): void
}

export function usePanes(): Panes {
  const windowWidth = useWindowWidth()
  const settings = useAsk('settings.get', [])
  const act = useAct()
  const [wanted, setWanted] = useState<PaneWidths>({ places: 228, list: 372 })
  const kept = settings.data?.paneWidths
  useEffect(() => {
    if (kept !== undefined) setWanted(kept)
  }, [kept])
  return {
    widths: fitPanes(windowWidth, wanted),
    isStack: windowWidth < STACK_BELOW,
    resize: change => setWanted(now => fitPanes(windowWidth, { ...now, ...change })),
    remember: () => void act('settings.set', { paneWidths: wanted }),
  }
}
