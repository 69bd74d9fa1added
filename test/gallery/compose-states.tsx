/** The composer in its states, and the notices of what left it. */

import {
  composerState,
  followDeparture,
  openComposer,
  resizeComposer,
  sayKept,
} from '../../renderer/compose/composers.ts'
import { toBase64 } from '../../renderer/compose/upload.ts'
import type { Draft } from '../../shared/model.ts'
import { aDraft, anOutboxItem, aShell, MINUTE, NOW, someAbilities } from '../support/builders.ts'
import { type Answers, createFakeBridge, type FakeBridge, type World } from '../support/fake-bridge.ts'
import { deferred, held, sendingBody, sent } from '../support/stories.ts'
import { clickOn, pickFiles, untilDone, whenMade, whenThere } from './acting.ts'
import { samplePhoto } from './sample-photo.ts'
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
  subject: 'お見積りの件',
  text: '佐藤様\n\nお世話になっております。田中です。\n先日ご依頼いただきました件、三万二千円（税込）でお受けできます。ご検討のほど、よろしくお願いいたします。\n\nご不明な点がございましたら、お気軽にお知らせください。\n\n田中 由紀',
})
const rich = aDraft({
  id: 'rich',
  to: [haruka],
  subject: 'Photos for the catalogue',
  text: 'Hello Haruka',
  html:
    '<p>Hello Haruka,</p><p><br></p><p>the photos you asked for are <strong>attached</strong>. The prices are on ' +
    '<a href="https://studio.example/prices">our page</a>; the file names follow <code>room-number.jpg</code>.</p>' +
    '<ul><li>staircase, in the evening</li><li>hall, from the <em>north</em></li></ul>' +
    '<table><tbody><tr><th>Photo</th><th>Price</th></tr><tr><td>Staircase</td><td>¥18,000</td></tr></tbody></table>' +
    '<p><br></p><p>On Mon, 23 Nov 2026, 09:12, Aoki Haruka wrote:</p>' +
    '<blockquote type="cite"><p>写真は何点ありますか。</p><p>Could you send them by Friday?</p></blockquote>',
})
const ATTACH_MORE =
  'footer button[aria-label="Attach a folder, or from a mail"], footer button[aria-label="フォルダーやメールから添付"]'
const FOLDER = {
  '東側の写真/階段.txt': 'stairs '.repeat(2_000),
  '東側の写真/hall/north.txt': 'north',
  '東側の写真/.DS_Store': 'hidden',
}

function openFromMail(): void {
  clickOn(ATTACH_MORE)
  clickOn('[role="menuitem"]', /From a mail|メールから/)
}

/** Gives a folder to the picker, as the browser does: files that know their way. */
function pickFolder(contents: Record<string, string>): void {
  const files = Object.entries(contents).map(([path, text]) => {
    const file = new File([text], path.split('/').at(-1) ?? '', { lastModified: NOW })
    return Object.defineProperty(file, 'webkitRelativePath', { value: path })
  })
  whenThere('footer input[data-folder]', input => {
    Object.defineProperty(input, 'files', { value: files, configurable: true })
    input.dispatchEvent(new Event('change', { bubbles: true }))
  })
}

function pickPhoto(then = () => {}): void {
  whenMade(samplePhoto('展示会場_東側.jpg'), file => {
    pickFiles(PICKER, [file])
    then()
  })
}

const redirect = aDraft({
  id: 'redirect',
  to: [weber],
  subject: 'Photos for the catalogue',
  text: 'Hello Yuki,\nwe need the photos of the staircase by Friday. Could you send them to Mr Weber?\n\nHaruka',
  answers: { messageId: 'm', kind: 'redirect', expected: null, recipients: [haruka] },
})
const wishing = aDraft({
  ...japanese,
  id: 'wishing',
  options: { priority: 'high', wantsReadReceipt: true, wantsReport: false, requiresTls: true },
})
/** The Japanese letter as it grew, and a stretch that was deleted again. */
const VERSIONS = [
  ...[20, 58, 96, 140].map((length, index) => ({
    ...japanese,
    text: japanese.text.slice(0, length),
    savedAt: NOW - (140 - index) * MINUTE,
  })),
  { ...japanese, text: `${japanese.text.slice(0, 96)}\n\n田中`, savedAt: NOW - 60 * MINUTE },
  {
    ...japanese,
    text: japanese.text.slice(0, 120),
    attachments: [full.attachments[0]].filter(file => file !== undefined),
    savedAt: NOW - 30 * MINUTE,
  },
  { ...japanese, savedAt: NOW - 2 * MINUTE },
]
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

