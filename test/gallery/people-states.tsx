/** Recipients being found and moved; the view of people, its groups, and files of contacts coming in. */

import { openComposer } from '../../renderer/compose/composers.ts'
import type { ImportPreview } from '../../shared/model.ts'
import { aDraft, aPerson } from '../support/builders.ts'
import { type Answers, createFakeBridge, type World } from '../support/fake-bridge.ts'
import { clickOn, pickFiles, typeInto, whenThere } from './acting.ts'
import { groups, people } from './sample-people.ts'
import { sampleWorld } from './sample-world.ts'
import type { GalleryState } from './state.ts'

const haruka = { name: 'Aoki Haruka', address: 'haruka@aoki.example' }
const blank = aDraft({ id: 'blank', to: [haruka], subject: 'Photos for the catalogue' })

function recipients(name: string, act: () => void, world: Partial<World> = {}): GalleryState {
  return {
    view: 'recipients',
    state: name,
    bridge: () => createFakeBridge({ world: sampleWorld({ drafts: [blank], people, groups, ...world }) }),
    afterMount() {
      openComposer({ draftId: 'blank' })
      act()
    },
  }
}

const INPUT = 'section [role="combobox"]'

const many = aDraft({
  id: 'blank',
  to: Array.from({ length: 500 }, (_, at) => ({
    name: at % 3 === 0 ? `読者 ${at + 1}` : '',
    address: at === 340 ? 'reader-341' : `reader-${at + 1}@newsletter.example`,
  })),
  cc: [haruka],
})

/** Presses Enter in the field of recipients. */
function enter(): void {
  whenThere(INPUT, element =>
    element.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true })),
  )
}

type Extra = { world?: Partial<World>; answers?: Answers; act?: () => void }

function view(name: string, { world, answers, act }: Extra = {}): GalleryState {
  return {
    view: 'people',
    state: name,
    startAt: { view: 'people' },
    bridge: () =>
      createFakeBridge({
        world: sampleWorld({ people, groups, ...world }),
        ...(answers !== undefined && { answers }),
      }),
    afterMount: () => act?.(),
  }
}

const PICKER = 'main input[type="file"]'
const pickContacts = () => whenThere(PICKER, () => pickFiles(PICKER, [new File(['x'], '連絡先_2026-11.csv')]))
const preview: ImportPreview = {
  importId: 'import-1',
  format: 'csv',
  encoding: 'Shift_JIS',
  fresh: 128,
  known: 14,
  unreadable: {
    count: 3,
    lines: [
      { line: 18, text: '株式会社ヤマト, 03-1234-5678' },
      { line: 77, text: 'Kenji Sato, kenji.sato at sato-kogyo' },
      { line: 143, text: '（メモ）' },
    ],
  },
  sample: [
    { name: '鈴木 大輔', address: 'suzuki@example.jp' },
    { name: 'García, José', address: 'jose@studio.example' },
    { name: '', address: 'info@museum.example' },
  ],
}

export const peopleStates: readonly GalleryState[] = [
  recipients('suggested', () => typeInto(INPUT, 'sa')),
  recipients('suggested-by-reading', () => typeInto(INPUT, '佐藤')),
  recipients('suggested-group', () => typeInto(INPUT, '見積')),
  recipients('repeated', () => {
    typeInto(INPUT, 'haruka@aoki.example, HARUKA@aoki.example')
    enter()
  }),
  recipients('folded', () => {}, { drafts: [many] }),
  recipients('chip-menu', () =>
    whenThere('[data-chip]', element =>
      element.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true })),
    ),
  ),
  view('full'),
  view('empty', { world: { people: [], groups: [] } }),
  view('loading', { answers: { 'people.list': 'never' } }),
  view('failing', { answers: { 'people.list': { kind: 'disk', detail: 'EIO: i/o error' } } }),
  view('nobody', { act: () => typeInto('main input[type="search"]', 'zzz') }),
  view('many', {
    world: {
      people: Array.from({ length: 50_000 }, (_, at) => aPerson(`Reader ${at + 1}`, `r${at}@x.example`)),
    },
  }),
  view('group', {
    act: () =>
      clickOn(
        'button[aria-label*="Change the group Saturday"], button[aria-label*="「Saturday readers」を変更"]',
      ),
  }),
  view('name', { act: () => clickOn('button[aria-label*="kenji.sato@sato-kogyo.example"]') }),
  view('import', { world: { importPreview: preview }, act: pickContacts }),
  view('import-none', { act: pickContacts }),
]
