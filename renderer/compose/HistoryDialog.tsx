/** Every saved state of a draft, to be read and to be put back. What is written now is saved first, so nothing is lost. */

import { Button, Checkbox, Modal } from '@mantine/core'
import { useEffect, useMemo, useState } from 'react'
import type { DraftVersion } from '../../shared/model.ts'
import type { Problem } from '../../shared/problem.ts'
import { useAsk } from '../ask.ts'
import { call } from '../bridge.ts'
import { useWords } from '../i18n/words.ts'
import { announce } from '../ui/announce.tsx'
import { useFormat } from '../ui/format.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { DraftReading } from './DraftReading.tsx'
import css from './HistoryDialog.module.css'
import type { Composer } from './use-composer.ts'
import { VersionList } from './VersionList.tsx'
import { versionSteps } from './version-steps.ts'

type Props = { composer: Composer; draftId: string; onClose: () => void }

export function HistoryDialog({ composer, draftId, onClose }: Props) {
  const words = useWords()
  const [versions, setVersions] = useState<readonly DraftVersion[] | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)

  // biome-ignore lint/correctness/useExhaustiveDependencies: the states are those of the moment the dialog was opened
  useEffect(() => {
    void (async () => {
      const saved = await composer.saved()
      const found = saved.ok ? await call('drafts.history', draftId) : saved
      if (found.ok) setVersions(found.value)
      else setProblem(found.problem)
    })()
  }, [])

  return (
    <Modal
      opened
      onClose={onClose}
      size={920}
      zIndex={400}
      title={words('drafts.historyTitle')}
      closeButtonProps={{ 'aria-label': words('frame.close') }}
    >
      {problem !== null && <ProblemNote problem={problem} />}
      {versions !== null && (
        <Versions
          versions={versions}
          draftId={draftId}
          putBack={composer.putBack}
          onProblem={setProblem}
          onClose={onClose}
        />
      )}
    </Modal>
  )
}

type VersionsProps = Pick<Props, 'draftId' | 'onClose'> & {
  versions: readonly DraftVersion[]
  putBack: Composer['putBack']
  onProblem(problem: Problem): void
}

function Versions({ versions, draftId, putBack, onProblem, onClose }: VersionsProps) {
  const words = useWords()
  const format = useFormat()
  const [isEvery, setEvery] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const steps = useMemo(() => versionSteps(versions, isEvery), [versions, isEvery])
  // The one before what is there now: the first that somebody may want back.
  const [chosenId, choose] = useState(() => (steps[1] ?? steps[0])?.version.id)
  const chosen = Math.max(
    0,
    steps.findIndex(({ version }) => version.id === chosenId),
  )
  const version = steps[chosen]?.version
  const read = useAsk('drafts.version', [draftId, version?.id ?? 0], {
    isEnabled: version !== undefined,
    keepsLast: true,
  })

  async function restore(): Promise<void> {
    if (version === undefined) return
    setBusy(true)
    const restored = await putBack(version.id)
    setBusy(false)
    if (!restored.ok) {
      onProblem(restored.problem)
      return
    }
    onClose()
    announce(words('drafts.isBack', { time: format.dateTime(version.savedAt) }))
  }

  return (
    <>
      <div className={css.panes}>
        <div className={css.side}>
          <VersionList
            steps={steps}
            chosen={chosen}
            isEvery={isEvery}
            onChoose={index => choose(steps[index]?.version.id)}
          />
          <Checkbox
            className={css.every ?? ''}
            size="xs"
            label={words('drafts.every', { count: versions.length })}
            checked={isEvery}
            onChange={event => setEvery(event.currentTarget.checked)}
          />
        </div>
        <section
          className={css.reading}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable
          tabIndex={0}
          aria-label={words('drafts.chosen')}
        >
          {read.isError && <ProblemNote problem={read.error.problem} />}
          {read.data !== undefined && version !== undefined && (
            <DraftReading
              draft={read.data}
              readFile={(fileId, offset) =>
                call('drafts.readVersionFile', draftId, version.id, fileId, offset)
              }
            />
          )}
        </section>
      </div>
      <footer className={css.foot}>
        <span className={css.note}>{words(chosen === 0 ? 'drafts.nowNote' : 'drafts.putBackNote')}</span>
        <Button onClick={onClose}>{words('drafts.keepNow')}</Button>
        <Button variant="filled" disabled={chosen === 0} loading={isBusy} onClick={() => void restore()}>
          {words('drafts.putBack')}
        </Button>
      </footer>
    </>
  )
}
