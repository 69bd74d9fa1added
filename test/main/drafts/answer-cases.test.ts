/** 60 replies and forwards: whom they go to, who writes them, what they answer and what they are called. */

import { expect, test } from 'vitest'
import { type AnswerInput, forwardOf, replyTo } from '../../../main/drafts/answer.ts'
import type { AnsweredSource } from '../../../main/drafts/answer-people.ts'
import type { Account, Address, Identity } from '../../../shared/model.ts'

const at = (address: string, name = ''): Address => ({ name, address })

function account(id: string, address: string, identities: Identity[] = []): Account {
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
    identity: at(address, '森 遥'),
    identities,
    smtp: server,
    incoming: { kind: 'imap', ...server, port: 993 },
    sentCopy: 'unknown',
    isPractice: false,
  }
}

const alias = (id: string, address: string): Identity => ({
  id,
  ...at(address, 'Haruka Mori'),
  replyTo: [],
  organisation: '',
  copiesSelf: false,
  signature: null,
})

const OWN = [
  account('work', 'haruka@work.test', [alias('sales', 'sales@work.test')]),
  account('home', 'haruka@home.test', [alias('shop', 'shop@home.test')]),
]
const ME = 'haruka@work.test'
const ANNA = 'anna@example.net'

type Mail = Partial<Omit<AnsweredSource, 'to' | 'cc' | 'bcc' | 'replyTo' | 'followupTo' | 'mailReplyTo'>> &
  Partial<Record<'to' | 'cc' | 'bcc' | 'replyTo' | 'followupTo' | 'mailReplyTo', string[]>> & {
    sender?: string
  }

function input({
  to = [ME],
  cc = [],
  bcc = [],
  replyTo: reply = [],
  followupTo,
  mailReplyTo,
  sender = ANNA,
  ...more
}: Mail): AnswerInput {
  const list = (addresses: string[] | undefined) => (addresses ?? []).map(address => at(address))
  return {
    accounts: OWN,
    language: 'en',
    timeZone: 'UTC',
    message: {
      accountId: 'work',
      from: at(sender),
      to: list(to),
      cc: list(cc),
      bcc: list(bcc),
      replyTo: list(reply),
      followupTo: list(followupTo),
      mailReplyTo: list(mailReplyTo),
      subject: 'Plan',
      sentAt: 0,
      messageIdHeader: 'p@x',
      references: [],
      text: 'words',
      ...more,
    },
  }
}

const LIST = 'talk@lists.example'
const list = { listPost: LIST, to: [LIST], cc: [] }

type People = { to?: string[]; cc?: string[]; from?: string; expected?: string | null }

