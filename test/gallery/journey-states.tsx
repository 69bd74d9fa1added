/** The way of a mail, at each of its stations and in each of its states. */

import { JourneyCard } from '../../renderer/journey/JourneyCard.tsx'
import type { OutboxItem, TranscriptLine } from '../../shared/model.ts'
import { anAccount, anOutboxItem, DAY, MINUTE, NOW, type Step } from '../support/builders.ts'
import { type Answers, createFakeBridge } from '../support/fake-bridge.ts'
import {
  bounced,
  connected,
  deferred,
  delayed,
  delivered,
  envelope,
  handedOver,
  held,
  recipientsRefused,
  refused,
  relayed,
  relayedToTwoOfThree,
  sendingBody,
  sent,
  terminating,
  uncertain,
  written,
} from '../support/stories.ts'
import { clickOn } from './acting.ts'
import { accounts, sampleWorld } from './sample-world.ts'
import type { GalleryState } from './state.ts'

const HARUKA = 'haruka@aoki.example'

function state(
  name: string,
  steps: readonly Step[],
  change: Partial<OutboxItem> & { startAt?: number } = {},
  answers: Answers = {},
): GalleryState {
  return {
    view: 'journey',
    state: name,
    bridge: () =>
      createFakeBridge({
        world: sampleWorld({
          accounts: [
            ...accounts,
            anAccount({ id: 'learning', sentCopy: 'unknown' }),
            anAccount({ id: 'files-itself', sentCopy: 'server-files-it' }),
          ],
          outbox: [anOutboxItem({ id: 'item', steps, ...change })],
          transcripts: { item: conversation },
        }),
        answers,
      }),
    show: () => (
      <main style={{ maxWidth: 720, padding: 28 }}>
        <h1 className="for-ears">Invoice 2026-11</h1>
        <JourneyCard itemId="item" />
      </main>
    ),
  }
}

const lines: [TranscriptLine['side'], string][] = [
  ['note', 'mail.example.co.jp is 203.0.113.25'],
  ['note', 'connected, TLSv1.3, TLS_AES_256_GCM_SHA384'],
  ['server', '220 mail.example.co.jp ESMTP'],
  ['client', 'EHLO desk.example.co.jp'],
  ['server', '250-mail.example.co.jp\n250-PIPELINING\n250-SIZE 26214400\n250-DSN\n250 SMTPUTF8'],
  ['client', 'AUTH PLAIN (password removed)'],
  ['server', '235 2.7.0 Authentication successful'],
  ['client', 'MAIL FROM:<yuki@example.co.jp> RET=HDRS ENVID=k3f9'],
  ['server', '250 2.1.0 Ok'],
  ['client', 'RCPT TO:<haruka@aoki.example> NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;haruka@aoki.example'],
  ['server', '250 2.1.5 Ok'],
  ['client', 'DATA'],
  ['server', '354 End data with <CR><LF>.<CR><LF>'],
  ['note', '268,000 bytes'],
  ['server', '250 2.0.0 Ok: queued as 4Rk2X91zQz'],
]

const conversation: TranscriptLine[] = lines.map(([side, text], index) => ({
  at: NOW - 8 * MINUTE + index * 12,
  attempt: 1,
  side,
  text,
}))

/** A recipient in every state that a report can bring. */
const EVERYBODY = [
  'relayed',
  'delayed',
  'delivered',
  'expanded',
  'failed',
  'opened',
  'silent',
  'accepted',
].map(name => `${name}@example.org`)
const EVERY_STATE: Step[] = [
  ...sent(EVERYBODY),
  [900, { type: 'relayed', recipient: 'relayed@example.org', text: '250 2.0.0 relayed to mx.example.org' }],
  [
    900,
    {
      type: 'delayed',
      recipient: 'delayed@example.org',
      text: '450 4.2.0 mailbox busy',
      retryUntil: NOW + 2 * DAY,
    },
  ],
  [900, { type: 'delivered', recipient: 'delivered@example.org', text: '250 2.0.0 saved in INBOX' }],
  [900, { type: 'expanded', recipient: 'expanded@example.org', text: '250 2.0.0 expanded to 14 members' }],
  [900, { type: 'failed', recipient: 'failed@example.org', text: '550 5.1.1 User unknown', status: '5.1.1' }],
  [900, { type: 'opened', recipient: 'opened@example.org', text: 'displayed, 14:39' }],
  [900, { type: 'no report possible', recipient: 'silent@example.org' }],
]

