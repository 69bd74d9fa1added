/** What an IMAP server is asked to search for, as imapflow writes it. Pure. */

/** One criterion of SEARCH (RFC 3501 section 6.4.4). */
export type ImapWord =
  | { text: string }
  | { from: string }
  | { to: string }
  | { cc: string }
  | { subject: string }
  | { seen: boolean }
  | { flagged: boolean }
  | { or: ImapWord[] }
  | { not: ImapWord }

/** imapflow knows no "and" of the same criterion twice: it is said as "not (not one or not other)". */
export function allOf(words: ImapWord[]): ImapWord | { all: true } {
  const [first, ...others] = words
  if (first === undefined) return { all: true }
  return others.length === 0 ? first : { not: { or: words.map(word => ({ not: word })) } }
}
