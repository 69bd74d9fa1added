/** Every row as a mail before any goes: its faults, how it will look, what is asked, what will happen, and Send. */

import { Button, Checkbox, Select } from '@mantine/core'
import { useEffect, useMemo, useState } from 'react'
import { type MergeTemplate, mergeFaults, mergeRow } from '../../shared/merge.ts'
import type { Account, DraftContent } from '../../shared/model.ts'
import type { Problem } from '../../shared/problem.ts'
import { call } from '../bridge.ts'
import type { Composer } from '../compose/use-composer.ts'
import { useNavigation } from '../frame/navigation.tsx'
import { useWords } from '../i18n/words.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { FaultyRows } from './FaultyRows.tsx'
import { faultWords } from './fault-words.ts'
import css from './MergeDialog.module.css'
import { MergePlan } from './MergePlan.tsx'
import { MergeQuestions } from './MergeQuestions.tsx'
import { RowPreview } from './RowPreview.tsx'
import type { ChosenPeople, Merge } from './use-merge.ts'
import { isSettled, useRowQuestions } from './use-row-questions.ts'

type Props = {
  merge: Merge
  chosen: ChosenPeople
  draftId: string
  content: DraftContent
  composer: Composer
  accounts: readonly Account[]
}

const NO_IMAGES = {}
const HEAD_ONLY: MergeTemplate = { subject: '', text: '', html: null }

export function CheckStep({ merge, chosen, draftId, content, composer, accounts }: Props) {
  const words = useWords()
  const { go } = useNavigation()
  const { table, columns } = chosen
  const { template, images } = useTemplate(composer, content)
  const faults = useMemo(() => mergeFaults(template, table, columns), [template, table, columns])
  const [skipped, setSkipped] = useState<ReadonlySet<number>>(new Set())
  const [isFaultyOnly, setFaultyOnly] = useState(false)
  const [leavesOut, setLeavesOut] = useState(false)
  const rows = useMemo(
    () =>
      isFaultyOnly && faults.size > 0
        ? [...faults.keys()]
        : [...table.rows.keys()].filter(row => !skipped.has(row)),
    [isFaultyOnly, faults, table, skipped],
  )
  const going = useMemo(
    () => [...table.rows.keys()].filter(row => !faults.has(row) && !skipped.has(row)),
    [table, faults, skipped],
  )
  const [wanted, setRow] = useState(0)
  const row = rows.includes(wanted) ? wanted : (rows[0] ?? 0)
  const asking = useRowQuestions(composer, content, chosen)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [isBusy, setBusy] = useState(false)
  const missing = missingFiles(composer)
  const hindered = faults.size > 0 && !leavesOut
  const maySend = going.length > 0 && !hindered && missing === null && !isBusy && asking.looked === null

  async function send(): Promise<void> {
    setProblem(null)
    if (asking.found === null && (await asking.ask(going))) return
    setBusy(true)
    const failed = await begin(composer, draftId, withoutRows(chosen, skipped))
    setBusy(false)
    setProblem(failed)
    if (failed === null) go({ view: 'outbox' })
  }

  function leaveOut(some: readonly number[]): void {
    setSkipped(current => new Set([...current, ...some]))
    asking.leaveOut(some)
  }

  return (
    <div className={css.check}>
      {asking.found !== null ? (
        <MergeQuestions
          questions={asking.found}
          peopleOf={at => mergeRow(HEAD_ONLY, table, columns, at).to}
          onEditLetter={merge.close}
          onShow={at => {
            setFaultyOnly(false)
            setRow(at)
            asking.clear()
          }}
          onLeaveOut={leaveOut}
        />
      ) : (
        <>
          <Columns merge={merge} chosen={chosen} />
          <div className={css.panes}>
            <section className={css.list} aria-label={words('merge.rows')}>
              {faults.size > 0 && (
                <div className={css.filters}>
                  <Checkbox
                    size="xs"
                    checked={isFaultyOnly}
                    onChange={event => setFaultyOnly(event.currentTarget.checked)}
                    label={words('merge.onlyFaults', { count: faults.size })}
                  />
                  <Checkbox
                    size="xs"
                    checked={leavesOut}
                    onChange={event => setLeavesOut(event.currentTarget.checked)}
                    label={words('merge.leaveOut', { count: faults.size })}
                  />
                </div>
              )}
              <FaultyRows chosen={chosen} rows={rows} faults={faults} row={row} onChoose={setRow} />
            </section>
            <RowPreview
              template={template}
              images={images}
              chosen={chosen}
              rows={rows}
              row={row}
              faults={(faults.get(row) ?? []).map(fault => faultWords(fault, words))}
              onChoose={setRow}
            />
          </div>
        </>
      )}
      {problem !== null && <ProblemNote problem={problem} />}
      <footer className={css.foot}>
        <p className={css.plan} data-trouble={hindered || missing !== null || undefined} role="status">
          {asking.looked !== null ? (
            words('merge.looking', { some: asking.looked, all: going.length })
          ) : hindered ? (
            words('merge.faultsFirst', { count: faults.size })
          ) : missing !== null ? (
            words(missing.isFailed ? 'merge.lacksFiles' : 'merge.waitsForFiles', { count: missing.count })
          ) : (
            <MergePlan count={going.length} content={content} accounts={accounts} />
          )}
        </p>
        <Button onClick={merge.close}>{words('merge.back')}</Button>
        <Button
          variant="filled"
          color="seal"
          disabled={!maySend}
          loading={isBusy || asking.looked !== null}
          onClick={() => void send()}
        >
          {going.length === 0
            ? words('merge.sendNone')
            : asking.found !== null && !isSettled(asking.found)
              ? words('merge.anyway')
              : words('merge.send', { count: going.length })}
        </Button>
      </footer>
    </div>
  )
}

