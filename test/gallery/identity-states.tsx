/** Under which name one writes: chosen in the composer, and kept on the page of an account. */

import { openComposer } from '../../renderer/compose/composers.ts'
import type { Account, Draft, Identity } from '../../shared/model.ts'
import { signatureBlock } from '../../shared/signature.ts'
import { aDraft } from '../support/builders.ts'
import { createFakeBridge, type World } from '../support/fake-bridge.ts'
import { clickOn, typeInto, whenThere } from './acting.ts'
import { accounts, sampleWorld } from './sample-world.ts'
import type { GalleryState } from './state.ts'

const haruka = { name: 'Aoki Haruka', address: 'haruka@aoki.example' }

function anIdentity(change: Partial<Identity>): Identity {
  return {
    id: 'main',
    name: '',
    address: '',
    replyTo: [],
    organisation: '',
    copiesSelf: false,
    signature: null,
    ...change,
  }
}

export const own = anIdentity({
  organisation: 'Example Building KK',
  signature: {
    text: 'Yuki Tanaka\nExample Building KK',
    html: '<p><strong>Yuki Tanaka</strong></p><p>Example Building KK</p>',
  },
})
export const sales = anIdentity({
  id: 'sales',
  name: '営業部 田中',
  address: 'sales@example.co.jp',
  replyTo: [{ name: '', address: 'desk@example.co.jp' }],
  organisation: '株式会社エグザンプル建設',
  copiesSelf: true,
  signature: { text: '株式会社エグザンプル建設\n営業部 田中 由紀', html: null },
  isUsual: true,
})
const bare = anIdentity({ id: 'bare', name: 'Yuki', address: 'y.tanaka@example.co.jp' })
const borrowed = anIdentity({ id: 'shared', name: 'Studio Tanaka', address: 'sales@example.co.jp' })

export const writers: Account[] = accounts.map(account => ({
  ...account,
  ...(account.id === 'yuki' && { identities: [own, sales, bare] }),
  ...(account.id === 'studio' && { identities: [borrowed] }),
}))

const FREE = '<p><br></p>'
const quote = '<p>Haruka wrote:</p><blockquote type="cite"><p>Can you come?</p><p>-- </p></blockquote>'
const block = signatureBlock(own.signature ?? { text: '', html: null }, true)

const drafts: Draft[] = [
  aDraft({
    id: 'signed',
    to: [haruka],
    subject: 'Friday',
    text: `Hello\n\n${block.text}`,
    html: `<p>Hello</p>${FREE}${block.html}`,
  }),
  aDraft({ id: 'plain', to: [haruka], subject: 'Friday', text: `Hello\n\n${block.text}`, html: null }),
  aDraft({
    id: 'unsigned',
    identityId: 'bare',
    to: [haruka],
    subject: 'Friday',
    text: '',
    html: `<p>Yes.</p>${quote}`,
  }),
  aDraft({
    id: 'answer',
    identityId: 'sales',
    to: [haruka],
    subject: 'Re: Friday',
    text: '',
    html: `${FREE}${FREE}${signatureBlock(sales.signature ?? { text: '', html: null }, false).html}${FREE}${quote}`,
    answers: {
      messageId: 'm',
      kind: 'reply',
      expected: { name: 'Yuki Tanaka', address: 'yuki@example.co.jp' },
      recipients: [haruka],
    },
  }),
  aDraft({
    id: 'stray',
    to: [],
    subject: 'Fwd: Friday',
    text: 'See below',
    answers: {
      messageId: 'm',
      kind: 'forward',
      expected: { name: '', address: 'info@example.co.jp' },
      recipients: [haruka],
    },
  }),
]

function writing(state: string, draftId: string, act: () => void = () => {}): GalleryState {
  return {
    view: 'identities',
    state,
    bridge: () => createFakeBridge({ world: sampleWorld({ accounts: writers, drafts }) }),
    afterMount() {
      openComposer({ draftId })
      act()
    },
  }
}

const FROM = 'section[data-size] button[aria-haspopup="dialog"]'

function onAccount(state: string, act: () => void, world: Partial<World> = {}): GalleryState {
  return {
    view: 'identities',
    state,
    startAt: { view: 'accounts' },
    bridge: () => createFakeBridge({ world: sampleWorld({ accounts: writers, drafts, ...world }) }),
    afterMount: act,
  }
}

const inSight = () => whenThere('form li', element => element.scrollIntoView({ block: 'center' }))
const openSales = () => clickOn('form li button', /sales@/)
const ADDRESS = '[role=dialog] input[type=email]'

export const identityStates: readonly GalleryState[] = [
  writing('signed', 'signed'),
  writing('plain', 'plain'),
  writing('unsigned', 'unsigned'),
  writing('chosen', 'signed', () => clickOn(FROM)),
  writing('mismatch', 'answer'),
  writing('not-mine', 'stray'),
  onAccount('list', inSight),
  onAccount('one', inSight, { accounts }),
  onAccount('edit', openSales),
  onAccount('own', () => clickOn('form li button', /Yuki Tanaka/)),
  onAccount('faults', () => {
    openSales()
    whenThere(ADDRESS, () => {
      typeInto(ADDRESS, 'sales at example')
      typeInto('[role=dialog] input[inputmode=email]', 'desk@example.co.jp, nobody')
      clickOn('[role=dialog] button[type=submit]')
    })
  }),
  onAccount('asks-remove', () => {
    clickOn('form li button[aria-haspopup=menu][aria-label*="sales@"]')
    clickOn('[role=menuitem]', /Remove|削除/)
  }),
]
