/** The composer in its states, and the notices of what left it. */

import {
  composerState,
  followDeparture,
  openComposer,
  resizeComposer,
  sayKept,
} from '../../renderer/compose/composers.ts'
import type { Draft } from '../../shared/model.ts'
import { aDraft, anOutboxItem, MINUTE, NOW } from '../support/builders.ts'
import { type Answers, createFakeBridge, type FakeBridge, type World } from '../support/fake-bridge.ts'
import { deferred, held, sendingBody, sent } from '../support/stories.ts'
import { clickOn, pickFiles, typeInto, whenThere } from './acting.ts'
import { sampleWorld } from './sample-world.ts'
import type { GalleryState } from './state.ts'

const haruka = { name: 'Aoki Haruka', address: 'haruka@aoki.example' }
const weber = { name: 'Martin Weber', address: 'weber@bau.example' }

const full = aDraft({
  id: 'full',
  to: [haruka, { name: '', address: 'j.smith@example' }],
  cc: [weber],
  subject: 'Photos for the catalogue',
  text: 'Hello Haruka,\nthe photos you asked for are attached. Tell me which ones you would like to use.\n\nThe two of the staircase were taken in the evening; if they are too dark for print, I can send the ones from the morning instead.\n\nBest regards\nYuki',
  attachments: [
    { id: 'a1', name: 'catalogue-01.jpg', type: 'image/jpeg', bytes: 4_100_000, sha256: 'a'.repeat(64) },
    {
      id: 'a2',
      name: 'カタログ用写真(校正済み)第二版.jpg',
      type: 'image/jpeg',
      bytes: 218_000,
      sha256: 'b'.repeat(64),
    },
  ],
})
const japanese = aDraft({
  id: 'japanese',
  to: [{ name: '佐藤 健二', address: 'kenji.sato@sato-kogyo.example' }],
  subject: '見積書送付の件',
  text: '佐藤様\n\nお世話になっております。田中です。\n先日ご依頼いただきましたお見積書を添付してお送りいたします。ご査収のほど、よろしくお願いいたします。\n\nご不明な点がございましたら、お気軽にお知らせください。\n\n田中 由紀',
})
const blank = aDraft({ id: 'blank', to: [haruka] })
const invalid = aDraft({
  ...full,
  id: 'invalid',
  to: [haruka, { name: '', address: 'j.smith' }],
})
const many = aDraft({
  id: 'many',
  to: Array.from({ length: 34 }, (_, index) => ({
    name: '',
    address: `reader-${index + 1}@newsletter.example`,
  })),
  subject: 'November letter',
  text: 'Dear readers,',
})

type Extra = {
  world?: Partial<World>
  answers?: Answers
  act?: (bridge: FakeBridge) => void
  open?: string[]
}

function state(name: string, { world, answers, act, open = ['full'] }: Extra = {}): GalleryState {
  const drafts: Draft[] = [full, japanese, blank, many, invalid]
  return {
    view: 'composer',
    state: name,
    bridge: () =>
      createFakeBridge({
        world: sampleWorld({ drafts, ...world }),
        ...(answers !== undefined && { answers }),
      }),
    afterMount(bridge) {
      for (const draftId of open) openComposer({ draftId })
      act?.(bridge)
    },
  }
}

function sizeAll(size: 'minimised' | 'full'): void {
  for (const { key } of composerState().composers) resizeComposer(key, size)
}

const SEND = 'section footer button[aria-keyshortcuts]'
const PICKER = 'input[type="file"]'
const DISCARD = '[aria-label="Discard the draft"], [aria-label="下書きを破棄"]'

/** What is typed is saved at once when the composer loses the focus. */
function typeAndLeave(text: string): void {
  typeInto('textarea', text)
  whenThere('textarea', element => {
    element.focus()
    element.blur()
  })
}

/** A file whose bytes cannot be read: the last thing a picker should give, but disks do. */
function brokenFile(): File {
  const file = new File(['x'.repeat(20)], 'removed-meanwhile.pdf')
  Object.defineProperty(file, 'slice', {
    value: () => ({ arrayBuffer: () => Promise.reject(new Error('NotReadableError')) }),
  })
  return file
}

