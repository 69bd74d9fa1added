/** One row as the mail it becomes, with what is wrong with it, and the way to the rows beside it. */

import { IconAlertTriangle, IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useMemo } from 'react'
import { formatAddress } from '../../shared/address.ts'
import { type MergeTemplate, mergeRow } from '../../shared/merge.ts'
import { useWords } from '../i18n/words.ts'
import { HtmlLetter } from '../mailbox/HtmlLetter.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import css from './MergeDialog.module.css'
import type { ChosenPeople } from './use-merge.ts'

/** Only our own html is shown here. */
const ignore = () => {}

type Props = {
  template: MergeTemplate
  images: Readonly<Record<string, string>>
  chosen: ChosenPeople
  rows: readonly number[]
  row: number
  faults: readonly string[]
  onChoose(row: number): void
}

export function RowPreview({ template, images, chosen, rows, row, faults, onChoose }: Props) {
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
