/** The conversation with the server, as it was spoken, to read and to copy. Main has taken every secret out. */

import { Button } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import type { TranscriptLine } from '../../shared/model.ts'
import { useAsk } from '../ask.ts'
import { useWords } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'
import { showKey } from '../ui/keys.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import css from './Transcript.module.css'

const SIGNS: Record<TranscriptLine['side'], string> = { client: '→', server: '←', note: '·' }

/** As plain text, one line a line: time of UTC with milliseconds, try, side, words. For a bug report. */
export function transcriptText(lines: readonly TranscriptLine[]): string {
  return lines
    .map(({ at, attempt, side, text }) => `${new Date(at).toISOString()} #${attempt} ${SIGNS[side]} ${text}`)
    .join('\n')
}

export function Transcript({ itemId, id }: { itemId: string; id: string }) {
  const words = useWords()
  const format = useFormat()
  const lines = useAsk('outbox.transcript', [itemId])
  const list = useRef<HTMLOListElement>(null)
  const [copying, setCopying] = useState<'no' | 'done' | 'by-key'>('no')

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(transcriptText(lines.data ?? []))
      setCopying('done')
    } catch {
      // No clipboard in this shell: select, and the person's own keys copy.
      if (list.current !== null) window.getSelection()?.selectAllChildren(list.current)
      setCopying('by-key')
    }
  }

  if (lines.isError) return <ProblemNote problem={lines.error.problem} onRetry={() => void lines.refetch()} />
  const spoken = lines.data ?? []
  return (
    <div id={id} className={css.transcript}>
      <div className={css.head}>
        <span className={css.title}>{words('journey.transcript')}</span>
        <span className={css.copied} role="status">
          {copying === 'by-key' && words('journey.copyByKey', { key: showKey('Mod+c') })}
          {copying === 'done' && words('journey.copied')}
        </span>
        <Button
          size="compact-xs"
          variant="default"
          disabled={spoken.length === 0}
          leftSection={copying === 'done' ? <IconCheck size={14} /> : <IconCopy size={14} />}
          onClick={() => void copy()}
        >
          {words('journey.copyTranscript')}
        </Button>
      </div>
      {lines.isSuccess && spoken.length === 0 && (
        <p className={css.none}>{words('journey.transcriptEmpty')}</p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <ol ref={list} className={css.lines} tabIndex={0} aria-label={words('journey.transcript')}>
        {spoken.map((line, index) => {
          const isNewTry = line.attempt !== spoken[index - 1]?.attempt
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines are only ever added at the end
            <li key={index} className={css.line} data-side={line.side} data-new-try={isNewTry || undefined}>
              {isNewTry && (
                <b className={css.attempt}>{words('journey.attempt', { number: line.attempt })}</b>
              )}
              <time className={css.time}>{format.clock(line.at, true)}</time>
              <span className={css.sign} aria-hidden>
                {SIGNS[line.side]}
              </span>
              <span className="for-ears">{words(`journey.${line.side}`)}</span>
              <code className={css.text}>{line.text}</code>
            </li>
          )
        })}
      </ol>
    </div>
  )
}
