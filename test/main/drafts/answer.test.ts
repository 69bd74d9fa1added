import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type AnswerInput, forwardOf, replyTo } from '../../../main/drafts/answer.ts'
import type { Account, Address, Message } from '../../../shared/model.ts'
import { bareSubject } from '../../../shared/subject-prefix.ts'

const at = (address: string, name = ''): Address => ({ name, address })

function account(id: string, address: string): Account {
  const server = {
    host: 'mail.todoke.test',
    port: 465,
    tls: 'implicit' as const,
    user: address,
    pinnedCertificate: null,
    plaintextConsent: false,
  }
  return {
    id,
    label: address,
    color: 'indigo',
    identity: at(address),
    smtp: server,
    incoming: { kind: 'imap', ...server, port: 993 },
    sentCopy: 'unknown',
    isPractice: false,
  }
}

function message(change: Partial<Message> = {}): Message {
  return {
    id: 'm1',
    accountId: 'work',
    folderId: 'f1',
    from: at('weber@todoke.test', 'Anna Weber'),
    to: [at('haruka@todoke.test', '森 遥')],
    cc: [],
    bcc: [],
    replyTo: [],
    subject: 'Angebot',
    preview: '',
    sentAt: Date.UTC(2026, 2, 5, 5, 7),
    isSeen: true,
    isFlagged: false,
    hasAttachments: false,
    bytes: 100,
    outboxItemId: null,
    messageIdHeader: '<child@todoke.test>',
    references: ['<root@todoke.test>', 'parent@todoke.test'],
    text: 'Guten Tag,\nhier das Angebot.\n',
    unsafeHtml: null,
    inlineImages: {},
    attachments: [],
    received: [],
    leaving: null,
    authentication: 'unknown',
    isDamaged: false,
    ...change,
  }
}

const own = [account('work', 'haruka@todoke.test'), account('home', 'haruka@home.test')]

function input(change: Partial<Message> = {}, rest: Partial<AnswerInput> = {}): AnswerInput {
  return { message: message(change), accounts: own, language: 'en', timeZone: 'Asia/Tokyo', ...rest }
}

const addressesOf = (list: Address[]) => list.map(({ address }) => address)

describe('who gets a reply', () => {
  test('the sender', () => {
    expect(replyTo(input(), false).content.to).toEqual([at('weber@todoke.test', 'Anna Weber')])
  })

  test('Reply-To instead of the sender, where there is one', () => {
    const { to, cc } = replyTo(input({ replyTo: [at('office@weber.test')] }), false).content
    expect(addressesOf(to)).toEqual(['office@weber.test'])
    expect(cc).toEqual([])
  })

  test('all others in a reply to all, once each, never oneself', () => {
    const { to, cc } = replyTo(
      input({
        to: [at('Haruka@Todoke.test'), at('li@todoke.test', 'Li'), at('WEBER@todoke.test')],
        cc: [at('haruka@home.test'), at('kim@todoke.test'), at('li@todoke.test')],
      }),
      true,
    ).content
    expect(addressesOf(to)).toEqual(['weber@todoke.test', 'li@todoke.test'])
    expect(addressesOf(cc)).toEqual(['kim@todoke.test'])
  })

  test('those I wrote to, when I answer my own mail', () => {
    const sent = { from: at('haruka@todoke.test'), to: [at('li@todoke.test')], cc: [at('kim@todoke.test')] }
    expect(addressesOf(replyTo(input(sent), false).content.to)).toEqual(['li@todoke.test'])
    const { to, cc } = replyTo(input(sent), true).content
    expect([addressesOf(to), addressesOf(cc)]).toEqual([['li@todoke.test'], ['kim@todoke.test']])
  })

  test('oneself, when nobody else is there', () => {
    const note = { from: at('haruka@todoke.test'), to: [at('haruka@home.test')] }
    expect(addressesOf(replyTo(input(note), true).content.to)).toEqual(['haruka@home.test'])
  })

  test('those in Cc move up when only they are left', () => {
    const mail = { from: at('haruka@todoke.test'), to: [at('haruka@home.test')], cc: [at('li@todoke.test')] }
    const { to, cc } = replyTo(input(mail), true).content
    expect([addressesOf(to), cc]).toEqual([['li@todoke.test'], []])
  })

  test('nobody on Bcc, and no empty address of "undisclosed recipients"', () => {
    const { to, cc, bcc } = replyTo(input({ to: [at('')], bcc: [at('li@todoke.test')] }), true).content
    expect([addressesOf(to), cc, bcc]).toEqual([['weber@todoke.test'], [], []])
  })
})

describe('the account of an answer', () => {
  test('is the one the mail was written to', () => {
    expect(replyTo(input({ to: [at('haruka@home.test')] }), false).content.accountId).toBe('home')
    expect(
      replyTo(input({ to: [at('list@todoke.test')], cc: [at('HARUKA@home.test')] }), false).content.accountId,
    ).toBe('home')
  })
  test('is the one whose mailbox it lies in when both or none are named', () => {
    const both = { to: [at('haruka@home.test'), at('haruka@todoke.test')] }
    expect(replyTo(input(both), false).content.accountId).toBe('work')
    expect(replyTo(input({ to: [at('list@todoke.test')] }), false).content.accountId).toBe('work')
  })
  test('is the sender of a mail of ours', () => {
    expect(forwardOf(input({ from: at('haruka@home.test') })).content.accountId).toBe('home')
  })
  test('is another where the one it came to was removed, and none where none is left', () => {
    expect(forwardOf(input({ accountId: 'gone', to: [] })).content.accountId).toBe('work')
    expect(forwardOf(input({}, { accounts: [] })).content.accountId).toBe('')
  })
})

