/** The five stations, stamped one by one like postmarks: marks, line and facts. Draws a journey; asks nothing. */

import { type Icon, IconClock, IconMinus, IconQuestionMark, IconX } from '@tabler/icons-react'
import type { CSSProperties } from 'react'
import type { Journey } from '../../shared/journey.ts'
import { useWords } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'
import css from './JourneyWay.module.css'
import { stationFacts } from './station-facts.ts'
import { MARKS, reachedStation, type Station, type StationState, stationsOf } from './stations.ts'

/** The small shape at the edge of a mark that is not simply stamped or empty. */
export const BADGES: Partial<Record<StationState, Icon>> = {
  waiting: IconClock,
  stopped: IconX,
  unknown: IconQuestionMark,
  silent: IconMinus,
}

type Props = { journey: Journey; progress: { sent: number; total: number } | null }

export function JourneyWay({ journey, progress }: Props) {
  const words = useWords()
  const format = useFormat()
  const stations = stationsOf(journey)
  const reached = reachedStation(stations)
  return (
    <ol className={css.way} aria-label={words('journey.title')}>
      {stations.map((station, index) => (
        <li
          key={station.name}
          className={css.stop}
          data-state={station.state}
          data-station={station.name}
          data-line={index <= reached ? 'travelled' : station.state === 'unknown' ? 'doubt' : 'ahead'}
          aria-current={station.state === 'now' ? 'step' : undefined}
        >
          <Mark station={station} progress={journey.phase === 'body' ? progress : null} />
          <b className={css.name}>{words(`journey.station.${station.name}`)}</b>
          <span className="for-ears">{words(`journey.stationIs.${station.state}`)}</span>
          {stationFacts(station, { journey, progress, words, format }).map((fact, line) => (
            <span key={line === 0 ? 'first' : 'second'} className={css.fact} title={fact}>
              {fact}
            </span>
          ))}
        </li>
      ))}
    </ol>
  )
}

function Mark({ station, progress }: { station: Station; progress: Props['progress'] }) {
  const Badge = BADGES[station.state]
  const isFilling = station.state === 'now' && progress !== null && progress.total > 0
  const style = isFilling ? ({ '--filled': progress.sent / progress.total } as CSSProperties) : undefined
  return (
    <span className={css.mark} data-filling={isFilling || undefined} style={style} aria-hidden lang="ja">
      {MARKS[station.name]}
      {Badge !== undefined && (
        <i className={css.badge}>
          <Badge size={11} stroke={3} />
        </i>
      )}
    </span>
  )
}
