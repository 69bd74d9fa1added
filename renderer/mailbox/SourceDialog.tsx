/** The source of a mail, as it came. */

import { Button, Modal } from '@mantine/core'
import { useAsk } from '../ask.ts'
import { useWords } from '../i18n/words.ts'
import { announce } from '../ui/announce.tsx'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import styles from './SourceDialog.module.css'

export function SourceDialog({ messageId, onClose }: { messageId: string | null; onClose(): void }) {
  const words = useWords()
  const source = useAsk('mailbox.source', [messageId ?? ''], { isEnabled: messageId !== null })
  async function copy(): Promise<void> {
    await navigator.clipboard.writeText(source.data?.source ?? '')
    announce(words('mailbox.copied'))
  }
  return (
    <Modal
      opened={messageId !== null}
      onClose={onClose}
      size="xl"
      title={words('mailbox.sourceTitle')}
      closeButtonProps={{ 'aria-label': words('frame.close') }}
    >
      {source.isError && <ProblemNote problem={source.error.problem} onRetry={() => void source.refetch()} />}
      {source.data !== undefined && (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable */}
          <pre className={styles.source} tabIndex={0}>
            {source.data.source}
          </pre>
          <div className={styles.foot}>
            {source.data.isCut && <span>{words('mailbox.sourceCut')}</span>}
            <Button onClick={() => void copy()}>{words('mailbox.copySource')}</Button>
          </div>
        </>
      )}
    </Modal>
  )
}
