/** What a writer might regret of a letter to many: what is so in every mail first, then row by row, each with a way out. */

import { Button } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { formatAddress } from '../../shared/address.ts'
import type { DraftQuestion } from '../../shared/draft-questions.ts'
import type { Address } from '../../shared/model.ts'
import sheet from '../compose/QuestionSheet.module.css'
import { questionKey, questionWords } from '../compose/question-words.ts'
import { useWords } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'
import css from './MergeDialog.module.css'
import type { RowQuestions } from './row-questions.ts'

/** More are counted: nobody reads on. */
const ROWS_SHOWN = 50

type Props = {
  questions: RowQuestions
  peopleOf: (row: number) => readonly Address[]
  onEditLetter: () => void
  onShow: (row: number) => void
  onLeaveOut: (rows: readonly number[]) => void
}

export function MergeQuestions({ questions, peopleOf, onEditLetter, onShow, onLeaveOut }: Props) {
  const words = useWords()
  const { ofAll, ofRows } = questions
  const shown = ofRows.slice(0, ROWS_SHOWN)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable
    <section className={css.asked} aria-label={words('merge.asks')} tabIndex={0}>
      {ofAll.length > 0 && (
        <>
          <h3>{words('merge.asksAll')}</h3>
          <ul className={sheet.rows}>
            {ofAll.map(question => (
              <Row key={questionKey(question)} questions={[question]}>
                <Button size="xs" onClick={onEditLetter}>
                  {words('merge.back')}
                </Button>
              </Row>
            ))}
          </ul>
        </>
      )}
      {ofRows.length > 0 && (
        <>
          <h3>
            <span>{words('merge.asksRows', { count: ofRows.length })}</span>
            {ofRows.length > 1 && (
              <Button size="xs" onClick={() => onLeaveOut(ofRows.map(({ row }) => row))}>
                {words('merge.leaveAllAsked', { count: ofRows.length })}
              </Button>
            )}
          </h3>
          <ul className={sheet.rows}>
            {shown.map(({ row, questions: own }) => (
              <Row
                key={row}
                who={words('merge.rowTo', { row: row + 1, to: peopleOf(row).map(formatAddress).join(', ') })}
                questions={own}
              >
                <Button size="xs" onClick={() => onShow(row)}>
                  {words('merge.showRow')}
                </Button>
                <Button size="xs" onClick={() => onLeaveOut([row])}>
                  {words('merge.leaveRowOut')}
                </Button>
              </Row>
            ))}
          </ul>
          {ofRows.length > shown.length && (
            <p className={css.more}>{words('merge.moreRows', { count: ofRows.length - shown.length })}</p>
          )}
        </>
      )}
    </section>
  )
}

type RowProps = { who?: string; questions: readonly DraftQuestion[]; children: React.ReactNode }

function Row({ who, questions, children }: RowProps) {
  const words = useWords()
  const format = useFormat()
  return (
    <li className={sheet.row} data-state="open">
      <IconAlertTriangle size={17} stroke={1.9} aria-hidden className={sheet.sign} />
      <div className={sheet.what}>
        {who !== undefined && <p className={css.rowWho}>{who}</p>}
        {questions.map(question => (
          <p key={questionKey(question)} className={sheet.found}>
            {questionWords(question, words, format)}
          </p>
        ))}
        <div className={sheet.ways}>{children}</div>
      </div>
    </li>
  )
}
