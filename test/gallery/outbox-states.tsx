/** The outbox in its states, and a row in each of its own. */

import type { OutboxItem } from '../../shared/model.ts'
import type { Problem } from '../../shared/problem.ts'
import { anOutboxItem, aStatus, DAY, HOUR, MINUTE, NOW, type Step } from '../support/builders.ts'
import { type Answers, createFakeBridge } from '../support/fake-bridge.ts'
import {
  allRecipientsRefused,
  bounced,
  connected,
  damaged,
  deferred,
  delayed,
  delivered,
  envelope,
  held,
  overdue,
  pausedForAccount,
  recipientsRefused,
  refused,
  refusedWith,
  relayed,
  sendingBody,
  sent,
  sentToOthers,
  terminating,
  uncertain,
  written,
} from '../support/stories.ts'
import { clickOn, typeInto, whenThere } from './acting.ts'
import { sampleWorld } from './sample-world.ts'
import type { GalleryState } from './state.ts'

function row(
  id: string,
  subject: string,
  steps: readonly Step[],
  change: Partial<OutboxItem> & { startAt?: number; isReadable?: boolean } = {},
): OutboxItem {
  return anOutboxItem({ id, subject, steps, preview: PREVIEW, ...change })
}

const PREVIEW = 'Please find the revised drawings attached. The hand-over moves to 4 December.'
const BUSY: Problem = {
  kind: 'server-busy',
  step: 'recipient',
  reply: { code: 450, enhanced: '4.2.0', text: 'Greylisted, please try again in 300 seconds' },
}

