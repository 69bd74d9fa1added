/** What the head of a mail says of leaving its mailing list (RFC 2369, RFC 2919, RFC 8058). Refuses other schemes. */

import type { ListLeaving } from '../../shared/list-leaving.ts'
import { headerOf, type Line } from './mail-header.ts'

const LONGEST = 20_000

/** Null where the mail came over no list, or over one that says no way to leave it. */
export function listLeavingOf(lines: Line[], from: string): ListLeaving | null {
  const said = (headerOf(lines, 'list-unsubscribe') ?? '').slice(0, LONGEST)
  const addresses = [...said.matchAll(/<([^<>]+)>/g)].map(match => (match[1] ?? '').replace(/\s/g, ''))
  const of = (scheme: RegExp) => addresses.find(address => scheme.test(address)) ?? null
  const isOneClick = /^\s*List-Unsubscribe\s*=\s*One-Click\s*$/i.test(
    headerOf(lines, 'list-unsubscribe-post') ?? '',
  )
  const ways = {
    web: isOneClick ? of(/^https:\/\//i) : null,
    mail: of(/^mailto:/i),
    browser: of(/^https?:\/\//i),
  }
  if (Object.values(ways).every(way => way === null)) return null
  const listId = /<([^<>\s]{1,255})>/.exec((headerOf(lines, 'list-id') ?? '').slice(0, LONGEST))?.[1]
  return { key: (listId ?? from).toLowerCase(), ways }
}
