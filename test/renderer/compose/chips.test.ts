import { describe, expect, it } from 'vitest'
import {
  addressesOf,
  chipFault,
  committed,
  type FieldState,
  fieldOf,
  opened,
  pasted,
  removed,
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
