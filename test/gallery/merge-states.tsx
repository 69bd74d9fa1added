/** A letter to many: its people, its rows before they go, and the batch on its way. */

import { openComposer } from '../../renderer/compose/composers.ts'
import type { MergeBatch, MergeBatchRow } from '../../shared/merge.ts'
import type { AccountStatus } from '../../shared/model.ts'
import { aDraft, aStatus, MINUTE, NOW } from '../support/builders.ts'
import { createFakeBridge, type World } from '../support/fake-bridge.ts'
import { clickOn, pickFiles, typeInto, whenThere } from './acting.ts'
import { accounts, sampleWorld } from './sample-world.ts'
import type { GalleryState } from './state.ts'

const letter = aDraft({
  id: 'to-many',
  accountId: 'yuki',
  subject: '{{氏名}}様：秋の展示会のご案内',
  text: '{{会社}}\n{{氏名}} 様\n\nいつもお世話になっております。秋の展示会にご招待いたします。\n\n12月4日（金）10時から17時まで、3階の会場でお待ちしております。\n\n田中 由紀',
  html: '<p>{{会社}}</p><p>{{氏名}} 様</p><p><br></p><p>いつもお世話になっております。秋の展示会にご招待いたします。</p><p><br></p><p><strong>12月4日（金）10時から17時まで</strong>、3階の会場でお待ちしております。</p><p><br></p><p>田中 由紀</p>',
})

type Trouble = 'none' | 'faults' | 'mistyped'

const NAMES = ['佐藤 健二', '山田 美咲', 'Aoki Haruka', '鈴木 一郎', '高橋 直子', 'Thomas Weber']
const FIRMS = ['佐藤工業株式会社', '山田商店', 'Aoki Design', '鈴木製作所', '高橋印刷', 'Weber Bau']
const table = (count: number, trouble: Trouble) => ({
  columns: ['メール', '氏名', '会社'],
  rows: Array.from({ length: count }, (_, at) => {
    const firm = FIRMS[at % FIRMS.length] ?? ''
    if (trouble === 'mistyped' && at === 2) return ['haruka@gmai.com', 'Aoki Haruka', firm]
    if (trouble === 'mistyped' && at === 7) return ['naoko@hotmial.com', '高橋 直子', firm]
    if (trouble === 'faults' && at === 2) return ['haruka(at)aoki.example', 'Aoki Haruka', firm]
    if (trouble === 'faults' && at === 4) return ['naoko@takahashi.example', '', firm]
    return [`guest${at + 1}@example.co.jp`, NAMES[at % NAMES.length] ?? '', firm]
  }),
})

const COUNTS = { toMake: 0, waiting: 0, sending: 0, accepted: 0, needsYou: 0, cancelled: 0, left: 0 }
type Counts = Partial<MergeBatch['counts']>

function aBatch(state: MergeBatch['state'], counts: Counts): MergeBatch {
  const all = { ...COUNTS, ...counts }
  const rows = Object.values(all).reduce((sum, count) => sum + count, 0)
  return {
    id: 'batch',
    accountId: 'yuki',
    subject: '秋の展示会のご案内',
    createdAt: NOW - 4 * MINUTE,
    leavesAt: NOW - 3 * MINUTE,
    state,
    rows,
    counts: all,
  }
}

function rowsOf({ rows, counts }: MergeBatch): MergeBatchRow[] {
  const { accepted, needsYou, sending, waiting, left } = counts
  const states = [
    ...Array(accepted).fill('accepted'),
    ...Array(needsYou).fill('refused'),
    ...Array(sending).fill('sending'),
    ...Array(waiting).fill('queued'),
  ] as NonNullable<MergeBatchRow['state']>[]
  return Array.from({ length: rows }, (_, row) => {
    const isLeft = row >= rows - left
    const state = states[row] ?? null
    return {
      row,
      to: isLeft ? [] : [{ name: NAMES[row % NAMES.length] ?? '', address: `guest${row + 1}@example.co.jp` }],
      subject: `${NAMES[row % NAMES.length]}様：秋の展示会のご案内`,
      itemId: state === null ? null : `item-${row}`,
      state,
      faults: isLeft ? [{ kind: 'bad-address', text: 'haruka(at)aoki.example' }] : [],
      problem: null,
    }
  })
}

