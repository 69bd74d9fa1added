/** The files of one received mail and the mail itself, each to be chosen. What is not here yet is fetched for it. */

import { Checkbox, Loader } from '@mantine/core'
import type { MessageHead } from '../../shared/model.ts'
import { useAsk } from '../ask.ts'
import { useWords } from '../i18n/words.ts'
import { nameOf } from '../mailbox/people.ts'
import { useFormat } from '../ui/format.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import css from './FromMailDialog.module.css'
import type { MailFile } from './mail-file-drag.ts'

type Props = {
  head: MessageHead
  isChosen: (file: MailFile) => boolean
  onToggle: (file: MailFile) => void
}

export function MailFileChoice({ head, isChosen, onToggle }: Props) {
  const words = useWords()
  const format = useFormat()
  const message = useAsk('mailbox.message', [head.id])
  const subject = head.subject || words('compose.noSubject')
  const files = (message.data?.attachments ?? [])
    .filter(({ isInline }) => !isInline)
    .map(({ partId, name, type, bytes }) => ({
      messageId: head.id,
      partId,
      name: name || words('mailbox.unnamed'),
      type,
      bytes,
    }))
  const whole: MailFile = {
    messageId: head.id,
    partId: null,
    name: `${subject}.eml`,
    type: 'message/rfc822',
    bytes: head.bytes,
  }
  return (
    <section className={css.choice} aria-label={words('attach.filesOf', { subject })}>
      <p className={css.heading}>
        <strong>{subject}</strong>
        <span>{nameOf(head.from)}</span>
      </p>
      {message.isPending && (
        <p className={css.wait}>
          <Loader size={14} color="ink" /> {words('attach.looking')}
        </p>
      )}
      {message.isError && (
        <ProblemNote problem={message.error.problem} onRetry={() => void message.refetch()} />
      )}
      {[...files, ...(message.isSuccess ? [whole] : [])].map(file => (
        <Checkbox
          key={file.partId ?? ''}
          className={css.file ?? ''}
          checked={isChosen(file)}
          onChange={() => onToggle(file)}
          label={file.partId === null ? words('attach.whole') : file.name}
          description={format.size(file.bytes)}
        />
      ))}
    </section>
  )
}
