/**
 * Brings everybody into the index: nearest first and in slices, so that no task of the desk is long and the first
 * letter already finds the likely ones. What changes meanwhile or later is read again by its key.
 */

import { type Correspondent, type CorrespondentList, type RankMark, TOP } from './correspondent-store.ts'
import type { PeopleIndex } from './people-index.ts'
import type { PeopleStore } from './people-store.ts'

const SLICE = 250
/** Below everybody a mail went to or came from: their ranks are counted from 1970. */
const NEVER_MET = -1_000

/** Addresses that no person reads. */
const AUTOMATIC =
  /^(?:(?:no|do|not|donot)[._-]?(?:not[._-]?)?reply|mailer-daemon|postmaster|bounces?|notifications?|automailer|auto-confirm)(?:[+._-].*)?@/i

type LoadingDeps = {
  store: PeopleStore
  correspondents: CorrespondentList
  index: PeopleIndex
  /** The index has changed for these; for any where there are none. */
  onChanged: (keys: string[]) => void
}

export type PeopleLoading = {
  /** The first slice is there when this returns. Only the first call does anything. */
  start(): void
  /** Resolves when everybody is there. */
  loaded(): Promise<void>
  /** Reads these again. */
  reload(keys: readonly string[]): void
  stop(): void
}

export function createPeopleLoading({ store, correspondents, index, onChanged }: LoadingDeps): PeopleLoading {
  let mark: RankMark | null = TOP
  let contactKey: string | null = ''
  let next: NodeJS.Immediate | null = null
  let isStarted = false
  const { promise, resolve } = Promise.withResolvers<void>()
  /** Changed since they were read. */
  const waiting: string[] = []

  const putKey = (key: string, met: Correspondent | null) => {
    const contact = store.contact(key)
    const { forgottenAt, failedAt } = store.reservations(key)
    const lastMet = Math.max(met?.lastSentAt ?? 0, met?.lastReceivedAt ?? 0)
    const isForgotten = forgottenAt !== null && forgottenAt >= (met?.lastSentAt ?? 0)
    if ((met === null && contact === null) || (isForgotten && contact === null)) return index.remove(key)
    const address = contact?.address ?? met?.address
    if (address === undefined) return
    const isAutomatic =
      AUTOMATIC.test(address.address) ||
      (met !== null && met.bulkAt !== null && met.lastSentAt === null && contact === null)
    const hasFailed = failedAt !== null && failedAt >= lastMet
    index.put({
      address: address.name === '' && met !== null ? { ...address, name: met.address.name } : address,
      reading: contact?.reading ?? '',
      lastMailedAt: met?.lastSentAt ?? null,
      lastReceivedAt: met?.lastReceivedAt ?? null,
      demotedFor: hasFailed ? 'failed' : isAutomatic ? 'automatic' : null,
      rank: met?.rank ?? NEVER_MET,
    })
  }

  /** The next few of those who are still to come; false where there are none. */
  const loadSome = (): boolean => {
    if (mark !== null) {
      const { people, next: after } = correspondents.below(mark, SLICE)
      for (const met of people) putKey(met.key, met)
      mark = after
    } else if (contactKey !== null) {
      const keys = store.contactKeysAfter(contactKey, SLICE)
      for (const key of keys) putKey(key, correspondents.byKey(key))
      contactKey = keys.length < SLICE ? null : (keys.at(-1) ?? null)
      if (contactKey === null) {
        resolve()
        onChanged([])
      }
    } else if (waiting.length > 0) {
      const keys = waiting.splice(0, SLICE)
      for (const key of keys) putKey(key, correspondents.byKey(key))
      onChanged(keys)
    } else return false
    return true
  }

  const slice = () => {
    next = loadSome() ? setImmediate(slice) : null
  }

  return {
    start() {
      if (isStarted) return
      isStarted = true
      slice()
    },
    loaded: () => promise,
    reload(keys) {
      // Nobody has asked for anybody yet; what is known of these may have been asked all the same.
      if (!isStarted) return onChanged([...keys])
      waiting.push(...keys)
      next ??= setImmediate(slice)
    },
    stop() {
      if (next !== null) clearImmediate(next)
      next = null
      isStarted = false
    },
  }
}
