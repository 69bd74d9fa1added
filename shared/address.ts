/** Addresses: parse what a person types or pastes, format, compare. Refuses to guess: what is not an address stays text. */

import type { Address } from './model.ts'

/** Two addresses reach the same mailbox for our purposes: domain without case, local part as it is but for ASCII case. */
export function sameAddress(left: string, right: string): boolean {
  return left.normalize('NFC').toLowerCase() === right.normalize('NFC').toLowerCase()
}

/** `Yuki Tanaka <yuki@example.co.jp>`, or the bare address where there is no name. */
export function formatAddress({ name, address }: Address): string {
  return name === '' ? address : `${name} <${address}>`
}