function departing(
  itemId: string,
  steps: Parameters<typeof anOutboxItem>[0]['steps'],
  name: string,
): GalleryState {
  const item = anOutboxItem({
    id: itemId,
    startAt: NOW - 3_000,
    subject: 'Photos for the catalogue',
    steps,
    ...(name === 'leaving' && { progress: { sent: 3_100_000, total: 5_200_000 } }),
  })
  return state(name, { open: [], world: { outbox: [item] }, act: () => followDeparture(itemId) })
}

export const composeStates: readonly GalleryState[] = [
  state('full'),
  state('japanese', { open: ['japanese'] }),
  {
    ...state('empty', { open: [] }),
    afterMount() {
      if (composerState().composers.length === 0) openComposer({ kind: 'empty', accountId: null })
    },
  },
  state('loading', { answers: { 'drafts.get': 'never' } }),
  state('failing', { answers: { 'drafts.get': { kind: 'not-found', what: 'draft' } } }),
  state('not-saved', {
    answers: { 'drafts.save': { kind: 'disk-full' } },
    act: () => typeAndLeave(`${full.text}\n\nP.S. The prices are in the second file.`),
  }),
  state('conflict', {
    answers: { 'drafts.save': { kind: 'conflict', what: 'draft', revision: 7 } },
    act: () => typeAndLeave('Another text.'),
  }),
  state('asks-doubtful', { act: () => clickOn(SEND) }),
  state('address-invalid', { open: ['invalid'], act: () => clickOn(SEND) }),
  state('offline', {
    open: ['japanese'],
    answers: { 'outbox.send': { kind: 'disk', detail: 'EIO: i/o error' } },
    act: () => clickOn(SEND),
  }),
  state('too-big', {
    open: ['japanese'],
    answers: { 'outbox.send': { kind: 'too-big', bytes: 31_400_000, limit: 10_485_760 } },
    act: () => clickOn(SEND),
  }),
  state('asks-empty', { open: ['blank'], act: () => clickOn(SEND) }),
  state('asks-discard', { act: () => clickOn(DISCARD) }),
  state('sending', { open: ['japanese'], answers: { 'outbox.send': 'never' }, act: () => clickOn(SEND) }),
  state('uploading', {
    open: ['japanese'],
    answers: {
      'files.append': (_token, offset) => (offset > 1_400_000 ? new Promise(() => {}) : { received: offset }),
    },
    act: () =>
      pickFiles(PICKER, [
        new File([new Uint8Array(5_200_000)], '見積書_最終版.pdf'),
        new File(['second'], 'schedule.xlsx'),
      ]),
  }),
  state('unreadable', {
    open: ['japanese'],
    act: () =>
      whenThere(PICKER, element => {
        // A broken file survives no DataTransfer: it is given to the input itself.
        Object.defineProperty(element, 'files', { value: [brokenFile()], configurable: true })
        element.dispatchEvent(new Event('change', { bubbles: true }))
        setTimeout(() => clickOn(SEND), 200)
      }),
  }),
  state('send-later', {
    open: ['japanese'],
    act: () => clickOn('section footer button[aria-haspopup="menu"]'),
  }),
  state('many', { open: ['many'] }),
  state('several', { open: ['full', 'blank', 'japanese'] }),
  state('minimised', { open: ['japanese', 'full'], act: () => sizeAll('minimised') }),
  state('full-size', { act: () => sizeAll('full') }),
  state('no-account', { world: { accounts: [] } }),
  departing('item-held', held(['haruka@aoki.example'], NOW + 7_000), 'held'),
  departing('item-leaving', sendingBody(['haruka@aoki.example'], 5_200_000), 'leaving'),
  departing('item-handed-over', sent(['haruka@aoki.example']), 'handed-over'),
  departing('item-deferred', deferred(['haruka@aoki.example'], { kind: 'offline' }, NOW + MINUTE), 'waits'),
  state('kept', { open: [], act: () => sayKept('full') }),
]