/** Photos of so many MB, as cameras name them. */
function photos(...megabytes: number[]): Draft['attachments'] {
  return megabytes.map((size, index) => ({
    id: `photo-${index}`,
    name: `catalogue-${String(index + 1).padStart(2, '0')}.jpg`,
    type: 'image/jpeg',
    bytes: Math.round(size * 1_000_000),
    sha256: String(index).repeat(64),
  }))
}

const known: Answers = {
  'accounts.abilities': accountId => someAbilities({ hasSmtputf8: accountId === 'studio' }),
}
const roomy = aDraft({ ...full, id: 'roomy', to: [haruka], attachments: photos(4.1, 1.2) })
const near = aDraft({ ...full, id: 'near', to: [haruka], attachments: photos(9.2, 7.4) })
const over = aDraft({ ...full, id: 'over', to: [haruka], attachments: photos(9.2, 7.4, 8.3) })
const alone = aDraft({
  ...full,
  id: 'alone',
  to: [haruka],
  attachments: [
    {
      id: 'film',
      name: 'site-visit.mov',
      type: 'video/quicktime',
      bytes: 31_000_000,
      sha256: 'c'.repeat(64),
    },
  ],
})
const foreign = aDraft({
  ...full,
  id: 'foreign',
  to: [{ name: '', address: '佐藤@sato-kogyo.example' }],
  attachments: [],
})

type Extra = {
  world?: Partial<World>
  answers?: Answers
  act?: (bridge: FakeBridge) => void
  open?: string[]
}

function state(name: string, { world, answers, act, open = ['full'] }: Extra = {}): GalleryState {
  const drafts: Draft[] = [
    full,
    rich,
    japanese,
    wishing,
    redirect,
    blank,
    many,
    invalid,
    roomy,
    near,
    over,
    alone,
    foreign,
  ]
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
const MORE = '[aria-label="More for this mail"], [aria-label="その他の操作"]'
const PICKER = 'input[type="file"]'
const PREVIEW = '[aria-label="See what is sent"], [aria-label="送信内容を確認"]'
const DISCARD = '[aria-label="Discard the draft"], [aria-label="下書きを破棄"]'

/** An entry of the menu in the foot. */
function choose(entry: RegExp): void {
  clickOn(MORE)
  clickOn('footer [role="menuitem"]', entry)
}

/** Another window sends or discards the draft while it is open here. */
function goneElsewhere(bridge: FakeBridge, draftId: string, how: 'sent' | 'discarded'): void {
  whenThere('[role="textbox"][aria-multiline]', () => {
    bridge.world.writers[draftId] = how
    bridge.world.drafts = bridge.world.drafts.filter(({ id }) => id !== draftId)
    bridge.emit({ name: 'drafts.changed', payload: { draftIds: [draftId] } })
  })
}

/** What is typed is saved at once when the composer loses the focus. */
function typeAndLeave(text: string): void {
  whenThere('[role="textbox"][aria-multiline]', element => {
    element.focus()
    document.execCommand('selectAll')
    document.execCommand('insertText', false, text)
    element.blur()
  })
}

let photo: Promise<Uint8Array> | null = null

/** A real picture, padded to the 9.2, 7.4 and 8.3 MB that the draft says: pieces of it as the program gives them. */
async function pieceOfPhoto(attachmentId: string, offset: number): Promise<{ base64: string }> {
  photo ??= paintedPhoto()
  const bytes = await photo
  const size = over.attachments.find(({ id }) => id === attachmentId)?.bytes ?? 0
  const piece = new Uint8Array(Math.max(0, Math.min(192 * 1024, size - offset)))
  piece.set(bytes.subarray(offset, offset + piece.length))
  return { base64: toBase64(piece) }
}

async function paintedPhoto(): Promise<Uint8Array> {
  const canvas = new OffscreenCanvas(3000, 2000)
  const brush = canvas.getContext('2d')
  for (let at = 0; at < 3000; at += 4) {
    if (brush !== null) brush.fillStyle = `hsl(${at % 360} 60% ${30 + (at % 50)}%)`
    brush?.fillRect(at, 0, 4, 2000)
  }
  return new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg' })).arrayBuffer())
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

/** The window is being closed while mails wait. */
function quitting(name: string, { undo, schedule }: { undo: boolean; schedule: boolean }): GalleryState {
  const item = (id: string, why: 'undo' | 'schedule') =>
    anOutboxItem({
      id,
      subject: 'Photos for the catalogue',
      startAt: NOW - 3_000,
      steps: held(['haruka@aoki.example'], NOW + (why === 'undo' ? 7_000 : 18 * 60 * MINUTE), why),
    })
  const outbox = [...(undo ? [item('q1', 'undo')] : []), ...(schedule ? [item('q2', 'schedule')] : [])]
  return state(name, {
    open: [],
    world: { outbox, info: aShell({ shell: 'chromium' }) },
    // Only who asks a question keeps the window from closing.
    act: () => untilDone(() => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }))),
  })
}