/** `from` and `expected` are the account's address, and the address that the mail was sent to, unless said. */
const PEOPLE: [what: string, mail: Mail, how: 'reply' | 'all', wanted: People][] = [
  // Plain mails
  ['the author', {}, 'reply', { to: [ANNA] }],
  ['the author of a mail with no header but From', { to: [] }, 'reply', { to: [ANNA], expected: null }],
  ['nobody where nobody is named', { sender: '' }, 'reply', { to: [] }],
  ['everybody but me', { to: [ME, 'bo@x'], cc: ['cy@x'] }, 'all', { to: [ANNA, 'bo@x'], cc: ['cy@x'] }],
  [
    'everybody once',
    { to: ['BO@x', 'bo@x'], cc: ['bo@X', ANNA] },
    'all',
    { to: [ANNA, 'BO@x'], cc: [], expected: null },
  ],
  ['nobody on Bcc', { bcc: ['bo@x'] }, 'all', { to: [ANNA] }],
  ['no empty address of a hidden list', { to: [''], deliveredTo: [ME] }, 'all', { to: [ANNA] }],
  // Reply-To
  ['Reply-To', { replyTo: ['office@x'] }, 'reply', { to: ['office@x'] }],
  ['all of Reply-To', { replyTo: ['office@x', 'desk@x'] }, 'reply', { to: ['office@x', 'desk@x'] }],
  [
    'Reply-To in a reply to all',
    { replyTo: ['office@x'], cc: ['cy@x'] },
    'all',
    { to: ['office@x'], cc: ['cy@x'] },
  ],
  ['Reply-To that is me', { replyTo: [ME] }, 'reply', { to: [ME] }],
  ['the others where Reply-To is me', { replyTo: [ME], to: [ME, 'bo@x'] }, 'all', { to: ['bo@x'] }],
  // Mail-Reply-To, Mail-Followup-To
  ['Mail-Reply-To before Reply-To', { mailReplyTo: ['a2@x'], replyTo: [LIST] }, 'reply', { to: ['a2@x'] }],
  [
    'not Mail-Reply-To in a reply to all',
    { mailReplyTo: ['a2@x'], cc: ['cy@x'] },
    'all',
    { to: [ANNA], cc: ['cy@x'] },
  ],
  [
    'Mail-Followup-To in a reply to all',
    { ...list, followupTo: [LIST] },
    'all',
    { to: [LIST], expected: null },
  ],
  [
    'not Mail-Followup-To in a reply',
    { ...list, followupTo: [LIST] },
    'reply',
    { to: [ANNA], expected: null },
  ],
  ['Mail-Followup-To without me', { followupTo: [ME, 'bo@x'], cc: ['cy@x'] }, 'all', { to: ['bo@x'] }],
  [
    'everybody where Mail-Followup-To is me alone',
    { followupTo: [ME], cc: ['cy@x'] },
    'all',
    { to: [ANNA], cc: ['cy@x'] },
  ],
  // Lists
  ['the author of a mail over a list', { ...list }, 'reply', { to: [ANNA], expected: null }],
  ['author and list', { ...list }, 'all', { to: [ANNA, LIST], expected: null }],
  [
    'the list too where it got the mail unseen',
    { listPost: LIST, to: ['bo@x'] },
    'all',
    { to: [ANNA, 'bo@x'], cc: [LIST], expected: null },
  ],
  [
    'the author where the list put itself into Reply-To',
    { ...list, replyTo: [LIST] },
    'reply',
    { to: [ANNA], expected: null },
  ],
  [
    'the list, once, where it put itself into Reply-To',
    { ...list, replyTo: [LIST] },
    'all',
    { to: [ANNA, LIST], expected: null },
  ],
  [
    'Reply-To where the list put itself into From',
    { ...list, sender: LIST, replyTo: [ANNA] },
    'reply',
    { to: [ANNA], expected: null },
  ],
  [
    'the list where it is all there is',
    { ...list, sender: LIST, replyTo: [LIST] },
    'reply',
    { to: [LIST], expected: null },
  ],
  // Own mails
  ['those I wrote to', { sender: ME, to: ['bo@x'], cc: ['cy@x'] }, 'reply', { to: ['bo@x'] }],
  ['all those I wrote to', { sender: ME, to: ['bo@x'], cc: ['cy@x'] }, 'all', { to: ['bo@x'], cc: ['cy@x'] }],
  [
    'those I wrote to under another name',
    { sender: 'shop@home.test', to: ['bo@x'] },
    'reply',
    { to: ['bo@x'], from: 'shop@home.test' },
  ],
  [
    'not my own Reply-To',
    { sender: ME, to: ['bo@x'], replyTo: ['office@work.test'] },
    'reply',
    { to: ['bo@x'] },
  ],
  ['me, where I wrote to myself', { sender: ME, to: [ME] }, 'all', { to: [ME] }],
  [
    'those in Cc, where only they are left',
    { sender: ME, to: ['haruka@home.test'], cc: ['cy@x'] },
    'all',
    { to: ['cy@x'] },
  ],
  // Own addresses
  ['no account of mine', { to: [ME, 'haruka@home.test', 'bo@x'] }, 'all', { to: [ANNA, 'bo@x'] }],
  [
    'no alias of mine',
    { to: [ME], cc: ['SALES@work.test', 'shop@home.test', 'cy@x'] },
    'all',
    { to: [ANNA], cc: ['cy@x'] },
  ],
  // Who writes
  ['under the alias in To', { to: ['sales@work.test'] }, 'reply', { to: [ANNA], from: 'sales@work.test' }],
  [
    'under the alias in Cc',
    { to: ['bo@x'], cc: ['Sales@Work.test'] },
    'reply',
    { to: [ANNA], from: 'sales@work.test' },
  ],
  [
    'from the other account, where it was sent there',
    { to: ['haruka@home.test'] },
    'reply',
    { to: [ANNA], from: 'haruka@home.test' },
  ],
  [
    'from the account it lies in, where both were addressed',
    { to: ['haruka@home.test', ME] },
    'reply',
    { to: [ANNA], from: ME },
  ],
  [
    'from the one that the envelope names, where both were addressed',
    { to: ['haruka@home.test', ME], deliveredTo: ['haruka@home.test'] },
    'reply',
    { to: [ANNA], from: 'haruka@home.test' },
  ],
  [
    'under the alias in To, though it was delivered to the account',
    { to: ['sales@work.test'], deliveredTo: [ME] },
    'reply',
    { to: [ANNA], from: 'sales@work.test' },
  ],
  [
    'under the alias that the envelope names, over a list',
    { ...list, deliveredTo: ['sales@work.test'] },
    'reply',
    { to: [ANNA], from: 'sales@work.test' },
  ],
  [
    'under the first that the envelope names and is mine',
    { ...list, deliveredTo: ['x@y', 'shop@home.test'] },
    'reply',
    { to: [ANNA], from: 'shop@home.test' },
  ],
  [
    'from the account where it is only known by an alias that is not set up',
    { to: ['bo@x'], deliveredTo: ['old@work.test'] },
    'reply',
    { to: [ANNA], expected: 'old@work.test' },
  ],
  ['from the account where nothing tells', { to: ['bo@x'] }, 'reply', { to: [ANNA], expected: null }],
  [
    'from the first account where its own is gone',
    { accountId: 'gone', to: ['bo@x'] },
    'reply',
    { to: [ANNA], expected: null },
  ],
]

