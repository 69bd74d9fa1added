import { describe, expect, it } from 'vitest'
import { createWords, wordsOf } from '../../../renderer/i18n/words.ts'
import { recipientMeaning } from '../../../renderer/journey/recipient-meaning.ts'
import {
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
import { replyInReport } from '../../../renderer/ui/reply-words.ts'
import type { Language } from '../../../shared/model.ts'
import { anOutboxItem, DAY, NOW, type Step } from '../../support/builders.ts'
import {
  allRecipientsRefused,
  bounced,
  delayed,
  recipientsRefused,
  refused,
  sent,
  sentToOthers,
} from '../../support/stories.ts'

const WHO = 'haruka@aoki.example'
const BAD = 'acounts@example.net'

function meaningIn(language: Language, steps: readonly Step[], address: string) {
  const { journey } = anOutboxItem({ steps })
  const recipient = journey.recipients.find(one => one.address === address)
  if (recipient === undefined) throw new Error('nobody of this address')
  return recipientMeaning(recipient, journey, NOW, wordsOf(createWords(language)), {
    clock: (at, withSeconds = false) => formatClock(at, language, withSeconds),
    listTime: (at, now) => formatListTime(at, now, language),
    dateTime: at => formatDateTime(at, language),
    due: (at, now) => formatDue(at, now, language),
    duration: ms => formatDuration(ms, language),
    size: bytes => formatSize(bytes, language),
    number: value => formatNumber(value, language),
    list: items => formatList(items, language),
    sentences: sentences => formatSentences(sentences, language),
  })
}
const meaning = (steps: readonly Step[], address: string) => meaningIn('en', steps, address)

describe('a recipient in words', () => {
  it('who was refused: the cause first, the rest and the server’s own words one click away', () => {
    const { line, more } = meaning(recipientsRefused([WHO], BAD), BAD)
    expect(line).toBe('There is no such address')
    expect(more?.text).toContain('It is about the recipient.')
    expect(more?.text).toContain('Nobody has the mail yet')
    expect(more?.serverWords).toMatch(/^550 5\.1\.1 Recipient address rejected/)
  })

  it('is said in Japanese too, and the server keeps its own language', () => {
    const { line, more } = meaningIn('ja', recipientsRefused([WHO], BAD), BAD)
    expect(line).toMatch(/[\u3040-\u30ff]/)
    expect(more?.text).not.toMatch(/。 /)
    expect(more?.serverWords).toMatch(/^550 5\.1\.1 Recipient/)
  })

  it('what comes next follows from the mail: all refused, the others served, and a report after it', () => {
    expect(meaning(allRecipientsRefused(BAD), BAD).more?.text).toContain('Nobody has the mail.')
    expect(meaning(sentToOthers([WHO], BAD), BAD).more?.text).toContain('it goes to this one alone')
    const failed = meaning(bounced('j.smith@exmaple.com'), 'j.smith@exmaple.com')
    expect(failed.line).toBe('There is no such address')
    expect(failed.more?.text).toContain('did not arrive here')
    const late = meaning(delayed(WHO, NOW + DAY), WHO)
    expect(late.note).toMatch(/^The server keeps trying until /)
  })

  it('who was corrected apart is said to be replaced, not reached', () => {
    const steps: Step[] = [
      ...sentToOthers([WHO], BAD),
      [1, { type: 'corrected-apart', recipient: BAD, to: 'accounts@example.net', itemId: 'other' }],
    ]
    expect(meaning(steps, BAD).note).toBe('accounts@example.net takes its place, by a mail of its own.')
  })

  it('who was taken keeps the server’s own words in the row', () => {
    expect(meaning(sent([WHO]), WHO)).toEqual({
      line: '250 2.0.0 Ok: queued as 4Rk2X91zQz',
      note: null,
      more: null,
    })
  })

  it('nobody is blamed where the mail itself was refused', () => {
    const steps: Step[] = [
      ...refused([WHO]).slice(0, -1),
      [
        1,
        { type: 'recipient-accepted', recipient: WHO, reply: { code: 250, enhanced: '2.1.5', text: 'Ok' } },
      ],
      ...refused([WHO]).slice(-1),
    ]
    expect(meaning(steps, WHO).line).toBe('The server took the address, but not the mail.')
    expect(anOutboxItem({ steps }).can.correctRecipient).toBe(false)
  })

  it('a code that nobody knows is said to be unknown, and nobody is blamed for it', () => {
    const steps: Step[] = [
      ...recipientsRefused([WHO], BAD).slice(0, -2),
      [1, { type: 'recipient-refused', recipient: BAD, reply: { code: 571, enhanced: null, text: 'Xyzzy' } }],
      [1, { type: 'paused', why: 'recipients', problem: null }],
    ]
    const { line, more } = meaning(steps, BAD)
    expect(line).toContain('unknown')
    expect(more?.text).not.toContain('It is about')
    expect(more?.serverWords).toBe('571 Xyzzy')
  })
})

describe('the reply in a report', () => {
  it.each([
    ['550 5.1.1 User unknown', { code: 550, enhanced: '5.1.1', text: 'User unknown' }],
    ['450-4.2.0 busy', { code: 450, enhanced: '4.2.0', text: 'busy' }],
    ['554 no', { code: 554, enhanced: null, text: 'no' }],
    ['550', { code: 550, enhanced: null, text: '' }],
    ['delivered to mailbox', null],
    ['5500 people', null],
  ])('%s', (text, expected) => {
    expect(replyInReport(text)).toEqual(expected)
  })
})
