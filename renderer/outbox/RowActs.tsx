/** At a row of the list: the one act that is most likely wanted, and all others in a menu. */

import { Button, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useState } from 'react'
import type { OutboxItem } from '../../shared/model.ts'
import { useWords } from '../i18n/words.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { ACT_SHAPES, beginAct } from './ActionBar.tsx'
import { type Asking, Confirmations } from './Confirmations.tsx'
import { type ActName, actsOf, type ItemAct } from './item-acts.ts'
import css from './OutboxRow.module.css'
import { useOutboxActions } from './use-outbox-actions.ts'

/** Taking back while that is possible, trying now what waits for its next try, going on with what was paused. */
function likelyAct({ journey }: OutboxItem, acts: readonly ItemAct[]): ItemAct | undefined {
  const wanted: ActName | null =
    journey.state === 'held' && journey.heldFor === 'undo'
      ? 'edit'
      : journey.state === 'queued' && journey.problem !== null
        ? 'tryNow'
        : journey.state === 'paused' && journey.pausedFor === 'person'
          ? 'resume'
          : null
  return acts.find(({ name }) => name === wanted)
}

export function RowActs({ item }: { item: OutboxItem }) {
  const words = useWords()
  const actions = useOutboxActions(item)
  const [asking, ask] = useState<Asking>(null)
  const acts = actsOf(item)
  const likely = likelyAct(item, acts)
  const begin = (name: ActName) => beginAct(name, item, actions, ask)
  const subject = item.subject || words('outbox.noSubject')
  return (
    <>
      <div className={css.acts}>
        {likely !== undefined && (
          <Button size="compact-xs" disabled={actions.isBusy} onClick={() => begin(likely.name)}>
            {words(likely.word)}
          </Button>
        )}
        <Menu
          position="bottom-end"
          withinPortal={false}
          floatingStrategy="fixed"
          withInitialFocusPlaceholder={false}
        >
          <Menu.Target>
            <IconButton
              icon={IconDots}
              size="small"
              name={words('outbox.action.ofMail', { subject })}
              aria-haspopup="menu"
            />
          </Menu.Target>
          <Menu.Dropdown>
            {acts.map(({ name, word }) => {
              const Shape = ACT_SHAPES[name]
              return (
                <Menu.Item key={name} leftSection={<Shape size={16} />} onClick={() => begin(name)}>
                  {words(word)}
                </Menu.Item>
              )
            })}
          </Menu.Dropdown>
        </Menu>
      </div>
      {actions.problem !== null && (
        <div className={css.problem}>
          <ProblemNote problem={actions.problem} shape="line" />
        </div>
      )}
      <Confirmations item={item} actions={actions} asking={asking} onStop={() => ask(null)} />
    </>
  )
}
