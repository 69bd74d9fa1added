/** All open composers, rising from the lower right, and the notices of mails and drafts that left them. */

import { useViewportSize } from '@mantine/hooks'
import { useEffect } from 'react'
import { useAsk } from '../ask.ts'
import { useWords } from '../i18n/words.ts'
import { Composer } from './Composer.tsx'
import css from './ComposerDock.module.css'
import { useComposers } from './composers.ts'
import { DepartureBar } from './DepartureBar.tsx'
import { fitted } from './fitting.ts'
import { KeptNotice } from './KeptNotice.tsx'
import { LeavingDialog } from './LeavingDialog.tsx'
import notices from './Notices.module.css'

const NOTICES_SHOWN = 3

export function ComposerDock() {
  const words = useWords()
  const { composers, departing, keptDraftId } = useComposers()
  const accounts = useAsk('accounts.list', [])
  const { width } = useViewportSize()
  const sizes = fitted(composers, width === 0 ? window.innerWidth : width)
  const isOneFull = sizes.includes('full')

  // The editor is a large part of the page: it comes when the window has nothing else to do.
  useEffect(() => {
    const id = requestIdleCallback(() => void import('./editor/LetterSurface.tsx'), { timeout: 5_000 })
    return () => cancelIdleCallback(id)
  }, [])

  // A file that is let go beside a composer must not be opened in place of the page.
  useEffect(() => {
    const refuse = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes('Files') !== true || event.defaultPrevented) return
      event.preventDefault()
      event.dataTransfer.dropEffect = 'none'
    }
    window.addEventListener('dragover', refuse)
    window.addEventListener('drop', refuse)
    return () => {
      window.removeEventListener('dragover', refuse)
      window.removeEventListener('drop', refuse)
    }
  }, [])

  return (
    <>
      {isOneFull && <div className={css.veil} />}
      <div className={css.dock}>
        {composers.map((composer, index) => (
          <Composer
            key={composer.key}
            composer={composer}
            size={sizes[index] ?? 'normal'}
            accounts={accounts.data ?? []}
          />
        ))}
      </div>
      <LeavingDialog />
      {(departing.length > 0 || keptDraftId !== null) && (
        <section className={notices.notices} aria-label={words('compose.notices')}>
          {departing.slice(-NOTICES_SHOWN).map(({ itemId }) => (
            <DepartureBar key={itemId} itemId={itemId} />
          ))}
          {keptDraftId !== null && <KeptNotice draftId={keptDraftId} />}
        </section>
      )}
    </>
  )
}
