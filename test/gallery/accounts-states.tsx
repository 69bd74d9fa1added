/** Accounts, the check of their servers, and the welcome. */

import { AccountsView } from '../../renderer/accounts/AccountsView.tsx'
import type { AccountCheck, CheckStage, CheckStageName } from '../../shared/account-check.ts'
import type { Account } from '../../shared/model.ts'
import type { CertificateFacts, Problem } from '../../shared/problem.ts'
import { aStatus, DAY, NOW, someAbilities } from '../support/builders.ts'
import { type Answers, createFakeBridge, type World } from '../support/fake-bridge.ts'
import { clickOn, typeInto, whenThere } from './acting.ts'
import { accounts, sampleWorld } from './sample-world.ts'
import type { GalleryState } from './state.ts'

type Extra = { world?: Partial<World>; answers?: Answers; act?: () => void }

function state(view: string, name: string, { world, answers, act }: Extra = {}): GalleryState {
  return {
    view,
    state: name,
    startAt: { view: 'accounts' },
    bridge: () => createFakeBridge({ world: sampleWorld(world), ...(answers !== undefined && { answers }) }),
    ...(act !== undefined && { afterMount: act }),
  }
}

const SMTP: CheckStageName[] = ['dns', 'tcp', 'tls', 'greeting', 'capabilities', 'authentication', 'sender']
const IMAP: CheckStageName[] = ['dns', 'tcp', 'tls', 'greeting', 'capabilities', 'authentication', 'mailbox']

const DETAILS: Partial<Record<CheckStageName, string>> = {
  dns: '203.0.113.25',
  tls: 'TLSv1.3 · TLS_AES_256_GCM_SHA384',
  greeting: 'mail.example.co.jp ESMTP',
  capabilities: 'PIPELINING SIZE 26214400 DSN SMTPUTF8 8BITMIME',
  authentication: 'PLAIN',
}

/** Stages up to `stopAt` have passed, `stopAt` is in `last`, the rest waits or is skipped. */
function stages(
  server: 'smtp' | 'incoming',
  names: readonly CheckStageName[],
  stopAt: CheckStageName | null,
  last: CheckStage['state'] = 'passed',
  problem: Problem | null = null,
): CheckStage[] {
  const stop = stopAt === null ? names.length : names.indexOf(stopAt)
  return names.map((stage, index): CheckStage => {
    if (index < stop) {
      return {
        server,
        stage,
        state: 'passed',
        ms: 4 + index * 7,
        detail: DETAILS[stage] ?? '',
        problem: null,
      }
    }
    const isStop = index === stop
    const rest = last === 'failed' ? 'skipped' : 'waiting'
    return {
      server,
      stage,
      state: isStop ? last : rest,
      ms: isStop && last === 'failed' ? 31 : null,
      detail: '',
      problem: isStop ? problem : null,
    }
  })
}

const certificate: CertificateFacts = {
  subject: 'CN=mail.example.co.jp',
  issuer: 'CN=Example Office CA, O=Example KK',
  validFrom: NOW - 90 * DAY,
  validTo: NOW + 275 * DAY,
  fingerprint256:
    '5C:9F:41:7A:0B:9E:22:6D:E0:58:13:AC:77:34:F1:90:2B:6E:C5:88:D1:4F:03:9A:BE:61:27:E4:5D:70:8C:19',
  pem: '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n',
}

const wrongPassword: Problem = {
  kind: 'authentication',
  host: 'mail.example.co.jp',
  user: 'yuki@example.co.jp',
  text: '535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6',
}

function check(name: string, value: Omit<AccountCheck, 'id'>): GalleryState {
  return state('check', name, {
    world: { checks: { check: { id: 'check', ...value } } },
    act: () => clickOn('form button[type="submit"]'),
  })
}

const practice: Account = {
  ...(accounts[0] as Account),
  id: 'practice',
  label: 'practice@todoke.example',
  color: 'teal',
  isPractice: true,
}

