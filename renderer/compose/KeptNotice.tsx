/** Says for a moment that a closed composer has kept its draft, and opens it again. */

import { Button } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useEffect } from 'react'
import { useWords } from '../i18n/words.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { openComposer, sayKept } from './composers.ts'
import css from './Notices.module.css'

const GOES_AFTER_MS = 7_000

export function KeptNotice({ draftId }: { draftId: string }) {
  const words = useWords()
  // biome-ignore lint/correctness/useExhaustiveDependencies: another draft begins the time anew
  useEffect(() => {
    const timer = setTimeout(() => sayKept(null), GOES_AFTER_MS)
    return () => clearTimeout(timer)
  }, [draftId])
  return (
    <div className={css.notice} role="status">
      <span className={css.words}>{words('compose.kept')}</span>
      <div className={css.acts}>
        <Button size="xs" onClick={() => openComposer({ draftId })}>
          {words('compose.openAgain')}
        </Button>
        <IconButton icon={IconX} size="small" name={words('compose.dismiss')} onClick={() => sayKept(null)} />
      </div>
    </div>
  )
}
