/** A small, believable world: three accounts, English and Japanese letters, mails on every part of their way. */

import type { Folder } from '../../shared/folder.ts'
import type { Account, Draft, Message, MessageHead, OutboxItem } from '../../shared/model.ts'
import {
  aDraft,
  aFolder,
  aHead,
  anAccount,
  anOutboxItem,
  aServer,
  aStatus,
  DAY,
  HOUR,
  MINUTE,
  NOW,
} from '../support/builders.ts'
import { aWorld, type World } from '../support/fake-bridge.ts'
import {
  bounced,
  deferred,
  delivered,
  held,
  relayed,
  relayedToTwoOfThree,
  sendingBody,
  sent,
} from '../support/stories.ts'

const me = { name: 'Yuki Tanaka', address: 'yuki@example.co.jp' }
const studio = { name: 'Studio Tanaka', address: 'studio@example.org' }

export const accounts: Account[] = [
  anAccount({ id: 'yuki', identity: me, color: 'indigo' }),
  anAccount({ id: 'studio', identity: studio, color: 'green' }),
  anAccount({
    id: 'old',
    identity: { name: 'Yuki', address: 'old-pop@example.net' },
    color: 'gold',
    incoming: {
      kind: 'pop3',
      ...aServer({ host: 'pop.example.net', port: 995, user: 'old-pop' }),
      leaveOnServer: true,
      deleteAfterDays: null,
    },
  }),
]

const ROLES = [
  ['inbox', 'INBOX'],
  ['sent', 'Sent Messages'],
  ['drafts', 'Drafts'],
  ['archive', 'Archive'],
  ['junk', 'Spam'],
  ['trash', 'Deleted Items'],
] as const

function foldersOf(accountId: string, unread: number, more: [string, number][] = []): Folder[] {
  return [
    ...ROLES.map(([role, name]) =>
      aFolder({
        id: `${accountId}/${role}`,
        accountId,
        name,
        role,
        unread: role === 'inbox' ? unread : role === 'junk' ? 4 : 0,
        total: 400,
        isLocal: accountId === 'old' && role !== 'inbox',
      }),
    ),
    ...more.map(([name, count]) =>
      aFolder({ id: `${accountId}/${name}`, accountId, name, role: null, unread: count, total: 40 }),
    ),
  ]
}

export const folders: Folder[] = [
  ...foldersOf('yuki', 3, [
    ['請求書 2026', 0],
    ['Projects/Catalogue', 2],
  ]),
  ...foldersOf('studio', 2),
  ...foldersOf('old', 0).filter(folder => folder.role === 'inbox' || folder.role === 'sent'),
]

type Line = Partial<MessageHead> & { ago: number }

