/** What would be sent if the draft left now: the html as readers see it, the plain part as it goes, and the head. */

import { Modal, SegmentedControl } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { MailPreview } from '../../shared/model.ts'
import type { Problem, Result } from '../../shared/problem.ts'
import { useWords } from '../i18n/words.ts'
import { HtmlLetter } from '../mailbox/HtmlLetter.tsx'
import { useFormat } from '../ui/format.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import css from './PreviewDialog.module.css'

type Props = {
  /** Saves what is typed and asks for the mail of it. */
  load(): Promise<Result<MailPreview>>
  onClose(): void
}

const SIDES = ['html', 'plain', 'head'] as const
type Side = (typeof SIDES)[number]

/** Our own letters name nothing remote. */
const ignore = () => {}

export function PreviewDialog({ load, onClose }: Props) {
  const words = useWords()
  const [preview, setPreview] = useState<MailPreview | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the mail is that of the moment the dialog was opened
  useEffect(() => {
    void load().then(answer => (answer.ok ? setPreview(answer.value) : setProblem(answer.problem)))
  }, [])
  return (
    <Modal
      opened
      onClose={onClose}
      size={760}
      zIndex={400}
      title={words('compose.preview')}
      closeButtonProps={{ 'aria-label': words('frame.close') }}
    >
      {problem !== null && <ProblemNote problem={problem} />}
      {preview !== null && <Sides preview={preview} />}
    </Modal>
  )
}

function Sides({ preview }: { preview: MailPreview }) {
  const words = useWords()
  const format = useFormat()
  const { html, plain, headers, inlineImages, bytes } = preview
  const sides = SIDES.filter(side => side !== 'html' || html !== null)
  const [side, setSide] = useState<Side>(html === null ? 'plain' : 'html')
  return (
    <>
      <div className={css.head}>
        <SegmentedControl
          aria-label={words('compose.previewParts')}
          value={side}
          onChange={value => setSide(SIDES.find(one => one === value) ?? 'plain')}
          data={sides.map(value => ({ value, label: words(`compose.previewPart.${value}`) }))}
        />
        <span className={css.size}>{words('compose.size', { size: format.size(bytes) })}</span>
      </div>
      <section
        className={css.part}
        data-side={side}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable
        tabIndex={0}
        aria-label={words(`compose.previewPart.${side}`)}
      >
        {side === 'html' && html !== null && (
          <HtmlLetter html={html} images={inlineImages} onLeftOut={ignore} />
        )}
        {side === 'plain' && <pre className={css.plain}>{plain}</pre>}
        {side === 'head' && (
          <dl className={css.fields}>
            {headers.map(([name, value], index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a head that is shown does not change, and names repeat
              <div key={index}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        )}
      </section>
      <p className={css.note}>{words(html === null ? 'compose.previewPlainNote' : 'compose.previewNote')}</p>
    </>
  )
}
