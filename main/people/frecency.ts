/**
 * How near somebody is: every mail counts for its weight, halved with every 90 days since. Kept as one number that
 * does not move with the clock, so that an order once made stays right. Pure.
 */

const HALF_LIFE_MS = 90 * 24 * 60 * 60 * 1000

/** What a mail counts for: writing to somebody says more than hearing from them; being named beside them says little. */
export const WEIGHT = { sent: 4, received: 1, named: 0.25, bulk: 0.05 } as const

/**
 * `rank` is log2 of the sum of `weight * 2^(at / half-life)`, as of 1970: the sum that counts today is the same for
 * all but a factor. Null where nothing was counted yet.
 */
export function rankAfter(rank: number | null, weight: number, at: number): number {
  const added = Math.log2(weight) + at / HALF_LIFE_MS
  if (rank === null) return added
  return Math.max(rank, added) + Math.log2(1 + 2 ** -Math.abs(rank - added))
}