function inboxHeads(): MessageHead[] {
  const lines: Line[] = [
    {
      ago: 6 * MINUTE,
      from: { name: '佐藤 健二', address: 'kenji.sato@sato-kogyo.example' },
      subject: 'Re: 見積書送付の件',
      preview: 'お世話になっております。佐藤工業の佐藤です。お見積もりの件、社内で確認いたしました。',
      isSeen: false,
    },
    {
      ago: 38 * MINUTE,
      from: { name: 'Aoki Haruka', address: 'haruka@aoki.example' },
      subject: 'Photos for the catalogue',
      preview:
        'Thank you for the eight photos. We would like to use the second and the fifth, if that is fine',
      isSeen: false,
      hasAttachments: true,
      isFlagged: true,
    },
    {
      ago: 3 * HOUR,
      from: { name: 'Martin Weber', address: 'weber@bau.example' },
      subject: 'Re: Site visit on Thursday',
      preview:
        'Ten is perfect. Please bring the revised drawings; the structural engineer will be there too.',
    },
    {
      ago: 5 * HOUR,
      accountId: 'studio',
      folderId: 'studio/inbox',
      to: [studio],
      from: { name: 'Priya Raman', address: 'priya@gallery.example' },
      subject: 'Opening night: the list of guests',
      preview: 'Here is the list as it stands. Forty-two have answered, nine are still silent.',
      isSeen: false,
      hasAttachments: true,
    },
    {
      ago: DAY,
      from: { name: '', address: 'no-reply@parcel.example' },
      subject: 'お荷物のお届けについて',
      preview: '11月25日(水)14時から16時の間にお届けする予定です。ご不在の場合は',
    },
    {
      ago: DAY + 2 * HOUR,
      from: { name: 'The Print Shop', address: 'orders@print.example' },
      subject: 'Your proof is ready',
      preview: 'The proof for order 20981 is ready. Please look at it and tell us by Friday.',
      hasAttachments: true,
    },
    {
      ago: DAY + 7 * HOUR,
      accountId: 'studio',
      folderId: 'studio/inbox',
      to: [studio],
      from: { name: 'Lena Fischer', address: 'lena@fischer.example' },
      subject: 'A question about the workshop in March',
      preview:
        'Is there still a place on the Saturday course? I would come with my daughter, she is fourteen',
      isSeen: false,
    },
    {
      ago: 3 * DAY,
      from: { name: '山田 美咲', address: 'misaki@yamada.example' },
      subject: '来週の打ち合わせ',
      preview: '火曜日の15時からでいかがでしょうか。場所は前回と同じ会議室を予約しています。',
      isSeen: false,
      isFlagged: true,
    },
    {
      ago: 5 * DAY,
      accountId: 'old',
      folderId: 'old/inbox',
      from: { name: 'Old School Friends', address: 'list@friends.example' },
      subject: '[friends] New Year’s dinner: who brings what',
      preview: 'So far: three cakes, no soup. Somebody please bring soup.',
    },
    {
      ago: 19 * DAY,
      from: { name: 'City Library', address: 'library@city.example' },
      subject: 'Two books are due on 8 December',
      preview: 'The Elements of Typographic Style; In Praise of Shadows. You can renew them once.',
    },
    {
      ago: 380 * DAY,
      accountId: 'studio',
      folderId: 'studio/inbox',
      to: [studio],
      from: { name: 'Kamakura Paper Mill', address: 'hello@washi.example' },
      subject: '手漉き和紙の価格改定について',
      preview: '平素より格別のお引き立てを賜り、厚く御礼申し上げます。来年1月より価格を',
    },
  ]
  return lines.map(({ ago, ...line }, index) =>
    aHead({ id: `in-${index + 1}`, sentAt: NOW - ago, to: [me], ...line }),
  )
}

type SentLine = {
  ago: number
  name: string
  subject: string
  preview: string
  item: Partial<OutboxItem> | null
}

const sentMails: (SentLine & { steps: Parameters<typeof anOutboxItem>[0]['steps'] })[] = [
  {
    ago: 8 * MINUTE,
    name: 'Aoki Haruka',
    subject: 'Invoice 2026-11 and the revised schedule',
    preview: 'Please find the invoice attached. The hand-over moves to 4 December.',
    item: {
      attachments: [
        { name: 'invoice-2026-11.pdf', bytes: 218_000 },
        { name: 'schedule.xlsx', bytes: 41_000 },
      ],
    },
    steps: relayedToTwoOfThree(),
  },
  {
    ago: 95 * MINUTE,
    name: 'Martin Weber',
    subject: 'Re: Site visit on Thursday',
    preview: 'Thursday at ten works for us. We will bring the revised drawings.',
    item: {},
    steps: delivered(['weber@bau.example']),
  },
  {
    ago: 172 * MINUTE,
    name: '',
    subject: '週次報告(第47週)',
    preview: 'お疲れさまです。今週の進捗を共有します。',
    item: {},
    steps: delivered(['team@example.org']),
  },
  {
    ago: DAY,
    name: '',
    subject: 'Contract draft',
    preview: 'Hi Jane, here is the draft we discussed on the phone.',
    item: {},
    steps: bounced('j.smith@exmaple.com'),
  },
  {
    ago: DAY + 3 * HOUR,
    name: 'Priya Raman',
    subject: 'Photos from the opening',
    preview: 'Eight photos, scaled to fit your server. The others are on the shared drive.',
    item: {},
    steps: delivered(['priya@gallery.example'], true),
  },
  {
    ago: 4 * DAY,
    name: '佐藤 健二',
    subject: '見積書送付の件',
    preview: 'お世話になっております。見積書を添付してお送りいたします。',
    item: {},
    steps: relayed(['kenji.sato@sato-kogyo.example']),
  },
  {
    ago: 4 * DAY + 2 * HOUR,
    name: 'The Print Shop',
    subject: 'Order 20981',
    preview: 'Two hundred copies on the cream paper, please, folded.',
    item: {},
    steps: sent(['orders@print.example']),
  },
]

const sentItems: OutboxItem[] = sentMails.map(({ ago, name, subject, preview, item, steps }, index) => {
  const made = anOutboxItem({
    id: `sent-item-${index + 1}`,
    startAt: NOW - ago,
    steps,
    subject,
    preview,
    messageIdHeader: `sent-${index + 1}@example.co.jp`,
    ...item,
  })
  const to = made.to.map((recipient, position) => (position === 0 ? { ...recipient, name } : recipient))
  return { ...made, to }
})

