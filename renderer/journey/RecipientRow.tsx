/** One recipient: who, what is known in plain words, the state; and, one click away, the meaning and the server's words. */

import type { RecipientJourney } from '../../shared/journey.ts'
import type { OutboxItem } from '../../shared/model.ts'
import { isCorrectable } from '../../shared/outbox-abilities.ts'
import { useWords } from '../i18n/words.ts'
import { Disclosure } from '../ui/Disclosure.tsx'
import { useFormat } from '../ui/format.ts'
import { ServerWords } from '../ui/ServerWords.tsx'
import { StatePill } from '../ui/StatePill.tsx'
import { CorrectAddress } from './CorrectAddress.tsx'
import css from './RecipientRows.module.css'
import { recipientMeaning } from './recipient-meaning.ts'

type Props = { item: OutboxItem; recipient: RecipientJourney; now: number; canCorrect: boolean }

export function RecipientRow({ item, recipient, now, canCorrect }: Props) {
  const words = useWords()
  const format = useFormat()
  const { address } = recipient
  const { line, note, more } = recipientMeaning(recipient, item.journey, now, words, format)
  return (
    <li className={css.row}>
      <b className={css.address} title={address}>
        {address}
      </b>
      <div className={css.words}>
        <span className={css.line} title={line}>
          {line}
        </span>
        {note !== null && <span className={css.note}>{note}</span>}
        {more !== null && (
          <Disclosure label={words('journey.meaning')} about={address}>
            <p className={css.meaning}>{more.text}</p>
            {more.serverWords !== null && <ServerWords>{more.serverWords}</ServerWords>}
          </Disclosure>
        )}
        {canCorrect && item.can.correctRecipient && isCorrectable(item.journey, recipient) && (
          <div>
            <CorrectAddress item={item} address={address} />
          </div>
        )}
      </div>
      <span className={css.state}>
        <StatePill state={recipient.state} />
      </span>
    </li>
  )
}
