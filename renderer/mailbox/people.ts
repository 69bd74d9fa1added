/** Names of people for rows and headings. Pure. */

import type { Address, Message } from '../../shared/model.ts'

/** The name, else the address. */
export function nameOf({ name, address }: Address): string {
  return name.trim() === '' ? address : name
}

/** A display name that is itself an address, and not the real one: a common way to deceive. */
export function isFalseName({ name, address }: Address): boolean {
  const claimed = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/u.exec(name)?.[0]
  return claimed !== undefined && claimed.toLowerCase() !== address.toLowerCase()
}

/**
 * Where an answer would go, when that is neither the sender nor somebody of the same domain; null where nothing is odd.
 * A mailing list answers to itself, which is no deceit.
 */
export function foreignReplyTo({
  from,
  replyTo,
  leaving,
}: Pick<Message, 'from' | 'replyTo' | 'leaving'>): string | null {
  if (leaving !== null || from.address === '') return null
  const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1).toLowerCase()
  const own = domainOf(from.address)
  const isOwn = (domain: string) => domain === own || domain.endsWith(`.${own}`) || own.endsWith(`.${domain}`)
  return replyTo.find(({ address }) => address !== '' && !isOwn(domainOf(address)))?.address ?? null
}
