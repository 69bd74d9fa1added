/** Takes the way of a mail out of the program: copied, or saved as text or JSON. Main has taken every secret out. */

import { Menu } from '@mantine/core'
import { IconBraces, IconCopy, IconDots, IconFileText } from '@tabler/icons-react'
import { useState } from 'react'
import { useWords } from '../i18n/words.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { useAct } from '../ui/use-act.tsx'
import css from './JourneyCard.module.css'

export function JourneyMenu({ itemId }: { itemId: string }) {
  const words = useWords()
  const act = useAct()
  const [said, setSaid] = useState('')

  async function copy(): Promise<void> {
    const made = await act('outbox.export', itemId)
    if (made === null) return
    try {
      await navigator.clipboard.writeText(made.text)
      setSaid(words('journey.copied'))
    } catch {
      setSaid(words('journey.cannotCopy'))
    }
  }

  async function save(format: 'text' | 'json'): Promise<void> {
    const saved = await act('outbox.saveExport', itemId, format)
    if (saved !== null && saved.savedAs !== null) setSaid(words('journey.savedAs', { name: saved.savedAs }))
  }

  return (
    <>
      <span className={css.said} role="status">
        {said}
      </span>
      <Menu
        position="bottom-end"
        withinPortal={false}
        floatingStrategy="fixed"
        withInitialFocusPlaceholder={false}
      >
        <Menu.Target>
          <IconButton icon={IconDots} size="small" name={words('journey.keepTitle')} aria-haspopup="menu" />
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconCopy size={16} />} onClick={() => void copy()}>
            {words('journey.keepCopy')}
          </Menu.Item>
          <Menu.Item leftSection={<IconFileText size={16} />} onClick={() => void save('text')}>
            {words('journey.keepText')}
          </Menu.Item>
          <Menu.Item leftSection={<IconBraces size={16} />} onClick={() => void save('json')}>
            {words('journey.keepJson')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  )
}
