/** Ways a mail can go, as ledger steps: told once here for views, pictures and tests. */

import type { Problem, ServerReply } from '../../shared/problem.ts'
import { DAY, HOUR, MINUTE, type Step } from './builders.ts'

const reply = (code: number, enhanced: string | null, text: string): ServerReply => ({ code, enhanced, text })

const SHA = 'c0ffee'.padEnd(64, '0')

export function written(recipients: string[], bytes = 268_000): Step {
  return [0, { type: 'written', bytes, sha256: SHA, recipients }]
}

/** Held for the undo window, then let go. */
export function heldAndReleased(dueAt: number): Step[] {
  return [
    [2, { type: 'held', dueAt, why: 'undo' }],
    [10_000, { type: 'released', by: 'window' }],
  ]
}

export function connected(host = 'mail.example.co.jp'): Step[] {
  return [
    [5, { type: 'claimed', host, port: 465 }],
    [4, { type: 'resolved', address: '203.0.113.25', ms: 4 }],
    [9, { type: 'connected', address: '203.0.113.25', ms: 9 }],
    [
      14,
      { type: 'secured', protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384', ms: 14, isResumed: false },
    ],
    [
      3,
      {
        type: 'greeted',
        text: '220 mail.example.co.jp ESMTP',
        extensions: ['PIPELINING', 'SIZE 26214400', 'DSN'],
      },
    ],
    [11, { type: 'authenticated', mechanism: 'PLAIN', ms: 11 }],
  ]
}

export function envelope(recipients: string[]): Step[] {
  return [
    [12, { type: 'sender-accepted', reply: reply(250, '2.1.0', 'Ok') }],
    ...recipients.map(
      (recipient): Step => [1, { type: 'recipient-accepted', recipient, reply: reply(250, '2.1.5', 'Ok') }],
    ),
    [8, { type: 'body-started', reply: reply(354, null, 'End data with <CR><LF>.<CR><LF>') }],
  ]
}

export function terminating(recipients: string[], bytes = 268_000): Step {
  return [320, { type: 'terminating', bytes, recipients }]
}

export function handedOver(recipients: string[], bytes = 268_000): Step[] {
  return [
    ...connected(),
    ...envelope(recipients),
    terminating(recipients, bytes),
    [
      90,
      {
        type: 'accepted',
        reply: reply(250, '2.0.0', 'Ok: queued as 4Rk2X91zQz'),
        queueId: '4Rk2X91zQz',
        recipients,
      },
    ],
  ]
}

export function copyFiled(folder = 'Sent'): Step[] {
  return [
    [40, { type: 'copy-filing', how: 'append' }],
    [180, { type: 'copy-filed', how: 'appended', folder }],
  ]
}

/** From the pen to the server, copy filed. */
export function sent(recipients: string[], bytes?: number): Step[] {
  return [written(recipients, bytes), ...handedOver(recipients, bytes), ...copyFiled()]
}

/** The story of the first picture: one relayed, one delivered, one still waiting at the far server. */
export function relayedToTwoOfThree(): Step[] {
  const recipients = ['haruka@aoki.example', 'weber@bau.example', 'accounts@example.net']
  return [
    ...sent(recipients),
    [
      11_000,
      { type: 'relayed', recipient: 'haruka@aoki.example', text: '250 2.1.5 relayed to mx1.aoki.example' },
    ],
    [2_000, { type: 'delivered', recipient: 'weber@bau.example', text: 'delivered to mailbox' }],
  ]
}

export function delivered(recipients: string[], wasOpened = false): Step[] {
  return [
    ...sent(recipients),
    ...recipients.map(
      (recipient): Step => [4_000, { type: 'delivered', recipient, text: '250 2.0.0 delivered to mailbox' }],
    ),
    ...(wasOpened
      ? recipients.map((recipient): Step => [9 * MINUTE, { type: 'opened', recipient, text: 'displayed' }])
      : []),
  ]
}

export function relayed(recipients: string[]): Step[] {
  return [
    ...sent(recipients),
    ...recipients.map(
      (recipient): Step => [
        3_000,
        { type: 'relayed', recipient, text: '250 2.0.0 relayed to mx.example.org' },
      ],
    ),
  ]
}

export function bounced(recipient: string): Step[] {
  return [
    ...sent([recipient]),
    [
      6_000,
      {
        type: 'failed',
        recipient,
        text: '550 5.1.1 <j.smith@exmaple.com>: Recipient address rejected: User unknown',
        status: '5.1.1',
      },
    ],
  ]
}

/** Delayed at the far server, which goes on trying until `retryUntil`. */
export function delayed(recipient: string, retryUntil: number): Step[] {
  return [
    ...sent([recipient]),
    [HOUR, { type: 'delayed', recipient, text: '450 4.2.0 greylisted, the server tries again', retryUntil }],
  ]
}

export function held(recipients: string[], dueAt: number, why: 'undo' | 'schedule' = 'undo'): Step[] {
  return [written(recipients), [2, { type: 'held', dueAt, why }]]
}

/** In the middle of the body. */
export function sendingBody(recipients: string[], bytes: number): Step[] {
  return [written(recipients, bytes), ...connected(), ...envelope(recipients)]
}

export function deferred(recipients: string[], problem: Problem, dueAt: number): Step[] {
  return [written(recipients), ...connected(), [400, { type: 'deferred', problem, dueAt }]]
}

export function uncertain(recipients: string[]): Step[] {
  return [
    written(recipients),
    ...connected(),
    ...envelope(recipients),
    terminating(recipients),
    [10 * MINUTE, { type: 'uncertain', problem: { kind: 'outcome-unknown' } }],
  ]
}

export function refused(recipients: string[]): Step[] {
  return [
    written(recipients),
    ...connected(),
    [
      30,
      {
        type: 'refused',
        problem: {
          kind: 'refused',
          reply: reply(552, '5.3.4', 'Message size exceeds fixed limit of 10485760'),
        },
      },
    ],
  ]
}

/** The account's server wants something before it takes any mail: by default another password. */
export function pausedForAccount(
  recipients: string[],
  problem: Problem = {
    kind: 'authentication',
    host: 'mail.example.org',
    user: 'studio@example.org',
    text: 'Error: authentication failed: wrong password',
    reply: reply(535, '5.7.8', 'Error: authentication failed: wrong password'),
    step: 'auth',
  },
  until: number | null = null,
): Step[] {
  return [
    written(recipients),
    [5, { type: 'claimed', host: 'mail.example.org', port: 465 }],
    [60, { type: 'paused', why: 'account', problem, until }],
  ]
}

/** Scheduled, and nobody was here when its time came. */
export function overdue(recipients: string[], wasDueAt: number): Step[] {
  return [...held(recipients, wasDueAt, 'schedule'), [DAY, { type: 'paused', why: 'overdue', problem: null }]]
}

/** Paused because something in this house is not as it was at Send. */
export function damaged(recipients: string[], problem: Problem): Step[] {
  return [written(recipients), [60, { type: 'paused', why: 'mail', problem }]]
}

/** The others have it; one does not. */
export function sentToOthers(good: string[], bad: string): Step[] {
  return [
    ...recipientsRefused(good, bad),
    [9_000, { type: 'chosen', choice: 'send-to-others', dropped: [bad] }],
    ...handedOver(good),
    ...copyFiled(),
  ]
}

/** Nobody was taken. */
export function allRecipientsRefused(bad: string): Step[] {
  const no = reply(550, '5.1.1', 'Recipient address rejected: User unknown in virtual mailbox table')
  return [
    written([bad]),
    ...connected(),
    [1, { type: 'recipient-refused', recipient: bad, reply: no }],
    [
      1,
      {
        type: 'refused',
        problem: { kind: 'recipients-refused', recipients: [{ address: bad, reply: no }] },
      },
    ],
  ]
}

/** Refused with a reply of one's own choice. */
export function refusedWith(recipients: string[], said: ServerReply): Step[] {
  return [
    written(recipients),
    ...connected(),
    [30, { type: 'refused', problem: { kind: 'refused', reply: said, step: 'body' } }],
  ]
}

/** Some were refused before anything was sent: the writer chooses. */
export function recipientsRefused(good: string[], bad: string): Step[] {
  const no = reply(550, '5.1.1', 'Recipient address rejected: User unknown in virtual mailbox table')
  return [
    written([...good, bad]),
    ...connected(),
    [12, { type: 'sender-accepted', reply: reply(250, '2.1.0', 'Ok') }],
    ...good.map(
      (recipient): Step => [1, { type: 'recipient-accepted', recipient, reply: reply(250, '2.1.5', 'Ok') }],
    ),
    [1, { type: 'recipient-refused', recipient: bad, reply: no }],
    [
      1,
      {
        type: 'paused',
        why: 'recipients',
        problem: { kind: 'recipients-refused', recipients: [{ address: bad, reply: no }] },
      },
    ],
  ]
}