test.each(PEOPLE)('a reply goes to %s', (_, mail, how, { to = [], cc = [], from = ME, expected = from }) => {
  const { content, answers } = replyTo(input(mail), how === 'all')
  expect(content.to.map(({ address }) => address)).toEqual(to)
  expect(content.cc.map(({ address }) => address)).toEqual(cc)
  const writer = OWN.find(({ id }) => id === content.accountId)
  const identity = writer?.identities?.find(({ id }) => id === content.identityId)
  expect(identity?.address ?? writer?.identity.address).toBe(from)
  expect(answers?.expected?.address ?? null).toBe(expected)
})

const SUBJECTS: [subject: string, bare: string][] = [
  ['Re: RE: re[2]: Re(3): Re^4: x', 'x'],
  ['Fwd: FW: Fw : x', 'x'],
  ['AW: WG: Antwort: x', 'x'],
  ['SV: VS: VB: VL: x', 'x'],
  ['Antw: Doorst: x', 'x'],
  ['RÉF: TR: Rép: x', 'x'],
  ['RV: RES: ENC: x', 'x'],
  ['Odp: PD: x', 'x'],
  ['YNT: İLT: x', 'x'],
  ['Vá: Továbbítás: x', 'x'],
  ['Отв: Пер: x', 'x'],
  ['ΑΠ: ΠΡΘ: x', 'x'],
  ['תשובה: הועבר: x', 'x'],
  ['رد: إعادة توجيه: x', 'x'],
  ['返信：転送: ＲＥ：x', 'x'],
  ['回复: 回覆：转发: 答复: x', 'x'],
  ['답장: 회신: 전달: x', 'x'],
  ['Re: [list] Re: [list] x', '[list] x'],
  ['Re: [list] AW: x', '[list] x'],
  ['Reise: morgen', 'Reise: morgen'],
  ['Ref: 12 / I: want', 'Ref: 12 / I: want'],
]

