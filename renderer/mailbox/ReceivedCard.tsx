/** How a mail came, from its Received headers: in one line, and opened, station by station. */

import { IconChevronRight, IconLock, IconLockOpen } from '@tabler/icons-react'
import { useId, useState } from 'react'
import type { ReceivedHop } from '../../shared/model.ts'
import { useWords } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'
import styles from './ReceivedCard.module.css'
import { receivedWay } from './received-way.ts'

export function ReceivedCard({ hops }: { hops: readonly ReceivedHop[] }) {
  const words = useWords()
  const format = useFormat()
  const id = useId()
  const [isOpen, setOpen] = useState(false)
  const way = receivedWay(hops)
  const facts = [
    words('mailbox.way.hops', { count: way.stations }),
    way.tookMs === null ? null : words('mailbox.way.took', { duration: format.duration(way.tookMs) }),
    way.isAllTls === null ? null : words(way.isAllTls ? 'mailbox.way.allTls' : 'mailbox.way.someTls'),
  ].filter(fact => fact !== null)
  return (
    <section className={styles.card}>
      <button
        type="button"
        className={styles.head}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        <IconChevronRight size={15} stroke={2} className={styles.chevron} aria-hidden />
        <span className={styles.headWords}>
          <b>{words('mailbox.way.title')}</b>
          <span className={styles.facts}>{facts.join(' · ')}</span>
        </span>
      </button>
      <div id={id} hidden={!isOpen}>
        <ol className={styles.hops}>
          {hops.map((hop, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: headers never move
            <li key={index}>
              <i className={styles.mark} aria-hidden />
              <span className={styles.by}>
                {hop.from === ''
                  ? words('mailbox.way.by', { by: hop.by })
                  : words('mailbox.way.byFrom', { by: hop.by, from: hop.from })}
              </span>
              {hop.tls !== null && (
                <span className={styles.tls} data-open={!hop.tls || undefined}>
                  {hop.tls ? (
                    <IconLock size={13} stroke={1.9} aria-hidden />
                  ) : (
                    <IconLockOpen size={13} stroke={1.9} aria-hidden />
                  )}
                  {words(hop.tls ? 'mailbox.way.tls' : 'mailbox.way.noTls')}
                </span>
              )}
              <time>{hop.at === null ? '' : format.clock(hop.at, true)}</time>
            </li>
          ))}
        </ol>
        <p className={styles.caution}>{words('mailbox.way.caution')}</p>
      </div>
    </section>
  )
}
