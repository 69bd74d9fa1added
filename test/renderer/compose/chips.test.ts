import { describe, expect, it } from 'vitest'
import {
  addressesOf,
  apart,
  between,
  chipFault,
  committed,
  type FieldState,
  fieldOf,
  moved,
  opened,
  pasted,
  removed,
  textOf,
  typed,
} from '../../../renderer/compose/chips.ts'

const empty: FieldState = fieldOf([])
const bare = (state: FieldState) => state.chips.map(chip => chip.address.address)
const haruka = { name: 'Aoki Haruka', address: 'haruka@aoki.example' }
const weber = { name: '', address: 'weber@bau.example' }

/** Types letter by letter, as a person does. */
function typeAll(state: FieldState, text: string): FieldState {
  return [...text].reduce((current, letter) => typed(current, current.text + letter), state)
}

describe('a field of recipients', () => {
  it('makes a chip at a comma, a semicolon and their full-width twins', () => {
    for (const sign of [',', ';', '，', '；', '、']) {
      const state = typeAll(empty, `haruka@aoki.example${sign}`)
      expect(bare(state), sign).toEqual(['haruka@aoki.example'])
      expect(state.text).toBe('')
    }
  })

  it('leaves a comma alone while a name is written before its address', () => {
    const state = typeAll(empty, 'Tanaka, Yuki')
    expect(state.chips).toEqual([])
    expect(state.text).toBe('Tanaka, Yuki')
  })

  it('leaves a comma alone inside quotes', () => {
    const state = committed(typeAll(empty, '"Tanaka, Yuki" <yuki@example.co.jp>'))
    expect(state.chips.map(chip => chip.address)).toEqual([
      { name: 'Tanaka, Yuki', address: 'yuki@example.co.jp' },
    ])
  })

  it('keeps what is no address as a chip with a word for what is wrong, and drops nothing', () => {
    const state = committed({ ...empty, text: 'j.smith' })
    expect(bare(state)).toEqual(['j.smith'])
    expect(state.chips.map(chipFault)).toEqual(['no-at'])
  })

  it('makes chips of a whole pasted list, in lines, with names and with rubbish', () => {
    const state = pasted(empty, 'Aoki Haruka <haruka@aoki.example>\nweber@bau.example; nonsense\n')
    expect(state).not.toBeNull()
    expect(bare(state ?? empty).toSorted()).toEqual(['haruka@aoki.example', 'nonsense', 'weber@bau.example'])
  })

  it('lets a paste without an address go where the cursor is', () => {
    expect(pasted(empty, 'Haruka')).toBeNull()
  })

  it('takes an address that is there already only once', () => {
    const state = committed({ ...fieldOf([haruka]), text: 'HARUKA@aoki.example' })
    expect(bare(state)).toEqual(['haruka@aoki.example'])
  })

  it('opens a chip as text in its own place and puts it back there', () => {
    const three = fieldOf([haruka, weber, { name: '', address: 'priya@gallery.example' }])
    const middle = three.chips[1]?.id ?? 0
    const state = opened(three, middle)
    expect(state.text).toBe('weber@bau.example')
    expect(bare(state)).toEqual(['haruka@aoki.example', 'priya@gallery.example'])
    const changed = committed(typed(state, 'martin@bau.example'))
    expect(bare(changed)).toEqual(['haruka@aoki.example', 'martin@bau.example', 'priya@gallery.example'])
  })

  it('makes a chip of what was typed before another chip is opened', () => {
    const state = { ...fieldOf([haruka]), text: 'weber@bau.example' }
    const after = opened(state, state.chips[0]?.id ?? 0)
    expect(after.text).toBe('Aoki Haruka <haruka@aoki.example>')
    expect(bare(after)).toEqual(['weber@bau.example'])
  })

  it('keeps the input between the same neighbours when a chip before it goes', () => {
    const two = fieldOf([haruka, weber])
    expect(removed(two, two.chips[0]?.id ?? 0).at).toBe(1)
  })

  it('counts what is typed and not yet a chip as an address to save and send', () => {
    expect(addressesOf({ ...fieldOf([haruka]), text: 'weber@bau.example' })).toEqual([haruka, weber])
  })
})

