/** A mail of a mailing list: how it can be left, and that it was. Asks before anything goes out, naming who learns of it. */

import { Button, Modal } from '@mantine/core'
import { IconMailOff } from '@tabler/icons-react'
import { useState } from 'react'
import { type LeavingWay, type ListLeaving, waysOf } from '../../shared/list-leaving.ts'
import { parseMailto } from '../../shared/mailto.ts'
import type { Message } from '../../shared/model.ts'
import { useAsk, useCommand } from '../ask.ts'
import { useWords } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import styles from './ListLine.module.css'
import { nameOf } from './people.ts'

export function ListLine({ message, leaving }: { message: Message; leaving: ListLeaving }) {
  const words = useWords()
  const format = useFormat()
  const [isAsking, setAsking] = useState(false)
  const left = useAsk('lists.left', []).data?.find(({ key }) => key === leaving.key)
  return (
    <p className={styles.line}>
      <IconMailOff size={15} stroke={1.7} aria-hidden />
      <span>
        {left === undefined
          ? words('mailbox.leaving.of')
          : words(message.sentAt > left.at ? 'mailbox.leaving.stillSends' : 'mailbox.leaving.left', {
              date: format.dateTime(left.at),
            })}{' '}
        <button type="button" className={styles.leave} onClick={() => setAsking(true)}>
          {words(left === undefined ? 'mailbox.leaving.leave' : 'mailbox.leaving.leaveAgain')}
        </button>
      </span>
      <LeavingQuestion
        message={message}
        leaving={leaving}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
      />
    </p>
  )
}

type QuestionProps = { message: Message; leaving: ListLeaving; isOpen: boolean; onClose(): void }

function LeavingQuestion({ message, leaving, isOpen, onClose }: QuestionProps) {
  const words = useWords()
  const command = useCommand('lists.leave')
  const [best, ...others] = waysOf(leaving)
  const go = (way: LeavingWay) =>
    command.mutate([message.id, way], {
      onSuccess: () => {
        command.reset()
        onClose()
      },
    })
  const close = () => {
    command.reset()
    onClose()
  }
  if (best === undefined) return null
  return (
    <Modal
      opened={isOpen}
      onClose={close}
      title={words('mailbox.leaving.title', { name: nameOf(message.from) })}
      withCloseButton={false}
      size={580}
    >
      <p className={styles.text}>
        {words(`mailbox.leaving.does.${best}`, { target: targetOf(best, leaving.ways[best] ?? '') })}
      </p>
      {command.isError && <ProblemNote problem={command.error.problem} />}
      <div className={styles.answers}>
        <Button onClick={close} data-autofocus>
          {words('mailbox.leaving.stay')}
        </Button>
        {others.map(way => (
          <Button key={way} variant="subtle" disabled={command.isPending} onClick={() => go(way)}>
            {words(`mailbox.leaving.by.${way}`)}
          </Button>
        ))}
        <Button variant="filled" loading={command.isPending} onClick={() => go(best)}>
          {words(best === 'browser' ? 'mailbox.leaving.by.browser' : 'mailbox.leaving.leave')}
        </Button>
      </div>
    </Modal>
  )
}

/** Who is asked: a host, or the address of a mailto link. */
function targetOf(way: LeavingWay, address: string): string {
  if (way === 'mail') return parseMailto(address)?.to[0]?.address ?? address
  return URL.canParse(address) ? new URL(address).hostname : address
}
