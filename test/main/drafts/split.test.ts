/** One draft that is too big becomes several: everything is dealt out once, or nothing changes. */

import { describe, expect, test } from 'vitest'
import { splitDraft } from '../../../main/drafts/split.ts'
import { aDraft } from '../../support/builders.ts'

const file = (id: string) => ({
  id,
  name: `${id}.jpg`,
  type: 'image/jpeg',
  bytes: 1_000,
  sha256: id.padEnd(64, '0'),
})
const draft = aDraft({
  id: 'draft',
  revision: 4,
  subject: 'Photos',
  text: 'Hello',
  references: ['root@x'],
  attachments: [file('a'), file('b'), file('c')],
})

describe('a draft dealt out over several', () => {
  test('keeps people, text and thread in each, numbers the subjects, and gives every file to one', () => {
    const parts = splitDraft(draft, [['c', 'a'], ['b']], 99)
    expect(parts?.map(part => [part.subject, part.attachments.map(({ name }) => name)])).toEqual([
      ['Photos (1/2)', ['a.jpg', 'c.jpg']],
      ['Photos (2/2)', ['b.jpg']],
    ])
    for (const part of parts ?? []) {
      expect(part).toMatchObject({ to: draft.to, text: 'Hello', references: ['root@x'], savedAt: 99 })
    }
    expect(parts?.[0]).toMatchObject({ id: 'draft', revision: 5 })
    expect(parts?.[1]?.id).not.toBe('draft')
  })

  test('keeps the pictures of its text in every part, beside the files', () => {
    const picture = { ...file('p'), contentId: 'p@x' }
    const written = {
      ...draft,
      html: '<p>See <img src="cid:p@x" alt=""></p>',
      attachments: [picture, file('a'), file('b')],
    }
    const parts = splitDraft(written, [['a'], ['b']], 1)
    expect(parts?.map(({ attachments }) => attachments.map(({ name }) => name))).toEqual([
      ['p.jpg', 'a.jpg'],
      ['p.jpg', 'b.jpg'],
    ])
    expect(parts?.[1]?.attachments[0]).toMatchObject({ contentId: 'p@x', sha256: picture.sha256 })
    expect(parts?.[1]?.attachments[0]?.id).not.toBe('p')
    expect(splitDraft(written, [['a', 'p'], ['b']], 1)).toBeNull()
  })

  test('without a subject is numbered all the same', () => {
    expect(splitDraft({ ...draft, subject: '' }, [['a'], ['b', 'c']], 1)?.[1]?.subject).toBe('(2/2)')
  })

  test.each([
    ['loses a file', [['a'], ['b']]],
    [
      'doubles a file',
      [
        ['a', 'b'],
        ['b', 'c'],
      ],
    ],
    ['gives one twice and another not at all', [['a', 'a'], ['b']]],
    ['names a stranger', [['a', 'b', 'x'], ['c']]],
    ['has an empty mail', [['a', 'b', 'c'], []]],
    ['is one mail', [['a', 'b', 'c']]],
  ])('a deal that %s is none', (_what, groups) => {
    expect(splitDraft(draft, groups, 1)).toBeNull()
  })
})
