/**
 * Which composers are open, in which size, and which mails left from here a moment ago. A small external store of
 * window state; what is written in a composer is the draft's and is not kept here.
 */

import { useSyncExternalStore } from 'react'
import type { DraftStart } from '../../shared/draft-start.ts'

export type ComposerStart = DraftStart | { draftId: string }
export type ComposerSize = 'normal' | 'minimised' | 'full'
export type OpenComposer = {
  key: string
  start: ComposerStart
  size: ComposerSize
  /** Known once the draft is made; the same draft is never open twice in a window. */
  draftId: string | null
  /** Opens with the choice of people: a letter to many. */
  isToMany?: boolean | undefined
}

/** A mail that was sent from a composer and is followed in a bar until it is on its way. */
export type DepartingMail = { itemId: string }
export type ComposerState = {
  composers: readonly OpenComposer[]
  departing: readonly DepartingMail[]
  /** The draft whose composer was closed a moment ago. */
  keptDraftId: string | null
}

let state: ComposerState = { composers: [], departing: [], keptDraftId: null }
let nextKey = 1
const listeners = new Set<() => void>()

function change(next: Partial<ComposerState>): void {
  state = { ...state, ...next }
  for (const listener of listeners) listener()
}

function changeComposer(key: string, patch: Partial<OpenComposer>): void {
  change({ composers: state.composers.map(open => (open.key === key ? { ...open, ...patch } : open)) })
}

/** Opens a composer on the right of the others; a draft that is open already is raised instead. */
export function openComposer(start: ComposerStart, isToMany = false): void {
  const draftId = 'draftId' in start ? start.draftId : null
  if (draftId === state.keptDraftId) sayKept(null)
  const open = draftId === null ? undefined : state.composers.find(composer => composer.draftId === draftId)
  if (open !== undefined) {
    raiseComposer(open.key)
    return
  }
  const shrunk = state.composers.map(composer =>
    composer.size === 'full' ? { ...composer, size: 'normal' as const } : composer,
  )
  const composer: OpenComposer = { key: `composer-${nextKey}`, start, size: 'normal', draftId, isToMany }
  nextKey += 1
  change({ composers: [...shrunk, composer] })
}

/** Makes it the rightmost and shows it if it was minimised. */
export function raiseComposer(key: string): void {
  const raised = state.composers.find(composer => composer.key === key)
  if (raised === undefined) return
  const size = raised.size === 'minimised' ? 'normal' : raised.size
  change({ composers: [...state.composers.filter(composer => composer.key !== key), { ...raised, size }] })
}

export function nameComposer(key: string, draftId: string): void {
  changeComposer(key, { draftId })
}

/** Only one is full at a time. */
export function resizeComposer(key: string, size: ComposerSize): void {
  const composers = state.composers.map(composer => {
    if (composer.key === key) return { ...composer, size }
    return size === 'full' && composer.size === 'full' ? { ...composer, size: 'normal' as const } : composer
  })
  change({ composers })
}

/** Takes the window away; the draft stays where it is. */
export function closeComposer(key: string): void {
  change({ composers: state.composers.filter(composer => composer.key !== key) })
}

/** Says that a draft was kept; null takes the notice away. */
export function sayKept(keptDraftId: string | null): void {
  change({ keptDraftId })
}

export function followDeparture(itemId: string): void {
  change({ departing: [...state.departing.filter(mail => mail.itemId !== itemId), { itemId }] })
}

export function dismissDeparture(itemId: string): void {
  change({ departing: state.departing.filter(mail => mail.itemId !== itemId) })
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The state outside of React, for tests and for the window's closing. */
export function composerState(): ComposerState {
  return state
}

export function useComposers(): ComposerState {
  return useSyncExternalStore(subscribe, composerState)
}
