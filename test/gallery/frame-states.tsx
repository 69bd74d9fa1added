/** The frame, the mailbox and the settings, in their states. */

import { openEverything } from '../../renderer/frame/Everything.tsx'
import { SENT, type Where } from '../../renderer/frame/navigation.tsx'
import type { AuthenticationVerdict } from '../../shared/authentication.ts'
import type { ListLeaving } from '../../shared/list-leaving.ts'
import type { Problem } from '../../shared/problem.ts'
import { aShell, aStatus, NOW, someSettings } from '../support/builders.ts'
import { type Answers, createFakeBridge, type World } from '../support/fake-bridge.ts'
import { clickOn, whenThere } from './acting.ts'
import { accounts, folders, manyHeads, messages, PICTURES, sampleWorld } from './sample-world.ts'
import type { GalleryState } from './state.ts'

const inbox = (messageId: string | null): Where => ({
  view: 'mail',
  place: { kind: 'unified', role: 'inbox' },
  messageId,
})

export function state(
  view: string,
  name: string,
  startAt: Where,
  world: Partial<World> = {},
  answers: Answers = {},
): GalleryState {
  return {
    view,
    state: name,
    startAt,
    bridge: () => createFakeBridge({ world: sampleWorld(structuredClone(world)), answers }),
  }
}

const offline: Problem = { kind: 'offline' }
const offlineStatus = accounts.map(({ id }) =>
  aStatus({ accountId: id, incoming: { state: 'failing', problem: offline, retryAt: NOW + 60_000 } }),
)
const damaged: Problem = { kind: 'database-corrupt', file: 'mail.db' }
const nobody: Partial<World> = {
  heads: [],
  outbox: [],
  drafts: [],
  folders: folders.map(folder => ({ ...folder, unread: 0, total: 0 })),
}

const withFolders = state('places', 'folders', {
  view: 'mail',
  place: { kind: 'folder', folderId: 'yuki/請求書 2026' },
  messageId: null,
})

const LIST_WAYS: ListLeaving['ways'] = {
  web: 'https://print.example/leave/20981',
  mail: 'mailto:leave@print.example?subject=leave',
  browser: 'https://print.example/leave/20981',
}

function withList(ways: ListLeaving['ways']): World['messages'] {
  return { ...messages, 'in-6': { ...messages['in-6'], leaving: { key: 'news.print.example', ways } } }
}

function withVerdict(authentication: AuthenticationVerdict): World['messages'] {
  return { ...messages, 'in-6': { ...messages['in-6'], authentication } }
}

