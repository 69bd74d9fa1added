/** The dialogs that a composer's foot opens, one at a time; each is loaded when it is wanted first. */

import { lazy, Suspense } from 'react'
import type { Composer } from './use-composer.ts'

const PreviewDialog = lazy(async () => ({ default: (await import('./PreviewDialog.tsx')).PreviewDialog }))

export type ComposerDialog = 'preview'

type Props = { open: ComposerDialog | null; composer: Composer; onClose: () => void }

export function ComposerDialogs({ open, composer, onClose }: Props) {
  return (
    <Suspense fallback={null}>
      {open === 'preview' && <PreviewDialog load={composer.preview} onClose={onClose} />}
    </Suspense>
  )
}
