/** What is written again and again: the view of templates, a template in a composer, and a snippet that is called. */

import { openComposer } from '../../renderer/compose/composers.ts'
import { aDraft } from '../support/builders.ts'
import { type Answers, createFakeBridge } from '../support/fake-bridge.ts'
import { clickOn, typeInto, whenThere } from './acting.ts'
import { sampleTemplates } from './sample-templates.ts'
import { sampleWorld } from './sample-world.ts'
import type { GalleryState } from './state.ts'

const haruka = { name: 'Aoki Haruka', address: 'haruka@aoki.example' }
const empty = aDraft({ id: 'template-draft', to: [haruka], html: '' })
const answer = aDraft({
  id: 'template-draft',
  to: [haruka],
  subject: 'Re: Photos for the catalogue',
  text: 'Thank you for the quick answer.',
  html: '<p>Thank you for the quick answer.</p>',
})

type Extra = { templates?: typeof sampleTemplates; answers?: Answers; act?: () => void }

function view(state: string, { templates = sampleTemplates, answers, act }: Extra = {}): GalleryState {
  return {
    view: 'templates',
    state,
    startAt: { view: 'templates' },
    bridge: () =>
      createFakeBridge({
        world: sampleWorld({ templates: [...templates] }),
        ...(answers !== undefined && { answers }),
      }),
    afterMount: () => act?.(),
  }
}

function composer(
  state: string,
  draft: typeof empty,
  act: () => void,
  templates = sampleTemplates,
): GalleryState {
  return {
    view: 'template-composer',
    state,
    bridge: () => createFakeBridge({ world: sampleWorld({ drafts: [draft], templates: [...templates] }) }),
    afterMount() {
      openComposer({ draftId: draft.id })
      act()
    },
  }
}

const ROW = 'main ul button'
const TEXT = 'section[data-size] [data-place="text"]'

function openMenu(entry: RegExp): void {
  clickOn(
    'section[data-size] footer [aria-label="More for this mail"], section[data-size] footer [aria-label="その他の操作"]',
  )
  clickOn('[role="menuitem"]', entry)
}

/** Types as a keyboard does: one input per letter, in the place that has the focus. */
function typeText(text: string): void {
  whenThere(TEXT, element => {
    element.focus()
    for (const letter of text) document.execCommand('insertText', false, letter)
  })
}

const INSERT = /Insert a template|テンプレートを挿入/
const SAVE = /Save as a template|テンプレートとして保存/

export const templatesStates: readonly GalleryState[] = [
  view('full', { act: () => clickOn(ROW, /Offer/) }),
  view('snippet', { act: () => clickOn(ROW, /;thanks/) }),
  view('unchosen'),
  view('name-taken', {
    act() {
      clickOn(ROW, /Offer/)
      typeInto('main form input, main section input[type="text"]', '見積書の送付')
      whenThere('main section input[type="text"]', element => element.closest('section')?.focus())
    },
  }),
  view('empty', { templates: [] }),
  view('loading', { answers: { 'templates.list': 'never' } }),
  view('failing', { answers: { 'templates.list': { kind: 'disk', detail: 'EIO: i/o error' } } }),
  view('removed', {
    act() {
      clickOn(ROW, /Offer/)
      clickOn('main header button[aria-label="Delete"], main header button[aria-label="削除"]')
    },
  }),
  composer('insert', answer, () => openMenu(INSERT)),
  composer('insert-none', answer, () => openMenu(INSERT), []),
  composer('save', answer, () => openMenu(SAVE)),
  composer('inserted', empty, () => {
    openMenu(INSERT)
    clickOn('[role="dialog"] button', /^(?:Insert|挿入)$/)
  }),
  composer('called', answer, () => typeText(' ;t')),
]
