/** The one or two short lines under a station: only what its journey says. Pure; words and formats are arguments. */

import type { Journey } from '../../shared/journey.ts'
import type { Words } from '../i18n/words.ts'
import type { Format } from '../ui/format.ts'
import { protocolName, type Station } from './stations.ts'

export type FactsInput = {
  journey: Journey
  progress: { sent: number; total: number } | null
  words: Words
  format: Pick<Format, 'clock' | 'duration' | 'size' | 'number'>
}

/** Two lines at most; the second is the quieter one. */
export function stationFacts(station: Station, input: FactsInput): string[] {
  switch (station.name) {
    case 'written':
      return writtenFacts(input)
    case 'connected':
      return connectedFacts(station, input)
    case 'submitted':
      return submittedFacts(station, input)
    case 'relayed':
    case 'delivered':
      return reportFacts(station, station.name, input)
  }
}

function writtenFacts({ journey, format }: FactsInput): string[] {
  const { written } = journey.stations
  return written === null ? [] : [format.clock(written.at, true), format.size(written.bytes)]
}

function connectedFacts(station: Station, { journey, words, format }: FactsInput): string[] {
  const { connected } = journey.stations
  const host = connected === null ? [] : [connected.host]
  switch (station.state) {
    case 'now':
      return [words(`journey.${linePhase(journey)}`), ...host]
    case 'waiting':
      return [words(journey.state === 'paused' ? 'journey.waiting' : 'journey.takesLater'), ...host]
    case 'stopped':
      return [words('journey.notReached'), ...host]
    case 'done': {
      if (connected === null) return []
      const security =
        connected.protocol === null ? words('journey.notEncrypted') : protocolName(connected.protocol)
      const time = connected.isReused ? words('journey.lineReused') : format.duration(connected.ms)
      return [`${security} · ${time}`, connected.host]
    }
    default:
      return [words('journey.waiting')]
  }
}

function linePhase({ phase }: Journey): 'connecting' | 'securing' | 'authenticating' {
  return phase === 'securing' || phase === 'authenticating' ? phase : 'connecting'
}

function submittedFacts(station: Station, { journey, progress, words, format }: FactsInput): string[] {
  const { submitted } = journey.stations
  switch (station.state) {
    case 'now':
      if (journey.phase === 'awaiting-reply') return [words('journey.awaitingReply')]
      if (journey.phase === 'envelope' || progress === null) return [words('journey.envelope')]
      return [
        words('journey.progress', { sent: format.size(progress.sent), total: format.size(progress.total) }),
      ]
    case 'waiting':
      return [words('journey.notTakenYet')]
    case 'stopped':
      return [words('journey.notTaken')]
    case 'unknown':
      return [words('journey.noReply'), ...(submitted === null ? [] : [format.clock(submitted.at, true)])]
    case 'done':
      if (submitted === null) return []
      return submitted.queueId === null
        ? [format.clock(submitted.at, true), format.size(submitted.bytes)]
        : [words('journey.queuedAs', { queueId: submitted.queueId }), format.clock(submitted.at, true)]
    default:
      return [words('journey.waiting')]
  }
}

function reportFacts(
  station: Station,
  name: 'relayed' | 'delivered',
  { journey, words, format }: FactsInput,
): string[] {
  const reached = journey.stations[name]
  const all = journey.recipients.filter(recipient => recipient.state !== 'cancelled').length
  switch (station.state) {
    case 'done':
    case 'part': {
      if (reached === null) return []
      const time = format.clock(reached.at, true)
      if (all === 1) return [time]
      const count = words('journey.someOf', {
        some: format.number(reached.count),
        all: format.number(all),
      })
      return [count, time]
    }
    case 'waiting':
      return [words('journey.delayed')]
    case 'stopped':
      return [words('journey.neverArrived')]
    case 'silent':
      return [words('journey.noReport')]
    default:
      return [words('journey.waiting')]
  }
}
