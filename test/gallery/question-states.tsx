/** The sheet of questions before sending, and what is asked while an address is typed. */

import { openComposer } from '../../renderer/compose/composers.ts'
import type { Draft } from '../../shared/model.ts'
import { aDraft, aHead } from '../support/builders.ts'
import { createFakeBridge, type World } from '../support/fake-bridge.ts'
import { clickOn, whenThere } from './acting.ts'
import { accounts, sampleWorld } from './sample-world.ts'
import type { GalleryState } from './state.ts'

const haruka = { name: 'Aoki Haruka', address: 'haruka@aoki.example' }
const sato = { name: '佐藤 健二', address: 'kenji.sato@sato-kogyo.example' }
const mistyped = { name: 'Anna Lind', address: 'anna.lind@gmial.com' }

const promised = aDraft({
  id: 'promised',
  to: [haruka],
  subject: 'Photos for the catalogue',
  text: 'Hello Haruka,\n\nplease find attached the photos for the catalogue. Tell me which ones you would like to use.\n\nBest regards\nYuki',
})
const japanese = aDraft({
  id: 'promised-japanese',
  to: [sato],
  subject: 'お見積りの件',
  text: '鈴木様\n\nお世話になっております。田中です。\nお見積書を添付いたしますので、ご査収ください。\n\n田中 由紀',
})
const guests = Array.from({ length: 14 }, (_, index) => ({
  name: '',
  address: `guest-${index + 1}@newsletter.example`,
}))
const careless = aDraft({
  id: 'careless',
  accountId: 'yuki',
  to: [mistyped, { name: '', address: 'j.smith@example' }, ...guests],
  subject: '',
  text: 'Dear Mr. Brown,\n\nthank you for choosing [Company Name]. The prices are in the attachment: example-works.example/prices',
  html: '<p>Dear Mr. Brown,</p><p>thank you for choosing [Company Name]. Please find the prices attached: <a href="https://click.mailer.example/42">example-works.example/prices</a></p>',
  references: ['answered@aoki.example'],
})
const blank = aDraft({ id: 'blank-questions', to: [haruka] })
const program = aDraft({
  ...promised,
  id: 'program',
  text: 'Hello Haruka,\n\nhere is the new version, and the numbers.',
  attachments: ['Aozora-Setup.exe', 'invoice.pdf.js', 'numbers.xlsm', 'photo.jpg'].map((name, index) => ({
    id: `program-${index}`,
    name,
    type: 'application/octet-stream',
    bytes: 48_213,
    sha256: String(index).repeat(64),
  })),
})
const slip = aDraft({ ...promised, id: 'slip', to: [haruka, mistyped], text: 'Hello,\nsee you on Friday.' })

const answered = aHead({ id: 'answered', from: haruka, to: [{ name: '', address: 'studio@example.org' }] })
const world = (change: Partial<World>): World => {
  const sample = sampleWorld({
    drafts: [promised, japanese, careless, blank, program, slip],
    accounts,
    ...change,
  })
  return {
    ...sample,
    heads: [...sample.heads, answered],
    messages: { ...sample.messages, answered: { messageIdHeader: 'answered@aoki.example' } },
  }
}

const SEND = 'section footer button[aria-keyshortcuts]'

function state(name: string, draft: Draft, act?: () => void): GalleryState {
  return {
    view: 'questions',
    state: name,
    bridge: () => createFakeBridge({ world: world({}) }),
    afterMount() {
      openComposer({ draftId: draft.id })
      act?.()
    },
  }
}

const send = () => clickOn(SEND)

export const questionStates: readonly GalleryState[] = [
  state('one', promised, send),
  state('japanese', japanese, send),
  state('many', careless, send),
  state('empty', blank, send),
  state('programs', program, send),
  state('solved', slip, () => {
    send()
    whenThere('[role="dialog"] li button', button => button.click())
  }),
  state('while-typing', slip),
]
