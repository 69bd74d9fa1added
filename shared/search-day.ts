/** A day as people type it after `before:` and `after:`, in the local time of the machine. Pure; null is no day. */

const DAY_MS = 86_400_000
const EARLIEST_YEAR = 1970
const LATEST_YEAR = 2199

/**
 * The first moment of the day: `2026-11-24`, `2026/11`, `2026`, `2026年11月24日`, `11/24` (the last one that was),
 * `today`, `昨日`, and so many days, weeks, months or years before now: `7d`, `2w`, `3か月`, `1年`.
 */
export function dayOf(text: string, now: number): number | null {
  const value = text.normalize('NFKC').trim().toLowerCase()
  const today = new Date(now)
  const at = (daysAgo: number) => startOf(today.getFullYear(), today.getMonth(), today.getDate() - daysAgo)
  if (value === 'today' || value === '今日') return at(0)
  if (value === 'yesterday' || value === '昨日') return at(1)
  return agoOf(value, today) ?? dateOf(value) ?? monthAndDayOf(value, today)
}

function startOf(year: number, month: number, day: number): number {
  return new Date(year, month, day).getTime()
}

function agoOf(value: string, today: Date): number | null {
  const match = /^(\d{1,4})(d|w|m|y|日|週|週間|か月|ヶ月|ケ月|カ月|年)$/.exec(value)
  if (match === null) return null
  const count = Number(match[1])
  const [year, month, day] = [today.getFullYear(), today.getMonth(), today.getDate()]
  switch (match[2]) {
    case 'd':
    case '日':
      return startOf(year, month, day - count)
    case 'w':
    case '週':
    case '週間':
      return startOf(year, month, day - count * 7)
    case 'y':
      return startOf(year - count, month, day)
    case '年':
      // 「2026年」 is the year; 「3年」 is how long ago.
      return count >= EARLIEST_YEAR ? startOf(count, 0, 1) : startOf(year - count, month, day)
    default:
      return startOf(year, month - count, day)
  }
}

function dateOf(value: string): number | null {
  const match = /^(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?)?月?$/.exec(value)
  if (match === null) return null
  return exactDay(Number(match[1]), Number(match[2] ?? 1), Number(match[3] ?? 1))
}

function monthAndDayOf(value: string, today: Date): number | null {
  const match = /^(\d{1,2})[-/.月](\d{1,2})日?$/.exec(value)
  if (match === null) return null
  const [month, day] = [Number(match[1]), Number(match[2])]
  const thisYear = exactDay(today.getFullYear(), month, day)
  if (thisYear === null || thisYear <= today.getTime() + DAY_MS) return thisYear
  return exactDay(today.getFullYear() - 1, month, day)
}

/** Null for the 30th of February. */
function exactDay(year: number, month: number, day: number): number | null {
  if (year < EARLIEST_YEAR || year > LATEST_YEAR) return null
  const date = new Date(year, month - 1, day)
  return date.getMonth() === month - 1 && date.getDate() === day ? date.getTime() : null
}
