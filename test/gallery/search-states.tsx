/** The search, in its states. */

import type { SearchState } from '../../renderer/search/search-state.ts'
import { aStatus, NOW } from '../support/builders.ts'
import { type Answers, createFakeBridge, type World } from '../support/fake-bridge.ts'
import { clickOn } from './acting.ts'
import { accounts, manyHeads, sampleWorld } from './sample-world.ts'
import type { GalleryState } from './state.ts'

function state(
  name: string,
  text: string,
  more: Partial<SearchState> & { messageId?: string } = {},
  world: Partial<World> = {},
  answers: Answers = {},
): GalleryState {
  const { messageId = null, ...search } = more
  return {
    view: 'search',
    state: name,
    startAt: {
      view: 'mail',
      place: { kind: 'unified', role: 'inbox' },
      messageId,
      search: { text, isEverywhere: false, order: 'newest', asked: 1, ...search },
    },
    bridge: () => createFakeBridge({ world: sampleWorld(structuredClone(world)), answers }),
  }
}

const offline = accounts.map(({ id }) =>
  aStatus({
    accountId: id,
    incoming: { state: 'failing', problem: { kind: 'offline' }, retryAt: NOW + 60_000 },
  }),
)
const askServers = { afterMount: () => clickOn('main button', /Search there too|サーバーも検索/) }

export const searchStates: readonly GalleryState[] = [
  state('beginning', ''),
  state('english', 'photos', { isEverywhere: true, messageId: 'in-2' }),
  state('japanese', '見積', { isEverywhere: true, messageId: 'in-1' }),
  state('html', 'proof', { messageId: 'in-6' }),
  state('operator', 'from:佐藤 is'),
  state('many', 'e', {}, { heads: manyHeads(5_000), unindexed: 1240 }),
  state('nothing', 'zeppelin'),
  state('nothing-anywhere', 'zeppelin', { isEverywhere: true }),
  state('loading', 'photos', {}, {}, { 'search.find': 'never', 'search.count': 'never' }),
  state(
    'failing',
    'photos',
    {},
    {},
    { 'search.find': { kind: 'internal', detail: 'the search thread ended' } },
  ),
  state('offline', 'photos', { isEverywhere: true }, { status: offline }),
  {
    ...state(
      'server',
      'photos',
      { isEverywhere: true },
      { onServers: { messageIds: ['in-3', 'in-4'], unlisted: 3, unreachable: [] } },
    ),
    ...askServers,
  },
  {
    ...state(
      'server-unreachable',
      'photos',
      { isEverywhere: true },
      { onServers: { messageIds: [], unlisted: 0, unreachable: ['studio'] } },
    ),
    ...askServers,
  },
  {
    ...state('asking', 'photos', { isEverywhere: true }, {}, { 'search.askServers': 'never' }),
    ...askServers,
  },
]
