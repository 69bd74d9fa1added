/** Where the link under the pointer leads: its true host, in the corner where browsers show it. */

import { useWords } from '../i18n/words.ts'
import styles from './Letter.module.css'
import type { LinkTarget } from './link-target.ts'

export function LinkHint({ target }: { target: LinkTarget | null }) {
  const words = useWords()
  if (target === null) return null
  return (
    <div className={styles.target} data-lying={target.isLying || undefined} role="status">
      {target.isLying
        ? words('mailbox.linkLies', { target: target.shown })
        : words('mailbox.linkTo', { target: target.shown })}
    </div>
  )
}