const MANY = Array.from({ length: 48 }, (_, index) => `reader-${index + 1}@newsletter.example`)

const accepted: Step[] = [written([HARUKA]), ...handedOver([HARUKA])]

export const journeyStates: readonly GalleryState[] = [
  state('full', relayedToTwoOfThree()),
  state('loading', [written([HARUKA])], {}, { 'outbox.get': 'never' }),
  state('failing', [written([HARUKA])], {}, { 'outbox.get': { kind: 'disk', detail: 'EIO: i/o error' } }),
  state('held', held([HARUKA], NOW + 7_000)),
  state('connecting', [written([HARUKA]), ...connected().slice(0, 3)]),
  state('uploading', sendingBody([HARUKA], 5_200_000), { progress: { sent: 3_100_000, total: 5_200_000 } }),
  state('awaiting-reply', [written([HARUKA]), ...connected(), ...envelope([HARUKA]), terminating([HARUKA])]),
  state('handed-over', sent([HARUKA])),
  state('relayed', relayed([HARUKA])),
  state('delivered', delivered([HARUKA])),
  state('opened', delivered([HARUKA], true)),
  state('delayed', delayed(HARUKA, NOW + 2 * DAY)),
  state('did-not-arrive', bounced('j.smith@exmaple.com')),
  state('offline', deferred([HARUKA], { kind: 'offline' }, NOW + MINUTE)),
  state('refused', refused([HARUKA])),
  state('recipients-refused', recipientsRefused([HARUKA, 'weber@bau.example'], 'acounts@example.net')),
  state('unknown', uncertain([HARUKA])),
  state('every-state', EVERY_STATE),
  state('many', sent(MANY)),
  state('copy-waits', [...accepted, [5, { type: 'copy-filing', how: 'append' }]], { accountId: 'learning' }),
  state('copy-waits-for-server', [...accepted, [5, { type: 'copy-filing', how: 'append' }]], {
    accountId: 'files-itself',
  }),
  state('copy-filing', [...accepted, [5, { type: 'copy-filing', how: 'append' }]]),
  state('copy-by-server', [...accepted, [5, { type: 'copy-filed', how: 'found', folder: 'Sent' }]]),
  state('copy-local', [...accepted, [5, { type: 'copy-filed', how: 'local', folder: 'Sent' }]], {
    accountId: 'old',
  }),
  state('copy-retries', [
    ...accepted,
    [
      5,
      {
        type: 'copy-failed',
        problem: { kind: 'protocol', host: 'mail.example.co.jp', detail: 'NO [OVERQUOTA] Quota exceeded' },
        retryAt: NOW + 10 * MINUTE,
      },
    ],
  ]),
  state('copy-failed', [
    ...accepted,
    [5, { type: 'copy-failed', problem: { kind: 'no-folder', role: 'sent' }, retryAt: null }],
  ]),
  {
    ...state('keep', sent([HARUKA])),
    afterMount: () => clickOn('[aria-haspopup="menu"]'),
  },
  {
    ...state('kept', sent([HARUKA])),
    afterMount: () => {
      clickOn('[aria-haspopup="menu"]')
      clickOn('[role="menuitem"]', /JSON/)
    },
  },
  {
    ...state('transcript', sent([HARUKA])),
    afterMount: () => clickOn('footer button[aria-expanded="false"]'),
  },
]
