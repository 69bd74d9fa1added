/**
 * The five stations of a mail's way, read off its journey. Pure: it claims only what the journey says, and where the
 * mail stopped it says at which station. It refuses to word anything: the words are the view's.
 */

import type { Journey } from '../../shared/journey.ts'
import type { RecipientState } from '../../shared/ledger.ts'
import type { Problem } from '../../shared/problem.ts'

export const STATION_NAMES = ['written', 'connected', 'submitted', 'relayed', 'delivered'] as const
export type StationName = (typeof STATION_NAMES)[number]

/** The character each postmark carries, the same in every language. */
export const MARKS: Record<StationName, string> = {
  written: '作',
  connected: '繋',
  submitted: '送',
  relayed: '転',
  delivered: '届',
}

/**
 * `now` happens at this moment; `part` has been reached by some recipients; `waiting` is where it will be tried again;
 * `stopped` is where it ended; `unknown` is where nobody can say; `silent` will never report.
 */
export type StationState = 'done' | 'now' | 'part' | 'waiting' | 'stopped' | 'unknown' | 'silent' | 'ahead'
export type Station = { name: StationName; state: StationState }

const WIRE_PHASES_OF_SUBMISSION: ReadonlySet<string> = new Set(['envelope', 'body', 'awaiting-reply'])

/** The station at which a problem stopped the mail: the line, or the handing over. */
export function stationOfProblem(problem: Problem): 'connected' | 'submitted' {
  switch (problem.kind) {
    case 'server-busy':
    case 'refused':
    case 'recipients-refused':
    case 'too-big':
    case 'too-many-recipients':
    case 'address-needs-smtputf8':
    case 'server-lacks':
    case 'address-invalid':
    case 'outcome-unknown':
    case 'past-no-return':
    case 'bytes-changed':
    case 'attachment-missing':
    case 'attachment-unreadable':
    case 'mail-unreadable':
      return 'submitted'
    case 'timeout':
    case 'connection-lost':
      return WIRE_PHASES_OF_SUBMISSION.has(problem.phase) ? 'submitted' : 'connected'
    case 'gave-up':
      return stationOfProblem(problem.last)
    default:
      return 'connected'
  }
}

/** How the mail stands with the submission server: the second and the third station. */
function wireStations(journey: Journey): { connected: StationState; submitted: StationState } {
  switch (journey.state) {
    case 'accepted':
      return { connected: 'done', submitted: 'done' }
    case 'uncertain':
      return { connected: 'done', submitted: 'unknown' }
    case 'sending':
      return journey.phase !== null && WIRE_PHASES_OF_SUBMISSION.has(journey.phase)
        ? { connected: 'done', submitted: 'now' }
        : { connected: 'now', submitted: 'ahead' }
    case 'held':
      return { connected: 'ahead', submitted: 'ahead' }
    case 'queued':
    case 'paused':
      return stoppedAt(journey, 'waiting')
    case 'refused':
    case 'cancelled':
      return stoppedAt(journey, 'stopped')
  }
}

function stoppedAt({ problem, stations }: Journey, state: 'waiting' | 'stopped') {
  if (problem === null) return { connected: 'ahead', submitted: 'ahead' } as const
  // What is found here at home may have stopped the mail before there was a line.
  const hadLine = stations.connected !== null && (stations.connected.ms > 0 || stations.connected.isReused)
  return stationOfProblem(problem) === 'submitted'
    ? ({ connected: hadLine ? 'done' : 'ahead', submitted: state } as const)
    : ({ connected: state, submitted: 'ahead' } as const)
}

const IS_OVER_WITHOUT_ARRIVAL: ReadonlySet<RecipientState> = new Set<RecipientState>(['failed'])

function reportStation(journey: Journey, name: 'relayed' | 'delivered'): StationState {
  if (journey.state !== 'accepted') return 'ahead'
  const onTheirWay = journey.recipients.filter(recipient => recipient.state !== 'cancelled')
  const reached = journey.stations[name]?.count ?? 0
  if (reached > 0) return reached >= onTheirWay.length ? 'done' : 'part'
  if (onTheirWay.length === 0) return 'ahead'
  if (onTheirWay.every(recipient => recipient.state === 'no report possible')) return 'silent'
  if (onTheirWay.every(recipient => IS_OVER_WITHOUT_ARRIVAL.has(recipient.state))) {
    return name === 'delivered' ? 'stopped' : 'silent'
  }
  if (name === 'relayed' && onTheirWay.some(recipient => recipient.state === 'delayed')) return 'waiting'
  return 'ahead'
}

/** The five stations in order. */
export function stationsOf(journey: Journey): Station[] {
  const wire = wireStations(journey)
  return [
    { name: 'written', state: 'done' },
    { name: 'connected', state: wire.connected },
    { name: 'submitted', state: wire.submitted },
    { name: 'relayed', state: reportStation(journey, 'relayed') },
    { name: 'delivered', state: reportStation(journey, 'delivered') },
  ]
}

const IS_REACHED: ReadonlySet<StationState> = new Set<StationState>(['done', 'part', 'now'])

/** The index of the last station the mail has reached or is at: how far the line is drawn. */
export function reachedStation(stations: readonly Station[]): number {
  return stations.findLastIndex(station => IS_REACHED.has(station.state))
}

/** `TLSv1.3` as Node says it, `TLS 1.3` as people do. */
export function protocolName(protocol: string): string {
  return protocol.replace(/^TLSv/, 'TLS ')
}