const world = (change: Partial<World> = {}): World => sampleWorld({ accounts, drafts: [letter], ...change })

function batchState(state: string, batch: MergeBatch, outgoing?: AccountStatus['outgoing']): GalleryState {
  const status = aStatus({ accountId: 'yuki', ...(outgoing !== undefined && { outgoing }) })
  return {
    view: 'merge',
    state,
    startAt: { view: 'outbox' },
    bridge: () =>
      createFakeBridge({
        world: world({ batches: [batch], batchRows: { batch: rowsOf(batch) }, status: [status] }),
      }),
    afterMount: () => clickOn('[data-item="batch"]'),
  }
}

const MENU = 'section[data-size] footer'
const openPeople = () => {
  openComposer({ draftId: 'to-many' })
  clickOn('[aria-label="More for this mail"], [aria-label="その他の操作"]')
  clickOn(`${MENU} [role="menuitem"]`, /Send to many|差し込み/)
}

function dialogState(state: string, act: () => void, count = 98, trouble: Trouble = 'none'): GalleryState {
  return {
    view: 'merge',
    state,
    bridge() {
      const groups = [
        { id: 'club', name: '写真クラブ', members: [{ name: '佐藤 健二', address: 'kenji@example.co.jp' }] },
        { id: 'board', name: 'Board', members: [{ name: 'Thomas Weber', address: 'weber@bau.example' }] },
      ]
      const bridge = createFakeBridge({ world: world({ groups }) })
      if (state === 'waits-for-files') bridge.answer('files.append', 'never')
      bridge.answer('people.readTable', () => table(count, trouble))
      return bridge
    },
    afterMount() {
      openPeople()
      act()
    },
  }
}

const FILE = '[role="dialog"] input[type="file"]'
const pick = () => pickFiles(FILE, [new File(['x'], '展示会.csv', { type: 'text/csv' })])
const check = () => whenThere('[data-field]', () => clickOn(`${MENU} button[aria-keyshortcuts]`))

export const mergeStates: readonly GalleryState[] = [
  dialogState('people', () => {}),
  dialogState('group', () => clickOn('[role="dialog"] input[value="group"]')),
  dialogState('paste', () => {
    clickOn('[role="dialog"] input[value="paste"]')
    typeInto('[role="dialog"] textarea', 'メール\t氏名\nkenji@example.co.jp\t佐藤 健二')
  }),
  dialogState('strip', pick),
  dialogState('preview', () => {
    pick()
    check()
  }),
  dialogState(
    'faults',
    () => {
      pick()
      check()
      whenThere('[role="dialog"] [role="option"]:nth-of-type(3)', row => row.click())
    },
    100,
    'faults',
  ),
  dialogState(
    'questions',
    () => {
      pick()
      check()
      whenThere('[role="dialog"] footer button[data-variant="filled"]:not(:disabled)', button =>
        button.click(),
      )
    },
    12,
    'mistyped',
  ),
  dialogState('waits-for-files', () => {
    const plan = new File(['x'.repeat(900_000)], '会場案内図.pdf')
    pickFiles('section[data-size] footer input[type="file"]', [plan])
    clickOn('[role="dialog"] input[value="paste"]')
    typeInto('[role="dialog"] textarea', 'メール\t氏名\nkenji@example.co.jp\t佐藤 健二')
    clickOn('[role="dialog"] button', /Use these rows|この行を使う/)
    check()
  }),
  batchState('undo', { ...aBatch('making', { toMake: 40, waiting: 58 }), leavesAt: NOW + MINUTE }),
  batchState('running', aBatch('sending', { accepted: 23, needsYou: 2, sending: 1, waiting: 72, left: 2 })),
  batchState('paused', aBatch('paused', { accepted: 40, waiting: 58, left: 2 })),
  batchState('server-busy', aBatch('sending', { accepted: 20, waiting: 80 }), {
    state: 'paused',
    problem: {
      kind: 'server-busy',
      reply: { code: 421, enhanced: '4.7.0', text: 'Too many messages, slow down' },
    },
    until: NOW + 8 * MINUTE,
  }),
  batchState('done', aBatch('done', { accepted: 95, needsYou: 3, left: 2 })),
  batchState('cancelled', aBatch('cancelled', { accepted: 31, cancelled: 67, left: 2 })),
]
