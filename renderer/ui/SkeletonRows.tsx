/** The shape of rows that are on their way. Said once to ears, by the view that waits. */

import styles from './SkeletonRows.module.css'

type Props = { rows: number; rowHeight?: number }

export function SkeletonRows({ rows, rowHeight = 87 }: Props) {
  return (
    <div aria-hidden className={styles.rows}>
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike and never move
        <SkeletonRow key={index} height={rowHeight} seed={index} />
      ))}
    </div>
  )
}

/** One row of it; `seed` varies the widths, the same for the same row. */
export function SkeletonRow({ height = 87, seed }: { height?: number; seed: number }) {
  const width = (base: number, spread: number, salt: number) => `${base + ((seed * salt) % spread)}%`
  return (
    <div className={styles.row} style={{ height }}>
      <i style={{ width: width(30, 22, 7) }} />
      <i style={{ width: width(52, 30, 11) }} />
      <i style={{ width: width(40, 34, 13) }} />
    </div>
  )
}