const sentHeads: MessageHead[] = sentItems.map((item, index) =>
  aHead({
    id: `sent-${index + 1}`,
    folderId: 'yuki/sent',
    from: item.from,
    to: item.to,
    subject: item.subject,
    preview: item.preview,
    sentAt: item.createdAt,
    hasAttachments: item.attachments.length > 0,
    bytes: item.bytes,
    outboxItemId: item.id,
  }),
)

const waitingItems: OutboxItem[] = [
  anOutboxItem({
    id: 'item-sending',
    startAt: NOW - 1500,
    steps: sendingBody(['haruka@aoki.example'], 15_500_000),
    to: [{ name: 'Aoki Haruka', address: 'haruka@aoki.example' }],
    subject: 'Photos for the catalogue',
    preview: 'Hello Haruka, the photos you asked for are attached.',
    progress: { sent: 9_600_000, total: 15_500_000 },
  }),
  anOutboxItem({
    id: 'item-held',
    startAt: NOW - 4000,
    steps: held(['weber@bau.example'], NOW + 6000),
    to: [{ name: 'Martin Weber', address: 'weber@bau.example' }],
    subject: 'Drawings, second revision',
    preview: 'Please find the second revision attached.',
  }),
  anOutboxItem({
    id: 'item-deferred',
    startAt: NOW - 20 * MINUTE,
    steps: deferred(
      ['accounts@example.net'],
      { kind: 'server-busy', reply: { code: 450, enhanced: '4.2.0', text: 'Greylisted, try again later' } },
      NOW + 5 * MINUTE,
    ),
    subject: 'November invoice',
    preview: 'Dear accounts team, please find attached',
  }),
]

export const drafts: Draft[] = [
  aDraft({
    id: 'draft-1',
    to: [{ name: 'Aoki Haruka', address: 'haruka@aoki.example' }],
    subject: 'Photos for the catalogue',
    text: 'Hello Haruka,\nthe photos you asked for are attached. Tell me which ones you would like to use.',
    savedAt: NOW - MINUTE,
    attachments: [
      { id: 'a1', name: 'catalogue-01.jpg', type: 'image/jpeg', bytes: 4_100_000, sha256: 'a'.repeat(64) },
    ],
  }),
  aDraft({
    id: 'draft-2',
    accountId: 'studio',
    to: [],
    subject: '',
    text: 'Workshop in March: two Saturdays, twelve places, paper and ink included',
    savedAt: NOW - DAY,
  }),
  aDraft({
    id: 'draft-3',
    to: [{ name: '山田 美咲', address: 'misaki@yamada.example' }],
    subject: 'Re: 来週の打ち合わせ',
    text: '山田様\n\nお世話になっております。火曜日の15時で問題ございません。',
    savedAt: NOW - 3 * DAY,
  }),
]

const LETTER = `Dear all,
please find the invoice for November attached, with the schedule as agreed on Thursday. The hand-over moves to 4 December; everything else stays.

The plan is also at https://bau.example/plan/2026-11?rev=3 and questions go to office@bau.example.

Best regards
Yuki

> On Monday, Martin Weber wrote:
> Could you send the invoice together with the new schedule?
>> And please do not forget the VAT number this time.`

const NEWSLETTER = `<!doctype html><html><head><style>.hero{background:#0d3b66;color:#fff;padding:24px}
@import url(https://track.example/a.css); .price{background:url('https://track.example/p.gif')}</style></head>
<body style="background:#ffffff;font-family:Georgia,serif;color:#222"><div class="hero"><h1>Your proof is ready</h1>
<p>Order 20981 · 200 copies, cream paper</p></div><p>Hello Yuki,</p><p>the proof for your order is ready. Please look at it and
<a href="https://print.example/proof/20981">tell us by Friday</a>.</p>
<p>Or write to <a href="mailto:orders@print.example">orders@print.example</a>.</p>
<img src="cid:logo" width="120" height="40" alt="The Print Shop"><img src="https://track.example/open.gif" width="1" height="1">
<img src="https://track.example/banner.png" width="560" height="90" alt="Autumn prices">
<script>alert(1)</script><table border="0" cellpadding="8"><tr><td bgcolor="#eef3f8">Copies</td><td>200</td></tr><tr><td bgcolor="#eef3f8">Paper</td><td>Cream, 120 g</td></tr></table></body></html>`