describe('a list that is pasted', () => {
  const named = (clip: string) => pasted(empty, clip)?.chips.map(chip => textOf([chip]))

  it.each([
    [
      'Japanese, in full width',
      '田中 優希＜ｙｕｋｉ＠ｅｘａｍｐｌｅ．ｊｐ＞；森遥 <mori@x.example>、a@x.example，b@x.example',
      ['田中 優希 <yuki@example.jp>', '森遥 <mori@x.example>', 'a@x.example', 'b@x.example'],
    ],
    [
      'rows of a table',
      '田中 優希\tyuki@x.example\n森 遥\tmori@x.example\n',
      ['田中 優希 <yuki@x.example>', '森 遥 <mori@x.example>'],
    ],
    [
      'names behind addresses',
      'yuki@x.example (田中)\nmori@x.example（森 遥）',
      ['田中 <yuki@x.example>', '森 遥 <mori@x.example>'],
    ],
    [
      'a family name first, in quotes',
      '"Tanaka, Yuki" <yuki@x.example>, mori@x.example',
      ['"Tanaka, Yuki" <yuki@x.example>', 'mori@x.example'],
    ],
    [
      'mailto links',
      'mailto:yuki@x.example,mori@x.example?cc=aoki@x.example\nWeber <mailto:weber@x.example>',
      ['yuki@x.example', 'mori@x.example', 'aoki@x.example', 'Weber <weber@x.example>'],
    ],
    ['only full-width signs', 'ｙｕｋｉ＠ｅｘａｍｐｌｅ．ｊｐ', ['yuki@example.jp']],
  ])('may be %s', (_what, clip, expected) => {
    expect(named(clip)).toEqual(expected)
  })

  it('is cut and pasted as the same people', () => {
    const chips = fieldOf([haruka, weber, { name: '田中、優希', address: 'yuki@x.example' }]).chips
    expect(pasted(empty, textOf(chips))?.chips.map(chip => chip.address)).toEqual(
      chips.map(chip => chip.address),
    )
  })
})

describe('who is in a field already', () => {
  it('is told, and taken once', () => {
    const state = pasted(fieldOf([haruka]), 'HARUKA@aoki.example, weber@bau.example, weber@bau.example')
    expect(bare(state ?? empty).toSorted()).toEqual(['haruka@aoki.example', 'weber@bau.example'])
    expect(state?.repeated).toEqual(['HARUKA@aoki.example', 'weber@bau.example'])
  })

  it('is not said any more once something else is typed', () => {
    const state = committed({ ...fieldOf([haruka]), text: 'haruka@aoki.example' })
    expect(typed(state, 'w').repeated).toEqual([])
  })

  it('is not taken into a second field, and stays in the first', () => {
    const cc = committed({ ...empty, text: 'haruka@aoki.example, new@x.example' })
    const kept = apart(cc, empty, [fieldOf([haruka]), empty])
    expect(bare(kept)).toEqual(['new@x.example'])
    expect(kept.at).toBe(1)
    expect(kept.repeated).toEqual(['haruka@aoki.example'])
  })

  it('was there before and is left alone, also where a draft has somebody twice', () => {
    const cc = fieldOf([haruka])
    const typing = { ...cc, text: 'w' }
    expect(apart(typing, cc, [fieldOf([haruka])])).toBe(typing)
    const more = committed({ ...cc, text: 'weber@bau.example' })
    expect(bare(apart(more, cc, [fieldOf([haruka])]))).toContain('haruka@aoki.example')
  })
})

describe('moving chips', () => {
  const fields = { to: fieldOf([haruka, weber]), cc: fieldOf([]), bcc: fieldOf([{ ...weber, name: 'W.' }]) }
  const [first, second] = fields.to.chips.map(chip => chip.id)

  it('takes them behind those that are there, with their names', () => {
    const next = moved(fields, 'to', new Set([first ?? 0, second ?? 0]), 'cc')
    expect(next.to?.chips).toEqual([])
    expect(next.cc?.chips.map(chip => chip.address)).toEqual([haruka, weber])
  })

  it('to where somebody is already leaves them there once', () => {
    const next = moved(fields, 'to', new Set([second ?? 0]), 'bcc')
    expect(bare(next.to ?? empty)).toEqual(['haruka@aoki.example'])
    expect(next.bcc?.chips.map(chip => chip.address.name)).toEqual(['W.'])
  })

  it('chooses all between two of them, from either end', () => {
    const three = fieldOf([haruka, weber, { name: '', address: 'c@x.example' }])
    const ids = three.chips.map(chip => chip.id)
    expect([...between(three, ids[2] ?? 0, ids[1] ?? 0)]).toEqual(ids.slice(1))
  })
})

it('five hundred recipients are taken in one go, each once', () => {
  const list = Array.from({ length: 500 }, (_, at) => `Reader ${at} <reader-${at}@newsletter.example>`)
  const state = pasted(empty, [...list, ...list].join(';\n'))
  expect(state?.chips.length).toBe(500)
  expect(state?.repeated?.length).toBe(500)
})