export const composeStates: readonly GalleryState[] = [
  state('full'),
  state('rich', { open: ['rich'] }),
  state('menu', { open: ['japanese'], act: () => clickOn(MORE) }),
  state('attach-menu', { open: ['full'], act: () => clickOn(ATTACH_MORE) }),
  state('from-mail', { open: ['full'], act: () => openFromMail() }),
  state('from-mail-none', { open: ['full'], world: { heads: [] }, act: () => openFromMail() }),
  state('folder', { open: ['japanese'], act: () => pickFolder(FOLDER) }),
  state('folder-empty', { open: ['japanese'], act: () => pickFolder({ '写真/.DS_Store': 'x' }) }),
  state('folder-coming', {
    open: ['japanese'],
    answers: { 'files.begin': () => new Promise(() => {}) },
    act: () => pickFolder(FOLDER),
  }),
  state('history', {
    open: ['japanese'],
    world: { versions: { japanese: VERSIONS } },
    act: () => choose(/Earlier versions|以前のバージョン/),
  }),
  state('options', {
    open: ['japanese'],
    answers: { 'accounts.abilities': () => someAbilities({ hasDsn: true, hasRequireTls: false }) },
    act: () => choose(/Options|オプション/),
  }),
  state('options-all', {
    open: ['wishing'],
    answers: { 'accounts.abilities': () => someAbilities({ hasDsn: false, hasRequireTls: true }) },
    act: () => choose(/Options|オプション/),
  }),
  state('wishes', {
    open: ['wishing'],
    answers: { 'accounts.abilities': () => someAbilities({ hasDsn: true, hasRequireTls: true }) },
  }),
  state('elsewhere', { open: ['rich'], world: { writers: { rich: 'other' } } }),
  state('last-words', {
    open: ['japanese'],
    answers: { 'drafts.save': { kind: 'written-elsewhere' } },
    act: bridge => {
      typeAndLeave(`${japanese.text}\n\n追伸：来週は木曜日に伺えます。`)
      whenThere('[data-trouble]', () => {
        bridge.world.writers.japanese = 'other'
        bridge.emit({ name: 'writers.changed', payload: { draftIds: ['japanese'] } })
      })
    },
  }),
  state('files-left', {
    open: ['japanese'],
    answers: { 'files.begin': () => new Promise(() => {}) },
    act: bridge => {
      pickFolder(FOLDER)
      whenThere('li[data-running] progress[value]', () => {
        bridge.world.writers.japanese = 'other'
        bridge.emit({ name: 'writers.changed', payload: { draftIds: ['japanese'] } })
      })
    },
  }),
  state('newer', { open: ['japanese'], answers: { 'drafts.get': { kind: 'draft-newer' } } }),
  state('discarded-elsewhere', {
    open: ['full'],
    act: bridge => goneElsewhere(bridge, 'full', 'discarded'),
  }),
  state('sent-elsewhere', {
    open: ['japanese'],
    act: bridge => goneElsewhere(bridge, 'japanese', 'sent'),
  }),
  state('wishes-broken', {
    open: ['wishing'],
    answers: { 'accounts.abilities': () => someAbilities({ hasDsn: true, hasRequireTls: false }) },
  }),
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
  state('address-invalid', { open: ['invalid'], act: () => clickOn(SEND) }),
  state('offline', {
    open: ['japanese'],
    answers: { 'outbox.send': { kind: 'disk', detail: 'EIO: i/o error' } },
    act: () => clickOn(SEND),
  }),
  state('meter-unknown'),
  state('meter-quiet', { open: ['roomy'], answers: known }),
  state('meter-near', { open: ['near'], answers: known }),
  state('meter-over', { open: ['over'], answers: known }),
  state('too-big', {
    open: ['over'],
    answers: { ...known, 'drafts.readAttachment': (_draft, id, offset) => pieceOfPhoto(id, offset) },
    act: () => whenThere('[data-level="over"]', () => clickOn(SEND)),
  }),
  state('too-big-alone', {
    open: ['alone'],
    answers: known,
    act: () => whenThere('[data-level="over"]', () => clickOn(SEND)),
  }),
  state('too-big-counted', {
    open: ['japanese'],
    answers: {
      ...known,
      'outbox.send': { kind: 'too-big', bytes: 31_400_000, limit: 25_000_000 },
    },
    act: () => clickOn(SEND),
  }),
  state('foreign-address', { open: ['foreign'], answers: known }),
  state('same-mail', {
    open: ['japanese'],
    world: {
      outbox: [
        anOutboxItem({
          id: 'earlier',
          createdAt: NOW - 8 * MINUTE,
          to: japanese.to,
          cc: [haruka, weber, { name: '', address: 'j.smith@example.net' }],
          subject: japanese.subject,
          steps: sent(['kenji.sato@sato-kogyo.example']),
        }),
      ],
    },
    answers: { 'outbox.send': { kind: 'same-mail', itemId: 'earlier' } },
    act: () => clickOn(SEND),
  }),
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
  state('photo', { open: ['japanese'], act: () => pickPhoto() }),
  state('photo-smaller', {
    open: ['japanese'],
    act: () => pickPhoto(() => clickOn('[aria-label^="Make "][aria-haspopup], [aria-label$="小さくする"]')),
  }),
  state('send-later', {
    open: ['japanese'],
    act: () => clickOn('section footer button[aria-haspopup="menu"]'),
  }),
  state('pick-time', {
    open: ['japanese'],
    act: () => {
      clickOn('section footer button[aria-haspopup="menu"]')
      clickOn('[role="menuitem"]', /Another time|日時を指定/)
    },
  }),
  state('preview', { open: ['rich'], act: () => clickOn(PREVIEW) }),
  state('preview-plain', { open: ['japanese'], act: () => clickOn(PREVIEW) }),
  state('preview-head', {
    open: ['rich'],
    act: () => {
      clickOn(PREVIEW)
      clickOn('[role="dialog"] label', /Head|ヘッダー/)
    },
  }),
  state('redirect', { open: ['redirect'] }),
  state('many', { open: ['many'] }),
  state('several', { open: ['full', 'blank', 'japanese'] }),
  state('minimised', { open: ['japanese', 'full'], act: () => sizeAll('minimised') }),
  state('full-size', { act: () => sizeAll('full') }),
  state('no-account', { world: { accounts: [] } }),
  departing('item-held', held(['haruka@aoki.example'], NOW + 7_000), 'held'),
  departing('item-leaving', sendingBody(['haruka@aoki.example'], 5_200_000), 'leaving'),
  departing('item-handed-over', sent(['haruka@aoki.example']), 'handed-over'),
  departing('item-deferred', deferred(['haruka@aoki.example'], { kind: 'offline' }, NOW + MINUTE), 'waits'),
  quitting('quit', { undo: true, schedule: true }),
  quitting('quit-scheduled', { undo: false, schedule: true }),
  state('kept', { open: [], act: () => sayKept('full') }),
]
