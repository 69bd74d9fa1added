/** The way of a mail in small, for rows: five points, and where the mail is, its mark. One image for ears. */

import type { Journey } from '../../shared/journey.ts'
import { useWords } from '../i18n/words.ts'
import css from './JourneyLine.module.css'
import { MARKS, reachedStation, type Station, stationsOf } from './stations.ts'

const SHAPES: Partial<Record<Station['state'], string>> = { stopped: '×', unknown: '?' }

/** The station worth naming: where something happens, waits or ended, else the last one reached. */
function stationOfNote(stations: readonly Station[]): Station | undefined {
  return (
    stations.find(station => !['done', 'part', 'ahead', 'silent'].includes(station.state)) ??
    stations[reachedStation(stations)]
  )
}

export function JourneyLine({ journey }: { journey: Journey }) {
  const words = useWords()
  const stations = stationsOf(journey)
  const reached = reachedStation(stations)
  const noted = stationOfNote(stations)
  const name = words('journey.lineName', {
    station: words(`journey.station.${noted?.name ?? 'written'}`),
    state: words(`journey.stationIs.${noted?.state ?? 'done'}`),
  })
  return (
    <span className={css.line} role="img" aria-label={name}>
      {stations.map((station, index) => (
        <span
          key={station.name}
          className={css.point}
          data-state={station.state}
          data-station={station.name}
          data-line={index <= reached ? 'travelled' : 'ahead'}
          data-noted={station === noted || undefined}
          lang="ja"
        >
          {station === noted ? (SHAPES[station.state] ?? MARKS[station.name]) : null}
        </span>
      ))}
    </span>
  )
}