/** Files that are not there yet, or cannot be: every mail would leave without them. */
function missingFiles({ attachments }: Composer): { count: number; isFailed: boolean } | null {
  const { uploads } = attachments
  const failed = uploads.filter(({ state }) => state === 'failed').length
  if (uploads.length === 0) return null
  return { count: failed === 0 ? uploads.length : failed, isFailed: failed > 0 }
}

function withoutRows(chosen: ChosenPeople, skipped: ReadonlySet<number>): ChosenPeople {
  const { columns, rows } = chosen.table
  return skipped.size === 0
    ? chosen
    : { ...chosen, table: { columns, rows: rows.filter((_, row) => !skipped.has(row)) } }
}

/** A mail of its own for every row without a fault. The problem, or null once it has begun. */
async function begin(
  composer: Composer,
  draftId: string,
  { table, columns, from }: ChosenPeople,
): Promise<Problem | null> {
  const saved = await composer.saved()
  const begun = saved.ok
    ? await composer.endBy(() =>
        call('merge.start', draftId, saved.value.revision, table, columns, from, true),
      )
    : saved
  return begun.ok ? null : begun.problem
}

/** The html as Send makes it, once the program has made it; the editor's until then. */
function useTemplate(composer: Composer, content: MergeTemplate) {
  const [made, setMade] = useState<{ html: string | null; images: Record<string, string> } | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the letter is that of the moment the step was opened
  useEffect(() => {
    void composer
      .preview()
      .then(({ ok, ...answer }) =>
        ok && 'value' in answer
          ? setMade({ html: answer.value.html, images: answer.value.inlineImages })
          : undefined,
      )
  }, [])
  const { subject, text, html } = content
  const shown = made?.html ?? html ?? null
  const template = useMemo(() => ({ subject, text, html: shown }), [subject, text, shown])
  return { template, images: made?.images ?? NO_IMAGES }
}

function Columns({ merge, chosen }: Pick<Props, 'merge' | 'chosen'>) {
  const words = useWords()
  const { table, columns } = chosen
  const choices = table.columns.map((label, at) => ({ value: String(at), label }))
  return (
    <div className={css.columns}>
      <Select
        size="xs"
        label={words('merge.columnAddress')}
        data={choices}
        allowDeselect={false}
        comboboxProps={{ zIndex: 420 }}
        value={String(columns.address)}
        onChange={value => value !== null && merge.setColumns({ ...columns, address: Number(value) })}
      />
      <Select
        size="xs"
        label={words('merge.columnName')}
        data={[{ value: '', label: words('merge.noColumn') }, ...choices]}
        allowDeselect={false}
        comboboxProps={{ zIndex: 420 }}
        value={columns.name === null ? '' : String(columns.name)}
        onChange={value => merge.setColumns({ ...columns, name: value ? Number(value) : null })}
      />
    </div>
  )
}