/** Opens the form of a new account, in either language, and goes on once it is there. */
function openNew(act: () => void = () => {}): void {
  clickOn('main button', /^Add|追加$/)
  whenThere('main h2, main h1', act, /New account|新しいアカウント/)
}

const FORM = 'form input[type="email"]'

export const accountsStates: readonly GalleryState[] = [
  state('accounts', 'full', { world: { accounts: [...accounts, practice] } }),
  {
    // The frame waits for the same answer: the view is shown by itself.
    ...state('accounts', 'loading', { answers: { 'accounts.list': 'never' } }),
    show: () => (
      <main style={{ height: '100%' }}>
        <AccountsView />
      </main>
    ),
  },
  state('accounts', 'failing', {
    world: {
      status: [
        aStatus({ accountId: 'yuki', outgoing: { state: 'paused', problem: wrongPassword, until: null } }),
        aStatus({ accountId: 'studio' }),
      ],
    },
  }),
  state('accounts', 'offline', {
    world: {
      status: accounts.map(({ id }) =>
        aStatus({
          accountId: id,
          incoming: { state: 'failing', problem: { kind: 'offline' }, retryAt: NOW + 60_000 },
        }),
      ),
    },
  }),
  state('accounts', 'new', {
    act: () => openNew(() => typeInto(FORM, 'haruka@aoki.example')),
  }),
  state('accounts', 'faults', {
    act: () =>
      openNew(() => {
        typeInto(FORM, 'haruka at aoki')
        clickOn('form button[type="submit"]')
      }),
  }),
  state('accounts', 'pop3', { act: () => clickOn('main li button', /old-pop/) }),
  state('accounts', 'how-it-sends', {
    answers: { 'accounts.abilities': () => someAbilities() },
    act: () => whenThere('form table', element => element.scrollIntoView({ block: 'end' })),
  }),
  state('accounts', 'plaintext', {
    act: () =>
      whenThere('form select', element => {
        if (!(element instanceof HTMLSelectElement)) return
        Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value')?.set?.call(element, 'none')
        element.dispatchEvent(new Event('change', { bubbles: true }))
      }),
  }),
  state('accounts', 'asks-remove', { act: () => clickOn('form footer button:last-child') }),
  check('running', {
    state: 'running',
    stages: [
      ...stages('smtp', SMTP, 'authentication', 'running'),
      ...stages('incoming', IMAP, 'tcp', 'running'),
    ],
    untrusted: [],
  }),
  check('full', {
    state: 'passed',
    stages: [...stages('smtp', SMTP, null), ...stages('incoming', IMAP, null)],
    untrusted: [],
  }),
  check('failing', {
    state: 'failed',
    stages: [
      ...stages('smtp', SMTP, 'authentication', 'failed', wrongPassword),
      ...stages('incoming', IMAP, null),
    ],
    untrusted: [],
  }),
  check('offline', {
    state: 'failed',
    stages: [
      ...stages('smtp', SMTP, 'dns', 'failed', { kind: 'dns', host: 'mail.example.co.jp' }),
      ...stages('incoming', IMAP, 'dns', 'failed', { kind: 'offline' }),
    ],
    untrusted: [],
  }),
  check('certificate', {
    state: 'failed',
    stages: [
      ...stages('smtp', SMTP, 'tls', 'failed', {
        kind: 'certificate',
        host: 'mail.example.co.jp',
        reason: 'untrusted',
        certificate,
      }),
      ...stages('incoming', IMAP, null),
    ],
    untrusted: [{ server: 'smtp', certificate }],
  }),
  state('welcome', 'full', { world: { accounts: [] } }),
  state('welcome', 'failing', {
    world: { accounts: [] },
    answers: {
      'practice.start': { kind: 'unreachable', host: 'localhost', port: 2525, detail: 'EADDRINUSE' },
    },
    act: () => whenThere('main button + button', element => element.click()),
  }),
  state('welcome', 'new', { world: { accounts: [] }, act: () => openNew() }),
]
