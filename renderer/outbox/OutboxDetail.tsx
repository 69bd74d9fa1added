/** The chosen mail of the outbox: what may be done with it, what it asks, its way, and what it says. */

import { Button, Menu } from '@mantine/core'
import {
  IconBan,
  IconDots,
  IconDownload,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconRefresh,
  IconTrash,
} from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import type { OutboxItem } from '../../shared/model.ts'
import { ConfirmDialog } from '../compose/ConfirmDialog.tsx'
import { useWords } from '../i18n/words.ts'
import { JourneyCard } from '../journey/JourneyCard.tsx'
import { useFormat } from '../ui/format.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { HappeningLine } from './HappeningLine.tsx'
import css from './OutboxDetail.module.css'
import { OutcomeQuestion } from './OutcomeQuestion.tsx'
import { shortName } from './people.ts'
import { RecipientsQuestion } from './RecipientsQuestion.tsx'
import { type OutboxActions, useOutboxActions } from './use-outbox-actions.ts'

export function OutboxDetail({ item, back }: { item: OutboxItem; back: ReactNode }) {
  const words = useWords()
  const format = useFormat()
  const actions = useOutboxActions(item)
  const { journey } = item
  const isAsking = item.can.chooseRecipients || item.can.decideOutcome
  const hasTrouble = !isAsking && journey.problem !== null && journey.state !== 'sending'
  const everybody = [...item.to, ...item.cc, ...item.bcc]
  return (
    <>
      <header className={css.bar}>
        {back}
        <ActionBar item={item} actions={actions} />
      </header>
      <div className={css.body}>
        <h2 className={css.subject}>{item.subject || words('outbox.noSubject')}</h2>
        <p className={css.meta}>
          {words('outbox.fromTo', {
            from: item.from.address,
            to: everybody.length === 0 ? words('outbox.noRecipients') : format.list(everybody.map(shortName)),
          })}
        </p>
        <div className={css.now}>
          <HappeningLine item={item} />
        </div>
        {actions.problem !== null && <ProblemNote problem={actions.problem} />}
        {item.can.chooseRecipients && <RecipientsQuestion item={item} actions={actions} />}
        {item.can.decideOutcome && <OutcomeQuestion item={item} actions={actions} />}
        {hasTrouble && journey.problem !== null && <ProblemNote problem={journey.problem} />}
        <JourneyCard itemId={item.id} />
        {item.preview !== '' && <p className={css.preview}>{item.preview}</p>}
        {item.attachments.length > 0 && (
          <ul className={css.attachments} aria-label={words('outbox.attachments')}>
            {item.attachments.map((attachment, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the list of a frozen mail never changes
              <li key={index}>
                {attachment.name}
                <small>{format.size(attachment.bytes)}</small>
              </li>
            ))}
          </ul>
        )}
      </div>
    </>
  )
}

function ActionBar({ item, actions }: { item: OutboxItem; actions: OutboxActions }) {
  const words = useWords()
  const [asking, setAsking] = useState<'cancel' | 'remove' | null>(null)
  const { can, journey } = item
  const isHeldForUndo = journey.state === 'held' && journey.heldFor === 'undo'
  const isLastCopy = journey.state !== 'accepted' || journey.sentCopy.state === 'failed'
  const stop = () => setAsking(null)
  return (
    <div className={css.actions}>
      {can.tryNow && (
        <Button
          size="xs"
          leftSection={<IconRefresh size={15} />}
          disabled={actions.isBusy}
          onClick={() => void actions.tryNow()}
        >
          {words(journey.state === 'held' ? 'outbox.action.sendNow' : 'outbox.action.tryNow')}
        </Button>
      )}
      {can.resume && (
        <Button
          size="xs"
          leftSection={<IconPlayerPlay size={15} />}
          disabled={actions.isBusy}
          onClick={() => void actions.resume()}
        >
          {words(journey.state === 'refused' ? 'outbox.action.tryNow' : 'outbox.action.resume')}
        </Button>
      )}
      {can.edit && !can.chooseRecipients && (
        <Button
          size="xs"
          leftSection={<IconPencil size={15} />}
          disabled={actions.isBusy}
          onClick={() => void actions.edit()}
        >
          {words(isHeldForUndo ? 'outbox.action.undo' : 'outbox.action.edit')}
        </Button>
      )}
      {can.pause && (
        <IconButton
          icon={IconPlayerPause}
          name={words('outbox.action.pause')}
          onClick={() => void actions.pause()}
        />
      )}
      {can.cancel && !can.chooseRecipients && (
        <IconButton icon={IconBan} name={words('outbox.action.cancel')} onClick={() => setAsking('cancel')} />
      )}
      <span className={css.space} role="status">
        {actions.savedAs !== null && words('outbox.savedAs', { name: actions.savedAs })}
      </span>
      <Menu position="bottom-end" withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <IconButton icon={IconDots} name={words('outbox.action.more')} aria-haspopup="menu" />
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconDownload size={16} />} onClick={() => void actions.saveAs()}>
            {words('outbox.action.saveAs')}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconTrash size={16} />}
            disabled={!can.remove}
            onClick={() => (isLastCopy ? setAsking('remove') : void actions.remove())}
          >
            {words('outbox.action.remove')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ConfirmDialog
        isOpen={asking === 'cancel'}
        title={words('outbox.cancelTitle')}
        yes={{
          text: words('outbox.cancelYes'),
          isBusy: actions.isBusy,
          act: () => void actions.cancel().then(stop),
        }}
        no={{ text: words('outbox.cancelNo'), act: stop }}
      >
        {words('outbox.cancelText')}
      </ConfirmDialog>
      <ConfirmDialog
        isOpen={asking === 'remove'}
        title={words('outbox.removeTitle')}
        yes={{
          text: words('outbox.removeYes'),
          isBusy: actions.isBusy,
          act: () => void actions.remove().then(stop),
        }}
        no={{ text: words('outbox.removeNo'), act: stop }}
      >
        {words(journey.state === 'accepted' ? 'outbox.removeCopyText' : 'outbox.removeText')}
      </ConfirmDialog>
    </div>
  )
}
