/** Every row as a mail before any goes: its faults, how it will look, what will happen, and Send. */

import { Button, Checkbox, Select } from '@mantine/core'
import { IconAlertTriangle, IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useEffect, useMemo, useState } from 'react'
import { formatAddress } from '../../shared/address.ts'
import type { DraftQuestion } from '../../shared/draft-questions.ts'
import { identityOf } from '../../shared/identity.ts'
import { type MergeTemplate, mergeFaults, mergeRow } from '../../shared/merge.ts'
import type { Account, DraftContent } from '../../shared/model.ts'
import type { Problem } from '../../shared/problem.ts'
import { useAsk } from '../ask.ts'
import { call } from '../bridge.ts'
import { questionKey, questionWords } from '../compose/question-words.ts'
import type { Composer } from '../compose/use-composer.ts'
import { useNavigation } from '../frame/navigation.tsx'
import { useWords } from '../i18n/words.ts'
import { HtmlLetter } from '../mailbox/HtmlLetter.tsx'
import { useFormat } from '../ui/format.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { FaultyRows } from './FaultyRows.tsx'
import { faultWords } from './fault-words.ts'
import css from './MergeDialog.module.css'
import type { ChosenPeople, Merge } from './use-merge.ts'

type Props = {
  merge: Merge
  chosen: ChosenPeople
  draftId: string
  content: DraftContent
  composer: Composer
  accounts: readonly Account[]
}

/** Only our own html is shown here. */
const ignore = () => {}
const NO_IMAGES = {}

