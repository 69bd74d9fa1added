/** Where the people come from: a CSV file, a group of the address book, or rows copied from a spreadsheet. */

import { Button, SegmentedControl, Textarea } from '@mantine/core'
import { IconAlertTriangle, IconUsersGroup } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import type { MergeTable } from '../../shared/merge.ts'
import type { Problem, Result } from '../../shared/problem.ts'
import { useAsk } from '../ask.ts'
import { useWords } from '../i18n/words.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import css from './MergeDialog.module.css'
import { readPastedPeople, readPeopleFile, tableOfGroup } from './read-people.ts'
import type { Merge } from './use-merge.ts'

const SOURCES = ['file', 'group', 'paste'] as const
const MOST_ROWS = 10_000

type Take = (reading: Promise<Result<MergeTable>>, from: string) => void

export function PeopleStep({ merge }: { merge: Merge }) {
  const words = useWords()
  const [source, setSource] = useState<(typeof SOURCES)[number]>('file')
  const [problem, setProblem] = useState<Problem | null>(null)
  const [isReading, setReading] = useState(false)

  async function read(reading: Promise<Result<MergeTable>>, from: string): Promise<void> {
    setReading(true)
    setProblem(null)
    const answer = await reading
    setReading(false)
    if (!answer.ok) setProblem(answer.problem)
    else if (!merge.take(answer.value, from)) {
      setProblem({ kind: 'invalid', field: 'table', reason: 'no-addresses' })
    }
  }
  const take: Take = (reading, from) => void read(reading, from)

  return (
    <div className={css.people}>
      <p className={css.intro}>{words('merge.intro')}</p>
      <SegmentedControl
        fullWidth
        aria-label={words('merge.sourceLabel')}
        value={source}
        onChange={value => {
          setSource(SOURCES.find(one => one === value) ?? 'file')
          setProblem(null)
        }}
        data={SOURCES.map(value => ({ value, label: words(`merge.source.${value}`) }))}
      />
      {source === 'file' && <FromFile isReading={isReading} take={take} />}
      {source === 'group' && <FromGroup take={take} />}
      {source === 'paste' && <FromPaste isReading={isReading} take={take} />}
      <p className="for-ears" role="status">
        {isReading && words('merge.reading')}
      </p>
      {problem !== null && <TableProblem problem={problem} />}
    </div>
  )
}

function FromFile({ isReading, take }: { isReading: boolean; take: Take }) {
  const words = useWords()
  const picker = useRef<HTMLInputElement>(null)
  return (
    <div className={css.source}>
      <p>{words('merge.fileText')}</p>
      <Button loading={isReading} onClick={() => picker.current?.click()}>
        {words('merge.chooseFile')}
      </Button>
      <input
        ref={picker}
        type="file"
        accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"
        hidden
        onChange={event => {
          const file = event.target.files?.[0]
          event.target.value = ''
          if (file !== undefined) take(readPeopleFile(file), file.name)
        }}
      />
    </div>
  )
}

function FromGroup({ take }: { take: Take }) {
  const words = useWords()
  const groups = useAsk('people.groups', [])
  if (groups.isError) return <ProblemNote problem={groups.error.problem} />
  if (groups.data?.length === 0) return <p className={css.source}>{words('merge.noGroups')}</p>
  return (
    <ul className={css.groups}>
      {(groups.data ?? []).map(group => (
        <li key={group.id}>
          <button
            type="button"
            onClick={() => {
              const columns = { mail: words('merge.mailColumn'), name: words('merge.nameColumn') }
              take(Promise.resolve({ ok: true, value: tableOfGroup(group, columns) }), group.name)
            }}
          >
            <IconUsersGroup size={16} stroke={1.8} aria-hidden />
            <b>{group.name}</b>
            <span>{words('merge.groupPeople', { count: group.members.length })}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}

function FromPaste({ isReading, take }: { isReading: boolean; take: Take }) {
  const words = useWords()
  const [text, setText] = useState('')
  return (
    <div className={css.source}>
      <Textarea
        label={words('merge.pasteLabel')}
        classNames={{ input: css.pasted ?? '' }}
        rows={9}
        spellCheck={false}
        value={text}
        onChange={event => setText(event.currentTarget.value)}
      />
      <Button
        loading={isReading}
        disabled={text.trim() === ''}
        onClick={() => take(readPastedPeople(text), words('merge.pastedName'))}
      >
        {words('merge.takePasted')}
      </Button>
    </div>
  )
}

/** What is no table, or too long a one, is said in the words of this dialog. */
function TableProblem({ problem }: { problem: Problem }) {
  const words = useWords()
  if (problem.kind !== 'invalid') return <ProblemNote problem={problem} />
  const isLong = problem.reason === 'too-many-rows' || problem.reason === 'too-big'
  return (
    <div className={css.wrong} role="alert">
      <IconAlertTriangle size={18} stroke={1.8} aria-hidden />
      <div>
        <b>{isLong ? words('merge.tooMany', { limit: MOST_ROWS }) : words('merge.noTable')}</b>
        <p>{words(isLong ? 'merge.tooManyText' : 'merge.noTableText')}</p>
      </div>
    </div>
  )
}
