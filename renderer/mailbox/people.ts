/** Names of people for rows and headings. Pure. */

import type { Address } from '../../shared/model.ts'

/** The name, else the address. */
export function nameOf({ name, address }: Address): string {
  return name.trim() === '' ? address : name
}

/** A display name that is itself an address, and not the real one: a common way to deceive. */
export function isFalseName({ name, address }: Address): boolean {
  const claimed = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/u.exec(name)?.[0]
  return claimed !== undefined && claimed.toLowerCase() !== address.toLowerCase()
}
