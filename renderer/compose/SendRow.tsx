/** The foot of a composer: the way to Send, files, and all that can be done with the mail beside it. */

import { Button } from '@mantine/core'
import {
  IconAdjustments,
  IconDeviceFloppy,
  IconEye,
  IconHistory,
  IconTemplate,
  IconTrash,
  IconUsersGroup,
} from '@tabler/icons-react'
import { useAsk } from '../ask.ts'
import { useWords } from '../i18n/words.ts'
import type { Merge } from '../merge/use-merge.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { AttachButtons } from './AttachButtons.tsx'
import css from './Composer.module.css'
import type { ComposerDialog } from './ComposerDialogs.tsx'
import { ComposerMenu } from './ComposerMenu.tsx'
import { SendLater } from './SendLater.tsx'
import type { Composer } from './use-composer.ts'

type Props = {
  composer: Composer
  canAttach: boolean
  merge: Merge
  onSend: (sendAt: number | null) => void
  onShow: (dialog: ComposerDialog) => void
  onDiscard: () => void
}

export function SendRow({ composer, canAttach, merge, onSend, onShow, onDiscard }: Props) {
  const words = useWords()
  const settings = useAsk('settings.get', [])
  const isGoing = composer.sending.step === 'going'
  const seconds = settings.data?.undoSeconds ?? 0
  return (
    <footer className={css.foot}>
      <Button
        className={css.send ?? ''}
        variant="filled"
        color="seal"
        aria-keyshortcuts="Control+Enter Meta+Enter"
        loading={isGoing}
        onClick={() => onSend(null)}
      >
        {words(merge.chosen === null ? 'compose.send' : 'merge.check')}
      </Button>
      {merge.chosen === null && <SendLater isDisabled={isGoing} onChoose={composer.send} />}
      {canAttach && (
        <AttachButtons attachments={composer.attachments} onFromMail={() => onShow('from-mail')} />
      )}
      <span className={css.hint} role="status">
        {isGoing
          ? words('compose.sending')
          : settings.isSuccess &&
            (seconds === 0 ? words('compose.noUndo') : words('compose.undoFor', { seconds }))}
      </span>
      <IconButton icon={IconEye} name={words('compose.preview')} onClick={() => onShow('preview')} />
      <ComposerMenu
        entries={[
          canAttach && {
            icon: IconTemplate,
            text: words('templates.insertMenu'),
            act: () => onShow('insert-template'),
          },
          canAttach && {
            icon: IconDeviceFloppy,
            text: words('templates.saveMenu'),
            act: () => onShow('save-template'),
          },
          canAttach && { icon: IconUsersGroup, text: words('merge.open'), act: merge.choosePeople },
          { icon: IconHistory, text: words('drafts.history'), act: () => onShow('history') },
          canAttach && {
            icon: IconAdjustments,
            text: words('drafts.options'),
            act: () => onShow('options'),
          },
        ]}
      />
      <IconButton icon={IconTrash} name={words('compose.discard')} onClick={onDiscard} />
    </footer>
  )
}
