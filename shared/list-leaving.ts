/** How a mailing list that a mail came over can be left (RFC 2369, RFC 8058). Pure. */

/** `web`: one request by the program. `mail`: a mail by its outbox. `browser`: a page that the person has to go on with. */
export const LEAVING_WAYS = ['web', 'mail', 'browser'] as const
export type LeavingWay = (typeof LEAVING_WAYS)[number]

export type ListLeaving = {
  /** What the list is known by: its List-Id, else the address it sends from, in small letters. */
  key: string
  /** The address of each way as the head says it; null where there is none. At least one is there. */
  ways: Record<LeavingWay, string | null>
}

/** A list that was asked to take the person off, or whose page was opened for it. `at` in epoch ms. */
export type LeftList = { key: string; way: LeavingWay; at: number }

/** The ways there are, the one with the least trouble first. */
export function waysOf({ ways }: ListLeaving): LeavingWay[] {
  return LEAVING_WAYS.filter(way => ways[way] !== null)
}
