import { afterEach, describe, expect, it } from 'vitest'
import {
  isSkippedTime,
  localTimeValue,
  parseLocalTime,
  sendTimes,
} from '../../../renderer/compose/send-times.ts'

/** Local time: the choices are the machine's own evening and morning. */
const at = (day: number, hour: number, minute = 0) => new Date(2026, 10, day, hour, minute)
const names = (now: Date) => sendTimes(now).map(time => time.name)
const timeOf = (now: Date, name: string) => {
  const found = sendTimes(now).find(time => time.name === name)
  return found === undefined ? null : localTimeValue(found.at)
}

describe('the moments of "send later"', () => {
  it('offers an hour, this evening and tomorrow morning in the afternoon of a Tuesday', () => {
    const now = at(24, 14, 41)
    expect(names(now)).toEqual(['in-one-hour', 'this-evening', 'tomorrow-morning'])
    expect(timeOf(now, 'in-one-hour')).toBe('2026-11-24T15:45')
    expect(timeOf(now, 'this-evening')).toBe('2026-11-24T18:00')
    expect(timeOf(now, 'tomorrow-morning')).toBe('2026-11-25T08:00')
  })

  it('offers no evening when it is there or nearly there', () => {
    expect(names(at(24, 17))).not.toContain('this-evening')
    expect(names(at(24, 21))).not.toContain('this-evening')
  })

  it('offers Monday morning before a week-end, and not on Sunday, when it is tomorrow', () => {
    expect(timeOf(at(27, 10), 'monday-morning')).toBe('2026-11-30T08:00')
    expect(timeOf(at(28, 10), 'monday-morning')).toBe('2026-11-30T08:00')
    expect(names(at(29, 10))).not.toContain('monday-morning')
  })

  it('never offers a moment that has passed, and keeps them in order', () => {
    for (let hour = 0; hour < 24; hour += 1) {
      const now = at(27, hour, 59)
      const times = sendTimes(now).map(time => time.at)
      expect(Math.min(...times)).toBeGreaterThan(now.getTime())
      expect(times.length).toBeLessThanOrEqual(4)
      if (hour < 16) expect(times).toEqual(times.toSorted((left, right) => left - right))
    }
  })

  it('reads what a date field gives, and writes it back the same', () => {
    const value = '2026-12-04T09:30'
    expect(localTimeValue(parseLocalTime(value) ?? 0)).toBe(value)
    expect(parseLocalTime('')).toBeNull()
    expect(parseLocalTime('tomorrow')).toBeNull()
  })

  it('means the coming morning by "this morning" in the small hours, and no other evening', () => {
    expect(names(at(24, 0, 30))).toEqual(['in-one-hour', 'this-morning', 'tomorrow-morning'])
    expect(timeOf(at(24, 4, 59), 'this-morning')).toBe('2026-11-24T08:00')
    expect(names(at(24, 5))).not.toContain('this-morning')
  })
})

describe('where the clocks change', () => {
  const zone = process.env.TZ
  afterEach(() => {
    if (zone === undefined) delete process.env.TZ
    else process.env.TZ = zone
  })

  it('an hour that does not exist is the one after it, and is said', () => {
    process.env.TZ = 'Europe/Berlin'
    expect(parseLocalTime('2027-03-28T02:30')).toBe(Date.UTC(2027, 2, 28, 1, 30))
    expect(isSkippedTime('2027-03-28T02:30')).toBe(true)
    expect(isSkippedTime('2027-03-28T03:30')).toBe(false)
  })

  it('an hour that comes twice is the first of the two', () => {
    process.env.TZ = 'Europe/Berlin'
    expect(parseLocalTime('2026-10-25T02:30')).toBe(Date.UTC(2026, 9, 25, 0, 30))
    expect(isSkippedTime('2026-10-25T02:30')).toBe(false)
  })

  it('tomorrow morning is at eight by the new clock', () => {
    process.env.TZ = 'Europe/Berlin'
    const eve = new Date(2027, 2, 27, 20)
    expect(sendTimes(eve).find(({ name }) => name === 'tomorrow-morning')?.at).toBe(Date.UTC(2027, 2, 28, 6))
  })
})
