/** The words of a mail: as designed behind four walls, or as plain text. */

import { lazy, Suspense, useState } from 'react'
import type { Message } from '../../shared/model.ts'
import { useWords } from '../i18n/words.ts'
import type { LeftOut } from './HtmlLetter.tsx'
import styles from './Letter.module.css'
import { PicturesNote } from './PicturesNote.tsx'
import { PlainLetter } from './PlainLetter.tsx'
import { useRemotePictures } from './use-remote-pictures.ts'

/** DOMPurify comes along with it, so it is loaded with the first HTML mail. */
const HtmlLetter = lazy(async () => ({ default: (await import('./HtmlLetter.tsx')).HtmlLetter }))

const NOTHING: LeftOut = { blocked: 0, wanted: 0, trackers: 0 }

export function Letter({ message }: { message: Message }) {
  const { unsafeHtml, text } = message
  return unsafeHtml === null ? (
    <PlainLetter text={text} />
  ) : (
    <DesignedLetter message={message} html={unsafeHtml} />
  )
}

function DesignedLetter({ message, html }: { message: Message; html: string }) {
  const words = useWords()
  const [isPlain, setPlain] = useState(false)
  const [leftOut, setLeftOut] = useState(NOTHING)
  const remote = useRemotePictures(message)
  const { text } = message
  return (
    <>
      <div className={styles.notes}>
        {!isPlain && <PicturesNote leftOut={leftOut} remote={remote} />}
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
          <HtmlLetter
            html={html}
            images={message.inlineImages}
            fetched={remote.pictures}
            onLeftOut={setLeftOut}
          />
        </Suspense>
      )}
    </>
  )
}