const asksRecipients = row(
  'asks-recipients',
  'Minutes of the November meeting',
  recipientsRefused(['haruka@aoki.example', 'weber@bau.example'], 'acounts@example.net'),
)
const asksOutcome = row('asks-outcome', '見積書送付の件', uncertain(['kenji.sato@sato-kogyo.example']), {
  to: [{ name: '佐藤 健二', address: 'kenji.sato@sato-kogyo.example' }],
  startAt: NOW - 15 * MINUTE,
  search: { looks: 3, lastAt: NOW - 2 * MINUTE, nextAt: NOW + 2 * MINUTE, problem: null },
})
const asksOutcomeOffline = row('asks-outcome-offline', 'Order 20981', uncertain(['orders@print.example']), {
  startAt: NOW - 12 * MINUTE,
  search: { looks: 1, lastAt: NOW - MINUTE, nextAt: NOW + MINUTE, problem: { kind: 'offline' } },
})
const asksOutcomePop = row('asks-outcome-pop3', 'Order 20981', uncertain(['orders@print.example']), {
  accountId: 'old',
  startAt: NOW - 12 * MINUTE,
  search: { looks: 4, lastAt: NOW - MINUTE, nextAt: null, problem: null },
})
const asksTime = row('asks-time', '来週の打ち合わせ', overdue(['misaki@yamada.example'], NOW - 5 * HOUR), {
  to: [{ name: '山田 美咲', address: 'misaki@yamada.example' }],
  startAt: NOW - 2 * DAY,
})
const awaitingReply = row(
  'awaiting-reply',
  'Contract, signed',
  [
    written(['weber@bau.example']),
    ...connected(),
    ...envelope(['weber@bau.example']),
    terminating(['weber@bau.example']),
  ],
  { startAt: NOW - 2_000 },
)
const connecting = row(
  'connecting',
  'Contract, signed',
  [written(['weber@bau.example']), ...connected().slice(0, 3)],
  { startAt: NOW - 1_000 },
)
const onlyAddress = row('refused-address', 'Contract draft', allRecipientsRefused('j.smith@exmaple.com'))
const unknownReply = row(
  'refused-unknown',
  'Contract draft',
  refusedWith(['jane@slow.example'], { code: 571, enhanced: null, text: 'Xyzzy plugh (q17)' }),
)
const othersHaveIt = row(
  'others-have-it',
  'Minutes of the November meeting',
  sentToOthers(['haruka@aoki.example', 'weber@bau.example'], 'acounts@example.net'),
  { startAt: NOW - 20 * MINUTE },
)
const correctedApart = row(
  'corrected-apart',
  'Minutes of the November meeting',
  [
    ...sentToOthers(['haruka@aoki.example', 'weber@bau.example'], 'acounts@example.net'),
    [
      MINUTE,
      {
        type: 'corrected-apart',
        recipient: 'acounts@example.net',
        to: 'accounts@example.net',
        itemId: 'other',
      },
    ],
  ],
  { startAt: NOW - 20 * MINUTE },
)
const gaveUp = row('gave-up', 'November invoice', [
  written(['accounts@example.net']),
  [10, { type: 'refused', problem: { kind: 'gave-up', last: BUSY, afterMs: 5 * DAY } }],
])
const damagedFile = row(
  'damaged-file',
  'Photos for the catalogue',
  damaged(['haruka@aoki.example'], { kind: 'attachment-unreadable', name: 'catalogue-01.jpg' }),
  { attachments: [{ name: 'catalogue-01.jpg', bytes: 2_100_000 }] },
)
const damagedMail = row(
  'damaged',
  '',
  damaged(['haruka@aoki.example'], { kind: 'mail-unreadable', detail: 'recipe' }),
  {
    from: { name: '', address: '' },
    preview: '{"version":1,"from":{"name":"Yuki","add',
    isReadable: false,
  },
)
const APP_PASSWORD: Problem = {
  kind: 'authentication',
  host: 'smtp.gmail.com',
  user: 'studio@example.org',
  text: 'Application-specific password required.',
  reply: {
    code: 534,
    enhanced: '5.7.9',
    text: 'Application-specific password required. For more information, go to https://support.google.com/mail/?p=InvalidSecondFactor',
  },
  step: 'auth',
}
const SIGN_IN_OFF: Problem = {
  kind: 'authentication',
  host: 'smtp.office365.com',
  user: 'studio@example.org',
  text: 'Authentication unsuccessful, basic authentication is disabled.',
  reply: {
    code: 535,
    enhanced: '5.7.139',
    text: 'Authentication unsuccessful, basic authentication is disabled. [TYCPR01CA0093.jpnprd01.prod.outlook.com]',
  },
  step: 'auth',
}
const SLOW_DOWN: Problem = {
  kind: 'throttled',
  host: 'mail.example.org',
  text: 'Too many messages from your address, please slow down',
  reply: { code: 421, enhanced: '4.7.0', text: 'Too many messages from your address, please slow down' },
  step: 'sender',
}
function resting(id: string, problem: Problem, until: number | null = null): GalleryState {
  const items = ['Guest list', 'Re: A question about the workshop in March'].map((subject, index) =>
    row(index === 0 ? id : `${id}-2`, subject, pausedForAccount(['priya@gallery.example'], problem, until), {
      accountId: 'studio',
      to: [{ name: 'Priya Raman', address: 'priya@gallery.example' }],
    }),
  )
  return {
    view: 'outbox',
    state: id,
    startAt: { view: 'outbox' },
    bridge: () =>
      createFakeBridge({
        world: sampleWorld({
          outbox: [...items, ...done.slice(0, 3)],
          status: [
            aStatus({ accountId: 'yuki' }),
            aStatus({ accountId: 'studio', outgoing: { state: 'paused', problem, until } }),
            aStatus({ accountId: 'old' }),
          ],
        }),
      }),
    afterMount: () => clickOn(`[data-item="${id}"]`),
  }
}
const pausedByAccount = row('paused-account', 'Guest list', pausedForAccount(['priya@gallery.example']), {
  accountId: 'studio',
  to: [{ name: 'Priya Raman', address: 'priya@gallery.example' }],
})
const refusedRow = row('refused', 'All photos, full size', refused(['lena@fischer.example']), {
  to: [{ name: 'Lena Fischer', address: 'lena@fischer.example' }],
  startAt: NOW - 2 * HOUR,
})
const sending = row('sending', 'Photos for the catalogue', sendingBody(['haruka@aoki.example'], 5_200_000), {
  to: [{ name: 'Aoki Haruka', address: 'haruka@aoki.example' }],
  startAt: NOW - 2_000,
  progress: { sent: 3_100_000, total: 5_200_000 },
  attachments: [
    { name: 'catalogue-01.jpg', bytes: 2_100_000 },
    { name: 'カタログ写真(校正済み).jpg', bytes: 1_700_000 },
  ],
})
const heldRow = row('held', 'Drawings, second revision', held(['weber@bau.example'], NOW + 7_000), {
  to: [{ name: 'Martin Weber', address: 'weber@bau.example' }],
  startAt: NOW - 3_000,
})
const scheduled = row(
  'scheduled',
  '来週の打ち合わせ',
  held(['misaki@yamada.example'], NOW + 17 * HOUR, 'schedule'),
  {
    to: [{ name: '山田 美咲', address: 'misaki@yamada.example' }],
    startAt: NOW - HOUR,
  },
)
const triesAgain = row(
  'tries-again',
  'November invoice',
  deferred(['accounts@example.net'], BUSY, NOW + 5 * MINUTE),
  { startAt: NOW - 20 * MINUTE },
)
const pausedByPerson = row(
  'paused-person',
  'Newsletter, draft for the printer',
  [written(['orders@print.example']), [5, { type: 'paused', why: 'person', problem: null }]],
  { to: [{ name: 'The Print Shop', address: 'orders@print.example' }], startAt: NOW - 30 * MINUTE },
)
const cancelled = row(
  'cancelled',
  'Wrong file, sorry',
  [
    written(['weber@bau.example']),
    [2, { type: 'held', dueAt: NOW, why: 'undo' }],
    [900, { type: 'cancelled', by: 'person' }],
  ],
  { startAt: NOW - DAY },
)
const done: OutboxItem[] = [
  row('accepted', 'Order 20981', sent(['orders@print.example']), { startAt: NOW - 40 * MINUTE }),
  row('delivered', 'Re: Site visit on Thursday', delivered(['weber@bau.example']), {
    startAt: NOW - 2 * HOUR,
  }),
  row('opened', 'Photos from the opening', delivered(['priya@gallery.example'], true), {
    startAt: NOW - 5 * HOUR,
  }),
  row('relayed', '週次報告(第47週)', relayed(['team@example.org']), { startAt: NOW - 7 * HOUR }),
  row('delayed', 'Contract draft', delayed('jane@slow.example', NOW + 2 * DAY), { startAt: NOW - 9 * HOUR }),
  row('failed', 'Contract draft', bounced('j.smith@exmaple.com'), { startAt: NOW - 11 * HOUR }),
  cancelled,
]

