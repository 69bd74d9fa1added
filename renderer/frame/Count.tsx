/** A small number beside a place, with what it counts for ears. Nothing where it is nought. */

import styles from './Places.module.css'

export function Count({ number, ears }: { number: number; ears: string }) {
  if (number === 0) return null
  return (
    <span className={styles.count}>
      <span aria-hidden>{number > 9999 ? '9999+' : number}</span>
      <span className="for-ears">{ears}</span>
    </span>
  )
}
