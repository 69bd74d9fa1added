import { describe, expect, it } from 'vitest'
import { createWords, wordsOf } from '../../../renderer/i18n/words.ts'
import { groupOf, groupsOf } from '../../../renderer/outbox/groups.ts'
import { happeningOf, isCountingDown, refusedAddresses } from '../../../renderer/outbox/happening.ts'
import { countdown, happeningWords } from '../../../renderer/outbox/happening-words.ts'
import {
  type Format,
  formatClock,
  formatDateTime,
  formatDue,
  formatDuration,
  formatList,
  formatListTime,
  formatNumber,
  formatSize,
} from '../../../renderer/ui/format.ts'
import type { Language, OutboxItem } from '../../../shared/model.ts'
import type { Problem } from '../../../shared/problem.ts'
import { anOutboxItem, DAY, HOUR, MINUTE, NOW, type Step } from '../../support/builders.ts'
import {
  bounced,
  connected,
  deferred,
  delayed,
  delivered,
  envelope,
  held,
  pausedForAccount,
  recipientsRefused,
  refused,
  relayedToTwoOfThree,
  sendingBody,
  sent,
  terminating,
  uncertain,
  written,
} from '../../support/stories.ts'

const WHO = 'haruka@aoki.example'
const BUSY: Problem = { kind: 'server-busy', reply: { code: 450, enhanced: '4.2.0', text: 'busy' } }

function item(steps: readonly Step[], change: Partial<OutboxItem> = {}): OutboxItem {
  return anOutboxItem({ steps, startAt: NOW - MINUTE, ...change })
}

function formatIn(language: Language): Format {
  return {
    clock: (at, withSeconds = false) => formatClock(at, language, withSeconds),
    listTime: (at, now) => formatListTime(at, now, language),
    dateTime: at => formatDateTime(at, language),
    due: (at, now) => formatDue(at, now, language),
    duration: ms => formatDuration(ms, language),
    size: bytes => formatSize(bytes, language),
    number: value => formatNumber(value, language),
    list: items => formatList(items, language),
  }
}

function say(one: OutboxItem, language: Language = 'en', now = NOW): string {
  const words = wordsOf(createWords(language))
  return happeningWords(happeningOf(one, now), now, words, formatIn(language)).text
}

/** Every state a mail can be in before a reply has proved that the server has it. */
const NOT_YET: Record<string, OutboxItem> = {
  held: item(held([WHO], NOW + 7_000)),
  scheduled: item(held([WHO], NOW + HOUR, 'schedule')),
  connecting: item([written([WHO]), ...connected().slice(0, 2)]),
  uploading: item(sendingBody([WHO], 5_200_000), { progress: { sent: 3_100_000, total: 5_200_000 } }),
  awaiting: item([written([WHO]), ...connected(), ...envelope([WHO]), terminating([WHO])]),
  deferred: item(deferred([WHO], BUSY, NOW + 5 * MINUTE)),
  paused: item(pausedForAccount([WHO])),
  refused: item(refused([WHO])),
  uncertain: item(uncertain([WHO])),
  recipients: item(recipientsRefused([WHO, 'weber@bau.example'], 'acounts@example.net')),
  cancelled: item([written([WHO]), [1, { type: 'cancelled', by: 'person' }]]),
}

