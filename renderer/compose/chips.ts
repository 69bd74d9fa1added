/**
 * The law of a field of recipients: what is typed becomes chips, and nothing typed is dropped. Pure; chips, what is
 * saved and what is sent are the same addresses, always.
 */

import {
  type AddressVerdict,
  addressKey,
  checkAddress,
  formatAddress,
  needsSmtputf8,
  parseAddressList,
} from '../../shared/address.ts'
import type { Address } from '../../shared/model.ts'

export type Chip = { id: number; address: Address }

/** `at` is where the input stands among the chips, and so where the next chip comes. */
export type FieldState = { chips: readonly Chip[]; text: string; at: number }

let nextId = 1

function chipOf(address: Address): Chip {
  nextId += 1
  return { id: nextId, address }
}

export function fieldOf(addresses: readonly Address[]): FieldState {
  return { chips: addresses.map(chipOf), text: '', at: addresses.length }
}

/** What is wrong with a chip, in a word of `checkAddress`; null where nothing is. */
export function chipFault({ address }: Chip): Exclude<AddressVerdict, 'ok'> | null {
  const verdict = checkAddress(address.address)
  return verdict === 'ok' ? null : verdict
}

/** The first chip whose address only servers with SMTPUTF8 carry. */
export function chipOfForeign({ chips }: FieldState): Chip | null {
  return chips.find(chip => chipFault(chip) === null && needsSmtputf8(chip.address.address)) ?? null
}

/** The first such address, also one that is typed in full and no chip yet. */
export function foreignAddress(state: FieldState): string | null {
  const chip = chipOfForeign(state) ?? chipOfForeign(committed(state))
  return chip?.address.address ?? null
}

/** What no parser takes for an address is kept as it was typed. */
function addressesIn(text: string): Address[] {
  const { addresses, rest } = parseAddressList(text)
  return [...addresses, ...rest.map(address => ({ name: '', address }))]
}

function insert(state: FieldState, addresses: readonly Address[], text: string): FieldState {
  const known = new Set(state.chips.map(chip => addressKey(chip.address.address)))
  const isNew = ({ address }: Address) => known.size < known.add(addressKey(address)).size
  const fresh = addresses.filter(isNew).map(chipOf)
  return {
    chips: state.chips.toSpliced(state.at, 0, ...fresh),
    text,
    at: state.at + fresh.length,
  }
}

/** Makes chips of all that is typed: Enter, leaving the field, sending. */
export function committed(state: FieldState): FieldState {
  if (state.text.trim() === '') return state.text === '' ? state : { ...state, text: '' }
  return insert(state, addressesIn(state.text), '')
}

/** Chips of what was chosen in the place of what was typed. */
export function chosen(state: FieldState, addresses: readonly Address[]): FieldState {
  return insert(state, addresses, '')
}

const HARD_SEPARATOR = /[;；\n]/
const SOFT_SEPARATOR = /[,，、]\s*$/

/**
 * Typing. A semicolon ends an address; a comma does too once there is an `@` before it, as `Tanaka, Yuki <…` is a name
 * half written, and as long as it does not stand in quotes.
 */
export function typed(state: FieldState, text: string): FieldState {
  const isQuoted = (text.match(/"/g)?.length ?? 0) % 2 === 1
  if (isQuoted) return { ...state, text }
  if (HARD_SEPARATOR.test(text) || (SOFT_SEPARATOR.test(text) && text.includes('@'))) {
    return committed({ ...state, text })
  }
  return { ...state, text }
}

/** A paste of one or many addresses becomes chips at once; any other text goes where the cursor is (null). */
export function pasted(state: FieldState, clip: string): FieldState | null {
  const isList = clip.includes('@') || /[;；\n]/.test(clip.trim())
  return isList ? committed({ ...state, text: `${state.text} ${clip}`.trim() }) : null
}

export function removed(state: FieldState, id: number): FieldState {
  const index = state.chips.findIndex(chip => chip.id === id)
  if (index < 0) return state
  return { ...state, chips: state.chips.toSpliced(index, 1), at: index < state.at ? state.at - 1 : state.at }
}

/** Opens a chip as text in its own place; what was typed before becomes a chip first. */
export function opened(state: FieldState, id: number): FieldState {
  const before = committed(state)
  const index = before.chips.findIndex(chip => chip.id === id)
  const chip = before.chips[index]
  if (chip === undefined) return before
  return { chips: before.chips.toSpliced(index, 1), text: formatAddress(chip.address), at: index }
}

/** The input goes back behind the last chip. */
export function atEnd(state: FieldState): FieldState {
  return state.at === state.chips.length ? state : { ...state, at: state.chips.length }
}

/** What is saved and sent: the chips, and what is typed and not yet a chip. */
export function addressesOf(state: FieldState): Address[] {
  return committed(state).chips.map(chip => chip.address)
}
