/** A draft that this window must not write: why, what can be done, and all of its text to read and to copy. */

import { Button } from '@mantine/core'
import { useEffect, useId, useState } from 'react'
import type { DraftEnd } from '../../shared/draft-writer.ts'
import type { Draft } from '../../shared/model.ts'
import type { Problem } from '../../shared/problem.ts'
import { useAsk } from '../ask.ts'
import { call } from '../bridge.ts'
import { useWords } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import css from './Composer.module.css'
import { ComposerBar } from './ComposerBar.tsx'
import {
  type ComposerSize,
  closeComposer,
  nameComposer,
  type OpenComposer,
  openComposer,
} from './composers.ts'
import { DraftReading } from './DraftReading.tsx'
import { contentOfDraft } from './draft-saver.ts'
import type { Left } from './writing.ts'

type Props = {
  composer: OpenComposer
  size: ComposerSize
  /** As it was when it was opened. */
  first: Draft
  left: Left | null
  /** Null where it is still there, and another window writes it. */
  ended: DraftEnd | null
  onTake(): Promise<Problem | null>
}

export function ReadOnlyDraft({ composer, size, first, left, ended, onTake }: Props) {
  const words = useWords()
  const format = useFormat()
  const titleId = useId()
  const live = useAsk('drafts.get', [first.id])
  const hasUnsaved = left !== null && !left.isSaved
  const draft =
    hasUnsaved || (ended !== null && left !== null) ? left.draft : (live.data ?? left?.draft ?? first)
  useEffect(() => nameComposer(composer.key, first.id), [composer.key, first.id])

  return (
    <section
      className={css.composer}
      data-size={size}
      aria-labelledby={titleId}
      onKeyDown={event => {
        if (event.key !== 'Escape' || event.defaultPrevented || size === 'minimised') return
        event.preventDefault()
        closeComposer(composer.key)
      }}
    >
      <ComposerBar
        composerKey={composer.key}
        titleId={titleId}
        title={draft.subject.trim() === '' ? words('compose.newMail') : draft.subject}
        size={size}
        close={{ name: words('compose.closePlain'), act: () => closeComposer(composer.key) }}
      />
      {size !== 'minimised' && (
        <>
          <div className={css.notes}>
            {ended === null ? (
              <ElsewhereNote hasUnsaved={hasUnsaved} wasTaken={left !== null} onTake={onTake} />
            ) : (
              <EndedNote composerKey={composer.key} ended={ended} draft={draft} hasUnsaved={hasUnsaved} />
            )}
            {left !== null && left.files.length > 0 && (
              <p className={css.note} role="alert">
                {words('drafts.filesLeft', { count: left.files.length, names: format.list(left.files) })}
              </p>
            )}
          </div>
          <section
            className={css.reading}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable
            tabIndex={0}
            aria-label={words('compose.text')}
          >
            <DraftReading
              draft={draft}
              readFile={(fileId, offset) => call('drafts.readAttachment', draft.id, fileId, offset)}
            />
          </section>
        </>
      )}
    </section>
  )
}

type ElsewhereProps = Pick<Props, 'onTake'> & {
  hasUnsaved: boolean
  /** Somebody was writing here until a moment ago. */
  wasTaken: boolean
}

function ElsewhereNote({ hasUnsaved, wasTaken, onTake }: ElsewhereProps) {
  const words = useWords()
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)

  async function take(): Promise<void> {
    setBusy(true)
    setProblem(await onTake())
    setBusy(false)
  }

  return (
    <>
      <div className={css.note} role={wasTaken ? 'alert' : 'status'}>
        <b>{words('drafts.elsewhere')}</b>
        <p>{words(hasUnsaved ? 'drafts.lastWords' : 'drafts.elsewhereText')}</p>
        <div className={css.answers}>
          <Button size="xs" loading={isBusy} onClick={() => void take()}>
            {words('drafts.takeOver')}
          </Button>
        </div>
      </div>
      {problem !== null && <ProblemNote problem={problem} />}
    </>
  )
}

type EndedProps = { composerKey: string; ended: DraftEnd; draft: Draft; hasUnsaved: boolean }

function EndedNote({ composerKey, ended, draft, hasUnsaved }: EndedProps) {
  const words = useWords()
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const isKeepable = ended === 'discarded' || hasUnsaved

  async function keep(): Promise<void> {
    setBusy(true)
    const kept = await keepAsNew(draft)
    setBusy(false)
    if (!kept.ok) {
      setProblem(kept.problem)
      return
    }
    closeComposer(composerKey)
    openComposer({ draftId: kept.value.draftId })
  }

  return (
    <>
      <div className={css.note} role="alert">
        <b>{words(ended === 'sent' ? 'drafts.sentElsewhere' : 'drafts.discardedElsewhere')}</b>
        <p>
          {words(
            ended === 'discarded'
              ? 'drafts.discardedText'
              : hasUnsaved
                ? 'drafts.sentWithoutText'
                : 'drafts.sentText',
          )}
        </p>
        <div className={css.answers}>
          {isKeepable && (
            <Button size="xs" loading={isBusy} onClick={() => void keep()}>
              {words('drafts.keepAsNew')}
            </Button>
          )}
          <Button size="xs" onClick={() => closeComposer(composerKey)}>
            {words('compose.closePlain')}
          </Button>
        </div>
      </div>
      {problem !== null && <ProblemNote problem={problem} />}
    </>
  )
}

async function keepAsNew(draft: Draft) {
  const made = await call('drafts.create', { kind: 'empty', accountId: draft.accountId })
  if (!made.ok) return made
  const { id, revision } = made.value
  const saved = await call('drafts.save', id, revision, contentOfDraft(draft))
  return saved.ok ? { ok: true as const, value: { draftId: id } } : saved
}