function state(name: string, outbox: OutboxItem[], answers: Answers = {}): GalleryState {
  return {
    view: 'outbox',
    state: name,
    startAt: { view: 'outbox' },
    bridge: () => createFakeBridge({ world: sampleWorld({ outbox }), answers }),
  }
}

const everything = [
  asksRecipients,
  sending,
  heldRow,
  scheduled,
  triesAgain,
  pausedByPerson,
  pausedByAccount,
  ...done,
]

/** The first row of the first group is the one shown; in a stack it is clicked on. */
function chosen(item: OutboxItem): GalleryState {
  return {
    ...state(item.id, [item, ...done.filter(other => other.id !== item.id).slice(0, 3)]),
    afterMount: () => clickOn(`[data-item="${item.id}"]`),
  }
}

const offline: Problem = { kind: 'offline' }

export const outboxStates: readonly GalleryState[] = [
  state('full', everything),
  state('empty', []),
  state('loading', everything, { 'outbox.list': 'never' }),
  state('failing', everything, { 'outbox.list': { kind: 'database-corrupt', file: 'desk.db' } }),
  state('offline', [
    row('offline-1', 'Drawings, second revision', deferred(['weber@bau.example'], offline, NOW + MINUTE), {
      startAt: NOW - 4 * MINUTE,
    }),
    row('offline-2', '来週の打ち合わせ', deferred(['misaki@yamada.example'], offline, NOW + MINUTE), {
      startAt: NOW - 9 * MINUTE,
    }),
    ...done,
  ]),
  ...[
    asksRecipients,
    asksOutcome,
    asksOutcomeOffline,
    asksOutcomePop,
    asksTime,
    pausedByAccount,
    refusedRow,
    onlyAddress,
    unknownReply,
    gaveUp,
    damagedFile,
    damagedMail,
    connecting,
    awaitingReply,
    othersHaveIt,
    correctedApart,
    sending,
    heldRow,
    scheduled,
    triesAgain,
    pausedByPerson,
    ...done,
  ].map(chosen),
  resting('app-password', APP_PASSWORD),
  resting('sign-in-off', SIGN_IN_OFF),
  resting('slowed-down', SLOW_DOWN, NOW + 15 * MINUTE),
  {
    ...chosen(asksRecipients),
    state: 'correcting',
    afterMount: () => {
      clickOn(`[data-item="${asksRecipients.id}"]`)
      clickOn('section button:not([aria-expanded])', /Correct the address|アドレスを直す/)
    },
  },
  {
    ...chosen(asksRecipients),
    state: 'correcting-wrong',
    afterMount: () => {
      clickOn(`[data-item="${asksRecipients.id}"]`)
      clickOn('section button:not([aria-expanded])', /Correct the address|アドレスを直す/)
      typeInto('form input', 'weber@bau.example')
    },
  },
  {
    ...chosen(othersHaveIt),
    state: 'correcting-alone',
    afterMount: () => {
      clickOn(`[data-item="${othersHaveIt.id}"]`)
      clickOn('section button:not([aria-expanded])', /Correct the address|アドレスを直す/)
    },
  },
  {
    ...chosen(asksRecipients),
    state: 'meaning',
    afterMount: () => {
      clickOn(`[data-item="${asksRecipients.id}"]`)
      clickOn('button[aria-expanded="false"]', /What this means|詳しい意味/)
    },
  },
  {
    ...chosen(triesAgain),
    state: 'row-menu',
    afterMount: () => {
      clickOn(`[data-item="${triesAgain.id}"]`)
      clickOn('li [aria-haspopup="menu"]')
    },
  },
  {
    ...chosen(asksTime),
    state: 'asks-time-later',
    afterMount: () => {
      clickOn(`[data-item="${asksTime.id}"]`)
      clickOn('section button', /Send later|後で送信/)
    },
  },
  {
    ...state('saved-without', [damagedFile, ...done.slice(0, 3)], {
      'outbox.saveAs': () => ({
        savedAs: '/home/yuki/Photos for the catalogue.eml',
        leftOut: ['catalogue-01.jpg'],
      }),
    }),
    afterMount: () => {
      clickOn(`[data-item="${damagedFile.id}"]`)
      clickOn('header [aria-haspopup="menu"]')
      clickOn('[role="menuitem"]')
    },
  },
  {
    ...state('refusing', [heldRow], { 'outbox.cancel': { kind: 'past-no-return' } }),
    afterMount: () => {
      clickOn('[aria-label="Do not send"], [aria-label="送信しない"]')
      whenThere('[role="dialog"] button:not([data-autofocus])', button => button.click())
    },
  },
]
