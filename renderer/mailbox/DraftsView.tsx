/** All drafts, newest first; one opens in the composer. What is discarded is asked about first. */

import { Button } from '@mantine/core'
import { IconPaperclip, IconPencil, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { DraftHead } from '../../shared/model.ts'
import { useAsk } from '../ask.ts'
import { ConfirmDialog } from '../compose/ConfirmDialog.tsx'
import { openComposer } from '../compose/composers.ts'
import type { Panes } from '../frame/panes.ts'
import { useWords } from '../i18n/words.ts'
import { Empty } from '../ui/Empty.tsx'
import { useFormat } from '../ui/format.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { SkeletonRows } from '../ui/SkeletonRows.tsx'
import { useAct } from '../ui/use-act.tsx'
import { useIsSlow, useNow } from '../ui/use-now.ts'
import styles from './DraftsView.module.css'
import { nameOf } from './people.ts'

export function DraftsView({ panes }: { panes: Panes }) {
  const words = useWords()
  const drafts = useAsk('drafts.list', [])
  const isSlow = useIsSlow(drafts.isPending)
  const [leaving, setLeaving] = useState<DraftHead | null>(null)
  const columns = panes.isStack ? 'minmax(0, 1fr)' : `${panes.widths.list}px minmax(0, 1fr)`
  return (
    <div className={styles.view} style={{ gridTemplateColumns: columns }}>
      <section
        className={styles.list}
        aria-label={words('mailbox.draftsTitle')}
        aria-busy={drafts.isPending}
        data-alone={panes.isStack || undefined}
      >
        <header className={styles.bar}>
          <h1>{words('mailbox.draftsTitle')}</h1>
        </header>
        {isSlow && (
          <>
            <span className="for-ears" role="status">
              {words('mailbox.draftsLoading')}
            </span>
            <SkeletonRows rows={4} />
          </>
        )}
        {drafts.isError && (
          <div className={styles.problem}>
            <ProblemNote problem={drafts.error.problem} onRetry={() => void drafts.refetch()} />
          </div>
        )}
        {drafts.data?.length === 0 && (
          <Empty
            icon={IconPencil}
            title={words('mailbox.draftsEmptyTitle')}
            text={words('mailbox.draftsEmptyText')}
          >
            <Button onClick={() => openComposer({ kind: 'empty', accountId: null })}>
              {words('frame.write')}
            </Button>
          </Empty>
        )}
        {drafts.data !== undefined && drafts.data.length > 0 && (
          <ul className={styles.rows}>
            {drafts.data.map(draft => (
              <DraftRow key={draft.id} draft={draft} onDiscard={() => setLeaving(draft)} />
            ))}
          </ul>
        )}
      </section>
      {!panes.isStack && (
        <div className={styles.beside}>
          {drafts.data !== undefined && drafts.data.length > 0 && (
            <Empty
              icon={IconPencil}
              title={words('mailbox.draftOpensTitle')}
              text={words('mailbox.draftOpensText')}
            />
          )}
        </div>
      )}
      <DiscardDialog draft={leaving} onDone={() => setLeaving(null)} />
    </div>
  )
}

function DraftRow({ draft, onDiscard }: { draft: DraftHead; onDiscard(): void }) {
  const words = useWords()
  const format = useFormat()
  const now = useNow()
  const subject = draft.subject || words('mailbox.noSubject')
  return (
    <li className={styles.row}>
      <button type="button" className={styles.open} onClick={() => openComposer({ draftId: draft.id })}>
        <span className={styles.who} data-none={draft.to.length === 0 || undefined}>
          {draft.to.length === 0
            ? words('mailbox.draftNobody')
            : words('mailbox.draftTo', { names: format.list(draft.to.map(nameOf)) })}
        </span>
        <span className={styles.marks}>
          {draft.attachments > 0 && (
            <>
              <IconPaperclip size={14} stroke={1.8} aria-hidden />
              <span className="for-ears">{words('mailbox.hasAttachments')}</span>
            </>
          )}
          <time>{format.listTime(draft.savedAt, now)}</time>
        </span>
        <span className={styles.subject}>{subject}</span>
        <span className={styles.preview}>{draft.preview || words('mailbox.draftNoText')}</span>
      </button>
      <span className={styles.discard}>
        <IconButton
          icon={IconTrash}
          name={words('mailbox.discard', { subject })}
          size="small"
          onClick={onDiscard}
        />
      </span>
    </li>
  )
}

function DiscardDialog({ draft, onDone }: { draft: DraftHead | null; onDone(): void }) {
  const words = useWords()
  const act = useAct()
  const [isBusy, setBusy] = useState(false)
  async function discard(): Promise<void> {
    if (draft === null) return
    setBusy(true)
    await act('drafts.discard', draft.id)
    setBusy(false)
    onDone()
  }
  return (
    <ConfirmDialog
      isOpen={draft !== null}
      title={words('mailbox.discardTitle')}
      yes={{ text: words('mailbox.discardYes'), act: () => void discard(), isBusy }}
      no={{ text: words('mailbox.discardNo'), act: onDone }}
    >
      {words('mailbox.discardText')}
    </ConfirmDialog>
  )
}
