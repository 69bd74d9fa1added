/** The outbox in its states, and a row in each of its own. */

import type { OutboxItem } from '../../shared/model.ts'
import type { Problem } from '../../shared/problem.ts'
import { anOutboxItem, DAY, HOUR, MINUTE, NOW, type Step } from '../support/builders.ts'
import { type Answers, createFakeBridge } from '../support/fake-bridge.ts'
import {
  bounced,
  deferred,
  delayed,
  delivered,
  held,
  pausedForAccount,
  recipientsRefused,
  refused,
  relayed,
  sendingBody,
  sent,
  uncertain,
  written,
} from '../support/stories.ts'
import { clickOn, whenThere } from './acting.ts'
import { sampleWorld } from './sample-world.ts'
import type { GalleryState } from './state.ts'

function row(
  id: string,
  subject: string,
  steps: readonly Step[],
  change: Partial<OutboxItem> & { startAt?: number } = {},
): OutboxItem {
  return anOutboxItem({ id, subject, steps, preview: PREVIEW, ...change })
}

const PREVIEW = 'Please find the revised drawings attached. The hand-over moves to 4 December.'
const BUSY: Problem = {
  kind: 'server-busy',
  reply: { code: 450, enhanced: '4.2.0', text: 'Greylisted, please try again in 300 seconds' },
}

const asksRecipients = row(
  'asks-recipients',
  'Minutes of the November meeting',
  recipientsRefused(['haruka@aoki.example', 'weber@bau.example'], 'acounts@example.net'),
)
const asksOutcome = row('asks-outcome', '見積書送付の件', uncertain(['kenji.sato@sato-kogyo.example']), {
  to: [{ name: '佐藤 健二', address: 'kenji.sato@sato-kogyo.example' }],
  startAt: NOW - 3 * HOUR,
})
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
    pausedByAccount,
    refusedRow,
    sending,
    heldRow,
    scheduled,
    triesAgain,
    pausedByPerson,
    ...done,
  ].map(chosen),
  {
    ...state('refusing', [heldRow], { 'outbox.cancel': { kind: 'past-no-return' } }),
    afterMount: () => {
      clickOn('[aria-label="Do not send"], [aria-label="送信しない"]')
      whenThere('[role="dialog"] button:not([data-autofocus])', button => button.click())
    },
  },
]
