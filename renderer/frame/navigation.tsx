/** Where the window is: one place, perhaps a message in it, and the way back. Kept in memory; nothing in the URL. */

import { createContext, type ReactNode, useContext, useMemo, useReducer } from 'react'
import type { Place } from '../../shared/model.ts'
import { askedSearch, type SearchState } from '../search/search-state.ts'

export type Where =
  | { view: 'mail'; place: Place; messageId: string | null; search?: SearchState | undefined }
  | { view: 'outbox' }
  | { view: 'drafts' }
  | { view: 'people' }
  | { view: 'templates' }
  | { view: 'settings' }
  | { view: 'accounts' }

type MailPlace = Extract<Where, { view: 'mail' }>

export const INBOX: MailPlace = { view: 'mail', place: { kind: 'unified', role: 'inbox' }, messageId: null }
export const SENT: MailPlace = { view: 'mail', place: { kind: 'unified', role: 'sent' }, messageId: null }

/** Here with the search field asked for; from a place without mail, everything is searched. */
export function searchFrom(where: Where): Where {
  if (where.view !== 'mail') return { ...INBOX, search: askedSearch(undefined, true) }
  return { ...where, search: askedSearch(where.search) }
}

export type Navigation = {
  where: Where
  canGoBack: boolean
  go(where: Where): void
  back(): void
}

type Trail = { where: Where; before: Where[] }
type Step = { type: 'go'; where: Where } | { type: 'back' }

const LONGEST_TRAIL = 50

/** Two messages of one list are one stop: back leads out of the list, not through every mail that was looked at. */
function isSameStop(left: Where, right: Where): boolean {
  if (left.view !== 'mail' || right.view !== 'mail') return left.view === right.view
  return (
    JSON.stringify(left.place) === JSON.stringify(right.place) &&
    (left.messageId === null) === (right.messageId === null) &&
    (left.search === undefined) === (right.search === undefined)
  )
}

export function follow(trail: Trail, step: Step): Trail {
  if (step.type === 'back') {
    const last = trail.before.at(-1)
    return last === undefined ? trail : { where: last, before: trail.before.slice(0, -1) }
  }
  if (isSameStop(trail.where, step.where)) return { ...trail, where: step.where }
  return { where: step.where, before: [...trail.before, trail.where].slice(-LONGEST_TRAIL) }
}

const NavigationContext = createContext<Navigation | null>(null)

export function NavigationProvider({ startAt = INBOX, children }: { startAt?: Where; children: ReactNode }) {
  const [trail, step] = useReducer(follow, { where: startAt, before: [] })
  const navigation = useMemo<Navigation>(
    () => ({
      where: trail.where,
      canGoBack: trail.before.length > 0,
      go: where => step({ type: 'go', where }),
      back: () => step({ type: 'back' }),
    }),
    [trail],
  )
  return <NavigationContext value={navigation}>{children}</NavigationContext>
}

export function useNavigation(): Navigation {
  const navigation = useContext(NavigationContext)
  if (navigation === null) throw new Error('useNavigation outside NavigationProvider')
  return navigation
}