describe('the subject', () => {
  test.each([
    ['Angebot', 'Angebot'],
    ['Re: Angebot', 'Angebot'],
    ['RE: AW: Fwd: Angebot', 'Angebot'],
    ['Re[2]: Re(3): Re^: x', 'Re^: x'],
    ['WG: Sv: VS: Antw: x', 'x'],
    ['返信: 転送：見積もり', '見積もり'],
    ['ＲＥ：見積もり', '見積もり'],
    ['Re :  x', 'x'],
    ['re:re:re:', ''],
    ['  Re:\r\n\tfolded', 'folded'],
    ['Ref: 4711', 'Ref: 4711'],
    ['[list] Re: x', '[list] x'],
    ['Reminder: x', 'Reminder: x'],
    ['請求書: 3月', '請求書: 3月'],
    ['10:30 Uhr', '10:30 Uhr'],
  ])('%j answers to %j', (subject, bare) => {
    expect(bareSubject(subject)).toBe(bare)
    expect(replyTo(input({ subject }), false).content.subject).toBe(`Re: ${bare}`)
    expect(forwardOf(input({ subject })).content.subject).toBe(`Fwd: ${bare}`)
  })

  test('never grows by answering again, and is always one line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), subject => {
        const once = replyTo(input({ subject }), false).content.subject
        expect(replyTo(input({ subject: once }), false).content.subject).toBe(once)
        expect(/[\r\n\u0000\u2028]/.test(once)).toBe(false)
      }),
    )
  })
})

describe('the thread', () => {
  test('is named from its oldest mail to the answered one', () => {
    expect(replyTo(input(), false).references).toEqual([
      'root@todoke.test',
      'parent@todoke.test',
      'child@todoke.test',
    ])
  })
  test('of an original without id is not invented', () => {
    expect(replyTo(input({ messageIdHeader: '' }), false).references).toEqual([])
  })
  test('leaves out what would break a header line', () => {
    const { references } = replyTo(
      input({ references: ['<a b>', 'x\r\nBcc: y@z', '日本@x', 'good@x'] }),
      false,
    )
    expect(references).toEqual(['good@x', 'child@todoke.test'])
  })
  test('of a very long conversation keeps its root and its last mails', () => {
    const ids = Array.from({ length: 300 }, (_, i) => `n${i}@x`)
    const { references } = replyTo(input({ references: ids }), false)
    expect(references).toHaveLength(40)
    expect([references[0], references.at(-2), references.at(-1)]).toEqual([
      'n0@x',
      'n299@x',
      'child@todoke.test',
    ])
  })
  test('of a forward is a new one', () => {
    expect(forwardOf(input()).references).toEqual([])
  })
})

describe('the quoted text', () => {
  test('is introduced in English or Japanese, in the time of the reader', () => {
    expect(replyTo(input(), false).content.text).toBe(
      '\n\nOn Thu, 5 Mar 2026, 14:07, Anna Weber <weber@todoke.test> wrote:\n> Guten Tag,\n> hier das Angebot.\n',
    )
    expect(replyTo(input({}, { language: 'ja' }), false).content.text).toBe(
      '\n\n2026年3月5日(木) 14:07 Anna Weber <weber@todoke.test>:\n> Guten Tag,\n> hier das Angebot.\n',
    )
  })
  test('deepens an older quote, and leaves the signature out', () => {
    const text = 'Ja.\r\n\r\n> Passt das?\r\n-- \r\nAnna Weber\r\nTel. 123'
    expect(replyTo(input({ text }), false).content.text).toContain('> Ja.\n>\n>> Passt das?\n')
    expect(replyTo(input({ text }), false).content.text).not.toContain('Tel.')
  })
  test('keeps what looks like a signature but is half the mail', () => {
    const text = `a\n-- \n${'line\n'.repeat(30)}`
    expect(replyTo(input({ text }), false).content.text.match(/> line/g)).toHaveLength(30)
  })
  test('carries no html and no control characters', () => {
    const { text } = replyTo(input({ text: 'a\u0000\u001b[2Jb', unsafeHtml: '<b>secret</b>' }), false).content
    expect(text).toContain('> a[2Jb')
    expect(text).not.toContain('secret')
  })
  test('of a forward says from whom, when, what and to whom', () => {
    expect(forwardOf(input({ cc: [at('kim@todoke.test')] }, { language: 'ja' })).content.text).toBe(
      [
        '',
        '',
        '---------- 転送メッセージ ----------',
        '差出人: Anna Weber <weber@todoke.test>',
        '日時: 2026年3月5日(木) 14:07',
        '件名: Angebot',
        '宛先: 森 遥 <haruka@todoke.test>',
        'Cc: kim@todoke.test',
        '',
        'Guten Tag,',
        'hier das Angebot.',
        '',
      ].join('\n'),
    )
  })
})