describe('what happens to a mail, in one line', () => {
  it('counts down while it is held, and rounds up so that it never shows 0', () => {
    expect(say(item(held([WHO], NOW + 6_200)))).toBe('Held, leaves in 7 sec')
    expect(say(item(held([WHO], NOW - 1)))).toBe('Held, leaves now')
    expect(countdown(75_000, { duration: ms => formatDuration(ms, 'en') })).toBe('75 s')
  })

  it('names the time of a mail that is to leave later, without counting', () => {
    const later = item(held([WHO], NOW + 20 * HOUR, 'schedule'))
    expect(happeningOf(later, NOW)).toEqual({ kind: 'scheduled', dueAt: NOW + 20 * HOUR })
    expect(isCountingDown(later)).toBe(false)
    expect(isCountingDown(item(held([WHO], NOW + 7_000)))).toBe(true)
  })

  it('says how many bytes are out', () => {
    expect(say(NOT_YET.uploading as OutboxItem)).toBe('Sending, 3.1 MB of 5.2 MB')
  })

  it('says when it tries again, which try that is, and why', () => {
    const dueAt = NOW + 5 * MINUTE
    const line = say(item(deferred([WHO], BUSY, dueAt)))
    expect(line).toContain(`Tries again at ${formatClock(dueAt, 'en')}, try 2: `)
    expect(say(item(deferred([WHO], BUSY, NOW - 1)))).toContain('Tries again now')
  })

  it('asks with numbers when some recipients were refused', () => {
    const asked = NOT_YET.recipients as OutboxItem
    expect(say(asked)).toBe('Waits for your answer: 1 of 3 recipients refused')
    expect(refusedAddresses(asked).map(({ address }) => address)).toEqual(['acounts@example.net'])
  })

  it('never calls a mail sent, handed over or delivered before a reply has proved it', () => {
    for (const [name, one] of Object.entries(NOT_YET)) {
      expect(say(one), name).not.toMatch(/\bsent\b(?<!not sent)|handed over|delivered/i)
      expect(say(one, 'ja'), name).not.toMatch(/送信しました|送信済み|引き渡し済み|届きました/)
    }
  })

  it('says handed over once the server has it', () => {
    expect(say(item(sent([WHO])))).toMatch(/^Handed over /)
    expect(say(item(sent([WHO])), 'ja')).toContain('送信サーバーに引き渡し済み')
  })

  it('tells the worst news first', () => {
    expect(say(item(bounced(WHO)))).toBe('Did not arrive')
    expect(say(item(delayed(WHO, NOW + DAY)))).toBe('Delayed on its way')
    const mixed = item([
      ...delivered([WHO, 'weber@bau.example']),
      [1, { type: 'failed', recipient: 'weber@bau.example', text: '550', status: '5.1.1' }],
    ])
    expect(say(mixed)).toBe('Did not arrive for 1 of 2')
  })

  it('tells what was delivered and to how many', () => {
    expect(say(item(relayedToTwoOfThree()))).toBe('Delivered to 1 of 3')
    expect(say(item(delivered([WHO], true)))).toMatch(/^Opened /)
  })
})

describe('the groups of the outbox', () => {
  it('puts what needs the writer first, and what trouble paused among it', () => {
    const group = (name: string) => groupOf(NOT_YET[name] as OutboxItem)
    expect(['uncertain', 'recipients', 'refused', 'paused'].map(group)).toEqual(Array(4).fill('needs-you'))
    expect(['connecting', 'uploading', 'awaiting'].map(group)).toEqual(Array(3).fill('sending'))
    expect(['held', 'scheduled', 'deferred'].map(group)).toEqual(Array(3).fill('waiting'))
    expect(group('cancelled')).toBe('done')
  })

  it('lets a mail that the writer paused wait quietly', () => {
    const paused = item([written([WHO]), [1, { type: 'paused', why: 'person', problem: null }]])
    expect(groupOf(paused)).toBe('waiting')
  })

  it('orders what waits by when it leaves, what is done by when it was written', () => {
    const waiting = [3, 1, 2].map(minutes =>
      item(held([WHO], NOW + minutes * MINUTE), { id: `waiting-${minutes}` }),
    )
    const done = [1, 3, 2].map(minutes =>
      item(sent([WHO]), { id: `done-${minutes}`, createdAt: NOW - minutes * MINUTE }),
    )
    const groups = groupsOf([...done, ...waiting])
    expect(groups.map(group => group.items.map(({ id }) => id))).toEqual([
      ['waiting-1', 'waiting-2', 'waiting-3'],
      ['done-1', 'done-2', 'done-3'],
    ])
  })
})
