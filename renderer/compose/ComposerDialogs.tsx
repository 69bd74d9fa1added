/** The dialogs that a composer's foot opens, one at a time; each is loaded when it is wanted first. */

import { lazy, Suspense } from 'react'
import type { Composer } from './use-composer.ts'

const PreviewDialog = lazy(async () => ({ default: (await import('./PreviewDialog.tsx')).PreviewDialog }))

const HistoryDialog = lazy(async () => ({ default: (await import('./HistoryDialog.tsx')).HistoryDialog }))

export type ComposerDialog = 'preview' | 'history'

type Props = { open: ComposerDialog | null; composer: Composer; draftId: string; onClose: () => void }

export function ComposerDialogs({ open, composer, draftId, onClose }: Props) {
  return (
    <Suspense fallback={null}>
      {open === 'preview' && <PreviewDialog load={composer.preview} onClose={onClose} />}
      {open === 'history' && <HistoryDialog composer={composer} draftId={draftId} onClose={onClose} />}
    </Suspense>
  )
}
