/** A mail that is too big for its server, and the ways out of that: leave a file out, smaller pictures, several mails. */

import { Button, Modal } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { attachmentSize } from '../../shared/mail-size.ts'
import { useWords } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { SizeMeter } from './SizeMeter.tsx'
import type { Composer } from './use-composer.ts'
import { useShrunkPictures } from './use-shrunk-pictures.ts'
import css from './WaysOutDialog.module.css'
import { dealOut } from './ways-out.ts'

type Props = { composer: Composer; draftId: string }

export function WaysOutDialog({ composer, draftId }: Props) {
  const words = useWords()
  const isOpen = composer.sending.step === 'too-big'
  const { meter } = composer
  const fits = meter.limit === null || meter.bytes <= meter.limit
  return (
    <Modal
      opened={isOpen}
      onClose={composer.doNotSend}
      title={words(fits ? 'compose.fitsTitle' : 'compose.tooBigTitle')}
      withCloseButton={false}
      size={560}
      zIndex={400}
    >
      {isOpen && <Ways composer={composer} draftId={draftId} fits={fits} />}
    </Modal>
  )
}

function Ways({ composer, draftId, fits }: Props & { fits: boolean }) {
  const words = useWords()
  const { meter, attachments } = composer
  const hasFiles = attachments.attached.length > 0
  return (
    <>
      <div className={css.meter}>
        <SizeMeter meter={meter} hasFiles />
      </div>
      <p className={css.lead}>
        {words(fits ? 'compose.fitsText' : hasFiles ? 'compose.tooBigText' : 'compose.tooLongText')}
      </p>
      {attachments.problem !== null && <ProblemNote problem={attachments.problem} shape="line" />}
      {hasFiles && <Pictures composer={composer} draftId={draftId} />}
      {hasFiles && !fits && <Several composer={composer} />}
      {hasFiles && <Files composer={composer} />}
      <div className={css.answers}>
        <Button onClick={composer.doNotSend} data-autofocus>
          {words('compose.tooBigNo')}
        </Button>
        {fits && (
          <Button variant="filled" color="seal" onClick={composer.sendSmaller}>
            {words('compose.send')}
          </Button>
        )}
      </div>
    </>
  )
}

function Way({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={css.way}>
      <h3 className={css.title}>{title}</h3>
      {children}
    </section>
  )
}

function Pictures({ composer, draftId }: Props) {
  const words = useWords()
  const format = useFormat()
  const [isBusy, setBusy] = useState(false)
  const { attached, replace } = composer.attachments
  const { left, choices } = useShrunkPictures(draftId, attached, !isBusy)
  if (left === 0 && choices.length === 0) return null

  async function use(files: (typeof choices)[number]['files']): Promise<void> {
    setBusy(true)
    for (const { attachmentId, file } of files) if (!(await replace(attachmentId, file))) break
    setBusy(false)
  }

  return (
    <Way title={words('compose.smallerTitle')}>
      <ul className={css.rows}>
        {choices.map(({ edge, before, after, files }) => (
          <li key={edge} className={css.row}>
            <span className={css.what}>
              {words('compose.smallerTo', { edge })}
              <small>
                {words('compose.smallerBytes', { before: format.size(before), after: format.size(after) })}
              </small>
            </span>
            <Button
              size="xs"
              loading={isBusy}
              disabled={left > 0}
              aria-label={words('compose.smallerYesTo', { edge })}
              onClick={() => void use(files)}
            >
              {words('compose.smallerYes')}
            </Button>
          </li>
        ))}
      </ul>
      <p className={css.note} role="status">
        {left > 0 ? words('compose.smallerLooking', { count: left }) : words('compose.smallerNote')}
      </p>
    </Way>
  )
}

function Several({ composer }: { composer: Composer }) {
  const words = useWords()
  const format = useFormat()
  const { attached, uploads } = composer.attachments
  const { limit } = composer.meter
  if (limit === null || uploads.length > 0) return null
  const listed = composer.files.attached
  // Pictures of the text go with it, in every mail.
  const pictures = attached.filter(attachment => !listed.includes(attachment))
  const bare = pictures.reduce((sum, picture) => sum + attachmentSize(picture), composer.bareBytes)
  const { mails, tooBig } = dealOut(listed, bare, limit)
  if (mails.length < 2 && tooBig.length === 0) return null
  const count = mails.length
  return (
    <Way title={words('compose.severalTitle')}>
      {tooBig.map(({ id, name, bytes }) => (
        <p key={id} className={css.note}>
          {words('compose.aloneTooBig', { name, size: format.size(bytes) })}
        </p>
      ))}
      {tooBig.length === 0 && (
        <>
          <ol className={css.rows}>
            {mails.map(({ attachments, bytes }, index) => (
              <li key={attachments[0]?.id} className={css.row}>
                <b className={css.number}>
                  {index + 1}/{count}
                </b>
                <span className={css.what}>
                  {format.list(attachments.map(({ name }) => name))}
                  <small>{format.size(bytes)}</small>
                </span>
              </li>
            ))}
          </ol>
          <p className={css.note}>{words('compose.severalNote')}</p>
          <Button
            size="xs"
            variant="filled"
            color="seal"
            onClick={() => composer.sendInParts(mails.map(mail => mail.attachments.map(({ id }) => id)))}
          >
            {words('compose.severalYes', { count })}
          </Button>
        </>
      )}
    </Way>
  )
}

function Files({ composer }: { composer: Composer }) {
  const words = useWords()
  const format = useFormat()
  const { remove } = composer.attachments
  const { attached } = composer.files
  if (attached.length === 0) return null
  return (
    <Way title={words('compose.leaveOutTitle')}>
      <ul className={css.rows}>
        {attached
          .toSorted((left, right) => right.bytes - left.bytes)
          .map(attachment => (
            <li key={attachment.id} className={css.row}>
              <span className={css.what}>
                {attachment.name}
                <small>
                  {words('compose.leaveOutGain', { size: format.size(attachmentSize(attachment)) })}
                </small>
              </span>
              <Button
                size="xs"
                aria-label={words('compose.removeAttachment', { name: attachment.name })}
                onClick={() => remove(attachment.id)}
              >
                {words('compose.leaveOutYes')}
              </Button>
            </li>
          ))}
      </ul>
    </Way>
  )
}