export function CheckStep({ merge, chosen, draftId, content, composer, accounts }: Props) {
  const words = useWords()
  const { go } = useNavigation()
  const { table, columns } = chosen
  const { template, images } = useTemplate(composer, content)
  const faults = useMemo(() => mergeFaults(template, table, columns), [template, table, columns])
  const [isFaultyOnly, setFaultyOnly] = useState(false)
  const [leavesOut, setLeavesOut] = useState(false)
  const rows = useMemo(
    () => (isFaultyOnly && faults.size > 0 ? [...faults.keys()] : [...table.rows.keys()]),
    [isFaultyOnly, faults, table],
  )
  const [wanted, setRow] = useState(0)
  const row = rows.includes(wanted) ? wanted : (rows[0] ?? 0)
  const [questions, setQuestions] = useState<readonly DraftQuestion[]>([])
  const [problem, setProblem] = useState<Problem | null>(null)
  const [isBusy, setBusy] = useState(false)
  const going = table.rows.length - faults.size
  const maySend = going > 0 && (faults.size === 0 || leavesOut) && !isBusy

  async function send(): Promise<void> {
    setBusy(true)
    const found = questions.length > 0 ? [] : await questionsOfLetter()
    const failed = found.length > 0 ? null : await begin(composer, draftId, chosen)
    setBusy(false)
    setQuestions(found)
    setProblem(failed)
    if (found.length === 0 && failed === null) go({ view: 'outbox' })
  }

  /** Of the letter as the first row makes it; who it goes to was chosen as a whole and is no question. */
  async function questionsOfLetter(): Promise<DraftQuestion[]> {
    const first = [...table.rows.keys()].find(at => !faults.has(at)) ?? 0
    const found = await composer.questions.ask({
      content: { ...content, ...mergeRow(content, table, columns, first), to: [] },
      files: composer.attachments.attached.length,
      bytes: composer.meter.bytes,
      abilities: composer.server.abilities,
    })
    return found.filter(({ check }) => check !== 'salutation' && check !== 'first-mail')
  }

  return (
    <div className={css.check}>
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
        <Preview
          template={template}
          images={images}
          chosen={chosen}
          rows={rows}
          row={row}
          faults={(faults.get(row) ?? []).map(fault => faultWords(fault, words))}
          onChoose={setRow}
        />
      </div>
      {questions.length > 0 && <Questions questions={questions} />}
      {problem !== null && <ProblemNote problem={problem} />}
      <footer className={css.foot}>
        <p className={css.plan} data-trouble={(faults.size > 0 && !leavesOut) || undefined}>
          {faults.size > 0 && !leavesOut ? (
            words('merge.faultsFirst', { count: faults.size })
          ) : (
            <Plan count={going} content={content} accounts={accounts} />
          )}
        </p>
        <Button onClick={merge.close}>{words('merge.back')}</Button>
        <Button
          variant="filled"
          color="seal"
          disabled={!maySend}
          loading={isBusy}
          onClick={() => void send()}
        >
          {going === 0
            ? words('merge.sendNone')
            : questions.length > 0
              ? words('merge.anyway')
              : words('merge.send', { count: going })}
        </Button>
      </footer>
    </div>
  )
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

type PreviewProps = {
  template: MergeTemplate
  images: Readonly<Record<string, string>>
  chosen: ChosenPeople
  rows: readonly number[]
  row: number
  faults: readonly string[]
  onChoose(row: number): void
}

function Preview({ template, images, chosen, rows, row, faults, onChoose }: PreviewProps) {
  const words = useWords()
  const { table, columns } = chosen
  const mail = useMemo(() => mergeRow(template, table, columns, row), [template, table, columns, row])
  const at = rows.indexOf(row)
  const step = (by: number) => onChoose(rows[Math.max(0, Math.min(rows.length - 1, at + by))] ?? row)
  return (
    <section className={css.preview} aria-label={words('merge.preview')}>
      <div className={css.walk}>
        <IconButton icon={IconChevronLeft} name={words('merge.previous')} onClick={() => step(-1)} />
        <span role="status">{words('merge.rowOf', { row: row + 1, count: table.rows.length })}</span>
        <IconButton icon={IconChevronRight} name={words('merge.next')} onClick={() => step(1)} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable */}
      <div className={css.mail} tabIndex={0}>
        {faults.length > 0 && (
          <ul className={css.faults}>
            {faults.map(fault => (
              <li key={fault}>
                <IconAlertTriangle size={14} stroke={2} aria-hidden />
                {fault}
              </li>
            ))}
          </ul>
        )}
        <p className={css.to}>
          {mail.to.length === 0
            ? words('merge.nobody')
            : words('merge.to', { to: mail.to.map(formatAddress).join(', ') })}
        </p>
        <h3 className={css.subject}>{mail.subject || words('merge.noSubject')}</h3>
        {mail.html == null ? (
          <p className={css.text}>{mail.text}</p>
        ) : (
          <HtmlLetter html={mail.html} images={images} onLeftOut={ignore} />
        )}
      </div>
    </section>
  )
}

function Questions({ questions }: { questions: readonly DraftQuestion[] }) {
  const words = useWords()
  const format = useFormat()
  return (
    <section className={css.questions} role="alert">
      <b>{words('merge.asks')}</b>
      <ul>
        {questions.map(question => (
          <li key={questionKey(question)}>{questionWords(question, words, format)}</li>
        ))}
      </ul>
    </section>
  )
}

type PlanProps = { count: number; content: DraftContent; accounts: readonly Account[] }

/** What will happen, before it does. */
function Plan({ count, content, accounts }: PlanProps) {
  const words = useWords()
  const format = useFormat()
  const settings = useAsk('settings.get', [])
  const account = accounts.find(({ id }) => id === content.accountId)
  if (account === undefined) return null
  const perMinute = account.pace?.perMinute ?? null
  const seconds = settings.data?.undoSeconds ?? 0
  const copies = [...content.cc, ...content.bcc].map(({ address }) => address)
  return format.sentences([
    words('merge.plan', {
      mails: words('merge.mails', { count }),
      pace:
        perMinute === null
          ? words('merge.paceFree')
          : words('merge.pace', { count: perMinute, minutes: Math.ceil(count / perMinute) }),
      from: identityOf(account, content.identityId).address,
    }),
    seconds === 0 ? words('merge.noUndo') : words('merge.undo', { seconds }),
    copies.length === 0 ? null : words('merge.copies', { people: format.list(copies) }),
  ])
}
