import { afterEach, describe, expect, test } from 'vitest'
import { createHouse, DAY, type House, NOW } from './house.ts'

const houses: House[] = []
function house(...args: Parameters<typeof createHouse>): House {
  const made = createHouse(...args)
  houses.push(made)
  return made
}
afterEach(() => {
  for (const made of houses.splice(0)) made.close()
})

const knownFor = (here: House, address: string) => here.people.knows([address])[0]

describe('who is known', () => {
  test('mails in Sent tell when somebody was first and last written to, mails in the inbox when they wrote', async () => {
    const here = house()
    here.put('sent', { to: ['Yuki <yuki@example.org>'], daysAgo: 30 })
    here.put('sent', { to: ['other@example.org'], cc: ['YUKI@example.org'], daysAgo: 3 })
    here.put('inbox', { from: 'Yuki Tanaka <yuki@example.org>', daysAgo: 2 })
    await here.count()
    expect(here.people.knows(['yuki@example.org', 'nobody@example.org'])).toEqual([
      {
        address: 'yuki@example.org',
        firstMailedAt: NOW - 30 * DAY,
        lastMailedAt: NOW - 3 * DAY,
        lastReceivedAt: NOW - 2 * DAY,
        isKept: false,
      },
      {
        address: 'nobody@example.org',
        firstMailedAt: null,
        lastMailedAt: null,
        lastReceivedAt: null,
        isKept: false,
      },
    ])
  })

  test('domains of several people or several days are written to, one typed by mistake is not', async () => {
    const here = house()
    here.put('sent', { to: ['a@team.example', 'b@team.example'], daysAgo: 9 })
    here.put('sent', { to: ['yuki@old.example'], daysAgo: 30 })
    here.put('sent', { to: ['yuki@old.example'], daysAgo: 3 })
    here.put('sent', { to: ['yuki@exmaple.org'], daysAgo: 1 })
    here.put('inbox', { from: 'news@elsewhere.example', daysAgo: 1 })
    await here.count()
    expect(here.people.domains()).toEqual(['old.example', 'team.example'])
  })

  test('a mail that was handed over is known before its Sent copy comes, and counted once', async () => {
    const here = house()
    here.people.hear({
      messageIdHeader: 'm1@example.jp',
      at: NOW,
      reached: [{ name: 'Haruka', address: 'haruka@example.org' }],
      failed: [],
    })
    await here.settled()
    const rank = () => here.mailDb.get('SELECT rank FROM correspondent')?.rank
    const before = rank()
    expect(knownFor(here, 'haruka@example.org')?.lastMailedAt).toBe(NOW)
    here.put('sent', { to: ['haruka@example.org'], id: 'm1@example.jp' })
    await here.count()
    expect(rank()).toBe(before)
  })

  test('a mail that lies in two folders, or is found again after a rebuild, counts once', async () => {
    const here = house()
    here.put('inbox', { from: 'Yuki <yuki@example.org>', id: 'same@example.org' })
    await here.count()
    const rank = () => here.mailDb.get('SELECT rank FROM correspondent')?.rank
    const before = rank()
    here.put('inbox', { from: 'Yuki <yuki@example.org>', id: 'same@example.org' })
    await here.restartCounting()
    expect(rank()).toBe(before)
  })

  test('what was handed over while nobody counted is counted at the next start', async () => {
    const asked: number[] = []
    const here = house(['me@example.jp'], {
      answersSince: at => {
        asked.push(at)
        if (asked.length > 1) return { answers: [], until: null }
        const reached = [{ name: '', address: 'late@example.org' }]
        return {
          answers: [{ messageIdHeader: 'm2@example.jp', at: NOW, reached, failed: [] }],
          until: NOW,
        }
      },
    })
    await here.people.catchUp()
    expect(knownFor(here, 'late@example.org')?.lastMailedAt).toBe(NOW)
    expect(asked[1]).toBe(NOW)
  })

  test('junk makes nobody known', async () => {
    const here = house()
    here.put('junk', { from: 'Prince <prince@example.org>' })
    await here.count()
    expect(knownFor(here, 'prince@example.org')?.lastReceivedAt).toBeNull()
    expect(here.suggested('prince')).toEqual([])
  })
})

