/** A button that is only an icon: always with a name for ears and eyes, and with its key where it has one. */

import { ActionIcon, Tooltip } from '@mantine/core'
import type { Icon } from '@tabler/icons-react'
import type { MouseEvent, Ref } from 'react'
import styles from './IconButton.module.css'
import { type KeyName, keyForEars, showKey } from './keys.ts'

type Props = {
  icon: Icon
  /** What it does, in the words of the page: name and tooltip. */
  name: string
  onClick?: (event: MouseEvent<HTMLButtonElement>) => void
  keyHint?: KeyName
  /** For a switch (flag, seen): pressed or not. */
  isOn?: boolean
  isDisabled?: boolean
  size?: 'small' | 'normal'
  ref?: Ref<HTMLButtonElement>
  'aria-haspopup'?: 'menu' | 'dialog'
  'aria-expanded'?: boolean
}

export function IconButton({
  icon: Shape,
  name,
  keyHint,
  isOn,
  isDisabled,
  size = 'normal',
  ...rest
}: Props) {
  const label = (
    <span className={styles.tip}>
      {name}
      {keyHint !== undefined && <kbd className={styles.key}>{showKey(keyHint)}</kbd>}
    </span>
  )
  return (
    <Tooltip label={label} openDelay={450} closeDelay={60} withinPortal color="ink">
      <ActionIcon
        {...rest}
        aria-label={name}
        {...(keyHint !== undefined && { 'aria-keyshortcuts': keyForEars(keyHint) })}
        {...(isOn !== undefined && { 'aria-pressed': isOn })}
        data-on={isOn === true || undefined}
        className={styles.button ?? ''}
        disabled={isDisabled === true}
        size={size === 'small' ? 26 : 32}
        variant="subtle"
      >
        <Shape size={size === 'small' ? 16 : 18} stroke={1.7} aria-hidden />
      </ActionIcon>
    </Tooltip>
  )
}
