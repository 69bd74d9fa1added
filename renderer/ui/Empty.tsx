/** A view with nothing in it, said kindly: a blank postmark, what this place is for, and what one can do. */

import type { Icon } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import styles from './Empty.module.css'

type Props = { icon: Icon; title: string; text?: string; children?: ReactNode }

export function Empty({ icon: Shape, title, text, children }: Props) {
  return (
    <div className={styles.empty}>
      <div className={styles.postmark} aria-hidden>
        <Shape size={26} stroke={1.5} />
      </div>
      <h2 className={styles.title}>{title}</h2>
      {text !== undefined && <p className={styles.text}>{text}</p>}
      {children !== undefined && <div className={styles.actions}>{children}</div>}
    </div>
  )
}
