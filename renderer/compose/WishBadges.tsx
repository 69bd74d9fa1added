/** What is unusual about this mail, quietly above its Send button; each can be taken off again. */

import {
  type Icon,
  IconArrowDown,
  IconArrowUp,
  IconBellOff,
  IconEyeCheck,
  IconLock,
  IconLockOff,
  IconX,
} from '@tabler/icons-react'
import { useWords } from '../i18n/words.ts'
import { tlsHindrance, type Wish, wishesOf, withoutWish } from './mail-wishes.ts'
import type { Composer } from './use-composer.ts'
import css from './WishBadges.module.css'

const SHAPES: Record<Wish, Icon> = {
  high: IconArrowUp,
  low: IconArrowDown,
  readReceipt: IconEyeCheck,
  noReport: IconBellOff,
  tls: IconLock,
}

export function WishBadges({ composer }: { composer: Composer }) {
  const words = useWords()
  const { fields, change, server } = composer
  const wishes = wishesOf(fields.options)
  if (wishes.length === 0) return null
  // The account may have been changed since: its server must not be met with a promise that it cannot give.
  const isBroken = (wish: Wish) => wish === 'tls' && tlsHindrance(server.abilities) === 'server-lacks'
  return (
    <ul className={css.badges} aria-label={words('drafts.wishes')}>
      {wishes.map(wish => {
        const name = words(isBroken(wish) ? 'drafts.wish.tlsLacks' : `drafts.wish.${wish}`)
        const Shape = isBroken(wish) ? IconLockOff : SHAPES[wish]
        return (
          <li key={wish} className={css.badge} data-broken={isBroken(wish) || undefined}>
            <Shape size={14} stroke={1.9} aria-hidden />
            {name}
            <button
              type="button"
              aria-label={words('drafts.withoutWish', { name })}
              onClick={() => change({ options: withoutWish(fields.options, wish) })}
            >
              <IconX size={13} stroke={2} aria-hidden />
            </button>
          </li>
        )
      })}
    </ul>
  )
}
