import { afterEach, describe, expect, it } from 'vitest'
import {
  closeComposer,
  composerState,
  dismissDeparture,
  followDeparture,
  nameComposer,
  openComposer,
  resizeComposer,
  sayKept,
} from '../../../renderer/compose/composers.ts'
import { fitted } from '../../../renderer/compose/fitting.ts'

const open = () => composerState().composers
const draftIds = () => open().map(composer => composer.draftId)

afterEach(() => {
  for (const { key } of open()) closeComposer(key)
  for (const { itemId } of composerState().departing) dismissDeparture(itemId)
  sayKept(null)
})

describe('the open composers', () => {
  it('opens several side by side, the newest on the right', () => {
    openComposer({ draftId: 'a' })
    openComposer({ draftId: 'b' })
    expect(draftIds()).toEqual(['a', 'b'])
  })

  it('raises a draft that is open already instead of opening it twice', () => {
    openComposer({ draftId: 'a' })
    openComposer({ draftId: 'b' })
    resizeComposer(open()[0]?.key ?? '', 'minimised')
    openComposer({ draftId: 'a' })
    expect(draftIds()).toEqual(['b', 'a'])
    expect(open()[1]?.size).toBe('normal')
  })

  it('knows the draft of a new mail once it is made', () => {
    openComposer({ kind: 'empty', accountId: null })
    nameComposer(open()[0]?.key ?? '', 'new')
    openComposer({ draftId: 'new' })
    expect(draftIds()).toEqual(['new'])
  })

  it('makes only one full at a time', () => {
    openComposer({ draftId: 'a' })
    openComposer({ draftId: 'b' })
    for (const { key } of open()) resizeComposer(key, 'full')
    expect(open().map(composer => composer.size)).toEqual(['normal', 'full'])
  })

  it('follows a mail that left once, and takes back the word that its draft was kept', () => {
    sayKept('a')
    openComposer({ draftId: 'a' })
    expect(composerState().keptDraftId).toBeNull()
    followDeparture('item')
    followDeparture('item')
    expect(composerState().departing).toEqual([{ itemId: 'item' }])
  })
})

describe('the room for composers', () => {
  it('draws the older ones minimised where the window is narrow', () => {
    for (const draftId of ['a', 'b', 'c']) openComposer({ draftId })
    expect(fitted(open(), 1280)).toEqual(['minimised', 'minimised', 'normal'])
    expect(fitted(open(), 1400)).toEqual(['minimised', 'normal', 'normal'])
    expect(fitted(open(), 600)).toEqual(['minimised', 'minimised', 'normal'])
  })

  it('draws all others minimised behind a full one', () => {
    for (const draftId of ['a', 'b']) openComposer({ draftId })
    resizeComposer(open()[0]?.key ?? '', 'full')
    expect(fitted(open(), 2000)).toEqual(['full', 'minimised'])
  })
})