test.each(SUBJECTS)('%j is answered as one Re:, passed on as one Fwd:', (subject, bare) => {
  expect(replyTo(input({ subject }), false).content.subject).toBe(`Re: ${bare}`)
  expect(forwardOf(input({ subject })).content.subject).toBe(`Fwd: ${bare}`)
  // Not one more with each answer.
  expect(replyTo(input({ subject: `Re: ${bare}` }), false).content.subject).toBe(`Re: ${bare}`)
})

const THREADS: [what: string, mail: Mail, references: string[]][] = [
  ['a first mail by its id', {}, ['p@x']],
  ['a thread by all its ids, the answered one last', { references: ['a@x', 'b@x'] }, ['a@x', 'b@x', 'p@x']],
  ['no id twice', { references: ['a@x', 'p@x', 'a@x'] }, ['a@x', 'p@x']],
  ['nothing, where the mail has no id', { messageIdHeader: '', references: ['a@x'] }, []],
  ['nothing that would break a header', { references: ['a@x', 'b@x\r\nBcc: c@x'] }, ['a@x', 'p@x']],
]

test.each(THREADS)('an answer names %s', (_, mail, references) => {
  expect(replyTo(input(mail), true).references).toEqual(references)
  expect(forwardOf(input(mail)).references).toEqual([])
})

const CASES = PEOPLE.length + SUBJECTS.length + THREADS.length
test(`${CASES} replies and forwards are in these tables, and 60 are the least`, () =>
  expect(CASES).toBeGreaterThanOrEqual(60))

test('the draft keeps whom the mail went to, for whoever is added later', () => {
  const { answers } = replyTo(input({ id: 'm', to: [ME, 'bo@x'], cc: ['cy@x'] }), false)
  expect(answers).toEqual({
    messageId: 'm',
    kind: 'reply',
    expected: at(ME, '森 遥'),
    recipients: [at(ANNA), at('bo@x'), at('cy@x')],
  })
})

test('the quote stands above or below the answer, in both forms', () => {
  const mail = input({ html: '<p>words</p>\n<p>x <img src="cid:a" alt="logo"></p>' })
  const below = replyTo(mail, false).content
  expect(below.text).toBe('\n\nOn Thu, 1 Jan 1970, 00:00, anna@example.net wrote:\n> words\n')
  expect(below.html).toBe(
    '<p><br></p>\n<p><br></p>\n<p>On Thu, 1 Jan 1970, 00:00, anna@example.net wrote:</p>\n' +
      '<blockquote type="cite"><p>words</p>\n<p>x [logo]</p></blockquote>',
  )
  const above = replyTo({ ...mail, quotes: 'above' }, false).content
  expect(above.text.endsWith('> words\n\n')).toBe(true)
  expect(above.html?.endsWith('</blockquote>\n<p><br></p>\n<p><br></p>')).toBe(true)
})

test('the signature of the identity that answers stands under the answer, and closes a forward as a file', () => {
  const signature = { text: 'Sales', html: '<p><em>Sales</em></p>' }
  const sales = { ...alias('sales', 'sales@work.test'), signature }
  const mail = {
    ...input({ to: ['sales@work.test'], html: '<p>words</p>' }),
    accounts: [account('work', ME, [sales])],
  }
  const reply = replyTo(mail, false).content
  expect(reply.text).toMatch(/^\n\nSales\n\nOn Thu/)
  expect(reply.html).toMatch(/^(?:<p><br><\/p>\n){2}<p><em>Sales<\/em><\/p>\n<p><br><\/p>\n<p>On Thu/)
  expect(replyTo({ ...mail, signatures: 'at-end' }, false).content.text).toMatch(/> words\n\n-- \nSales$/)
  expect(forwardOf(mail).content.text).toMatch(/^\n\nSales\n\n-{10} Forwarded/)
  expect(forwardOf(mail, 'attachment').content.text).toBe('\n\n-- \nSales')
})