const LOGO =
  'data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHdpZHRoPSIxMjAiIGhlaWdodD0iNDAiPjxyZWN0IHdpZHRoPSIxMjAiIGhlaWdodD0iNDAiIGZpbGw9IiNmNGQzNWUiLz48L3N2Zz4='

/** What can be fetched of the newsletter; a pixel that the mail draws in its own size. */
export const PICTURES: Record<string, string> = {
  'https://track.example/banner.png':
    'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'https://track.example/p.gif': 'data:image/gif;base64,R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=',
}

export const messages: Record<string, Partial<Message>> = {
  'in-1': {
    text: 'お世話になっております。佐藤工業の佐藤です。\n\nお見積もりの件、社内で確認いたしました。納期を一週間早めることは可能でしょうか。\n\nご検討のほど、よろしくお願いいたします。\n\n佐藤 健二\n佐藤工業株式会社\nhttps://sato-kogyo.example/',
    received: [
      { by: 'mx.sato-kogyo.example', from: 'pc-kenji', at: NOW - 6 * MINUTE - 4000, tls: true },
      { by: 'relay.provider.example', from: 'mx.sato-kogyo.example', at: NOW - 6 * MINUTE - 2500, tls: true },
      { by: 'mail.example.co.jp', from: 'relay.provider.example', at: NOW - 6 * MINUTE, tls: true },
    ],
  },
  'in-2': {
    text: 'Thank you for the eight photos.\n\nWe would like to use the second and the fifth, if that is fine with you. The layout is attached.\n\nHaruka',
    cc: [{ name: 'Catalogue team', address: 'catalogue@aoki.example' }],
    attachments: [
      {
        partId: '2',
        name: 'layout.pdf',
        type: 'application/pdf',
        bytes: 1_240_000,
        contentId: null,
        isInline: false,
      },
      {
        partId: '3',
        name: '図録_第二稿.docx',
        type: 'application/msword',
        bytes: 88_000,
        contentId: null,
        isInline: false,
      },
    ],
    received: [
      { by: 'mx1.aoki.example', from: '[192.0.2.14]', at: NOW - 38 * MINUTE - 3000, tls: true },
      { by: 'mail.example.co.jp', from: 'mx1.aoki.example', at: NOW - 38 * MINUTE, tls: false },
    ],
  },
  'in-6': {
    text: 'Your proof is ready. Order 20981.',
    unsafeHtml: NEWSLETTER,
    inlineImages: { logo: LOGO },
    attachments: [
      {
        partId: '2',
        name: 'proof-20981.pdf',
        type: 'application/pdf',
        bytes: 2_400_000,
        contentId: null,
        isInline: false,
      },
    ],
    received: [{ by: 'mail.example.co.jp', from: 'out.print.example', at: NOW - DAY - 2 * HOUR, tls: true }],
  },
  'in-9': { isDamaged: true, text: 'So far: three cakes, no soup.' },
  'sent-1': {
    text: LETTER,
    to: sentItems[0]?.to ?? [],
    attachments: [
      {
        partId: '2',
        name: 'invoice-2026-11.pdf',
        type: 'application/pdf',
        bytes: 218_000,
        contentId: null,
        isInline: false,
      },
      {
        partId: '3',
        name: 'schedule.xlsx',
        type: 'application/vnd.ms-excel',
        bytes: 41_000,
        contentId: null,
        isInline: false,
      },
    ],
  },
}

/** The whole of it; `change` replaces parts. */
export function sampleWorld(change: Partial<World> = {}): World {
  return aWorld({
    accounts,
    folders,
    heads: [...inboxHeads(), ...sentHeads],
    messages,
    sources: {
      'in-9':
        'From: list@friends.example\r\nSubject: =?utf-8?q?broken\r\n\r\nSo far: three cakes, no soup.\r\n',
    },
    drafts,
    outbox: [...waitingItems, ...sentItems],
    status: accounts.map(({ id }) => aStatus({ accountId: id })),
    ...change,
  })
}

/** A folder of many thousands, to scroll through. */
export function manyHeads(count: number): MessageHead[] {
  const [first, ...rest] = inboxHeads()
  const models = first === undefined ? [] : [first, ...rest]
  return Array.from({ length: count }, (_, index) => {
    const model = models[index % models.length] ?? aHead()
    return {
      ...model,
      id: `many-${index}`,
      subject: `${index + 1}. ${model.subject}`,
      sentAt: NOW - index * 17 * MINUTE,
      isSeen: index % 5 !== 0,
    }
  })
}
