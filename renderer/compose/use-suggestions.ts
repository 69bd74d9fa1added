/**
 * Whom the writer may mean by what is typed: asked with each letter, and which of them a key would choose. Opens for
 * typing alone, never for a paste or a composition. Refuses to choose from an answer to an earlier letter.
 */

import { useEffect, useState } from 'react'
import { addressKey, parseAddress } from '../../shared/address.ts'
import type { Suggestion } from '../../shared/model.ts'
import { useAsk } from '../ask.ts'
import type { Chip } from './chips.ts'

const MOST_ASKED = 12
const MOST_SHOWN = 7

export type Suggestions = {
  /** Likeliest first; none while the list is closed. */
  options: readonly Suggestion[]
  /** The one that Enter and Tab choose; -1 for none. */
  active: number
  /** The question was answered, by nobody perhaps. */
  isAnswered: boolean
  open(): void
  close(): void
  move(step: 1 | -1): void
  point(index: number): void
}

export function useSuggestions(text: string, taken: readonly Chip[]): Suggestions {
  const [isOpen, setOpen] = useState(false)
  const [pointed, setPointed] = useState<number | null>(null)
  const query = text.trim()
  const isAsking = isOpen && query !== ''
  const asked = useAsk('people.suggest', [query, MOST_ASKED], { isEnabled: isAsking, keepsLast: true })
  const keys = new Set(taken.map(chip => addressKey(chip.address.address)))
  const options = isAsking
    ? (asked.data ?? []).filter(one => one.kind === 'group' || !keys.has(addressKey(one.address.address)))
    : []
  const shown = options.slice(0, MOST_SHOWN)

  // biome-ignore lint/correctness/useExhaustiveDependencies: another text is another question
  useEffect(() => setPointed(null), [query])

  // Who typed a whole address means that one, and not a longer one that begins so.
  const usual = parseAddress(query) === null ? 0 : -1
  const active = asked.isPlaceholderData ? -1 : Math.min(pointed ?? usual, shown.length - 1)
  return {
    options: shown,
    active,
    isAnswered: isAsking && asked.isSuccess && !asked.isPlaceholderData,
    open: () => setOpen(true),
    close() {
      setOpen(false)
      setPointed(null)
    },
    move: step => setPointed((active + step + shown.length) % Math.max(1, shown.length)),
    point: setPointed,
  }
}

/** The id of an option on the page, for `aria-activedescendant`. */
export function suggestionId(listId: string, index: number): string {
  return `${listId}-${index}`
}
