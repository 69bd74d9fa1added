/** The dialogs that a composer's foot opens, one at a time; each is loaded when it is wanted first. */

import { lazy, Suspense } from 'react'
import type { Account } from '../../shared/model.ts'
import type { Templates } from '../templates/use-templates.ts'
import type { Composer } from './use-composer.ts'

const PreviewDialog = lazy(async () => ({ default: (await import('./PreviewDialog.tsx')).PreviewDialog }))

const InsertTemplateDialog = lazy(async () => ({
  default: (await import('../templates/InsertTemplateDialog.tsx')).InsertTemplateDialog,
}))
const SaveTemplateDialog = lazy(async () => ({
  default: (await import('../templates/SaveTemplateDialog.tsx')).SaveTemplateDialog,
}))

const HistoryDialog = lazy(async () => ({ default: (await import('./HistoryDialog.tsx')).HistoryDialog }))

const FromMailDialog = lazy(async () => ({ default: (await import('./FromMailDialog.tsx')).FromMailDialog }))

const OptionsDialog = lazy(async () => ({ default: (await import('./OptionsDialog.tsx')).OptionsDialog }))

export type ComposerDialog =
  | 'preview'
  | 'history'
  | 'options'
  | 'from-mail'
  | 'insert-template'
  | 'save-template'

type Props = {
  open: ComposerDialog | null
  composer: Composer
  draftId: string
  accounts: readonly Account[]
  templates: Templates
  onClose: () => void
}

export function ComposerDialogs({ open, composer, draftId, accounts, templates, onClose }: Props) {
  return (
    <Suspense fallback={null}>
      {open === 'preview' && <PreviewDialog load={composer.preview} onClose={onClose} />}
      {open === 'history' && <HistoryDialog composer={composer} draftId={draftId} onClose={onClose} />}
      {open === 'insert-template' && (
        <InsertTemplateDialog templates={templates} subject={composer.fields.subject} onClose={onClose} />
      )}
      {open === 'save-template' && (
        <SaveTemplateDialog
          templates={templates}
          hasComing={composer.attachments.uploads.length > 0}
          onClose={onClose}
        />
      )}
      {open === 'from-mail' && (
        <FromMailDialog onChoose={composer.attachments.addFromMail} onClose={onClose} />
      )}
      {open === 'options' && <OptionsDialog composer={composer} accounts={accounts} onClose={onClose} />}
    </Suspense>
  )
}
