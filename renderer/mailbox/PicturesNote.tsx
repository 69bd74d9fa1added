/** Above a mail: what of it lies in the internet, and the person's word on it. Says what loading tells, before it does. */

import { Button } from '@mantine/core'
import { IconPhoto, IconPhotoOff } from '@tabler/icons-react'
import { useWords } from '../i18n/words.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import type { LeftOut } from './HtmlLetter.tsx'
import styles from './Letter.module.css'
import type { RemotePictures } from './use-remote-pictures.ts'

export function PicturesNote({ leftOut, remote }: { leftOut: LeftOut; remote: RemotePictures }) {
  const words = useWords()
  const { state, sender, isTrusted, isConfirmed, failed, problem } = remote
  const { blocked, wanted, trackers } = leftOut
  const mayAsk = state === 'out' && wanted > 0
  const said = {
    forbidden: () => words('mailbox.blockedParts', { count: blocked }),
    out: () =>
      words(wanted > 0 ? 'mailbox.picturesOut' : 'mailbox.blockedParts', { count: wanted || blocked }),
    loading: () => words('mailbox.picturesLoading'),
    here: () => words(failed > 0 ? 'mailbox.picturesFailed' : 'mailbox.picturesHere', { count: failed }),
    failed: () => '',
  }[state]()
  if (blocked === 0 && state !== 'here' && state !== 'loading' && state !== 'failed') return null
  const Shape = state === 'here' ? IconPhoto : IconPhotoOff
  return (
    <div className={styles.pictures}>
      {state === 'failed' && problem !== null ? (
        <ProblemNote problem={problem} shape="line" onRetry={remote.load} />
      ) : (
        <p className={styles.blocked} role="note">
          <Shape size={16} stroke={1.7} aria-hidden />
          <span>
            {said}
            {trackers > 0 && ` ${words('mailbox.trackers', { count: trackers })}`}
            {mayAsk && isTrusted && !isConfirmed && ` ${words('mailbox.picturesUnconfirmed')}`}
          </span>
        </p>
      )}
      {mayAsk && (
        <span className={styles.consent}>
          <Button size="xs" onClick={remote.load}>
            {words('mailbox.loadPictures')}
          </Button>
          {sender !== '' && !isTrusted && (
            <Button size="xs" variant="subtle" onClick={() => remote.trust(true)}>
              {words('mailbox.alwaysPictures')}
            </Button>
          )}
        </span>
      )}
      {state === 'here' && (failed > 0 || isTrusted) && (
        <span className={styles.consent}>
          {failed > 0 && (
            <Button size="xs" onClick={remote.load}>
              {words('mailbox.loadPicturesAgain')}
            </Button>
          )}
          {isTrusted && (
            <Button size="xs" variant="subtle" onClick={() => remote.trust(false)}>
              {words('mailbox.notAlwaysPictures')}
            </Button>
          )}
        </span>
      )}
    </div>
  )
}
