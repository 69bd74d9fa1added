/** Subject, sender, recipients, date. The real address of the sender is always shown, whatever name it goes by. */

import { IconAlertTriangle, IconChevronDown } from '@tabler/icons-react'
import { useState } from 'react'
import { formatAddress } from '../../shared/address.ts'
import type { Address, Message } from '../../shared/model.ts'
import { useWords, type Words } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'
import styles from './MessageHeading.module.css'
import { foreignReplyTo, isFalseName, nameOf } from './people.ts'

export function MessageHeading({ message, hasSubject }: { message: Message; hasSubject: boolean }) {
  const words = useWords()
  const format = useFormat()
  const [isWhole, setWhole] = useState(false)
  const { from, to, cc } = message
  const everybody = [...to, ...cc]
  const answersTo = foreignReplyTo(message)
  return (
    <header className={styles.heading}>
      {hasSubject && <h2 className={styles.subject}>{message.subject || words('mailbox.noSubject')}</h2>}
      <div className={styles.line}>
        <span className={styles.from}>
          {from.name.trim() !== '' && <b>{from.name}</b>}
          <span className={styles.address} data-alone={from.name.trim() === '' || undefined}>
            {from.address}
          </span>
        </span>
        <time dateTime={new Date(message.sentAt).toISOString()}>{format.dateTime(message.sentAt)}</time>
      </div>
      {isFalseName(from) && (
        <p className={styles.caution} role="note">
          <IconAlertTriangle size={15} stroke={1.8} aria-hidden />
          {words('mailbox.otherAddress', { address: from.address })}
        </p>
      )}
      {message.authentication === 'fail' && (
        <p className={styles.caution} data-calm role="note">
          <IconAlertTriangle size={15} stroke={1.8} aria-hidden />
          {words('mailbox.unconfirmed', { domain: from.address.slice(from.address.lastIndexOf('@') + 1) })}
        </p>
      )}
      {answersTo !== null && (
        <p className={styles.answers} role="note">
          {words('mailbox.otherReplyTo', { address: answersTo })}
        </p>
      )}
      <button
        type="button"
        className={styles.to}
        aria-expanded={isWhole}
        title={words(isWhole ? 'mailbox.hideDetails' : 'mailbox.showDetails')}
        onClick={() => setWhole(!isWhole)}
      >
        <span>
          {everybody.length === 0
            ? words('mailbox.nobody')
            : words('mailbox.toLine', { names: format.list(namesOf(everybody, words)) })}
        </span>
        <IconChevronDown size={14} stroke={2} aria-hidden className={styles.chevron} />
      </button>
      {isWhole && <Details message={message} />}
    </header>
  )
}

/** What one line can show of them. */
const MOST_NAMES = 50
/** People of one field; more are counted. */
const MOST_SHOWN = 300

function namesOf(everybody: readonly Address[], words: Words): string[] {
  const names = everybody.slice(0, MOST_NAMES).map(nameOf)
  const others = everybody.length - names.length
  return others === 0 ? names : [...names, words('mailbox.othersToo', { count: others })]
}

function Details({ message }: { message: Message }) {
  const words = useWords()
  const rows: [string, Address[]][] = [
    [words('mailbox.from'), [message.from]],
    [words('mailbox.to'), message.to],
    [words('mailbox.cc'), message.cc],
    [words('mailbox.bcc'), message.bcc],
    [words('mailbox.replyTo'), message.replyTo],
  ]
  return (
    <dl className={styles.details}>
      {rows
        .filter(([, addresses]) => addresses.length > 0)
        .map(([label, addresses]) => (
          <div key={label}>
            <dt>{label}</dt>
            {addresses.slice(0, MOST_SHOWN).map((address, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the people of a mail never move
              <dd key={index}>{formatAddress(address)}</dd>
            ))}
            {addresses.length > MOST_SHOWN && (
              <dd>{words('mailbox.othersToo', { count: addresses.length - MOST_SHOWN })}</dd>
            )}
          </div>
        ))}
    </dl>
  )
}
