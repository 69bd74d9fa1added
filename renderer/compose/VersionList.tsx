/** The saved states of a draft, newest first: when, the words that were new, how much, and how many files. */

import { IconPaperclip } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useId, useRef } from 'react'
import { useWords } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'
import css from './HistoryDialog.module.css'
import type { VersionStep } from './version-steps.ts'

const ROW_HEIGHT = 58

type Props = {
  steps: readonly VersionStep[]
  chosen: number
  /** Every state is listed: a second tells them apart. */
  isEvery: boolean
  onChoose(index: number): void
}

export function VersionList({ steps, chosen, isEvery, onChoose }: Props) {
  const words = useWords()
  const format = useFormat()
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: steps.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 6,
  })
  const now = Date.now()
  // The list comes after its dialog: the dialog has found nothing better than its cross by then.
  useEffect(() => scroller.current?.focus({ preventScroll: true }), [])

  function timeOf(at: number): string {
    const clock = format.clock(at, isEvery)
    const day = format.listTime(at, now)
    return day === format.clock(at) ? clock : `${day} ${clock}`
  }

  function press(event: KeyboardEvent): void {
    const all = steps.length
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -all, End: all }[event.key]
    if (by === undefined) return
    event.preventDefault()
    const at = Math.max(0, Math.min(steps.length - 1, chosen + by))
    onChoose(at)
    virtual.scrollToIndex(at, { align: 'auto' })
  }

  return (
    <div
      ref={scroller}
      className={css.list}
      role="listbox"
      tabIndex={0}
      aria-label={words('drafts.versions')}
      aria-activedescendant={`${id}-${chosen}`}
      onKeyDown={press}
    >
      <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const step = steps[index]
          if (step === undefined) return null
          const { version, growth } = step
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox around it has the keys
            // biome-ignore lint/a11y/useFocusableInteractive: options are reached by aria-activedescendant
            <div
              key={version.id}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === chosen}
              aria-setsize={steps.length}
              aria-posinset={index + 1}
              className={css.row}
              style={{ height: ROW_HEIGHT, transform: `translateY(${start}px)` }}
              onClick={() => onChoose(index)}
            >
              <span className={css.when}>
                {timeOf(version.savedAt)}
                {index === 0 && <span className={css.now}>{words('drafts.now')}</span>}
              </span>
              <span className={css.numbers}>
                {growth !== null && growth !== 0 && (
                  <span>
                    {words(growth > 0 ? 'drafts.grown' : 'drafts.shrunk', { count: Math.abs(growth) })}
                  </span>
                )}
                {version.attachments > 0 && (
                  <span>
                    <IconPaperclip size={13} stroke={1.8} aria-hidden />
                    <span className="for-ears">{words('drafts.files', { count: version.attachments })}</span>
                    <span aria-hidden>{version.attachments}</span>
                  </span>
                )}
              </span>
              <span className={css.words} data-same={step.words === '' || undefined}>
                {step.words || words('drafts.sameText')}
              </span>
            </div>
          )
        })}
      </div>
    </div>
  )
}
