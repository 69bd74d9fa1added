import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createPeopleIndex, type Entry } from '../../../main/people/people-index.ts'
import { person } from './house.ts'

function indexOf(...people: (string | [string, Partial<Entry>])[]) {
  const index = createPeopleIndex()
  for (const [position, one] of people.entries()) {
    const [text, more] = typeof one === 'string' ? [one, {}] : one
    index.put({
      address: person(text),
      reading: '',
      lastMailedAt: null,
      lastReceivedAt: null,
      demotedFor: null,
      rank: 100 - position,
      ...more,
    })
  }
  const found = (query: string) => index.suggest(query, 8).map(one => one.address.address)
  return { index, found }
}

describe('somebody is found by', () => {
  const { found } = indexOf(
    'Yuki Tanaka <y.tanaka+work@mail.toyota.example.jp>',
    'Olaf Ölström <olaf@öst.example>',
  )

  test.each([
    ['the beginning of any word of the name', 'tan'],
    ['several beginnings in any order', 'tanaka yu'],
    ['the beginning of the address', 'y.ta'],
    ['a part of the local name', 'work'],
    ['the beginning of the domain', 'mail.to'],
    ['a later part of the domain', 'toyota'],
    ['an at sign and the domain', '@toyota'],
    ['full-width letters', 'Ｔａｎａ'],
  ])('%s', (_what, query) => {
    expect(found(query)).toEqual(['y.tanaka+work@mail.toyota.example.jp'])
  })

  test('letters without their marks', () => {
    expect(found('olstrom')).toEqual(['olaf@öst.example'])
  })

  test('not by the middle of a word, and not by the short end of a domain', () => {
    expect(found('anaka')).toEqual([])
    expect(found('jp')).toEqual([])
  })
})

describe('Japanese names', () => {
  const { found } = indexOf(
    ['田中 優希 <yuki@example.jp>', { reading: 'たなか ゆうき' }],
    'タナカ ケン <ken@example.jp>',
    '株式会社ヤマト 配送部 <haiso@example.jp>',
  )

  test('are found by family name, given name, and both without the space', () => {
    expect(found('田中')).toEqual(['yuki@example.jp'])
    expect(found('優希')).toEqual(['yuki@example.jp'])
    expect(found('田中優希')).toEqual(['yuki@example.jp'])
  })

  test('are found by their reading, in either kana and in half width', () => {
    expect(found('たなか')).toEqual(['yuki@example.jp', 'ken@example.jp'])
    expect(found('タナカ')).toEqual(['yuki@example.jp', 'ken@example.jp'])
    expect(found('ﾀﾅｶ')).toEqual(['yuki@example.jp', 'ken@example.jp'])
  })

  test('are found by a word in the middle, as nothing separates words', () => {
    expect(found('ヤマト')).toEqual(['haiso@example.jp'])
  })
})

test('somebody of that name comes before somebody at a domain of that name, unless much nearer', () => {
  const near = indexOf(['Anna <anna@mori.example>', { rank: 52 }], ['Mori <m@example.org>', { rank: 50 }])
  expect(near.found('mori')).toEqual(['m@example.org', 'anna@mori.example'])
  const nearer = indexOf(['Anna <anna@mori.example>', { rank: 54 }], ['Mori <m@example.org>', { rank: 50 }])
  expect(nearer.found('mori')).toEqual(['anna@mori.example', 'm@example.org'])
})

test('two people of one name are told to be two, and one of them alone is not', () => {
  const { index } = indexOf('田中 <a@x.example>', '田中 <b@y.example>', 'Anna <anna@x.example>')
  expect(index.suggest('田中', 8).map(one => one.hasNamesake)).toEqual([true, true])
  index.remove('b@y.example')
  expect(index.suggest('田中', 8).map(one => one.hasNamesake)).toEqual([false])
})

test('somebody put again is there once, in the new place', () => {
  const { index, found } = indexOf('Anna <anna@x.example>', 'Annika <annika@x.example>')
  const entry = { reading: '', lastMailedAt: null, lastReceivedAt: null, demotedFor: null }
  index.put({ ...entry, address: person('Annika <annika@x.example>'), rank: 200 })
  expect(found('ann')).toEqual(['annika@x.example', 'anna@x.example'])
  expect(index.size()).toBe(2)
})

test('everybody is listed nearest first, page by page', () => {
  const { index } = indexOf('A <a@x.example>', 'B <b@x.example>', 'C <c@y.example>')
  expect(index.page('', 1, 1)).toMatchObject({ total: 3, people: [{ address: { name: 'B' } }] })
  expect(index.page('x.ex', 0, 10).total).toBe(2)
})

test('whoever has a word that begins so is found, in any script', () => {
  const word = fc.string({ unit: fc.constantFrom(...'abzé9田中優さサｱ'), minLength: 1, maxLength: 5 })
  const name = fc.array(word, { minLength: 1, maxLength: 3 })
  fc.assert(
    fc.property(
      fc.array(name, { minLength: 1, maxLength: 8 }),
      fc.nat(),
      fc.integer({ min: 1, max: 3 }),
      (names, pick, length) => {
        const { found } = indexOf(...names.map((words, at) => `${words.join(' ')} <q${at}@x.example>`))
        const at = pick % names.length
        const query = [...(names[at]?.[0] ?? '')].slice(0, length).join('')
        expect(found(query)).toContain(`q${at}@x.example`)
      },
    ),
  )
})
