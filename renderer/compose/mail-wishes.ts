/** What one mail asks for beside being delivered: what is unusual about it, and what cannot be had from here. Pure. */

import { type MailOptions, type ServerAbilities, USUAL_OPTIONS } from '../../shared/model.ts'

export const WISHES = ['high', 'low', 'readReceipt', 'noReport', 'tls'] as const
export type Wish = (typeof WISHES)[number]

/** Why something cannot be asked for; null where it can. */
export type Hindrance = 'server-lacks' | 'not-known' | 'address' | null

/** What differs from the usual, in the order of the dialog. */
export function wishesOf(options: MailOptions = USUAL_OPTIONS): Wish[] {
  const { priority, wantsReadReceipt, wantsReport, requiresTls } = options
  const isWished: Record<Wish, boolean> = {
    high: priority === 'high',
    low: priority === 'low',
    readReceipt: wantsReadReceipt,
    noReport: !wantsReport,
    tls: requiresTls,
  }
  return WISHES.filter(wish => isWished[wish])
}

/** With these changes; left out (undefined) where nothing is unusual any more. */
export function changedOptions(
  options: MailOptions | undefined,
  change: Partial<MailOptions>,
): MailOptions | undefined {
  const next = { ...USUAL_OPTIONS, ...options, ...change }
  return wishesOf(next).length === 0 ? undefined : next
}

export function withoutWish(options: MailOptions | undefined, wish: Wish): MailOptions | undefined {
  const usual: Record<Wish, Partial<MailOptions>> = {
    high: { priority: 'normal' },
    low: { priority: 'normal' },
    readReceipt: { wantsReadReceipt: false },
    noReport: { wantsReport: true },
    tls: { requiresTls: false },
  }
  return changedOptions(options, usual[wish])
}

/** RFC 8098 section 2.1: the address that the receipt goes to could only stand raw in the head. */
export function readReceiptHindrance(from: string): Hindrance {
  return /^[\x21-\x7e]*$/.test(from.slice(0, from.lastIndexOf('@'))) ? null : 'address'
}

/** RFC 3461. A server that was never met is asked when the mail goes. */
export function reportHindrance(abilities: ServerAbilities | null): Hindrance {
  return abilities?.hasDsn === false ? 'server-lacks' : null
}

/** RFC 8689: a mail that insists is not submitted to a server that does not offer it, so it is not offered here. */
export function tlsHindrance(abilities: ServerAbilities | null): Hindrance {
  if (abilities === null) return 'not-known'
  return abilities.hasRequireTls ? null : 'server-lacks'
}
