/** The words of a mail: as designed behind four walls, or as plain text. */

import { IconPhotoOff } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import type { Message } from '../../shared/model.ts'
import { useWords } from '../i18n/words.ts'
import styles from './Letter.module.css'
import { PlainLetter } from './PlainLetter.tsx'

/** DOMPurify comes along with it, so it is loaded with the first HTML mail. */
const HtmlLetter = lazy(async () => ({ default: (await import('./HtmlLetter.tsx')).HtmlLetter }))

export function Letter({ message }: { message: Message }) {
  const words = useWords()
  const [isPlain, setPlain] = useState(false)
  const [blocked, setBlocked] = useState(0)
  const { unsafeHtml, text } = message
  if (unsafeHtml === null) return <PlainLetter text={text} />
  return (
    <>
      <div className={styles.notes}>
        {blocked > 0 && !isPlain && (
          <p className={styles.blocked} role="note">
            <IconPhotoOff size={16} stroke={1.7} aria-hidden />
            {words('mailbox.blockedParts', { count: blocked })}
          </p>
        )}
        {text.trim() !== '' && (
          <button type="button" className={styles.switch} onClick={() => setPlain(!isPlain)}>
            {words(isPlain ? 'mailbox.asHtml' : 'mailbox.asText')}
          </button>
        )}
      </div>
      {isPlain ? (
        <PlainLetter text={text} />
      ) : (
        <Suspense fallback={null}>
          <HtmlLetter html={unsafeHtml} images={message.inlineImages} onBlocked={setBlocked} />
        </Suspense>
      )}
    </>
  )
}
