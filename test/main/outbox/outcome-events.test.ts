/** Whom a mail still has to reach, read off its ledger. */

import { expect, test } from 'vitest'
import { outstanding } from '../../../main/outbox/outcome-events.ts'
import type { LedgerEvent } from '../../../shared/ledger.ts'

const reply = { code: 250, enhanced: null, text: 'Ok' }
const common = { at: 0, attempt: 1, seq: 1 }
const people = ['a@x.org', 'b@x.org', 'c@x.org']
const written: LedgerEvent = { ...common, type: 'written', bytes: 1, sha256: 'f', recipients: people }
const corrected = (from: string, to: string): LedgerEvent => ({
  ...common,
  type: 'corrected',
  from,
  to,
  bytes: 1,
  sha256: 'f',
  recipients: [],
})

test('all to whom it was written, in the order of RCPT TO', () => {
  expect(outstanding([written])).toEqual(people)
})

test('never anybody who has it', () => {
  const accepted: LedgerEvent = { ...common, type: 'accepted', reply, queueId: null, recipients: ['b@x.org'] }
  expect(outstanding([written, accepted])).toEqual(['a@x.org', 'c@x.org'])
})

test('nobody whom the writer gave up', () => {
  const chosen: LedgerEvent = { ...common, type: 'chosen', choice: 'send-to-others', dropped: ['a@x.org'] }
  expect(outstanding([written, chosen])).toEqual(['b@x.org', 'c@x.org'])
})

test('the right address in the place of the wrong one', () => {
  expect(outstanding([written, corrected('B@x.org', 'bob@x.org')])).toEqual([
    'a@x.org',
    'bob@x.org',
    'c@x.org',
  ])
})
