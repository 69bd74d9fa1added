import { describe, expect, it } from 'vitest'
import { createWords, wordsOf } from '../../../renderer/i18n/words.ts'
import { groupOf, groupsOf } from '../../../renderer/outbox/groups.ts'
import { happeningOf, isCountingDown, refusedAddresses } from '../../../renderer/outbox/happening.ts'
import { countdown, happeningWords } from '../../../renderer/outbox/happening-words.ts'
import { actsOf } from '../../../renderer/outbox/item-acts.ts'
import { outcomeFacts } from '../../../renderer/outbox/outcome-facts.ts'
import {
  type Format,
  formatClock,
  formatDateTime,
  formatDue,
  formatDuration,
  formatList,
  formatListTime,
  formatNumber,
  formatSentences,
  formatSize,
} from '../../../renderer/ui/format.ts'
import type { Language, OutboxItem } from '../../../shared/model.ts'
import type { Problem } from '../../../shared/problem.ts'
import {
  anAccount,
  anOutboxItem,
  aServer,
  DAY,
  HOUR,
  MINUTE,
  NOW,
  type Step,
} from '../../support/builders.ts'
import {
  bounced,
  connected,
  damaged,
  deferred,
  delayed,
  delivered,
  envelope,
  held,
  overdue,
  pausedForAccount,
  recipientsRefused,
  refused,
  relayedToTwoOfThree,
  sendingBody,
  sent,
  sentToOthers,
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
    sentences: sentences => formatSentences(sentences, language),
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
    expect(line).toContain(`Tries again at ${formatClock(dueAt, 'en')}, try 2 of at most 36: `)
    expect(say(item(deferred([WHO], BUSY, NOW - 1)))).toContain('Tries again now')
  })

  it('says until when an account rests, and that it goes on by itself', () => {
    const slow: Problem = { kind: 'throttled', host: 'mail.example.org', text: 'slow down' }
    expect(say(item(pausedForAccount([WHO], slow, NOW + 15 * MINUTE)))).toMatch(
      new RegExp(`^Paused until ${formatClock(NOW + 15 * MINUTE, 'en')}: `),
    )
    expect(say(item(pausedForAccount([WHO])))).toBe('Paused: User name or password are not right')
  })

  it('asks about a mail whose time passed, and says which time that was', () => {
    const late = item(overdue([WHO], NOW - 3 * HOUR))
    expect(say(late)).toBe(`Was to leave ${formatClock(NOW - 3 * HOUR, 'en')}, waits for your answer`)
    expect(groupOf(late)).toBe('needs-you')
  })

  it('says how many have it where some were left out', () => {
    expect(say(item(sentToOthers([WHO, 'weber@bau.example'], 'acounts@example.net')))).toMatch(
      /^Handed over .* for 2 of 3$/,
    )
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

describe('what is offered for a mail', () => {
  const offered = (one: OutboxItem) => actsOf(one).map(({ name }) => name)

  it('try now, edit, pause and stop while it waits; going on where it was paused', () => {
    expect(offered(NOT_YET.deferred as OutboxItem)).toEqual(['tryNow', 'edit', 'pause', 'cancel', 'saveAs'])
    const paused = item([written([WHO]), [1, { type: 'paused', why: 'person', problem: null }]])
    expect(offered(paused)).toEqual(['resume', 'edit', 'cancel', 'saveAs'])
  })

  it('stopping only until the last bytes may be out', () => {
    expect(offered(NOT_YET.uploading as OutboxItem)).toContain('cancel')
    expect(offered(NOT_YET.awaiting as OutboxItem)).toEqual(['saveAs'])
  })

  it('a question gives its own answers, and nothing goes past it', () => {
    for (const name of ['recipients', 'uncertain']) {
      expect(offered(NOT_YET[name] as OutboxItem), name).toEqual(['saveAs'])
    }
    expect(offered(item(overdue([WHO], NOW - HOUR)))).toEqual(['saveAs'])
  })

  it('a damaged mail can always be saved and removed', () => {
    const problem = { kind: 'mail-unreadable', detail: 'recipe' } as const
    const broken = anOutboxItem({ steps: damaged([WHO], problem), isReadable: false })
    expect(offered(broken)).toEqual(['saveAs', 'remove'])
  })
})

describe('what is known of a mail whose outcome is not', () => {
  const words = wordsOf(createWords('en'))
  const known = (search: OutboxItem['search'], account = anAccount()) =>
    outcomeFacts(item(uncertain([WHO]), { search }), account, NOW, words, formatIn('en')).map(
      ({ text }) => text,
    )

  it('when the bytes went out and to whom, how often it was looked for, and what comes next', () => {
    const [sentFact, looked, next] = known({
      looks: 2,
      lastAt: NOW - 2 * MINUTE,
      nextAt: NOW + 3 * MINUTE,
      problem: null,
    })
    expect(sentFact).toContain('268 KB went to mail.example.co.jp')
    expect(looked).toContain(`2 times in Sent, last at ${formatClock(NOW - 2 * MINUTE, 'en')}`)
    expect(looked).toContain('proves nothing')
    expect(next).toContain(`Looks again at ${formatClock(NOW + 3 * MINUTE, 'en')}`)
  })

  it('that it could not be looked for, and why', () => {
    expect(known({ looks: 1, lastAt: NOW, nextAt: null, problem: { kind: 'offline' } })[1]).toMatch(
      /^Could not be looked for/,
    )
  })

  it('that there is no place to look in where mail is only fetched', () => {
    const incoming = { kind: 'pop3' as const, ...aServer(), leaveOnServer: true, deleteAfterDays: null }
    const facts = known(null, anAccount({ incoming }))
    expect(facts[1]).toContain('no Sent folder')
    expect(facts[2]).toMatch(/^Waits for you/)
  })

  it('that it is looked for at every sync once its own looks are over', () => {
    expect(known({ looks: 4, lastAt: NOW, nextAt: null, problem: null })[2]).toMatch(
      /^Looks again whenever mail is fetched/,
    )
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

  it('lets a mail wait whose account rests until a time, and asks where it waits for somebody', () => {
    const problem: Problem = { kind: 'disk-full' }
    const under = (until: number | null) =>
      item([written([WHO]), [1, { type: 'paused', why: 'account', problem, until }]])
    expect(groupOf(under(NOW + 15 * MINUTE))).toBe('waiting')
    expect(groupOf(under(null))).toBe('needs-you')
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