export const frameStates: readonly GalleryState[] = [
  state('inbox', 'full', inbox(null)),
  state('inbox', 'empty', inbox(null), nobody),
  state('inbox', 'loading', inbox(null), {}, { 'mailbox.count': 'never', 'mailbox.page': 'never' }),
  state('inbox', 'offline', inbox(null), { status: offlineStatus }),
  state('inbox', 'failing', inbox(null), {}, { 'mailbox.count': damaged, 'mailbox.page': damaged }),
  state('inbox', 'many', inbox(null), { heads: manyHeads(50_000) }),
  state('inbox', 'syncing', inbox(null), {
    status: [
      aStatus({ accountId: 'yuki', incoming: { state: 'syncing', done: 1240, total: 4210 } }),
      aStatus({ accountId: 'studio', incoming: { state: 'connecting' } }),
      aStatus({
        accountId: 'old',
        incoming: {
          state: 'failing',
          problem: {
            kind: 'authentication',
            host: 'pop.example.net',
            user: 'old-pop',
            text: '-ERR [AUTH] wrong password',
          },
          retryAt: null,
        },
      }),
    ],
  }),
  state('sent', 'full', { ...SENT, messageId: 'sent-1' }),
  state('sent', 'empty', SENT, nobody),
  state('message', 'full', inbox('in-2')),
  state('message', 'japanese', inbox('in-1')),
  state('message', 'html', inbox('in-6')),
  {
    ...state('message', 'pictures-here', inbox('in-6'), { remotePictures: PICTURES }),
    afterMount: () => clickOn('article button', /Load pictures|画像を読み込む/),
  },
  state('message', 'pictures-trusted', inbox('in-6'), {
    remotePictures: { ...PICTURES, 'https://track.example/p.gif': '' },
    trustedSenders: ['orders@print.example'],
    messages: withVerdict('pass'),
  }),
  state('message', 'unconfirmed', inbox('in-6'), {
    trustedSenders: ['orders@print.example'],
    messages: withVerdict('fail'),
  }),
  state('message', 'pictures-never', inbox('in-6'), { settings: someSettings({ remotePictures: 'never' }) }),
  state(
    'message',
    'pictures-failing',
    inbox('in-6'),
    { trustedSenders: ['orders@print.example'], messages: withVerdict('pass') },
    {
      'pictures.fetch': offline,
    },
  ),
  {
    ...state('message', 'leaving-a-list', inbox('in-6'), { messages: withList(LIST_WAYS) }),
    afterMount: () => clickOn('article button', /Unsubscribe|配信停止/),
  },
  state('message', 'left-list', inbox('in-6'), {
    messages: withList(LIST_WAYS),
    leftLists: [{ key: 'news.print.example', way: 'web', at: NOW - 30 * 86_400_000 }],
  }),
  {
    ...state(
      'message',
      'leaving-failed',
      inbox('in-6'),
      { messages: withList(LIST_WAYS) },
      { 'lists.leave': { kind: 'web-refused', host: 'print.example', detail: 'HTTP 404' } },
    ),
    afterMount: () => {
      clickOn('article button', /Unsubscribe|配信停止/)
      clickOn('[role="dialog"] button[data-variant="filled"]')
    },
  },
  state('message', 'damaged', inbox('in-9')),
  state('message', 'answers-elsewhere', inbox('in-2'), {
    messages: { 'in-2': { replyTo: [{ name: '', address: 'sara@other-house.example' }] } },
  }),
  state('message', 'loading', inbox('in-2'), {}, { 'mailbox.message': 'never' }),
  state('message', 'failing', inbox('in-2'), {}, { 'mailbox.message': { kind: 'message-gone' } }),
  state('message', 'offline', inbox('in-2'), { status: offlineStatus }, { 'mailbox.message': offline }),
  withFolders,
  {
    ...state('places', 'everything', inbox(null)),
    afterMount: () => whenThere('nav', openEverything),
  },
  {
    ...state('places', 'accounts', inbox(null), {
      status: [
        aStatus({ accountId: 'yuki' }),
        aStatus({ accountId: 'studio', incoming: { state: 'syncing', done: 120, total: 400 } }),
        aStatus({
          accountId: 'old',
          incoming: {
            state: 'failing',
            problem: {
              kind: 'authentication',
              host: 'pop.example.net',
              user: 'old-pop',
              text: '-ERR wrong password',
            },
            retryAt: null,
          },
        }),
      ],
    }),
    afterMount: () => clickOn('nav button:has([role="status"])'),
  },
  {
    ...state('message', 'source', inbox('in-9')),
    afterMount: () => {
      clickOn('[role="toolbar"] [aria-haspopup="menu"]')
      clickOn('[role="menuitem"]')
    },
  },
  state('frame', 'loading', inbox(null), {}, { 'accounts.list': 'never' }),
  state(
    'frame',
    'failing',
    inbox(null),
    {},
    { 'accounts.list': { kind: 'database-newer', file: 'desk.db' } },
  ),
  state('drafts', 'full', { view: 'drafts' }),
  state('drafts', 'empty', { view: 'drafts' }, nobody),
  state('drafts', 'loading', { view: 'drafts' }, {}, { 'drafts.list': 'never' }),
  state(
    'drafts',
    'failing',
    { view: 'drafts' },
    {},
    { 'drafts.list': { kind: 'disk', detail: 'EIO: i/o error' } },
  ),
  state('settings', 'full', { view: 'settings' }),
  {
    ...state(
      'settings',
      'trusted-senders',
      { view: 'settings' },
      {
        trustedSenders: [
          'orders@print.example',
          '株式会社.広報+newsletter@sato-kogyo.example',
          'team@example.org',
        ],
      },
    ),
    afterMount: () => whenThere('section h2', element => element.scrollIntoView(), /^(Reading|閲覧)$/),
  },
  state(
    'settings',
    'key-file',
    { view: 'settings' },
    {
      info: aShell({
        shell: 'chromium',
        secrets: 'key-file',
        settingsProblem: { kind: 'settings-corrupt', keptAs: 'settings.json.broken' },
      }),
    },
  ),
  state('settings', 'loading', { view: 'settings' }, {}, { 'app.info': 'never' }),
  state(
    'settings',
    'failing',
    { view: 'settings' },
    {},
    {
      'settings.set': { kind: 'disk-full' },
      'app.info': { kind: 'internal', detail: 'no info' },
    },
  ),
]
