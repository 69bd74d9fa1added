/** Pictures of a mail that lie in the internet: what was fetched, and which are not there to be seen. Pure. */

export type FetchedPictures = {
  /** By the address as the html writes it (trimmed), each a data URL; 8 MB in all. */
  pictures: Record<string, string>
  /** How many could not be had. */
  failed: number
  /** How many are only there to be fetched, and were not. */
  trackers: number
}

/** A side of two pixels or less. */
const TINY = /^\s*[0-2](?:\.\d+)?\s*(?:px)?\s*$/i
const TINY_STYLE =
  /(?:^|;)\s*(?:max-)?(?:width|height)\s*:\s*[0-2](?:\.\d+)?(?:px)?\s*(?:!important\s*)?(?:;|$)/i
const UNSEEN_STYLE = /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)\b/i

/** The attributes of an `<img>` as they are written, null where it has none. True also where it is not shown at all. */
export function isTrackingPixel(width: string | null, height: string | null, style: string | null): boolean {
  if ([width, height].some(side => side !== null && TINY.test(side))) return true
  return style !== null && (TINY_STYLE.test(style) || UNSEEN_STYLE.test(style))
}
