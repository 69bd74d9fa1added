/** The quick choices of "Send later" and what a date field gives. Pure, in the machine's own time zone. */

export type SendTimeName =
  | 'in-one-hour'
  | 'this-morning'
  | 'this-evening'
  | 'tomorrow-morning'
  | 'monday-morning'
export type SendTime = { name: SendTimeName; at: number }

const EVENING_HOUR = 18
const MORNING_HOUR = 8
/** Before this hour the night belongs to the day before, and the next morning is today's. */
const NIGHT_ENDS_HOUR = 5
/** An evening that begins sooner than this is no choice beside "in one hour". */
const SOONEST_EVENING_MS = 90 * 60_000
const FRIDAY = 5
const SATURDAY = 6

/** At this hour of the day that lies `days` ahead; right across a change of the clocks. */
function atHour(now: Date, days: number, hour: number): number {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour).getTime()
}

/** Rounded up to the next five minutes, as nobody means 14:37:21. */
function inOneHour(now: Date): number {
  const step = 5 * 60_000
  return Math.ceil((now.getTime() + 60 * 60_000) / step) * step
}

/** At most four, soonest first. */
export function sendTimes(now: Date): SendTime[] {
  const times: SendTime[] = [{ name: 'in-one-hour', at: inOneHour(now) }]
  const evening = atHour(now, 0, EVENING_HOUR)
  const isNight = now.getHours() < NIGHT_ENDS_HOUR
  if (isNight) times.push({ name: 'this-morning', at: atHour(now, 0, MORNING_HOUR) })
  else if (evening - now.getTime() >= SOONEST_EVENING_MS) times.push({ name: 'this-evening', at: evening })
  times.push({ name: 'tomorrow-morning', at: atHour(now, 1, MORNING_HOUR) })
  const day = now.getDay()
  if (day === FRIDAY || day === SATURDAY) {
    times.push({ name: 'monday-morning', at: atHour(now, day === FRIDAY ? 3 : 2, MORNING_HOUR) })
  }
  return times
}

/**
 * What `<input type="datetime-local">` gives, as epoch ms; null where it is empty or no time. An hour that the clocks
 * jump over is the one after it; of an hour that comes twice, the first is meant.
 */
export function parseLocalTime(value: string): number | null {
  const parts = /^(\d{4,6})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(value)
  if (parts === null) return null
  const [year, month, day, hour, minute] = parts.slice(1).map(Number)
  const at = new Date(year ?? 0, (month ?? 1) - 1, day, hour, minute).getTime()
  return Number.isNaN(at) ? null : at
}

/** Whether the clocks jump over this hour, so that another time is meant than was typed. */
export function isSkippedTime(value: string): boolean {
  const at = parseLocalTime(value)
  return at !== null && !value.startsWith(localTimeValue(at))
}

/** The value for `<input type="datetime-local">`, to the minute. */
export function localTimeValue(at: number): string {
  const date = new Date(at)
  const two = (part: number) => String(part).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`
}
