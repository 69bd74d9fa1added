/** Lists collapsed to conversations, and a conversation that is read. */

import type { Where } from '../../renderer/frame/navigation.tsx'
import type { MessageHead } from '../../shared/model.ts'
import { aHead, DAY, HOUR, NOW, someSettings } from '../support/builders.ts'
import { createFakeBridge } from '../support/fake-bridge.ts'
import { sampleWorld } from './sample-world.ts'
import type { GalleryState } from './state.ts'

const WEBER = { name: 'Martin Weber', address: 'weber@bau.example' }
const ME = { name: 'Yuki Tanaka', address: 'yuki@example.co.jp' }

const before: MessageHead[] = [
  aHead({
    id: 'visit-1',
    accountId: 'yuki',
    folderId: 'yuki/inbox',
    sentAt: NOW - 2 * DAY,
    from: WEBER,
    to: [ME],
    subject: 'Site visit on Thursday',
    preview: 'Would Thursday suit you for the visit? The scaffolding is down by then.',
  }),
  aHead({
    id: 'visit-2',
    accountId: 'yuki',
    folderId: 'yuki/inbox',
    sentAt: NOW - DAY - 2 * HOUR,
    from: { name: '佐藤 健二', address: 'kenji.sato@sato-kogyo.example' },
    to: [ME, WEBER],
    subject: 'Re: Site visit on Thursday',
    preview: '木曜日の午前でしたら、私も立ち会えます。',
    isSeen: false,
  }),
]

/** A list of hundreds: read to its end. */
const long: MessageHead[] = Array.from({ length: 500 }, (_, at) =>
  aHead({
    id: `long-${at}`,
    accountId: 'yuki',
    folderId: 'yuki/inbox',
    sentAt: NOW - (500 - at) * HOUR,
    from: at % 2 === 0 ? WEBER : { name: 'Lena Fischer', address: 'lena@fischer.example' },
    to: [ME],
    subject: 'Re: Who brings what',
    preview: `Answer ${at + 1} about cakes and soup.`,
  }),
)

function state(name: string, messageId: string | null, more: MessageHead[] = []): GalleryState {
  const startAt: Where = { view: 'mail', place: { kind: 'unified', role: 'inbox' }, messageId }
  return {
    view: 'conversations',
    state: name,
    startAt,
    bridge() {
      const world = sampleWorld()
      world.settings = someSettings({ showsConversations: true })
      world.heads = [...world.heads, ...before, ...more]
      for (const id of ['visit-1', 'visit-2', 'in-3', 'sent-2']) world.threads[id] = 'visit'
      for (const { id } of long) world.threads[id] = 'long'
      return createFakeBridge({ world })
    },
  }
}

export const conversationStates: readonly GalleryState[] = [
  state('list', null),
  state('read', 'in-3'),
  state('long', 'long-499', long),
]