describe('who is suggested', () => {
  test('somebody written to comes before somebody who only wrote', async () => {
    const here = house()
    for (let mail = 0; mail < 3; mail += 1) here.put('inbox', { from: 'Tanaka A <a.tanaka@example.org>' })
    here.put('sent', { to: ['Tanaka B <b.tanaka@example.org>'] })
    await here.count()
    expect(here.suggested('tanaka')).toEqual(['b.tanaka@example.org', 'a.tanaka@example.org'])
  })

  test('one mail of today comes before three of a year ago', async () => {
    const here = house()
    for (let mail = 0; mail < 3; mail += 1) here.put('sent', { to: ['old@example.org'], daysAgo: 365 })
    here.put('sent', { to: ['oliver@example.org'], daysAgo: 0 })
    await here.count()
    expect(here.suggested('ol')).toEqual(['oliver@example.org', 'old@example.org'])
  })

  test('machines and lists come last, however often they write', async () => {
    const here = house()
    for (let mail = 0; mail < 20; mail += 1) {
      here.put('inbox', { from: 'News <news@nihon.example>', isBulk: true })
      here.put('inbox', { from: 'Nihon <no-reply@nihon.example>' })
    }
    here.put('inbox', { from: 'Nihei <nihei@example.org>', daysAgo: 400 })
    await here.count()
    expect(here.suggested('nih')[0]).toBe('nihei@example.org')
    expect(here.people.suggest('news', 5)).toMatchObject([{ demotedFor: 'automatic' }])
  })

  test('an address that was refused for good comes last until mail reaches it again', async () => {
    const here = house()
    here.put('sent', { to: ['yuki@old.example'], daysAgo: 1 })
    here.put('sent', { to: ['yuki@new.example'], daysAgo: 100 })
    await here.count()
    expect(here.suggested('yuki')).toEqual(['yuki@old.example', 'yuki@new.example'])
    here.people.hear({ messageIdHeader: 'm', at: NOW, reached: [], failed: ['Yuki@old.example'] })
    await here.settled()
    expect(here.suggested('yuki')).toEqual(['yuki@new.example', 'yuki@old.example'])
    const reached = [{ name: '', address: 'yuki@old.example' }]
    here.people.hear({ messageIdHeader: 'n', at: NOW + DAY, reached, failed: [] })
    await here.settled()
    expect(here.suggested('yuki')).toEqual(['yuki@old.example', 'yuki@new.example'])
  })

  test('one of ours is not suggested for the mails that came to it', async () => {
    const here = house(['me@example.jp', 'also.me@example.jp'])
    here.put('inbox', { from: 'Yuki <yuki@example.org>', to: ['me@example.jp'], cc: ['also.me@example.jp'] })
    await here.count()
    expect(here.suggested('me')).toEqual([])
    expect(here.suggested('also')).toEqual([])
  })

  test('a forgotten address is neither suggested nor known, until mail goes there again', async () => {
    const here = house()
    here.put('sent', { to: ['yuki@exmaple.org'], daysAgo: 2 })
    await here.count()
    expect(here.suggested('yuki')).toEqual(['yuki@exmaple.org'])
    here.people.forget('Yuki@exmaple.org')
    expect(here.suggested('yuki')).toEqual([])
    expect(knownFor(here, 'yuki@exmaple.org')?.lastMailedAt).toBeNull()
    here.put('sent', { to: ['yuki@exmaple.org'], daysAgo: -1 })
    await here.count()
    expect(here.suggested('yuki')).toEqual(['yuki@exmaple.org'])
  })

  test('the name somebody gives themselves wins over the one others use, and a newer one over an older', async () => {
    const here = house()
    here.put('sent', { to: ['Yukichan <yuki@example.org>'], daysAgo: 1 })
    here.put('inbox', { from: 'Yuki Tanaka <yuki@example.org>', daysAgo: 90 })
    here.put('inbox', { from: 'Yuki Mori <yuki@example.org>', daysAgo: 5 })
    here.put('inbox', { from: 'Yuki Tanaka <yuki@example.org>', daysAgo: 60 })
    await here.count()
    expect(here.people.suggest('yuki', 5)).toMatchObject([{ address: { name: 'Yuki Mori' } }])
  })

  test('what is no address is never suggested', async () => {
    const here = house()
    here.put('inbox', { from: 'Broken <yuki at example>', to: ['undisclosed-recipients'] })
    await here.count()
    expect(here.suggested('yuki')).toEqual([])
    expect(here.suggested('undisclosed')).toEqual([])
  })
})
