/** A refused recipient within the question: what the reply means, the server's words one click away, the right address. */

import type { OutboxItem } from '../../shared/model.ts'
import type { ServerReply } from '../../shared/problem.ts'
import { useWords } from '../i18n/words.ts'
import { CorrectAddress } from '../journey/CorrectAddress.tsx'
import { Disclosure } from '../ui/Disclosure.tsx'
import { useFormat } from '../ui/format.ts'
import { formatReply } from '../ui/problem-words.ts'
import { replyWords } from '../ui/reply-words.ts'
import { ServerWords } from '../ui/ServerWords.tsx'
import css from './Question.module.css'

type Props = { item: OutboxItem; address: string; reply: ServerReply }

export function RefusedRecipient({ item, address, reply }: Props) {
  const words = useWords()
  const format = useFormat()
  const said = replyWords(reply, 'recipient', '', words)
  const own = formatReply(reply)
  return (
    <li>
      <b>{address}</b>
      <div className={css.why}>
        <span>{said.title}</span>
        <div>
          <Disclosure label={words('journey.meaning')} about={address}>
            <p className={css.meaning}>{format.sentences([said.whose, said.meaning, said.remedy])}</p>
            {own !== '' && <ServerWords>{own}</ServerWords>}
          </Disclosure>
        </div>
        {item.can.correctRecipient && <CorrectAddress item={item} address={address} />}
      </div>
    </li>
  )
}
