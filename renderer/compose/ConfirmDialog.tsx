/** One short question with two or three answers. The safe answer has the focus; Escape is the safe answer. */

import { Button, Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import css from './ConfirmDialog.module.css'

type Props = {
  isOpen: boolean
  title: string
  children: ReactNode
  /** Does it. `isSending` only where the answer sends something. */
  yes: { text: string; act: () => void; isSending?: boolean; isBusy?: boolean }
  no: { text: string; act: () => void }
}

export function ConfirmDialog({ isOpen, title, children, yes, no }: Props) {
  return (
    <Modal opened={isOpen} onClose={no.act} title={title} withCloseButton={false} size={440} zIndex={400}>
      <div className={css.text}>{children}</div>
      <div className={css.answers}>
        <Button onClick={no.act} data-autofocus>
          {no.text}
        </Button>
        <Button
          variant="filled"
          {...(yes.isSending === true && { color: 'seal' })}
          loading={yes.isBusy === true}
          onClick={yes.act}
        >
          {yes.text}
        </Button>
      </div>
    </Modal>
  )
}
