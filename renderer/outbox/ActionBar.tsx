/** What may be done with the chosen mail, above it; what is rare lies in the menu. */

import { Button, Menu } from '@mantine/core'
import {
  type Icon,
  IconBan,
  IconCopyPlus,
  IconDots,
  IconDownload,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconRefresh,
  IconTrash,
} from '@tabler/icons-react'
import { useState } from 'react'
import type { OutboxItem } from '../../shared/model.ts'
import { useWords } from '../i18n/words.ts'
import { IconButton } from '../ui/IconButton.tsx'
import css from './ActionBar.module.css'
import { type Asking, Confirmations, isLastCopy } from './Confirmations.tsx'
import { type ActName, actsOf } from './item-acts.ts'
import type { OutboxActions } from './use-outbox-actions.ts'

export const ACT_SHAPES: Record<ActName, Icon> = {
  tryNow: IconRefresh,
  resume: IconPlayerPlay,
  edit: IconPencil,
  pause: IconPlayerPause,
  cancel: IconBan,
  resend: IconCopyPlus,
  saveAs: IconDownload,
  remove: IconTrash,
}

const AS_BUTTON: ReadonlySet<ActName> = new Set<ActName>(['tryNow', 'resume', 'edit'])
const IN_MENU: ReadonlySet<ActName> = new Set<ActName>(['resend', 'saveAs', 'remove'])

/** Begins an act; what throws something away asks first. */
export function beginAct(
  name: ActName,
  item: OutboxItem,
  actions: OutboxActions,
  ask: (asking: Asking) => void,
): void {
  if (name === 'cancel') ask('cancel')
  else if (name === 'remove' && isLastCopy(item)) ask('remove')
  else void actions[name]()
}

export function ActionBar({ item, actions }: { item: OutboxItem; actions: OutboxActions }) {
  const words = useWords()
  const [asking, ask] = useState<Asking>(null)
  const acts = actsOf(item)
  return (
    <div className={css.actions}>
      {acts
        .filter(({ name }) => !IN_MENU.has(name))
        .map(({ name, word }) => {
          const Shape = ACT_SHAPES[name]
          const begin = () => beginAct(name, item, actions, ask)
          return AS_BUTTON.has(name) ? (
            <Button
              key={name}
              size="xs"
              leftSection={<Shape size={15} />}
              disabled={actions.isBusy}
              onClick={begin}
            >
              {words(word)}
            </Button>
          ) : (
            <IconButton
              key={name}
              icon={Shape}
              name={words(word)}
              isDisabled={actions.isBusy}
              onClick={begin}
            />
          )
        })}
      <span className={css.space} />
      <Menu
        position="bottom-end"
        withinPortal={false}
        floatingStrategy="fixed"
        withInitialFocusPlaceholder={false}
      >
        <Menu.Target>
          <IconButton icon={IconDots} name={words('outbox.action.more')} aria-haspopup="menu" />
        </Menu.Target>
        <Menu.Dropdown>
          {acts
            .filter(({ name }) => IN_MENU.has(name))
            .map(({ name, word }) => {
              const Shape = ACT_SHAPES[name]
              return (
                <Menu.Item
                  key={name}
                  leftSection={<Shape size={16} />}
                  onClick={() => beginAct(name, item, actions, ask)}
                >
                  {words(word)}
                </Menu.Item>
              )
            })}
        </Menu.Dropdown>
      </Menu>
      <Confirmations item={item} actions={actions} asking={asking} onStop={() => ask(null)} />
    </div>
  )
}
