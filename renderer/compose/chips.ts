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
import { parseMailto } from '../../shared/mailto.ts'
import type { Address } from '../../shared/model.ts'

export type Chip = { id: number; address: Address }

/**
 * `at` is where the input stands among the chips, and so where the next chip comes. `repeated` are the addresses of
 * the last change that were there already: told, and taken once.
 */
export type FieldState = {
  chips: readonly Chip[]
  text: string
  at: number
  repeated?: readonly string[]
}

export type RecipientFieldName = 'to' | 'cc' | 'bcc'
export type RecipientFields = Record<RecipientFieldName, FieldState>

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

/** A mailto link among other text, with all whom it names. */
const MAILTO = /mailto:[^\s<>＜＞"、，；]+/gi

/** What no parser takes for an address is kept as it was typed. */
function addressesIn(text: string): Address[] {
  const named = text.replace(MAILTO, link => {
    const { to, cc, bcc } = parseMailto(link) ?? { to: [], cc: [], bcc: [] }
    const all = [...to, ...cc, ...bcc]
    return all.length === 0 ? link : all.map(formatAddress).join(', ')
  })
  const { addresses, rest } = parseAddressList(named)
  return [...addresses, ...rest.map(address => ({ name: '', address }))]
}

function keyOf({ address }: Chip): string {
  return addressKey(address.address)
}

function insert(state: FieldState, addresses: readonly Address[], text: string): FieldState {
  const known = new Set(state.chips.map(keyOf))
  const fresh: Chip[] = []
  const repeated: string[] = []
  for (const address of addresses) {
    const key = addressKey(address.address)
    if (known.has(key)) repeated.push(address.address)
    else fresh.push(chipOf(address))
    known.add(key)
  }
  return {
    chips: state.chips.toSpliced(state.at, 0, ...fresh),
    text,
    at: state.at + fresh.length,
    repeated,
  }
}

/** Nobody is in two fields: who was in another one before is not taken into this one. Chips from `before` stay. */
export function apart(state: FieldState, before: FieldState, others: readonly FieldState[]): FieldState {
  if (state.chips === before.chips) return state
  const stays = new Set(before.chips.map(({ id }) => id))
  const elsewhere = new Set(others.flatMap(({ chips }) => chips.map(keyOf)))
  const isKept = (chip: Chip) => stays.has(chip.id) || !elsewhere.has(keyOf(chip))
  const dropped = state.chips.filter(chip => !isKept(chip))
  if (dropped.length === 0) return state
  return {
    ...state,
    chips: state.chips.filter(isKept),
    at: state.chips.slice(0, state.at).filter(isKept).length,
    repeated: [...(state.repeated ?? []), ...dropped.map(chip => chip.address.address)],
  }
}

/** Takes chips from one field into another, behind those that are there. */
export function moved(
  fields: RecipientFields,
  from: RecipientFieldName,
  ids: ReadonlySet<number>,
  to: RecipientFieldName,
): Partial<RecipientFields> {
  if (from === to) return {}
  const going = fields[from].chips.filter(({ id }) => ids.has(id))
  const target = fields[to]
  const end = { ...target, at: target.chips.length }
  return {
    [from]: without(fields[from], ids),
    [to]: {
      ...insert(
        end,
        going.map(chip => chip.address),
        target.text,
      ),
    },
  }
}

/** As it is cut and copied, and pasted again by any program: `Name <a@b>, c@d`. */
export function textOf(chips: readonly Chip[]): string {
  return chips.map(chip => formatAddress(chip.address)).join(', ')
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
  if (isQuoted) return { ...state, text, repeated: [] }
  if (HARD_SEPARATOR.test(text) || (SOFT_SEPARATOR.test(text) && text.includes('@'))) {
    return committed({ ...state, text })
  }
  return { ...state, text, repeated: [] }
}

/** A paste of one or many addresses becomes chips at once; any other text goes where the cursor is (null). */
export function pasted(state: FieldState, clip: string): FieldState | null {
  const isList = /[@＠]/.test(clip) || /[;；\n]/.test(clip.trim())
  return isList ? committed({ ...state, text: `${state.text} ${clip}`.trim() }) : null
}

export function removed(state: FieldState, id: number): FieldState {
  return without(state, new Set([id]))
}

export function without({ chips, text, at }: FieldState, ids: ReadonlySet<number>): FieldState {
  const isKept = ({ id }: Chip) => !ids.has(id)
  return { chips: chips.filter(isKept), text, at: chips.slice(0, at).filter(isKept).length }
}

/** The chips between two of them, both included; those alone where one is not there. */
export function between(state: FieldState, one: number, other: number): ReadonlySet<number> {
  const ends = [one, other].map(id => state.chips.findIndex(chip => chip.id === id))
  const [from = -1, to = -1] = ends.toSorted((left, right) => left - right)
  return new Set(from < 0 ? [other] : state.chips.slice(from, to + 1).map(({ id }) => id))
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
