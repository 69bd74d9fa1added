/** The furniture of the settings: a titled part, and rows of a name, what it means, and the control. */

import { type ReactNode, useId } from 'react'
import styles from './SettingsView.module.css'

export function Part({ title, children }: { title: string; children: ReactNode }) {
  const id = useId()
  return (
    <section className={styles.part} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <div className={styles.rows}>{children}</div>
    </section>
  )
}

type RowProps = { name: string; text?: string; nameId?: string; textId?: string; children?: ReactNode }

export function Row({ name, text, nameId, textId, children }: RowProps) {
  return (
    <div className={styles.row}>
      <div className={styles.words}>
        <span className={styles.name} {...(nameId !== undefined && { id: nameId })}>
          {name}
        </span>
        {text !== undefined && (
          <p className={styles.text} {...(textId !== undefined && { id: textId })}>
            {text}
          </p>
        )}
      </div>
      {children !== undefined && <div className={styles.control}>{children}</div>}
    </div>
  )
}
