/** Times, sizes, numbers and lists in the language of the page, through `Intl`. Pure: `now` is an argument. */

import { useMemo } from 'react'
import type { Language } from '../../shared/model.ts'
import { useLanguage } from '../i18n/words.ts'

const DAY_MS = 86_400_000
const made = new Map<string, unknown>()

/** Intl objects are costly to make and are asked for on every row. */
function once<T>(key: string, make: () => T): T {
  if (!made.has(key)) made.set(key, make())
  return made.get(key) as T
}

function dateFormat(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return once(`date ${language} ${JSON.stringify(options)}`, () => new Intl.DateTimeFormat(language, options))
}

function startOfDay(at: number): number {
  const day = new Date(at)
  return new Date(day.getFullYear(), day.getMonth(), day.getDate()).getTime()
}

/** Whole calendar days from `at` to `now`; a day of 23 or 25 hours counts as one. */
function daysBetween(at: number, now: number): number {
  return Math.round((startOfDay(now) - startOfDay(at)) / DAY_MS)
}

/** `14:32`, with seconds `14:31:50`. */
export function formatClock(at: number, language: Language, withSeconds = false): string {
  return dateFormat(language, {
    hour: '2-digit',
    minute: '2-digit',
    ...(withSeconds && { second: '2-digit' }),
    hourCycle: 'h23',
  }).format(at)
}

/** The time of a list row: `14:32`, `Yesterday`, `Mon`, `Nov 12`, `Nov 12, 2025`. */
export function formatListTime(at: number, now: number, language: Language): string {
  const days = daysBetween(at, now)
  if (days === 0) return formatClock(at, language)
  if (days === 1) {
    const relative = once(
      `relative ${language}`,
      () => new Intl.RelativeTimeFormat(language, { numeric: 'auto' }),
    )
    const word = relative.format(-1, 'day')
    return word.charAt(0).toUpperCase() + word.slice(1)
  }
  if (days > 1 && days < 7)
    return dateFormat(language, { weekday: language === 'ja' ? 'long' : 'short' }).format(at)
  if (new Date(at).getFullYear() === new Date(now).getFullYear()) {
    return dateFormat(language, { month: 'short', day: 'numeric' }).format(at)
  }
  return dateFormat(language, { year: 'numeric', month: 'short', day: 'numeric' }).format(at)
}

/** The full date of a letter: `Tuesday, November 24, 2026, 14:32`. */
export function formatDateTime(at: number, language: Language): string {
  return dateFormat(language, {
    weekday: 'long',
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at)
}

/** When something will be or was: `14:40` today (with seconds within a minute of now), `Tomorrow, 09:00`, else day and time. */
export function formatDue(at: number, now: number, language: Language): string {
  const days = -daysBetween(at, now)
  if (days === 0) return formatClock(at, language, Math.abs(at - now) < 60_000)
  const day =
    days === 1
      ? once(`relative ${language}`, () => new Intl.RelativeTimeFormat(language, { numeric: 'auto' })).format(
          1,
          'day',
        )
      : dateFormat(language, { weekday: 'short', month: 'short', day: 'numeric' }).format(at)
  return formatList([day.charAt(0).toUpperCase() + day.slice(1), formatClock(at, language)], language)
}

/** `38 ms`, `4 s`, `12 min`, `3 h`, `5 days`: one unit, rounded, as a person says it. */
export function formatDuration(ms: number, language: Language): string {
  const [value, unit] =
    ms < 1000
      ? ([ms, 'millisecond'] as const)
      : ms < 60_000
        ? ([ms / 1000, 'second'] as const)
        : ms < 3_600_000
          ? ([ms / 60_000, 'minute'] as const)
          : ms < 2 * DAY_MS
            ? ([ms / 3_600_000, 'hour'] as const)
            : ([ms / DAY_MS, 'day'] as const)
  return once(
    `unit ${language} ${unit}`,
    () =>
      new Intl.NumberFormat(language, {
        style: 'unit',
        unit,
        unitDisplay: 'short',
        maximumFractionDigits: 0,
      }),
  ).format(Math.round(value))
}

const SIZE_UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const

/** `218 KB`, `15.5 MB`; steps of 1000, as servers and systems count today. */
export function formatSize(bytes: number, language: Language): string {
  let step = 0
  let value = bytes
  while (value >= 999.5 && step < SIZE_UNITS.length - 1) {
    value /= 1000
    step += 1
  }
  const digits = step >= 2 && value < 100 ? 1 : 0
  const number = once(
    `number ${language} ${digits}`,
    () => new Intl.NumberFormat(language, { maximumFractionDigits: digits }),
  ).format(value)
  return `${number} ${SIZE_UNITS[step]}`
}

export function formatNumber(value: number, language: Language): string {
  return once(`number ${language}`, () => new Intl.NumberFormat(language)).format(value)
}

/** `Aoki Haruka, Weber, accounts@example.net`; in Japanese with 、. */
export function formatList(items: readonly string[], language: Language): string {
  return items.join(language === 'ja' ? '、' : ', ')
}

/** Sentences one after the other: with a space between in English, with none in Japanese. Nulls are left out. */
export function formatSentences(sentences: readonly (string | null)[], language: Language): string {
  return sentences.filter(sentence => sentence !== null && sentence !== '').join(language === 'ja' ? '' : ' ')
}

/** All of them, bound to the language of the page. */
export function useFormat() {
  const language = useLanguage()
  return useMemo(
    () => ({
      clock: (at: number, withSeconds = false) => formatClock(at, language, withSeconds),
      listTime: (at: number, now: number) => formatListTime(at, now, language),
      dateTime: (at: number) => formatDateTime(at, language),
      due: (at: number, now: number) => formatDue(at, now, language),
      duration: (ms: number) => formatDuration(ms, language),
      size: (bytes: number) => formatSize(bytes, language),
      number: (value: number) => formatNumber(value, language),
      list: (items: readonly string[]) => formatList(items, language),
      sentences: (sentences: readonly (string | null)[]) => formatSentences(sentences, language),
    }),
    [language],
  )
}

export type Format = ReturnType<typeof useFormat>
