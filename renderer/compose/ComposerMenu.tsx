/** What can be done with a mail that is written, beyond sending it. Each entry is one line where the menu is used. */

import { Menu } from '@mantine/core'
import { type Icon, IconDots } from '@tabler/icons-react'
import { useWords } from '../i18n/words.ts'
import { IconButton } from '../ui/IconButton.tsx'

export type MenuEntry = {
  icon: Icon
  /** What it does, in the words of the page. */
  text: string
  act: () => void
}

/** An entry that is false is not there for this mail. */
export function ComposerMenu({ entries }: { entries: readonly (MenuEntry | false)[] }) {
  const words = useWords()
  const shown = entries.filter(entry => entry !== false)
  if (shown.length === 0) return null
  return (
    <Menu position="top-end" withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <IconButton icon={IconDots} name={words('compose.more')} aria-haspopup="menu" />
      </Menu.Target>
      <Menu.Dropdown>
        {shown.map(({ icon: Shape, text, act }) => (
          <Menu.Item key={text} leftSection={<Shape size={16} stroke={1.7} aria-hidden />} onClick={act}>
            {text}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
