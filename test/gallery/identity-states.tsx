/** Under which name one writes: the choice in the composer, and the note where it is not the one that was written to. */

import { openComposer } from '../../renderer/compose/composers.ts'
import type { Account, Draft, Identity } from '../../shared/model.ts'
import { signatureBlock } from '../../shared/signature.ts'
import { aDraft } from '../support/builders.ts'
import { createFakeBridge } from '../support/fake-bridge.ts'
import { clickOn } from './acting.ts'
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

const FROM = 'section[data-size] button[aria-haspopup="listbox"]'

export const identityStates: readonly GalleryState[] = [
  writing('signed', 'signed'),
  writing('plain', 'plain'),
  writing('unsigned', 'unsigned'),
  writing('chosen', 'signed', () => clickOn(FROM)),
  writing('mismatch', 'answer'),
  writing('not-mine', 'stray'),
]
