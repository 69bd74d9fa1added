import { describe, expect, it } from 'vitest'
import { LOSS, REST_MS, versionSteps } from '../../../renderer/compose/version-steps.ts'
import type { DraftVersion } from '../../../shared/model.ts'

/** Newest first, as the program gives them. */
function versions(...states: [savedAt: number, characters: number, attachments?: number][]): DraftVersion[] {
  return states
    .map(([savedAt, characters, attachments = 0], id) => ({
      id,
      savedAt,
      characters,
      attachments,
      preview: `words ${id}`,
    }))
    .reverse()
}

const ids = (all: DraftVersion[], isEvery = false) =>
  versionSteps(all, isEvery).map(({ version }) => version.id)

describe('the steps of a draft', () => {
  it('takes what was typed without a rest as one, known by the words it began with', () => {
    const all = versions([0, 0], [REST_MS, 10], [REST_MS + 1_000, 20], [REST_MS + 2_000, 30])
    expect(versionSteps(all)).toEqual([
      { version: all[0], words: 'words 1', growth: 30 },
      { version: all[3], words: 'words 0', growth: null },
    ])
  })

  it('keeps what was there before words were lost, also within one stretch', () => {
    expect(ids(versions([0, 500], [1_000, 520], [2_000, 520 - LOSS], [3_000, 510]))).toEqual([3, 1])
  })

  it('takes a correction for no loss', () => {
    expect(ids(versions([0, 500], [1_000, 520], [2_000, 521 - LOSS]))).toEqual([2])
  })

  it('keeps what was there before a file came and before one went', () => {
    expect(ids(versions([0, 9, 0], [1_000, 9, 1], [2_000, 9, 0]))).toEqual([2, 1, 0])
  })

  it('gives every state where every state is wanted', () => {
    const all = versions([0, 1], [1_000, 2], [2_000, 3])
    expect(ids(all)).toEqual([2])
    expect(ids(all, true)).toEqual([2, 1, 0])
    expect(versionSteps(all, true).map(({ growth }) => growth)).toEqual([1, 1, null])
  })

  it('has none where nothing was saved', () => {
    expect(versionSteps([])).toEqual([])
  })
})
