/** What the Received headers of a mail add up to. Pure; refuses to believe more than they say. */

import type { ReceivedHop } from '../../shared/model.ts'

export type ReceivedWay = {
  stations: number
  /** From the first to the last station that told a time; null where clocks disagree or are missing. */
  tookMs: number | null
  /** null where at least one station does not tell. */
  isAllTls: boolean | null
}

export function receivedWay(hops: readonly ReceivedHop[]): ReceivedWay {
  const times = hops.flatMap(hop => (hop.at === null ? [] : hop.at))
  const first = times[0]
  const last = times.at(-1)
  const took = first === undefined || last === undefined || times.length < 2 ? null : last - first
  const isAllTls = hops.some(hop => hop.tls === false)
    ? false
    : hops.some(hop => hop.tls === null)
      ? null
      : true
  return { stations: hops.length, tookMs: took === null || took < 0 ? null : took, isAllTls }
}
