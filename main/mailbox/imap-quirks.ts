/** Servers that promise what they do wrong, by their names. One line for each, with what goes wrong. Pure. */

export type Quirks = {
  /** Expunges are told by UID (RFC 7162); without it they are found by comparing the lists. */
  hasQresync: boolean
}

const ODD: readonly (Quirks & { host: RegExp })[] = [
  // iCloud: malformed VANISHED, and ENABLE is not answered; mails that are there would go from the screen.
  { host: /(^|\.)(mail\.me|icloud)\.com$/i, hasQresync: false },
]

export function quirksOf(host: string): Quirks {
  return ODD.find(entry => entry.host.test(host)) ?? { hasQresync: true }
}
