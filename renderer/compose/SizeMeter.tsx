/** How much of what the server takes a mail is already: quiet while there is room, then in gold, then in vermilion. */

import { IconAlertTriangle } from '@tabler/icons-react'
import { useWords } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'
import css from './SizeMeter.module.css'
import type { Meter } from './ways-out.ts'

type Props = { meter: Meter; hasFiles: boolean; onWaysOut?: () => void }

export function SizeMeter({ meter, hasFiles, onWaysOut }: Props) {
  const words = useWords()
  const format = useFormat()
  const { bytes, limit, level } = meter
  // A bare letter far below the limit has nothing to say.
  if (!hasFiles && level === 'quiet') return null
  const text =
    limit === null
      ? words('compose.size', { size: format.size(bytes) })
      : words('compose.sizeOfLimit', {
          part: withoutUnitOf(format.size(limit), format.size(bytes)),
          limit: format.size(limit),
        })
  return (
    <div className={css.meter} data-level={level}>
      {limit !== null && (
        <span className={css.track} aria-hidden>
          <i style={{ width: `${Math.min(100, (bytes / limit) * 100)}%` }} />
        </span>
      )}
      {level !== 'quiet' && <IconAlertTriangle size={14} stroke={1.9} aria-hidden className={css.sign} />}
      <span role={level === 'quiet' ? undefined : 'status'}>
        {text}
        {level === 'over' && ` · ${words('compose.sizeOver')}`}
      </span>
      {level !== 'quiet' && onWaysOut !== undefined && (
        <button type="button" className={css.ways} onClick={onWaysOut}>
          {words('compose.waysOut')}
        </button>
      )}
    </div>
  )
}

/** `15.5 MB` before "of 25 MB" is `15.5`; another unit stays. */
function withoutUnitOf(whole: string, part: string): string {
  const unit = whole.slice(whole.lastIndexOf(' '))
  return part.endsWith(unit) ? part.slice(0, -unit.length) : part
}
