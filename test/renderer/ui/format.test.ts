import { describe, expect, test } from 'vitest'
import {
  formatDue,
  formatDuration,
  formatList,
  formatListTime,
  formatSize,
} from '../../../renderer/ui/format.ts'

/** Local times, so that the test says the same in every time zone. */
const at = (day: number, hour = 12, minute = 0, month = 10, year = 2026) =>
  new Date(year, month, day, hour, minute).getTime()
const now = at(24, 14, 40)

describe('the time of a list row', () => {
  test.each([
    ['today as a clock', at(24, 14, 32), '14:32', '14:32'],
    ['just after midnight today as a clock', at(24, 0, 5), '00:05', '00:05'],
    ['late last night as yesterday', at(23, 23, 59), 'Yesterday', '昨日'],
    ['this week as a weekday', at(20), 'Fri', '金曜日'],
    ['a week ago as a date', at(17), 'Nov 17', '11月17日'],
    ['last year with its year', at(5, 12, 0, 2, 2025), 'Mar 5, 2025', '2025年3月5日'],
    ['a mail from the future as a date', at(26), 'Nov 26', '11月26日'],
  ])('shows %s', (_name, time, english, japanese) => {
    expect(formatListTime(time, now, 'en')).toBe(english)
    expect(formatListTime(time, now, 'ja')).toBe(japanese)
  })
})

describe('sizes', () => {
  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [218_000, '218 KB'],
    [999_600, '1 MB'],
    [15_500_000, '15.5 MB'],
    [250_000_000, '250 MB'],
    [3_200_000_000, '3.2 GB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(formatSize(bytes, 'en')).toBe(text)
  })
})

describe('durations and due times', () => {
  test('a duration has one unit', () => {
    expect(formatDuration(38, 'en')).toBe('38 ms')
    expect(formatDuration(90_000, 'en')).toBe('2 min')
    expect(formatDuration(5 * 86_400_000, 'en')).toBe('5 days')
    expect(formatDuration(90_000, 'ja')).toBe('2 分')
  })

  test('what is due within a minute shows its seconds, tomorrow says so', () => {
    expect(formatDue(now + 20_000, now, 'en')).toBe('14:40:20')
    expect(formatDue(now + 600_000, now, 'en')).toBe('14:50')
    expect(formatDue(at(25, 9), now, 'en')).toBe('Tomorrow, 09:00')
    expect(formatDue(at(25, 9), now, 'ja')).toBe('明日、09:00')
  })

  test('names are joined as the language does', () => {
    expect(formatList(['Aoki', 'Weber'], 'en')).toBe('Aoki, Weber')
    expect(formatList(['青木', '佐藤'], 'ja')).toBe('青木、佐藤')
  })
})
