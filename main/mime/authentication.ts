/**
 * Whether the account's own server confirms the domain of From. Believes only what that server wrote: fields with its
 * name, above the Received line it wrote when the mail came in. All below is the sender's and may be forged.
 */

import { domainToASCII } from 'node:url'
import type { AuthenticationVerdict } from '../../shared/authentication.ts'
import {
  type AuthenticationResults,
  type MethodResult,
  parseAuthenticationResults,
} from './authentication-results.ts'
import type { Line } from './mail-header.ts'

/** What of a head the verdict rests on. `from`: the address of From where there is exactly one. */
export type AuthenticationTrace = { from: string | null; lines: Line[] }

/** Whose word counts: these domains and what is under them. `writesBelow`: see `GOOGLE`. */
export type OwnServer = { domains: string[]; writesBelow: boolean }

const MOST_LINES = 60
/** The server of these hosts writes its results under another name and right below its Received line, in every mail. */
const GOOGLE = 'google.com'
const GOOGLE_HOSTS = new Set(['gmail.com', 'googlemail.com'])

export function traceOf(lines: readonly Line[], from: readonly string[]): AuthenticationTrace {
  const [only, ...others] = from
  return {
    from: only === undefined || others.length > 0 ? null : only,
    lines: lines
      .filter(({ name }) => name === 'received' || name === 'authentication-results')
      .slice(0, MOST_LINES),
  }
}

/** By the host of the account's incoming server and its address. */
export function ownServerOf(host: string, address: string): OwnServer {
  const domains = [ownDomain(host), domainOf(address)].filter(domain => domain !== '')
  const writesBelow = GOOGLE_HOSTS.has(ownDomain(host))
  return { domains: writesBelow ? [...domains, GOOGLE] : domains, writesBelow }
}

export function verdictOf(trace: AuthenticationTrace, own: OwnServer): AuthenticationVerdict {
  const results = believed(trace.lines, own).flatMap(({ results }) => results)
  if (results.some(({ method, outcome }) => method === 'dmarc' && outcome === 'fail')) return 'fail'
  const domain = domainOf(trace.from ?? '')
  return domain !== '' && results.some(result => confirms(result, domain)) ? 'pass' : 'unknown'
}

function confirms({ method, outcome, properties }: MethodResult, from: string): boolean {
  if (outcome !== 'pass') return false
  if (method === 'dmarc') {
    const said = properties['header.from']
    return said === undefined || isAligned(domainOf(said), from)
  }
  if (method === 'dkim')
    return isAligned(domainOf(properties['header.d'] ?? properties['header.i'] ?? ''), from)
  return method === 'spf' && isAligned(domainOf(properties['smtp.mailfrom'] ?? ''), from)
}

/** What the own server wrote, of all the fields of that name. */
function believed(lines: readonly Line[], own: OwnServer): AuthenticationResults[] {
  const found: AuthenticationResults[] = []
  let hasEntry = false
  for (const { name, value } of lines) {
    if (name === 'authentication-results') {
      const read = parseAuthenticationResults(value)
      if (read !== null && isOwn(read.server, own)) found.push(read)
      continue
    }
    const hop = hopOf(value)
    const isOurs = hop !== null && isOwn(hop.by, own)
    if (isOurs && hop.protocol.startsWith('LMTP')) continue
    if (!own.writesBelow) return found
    // Its lines without "from" are its own relays; below the one where the mail entered, the next is another's.
    if (hop !== null && !hop.hasFrom && !hasEntry) continue
    if (hasEntry || !isOurs) return hasEntry ? found : []
    hasEntry = true
  }
  // Without a Received line nobody can say who wrote it.
  return hasEntry ? found : []
}

/** Comments off, and from the last "by": a sender chooses what stands behind "from". Null where it cannot be read. */
function hopOf(value: string): { by: string; protocol: string; hasFrom: boolean } | null {
  const trace = value.slice(0, 4_000).replace(/\([^()]*\)/g, ' ')
  if (/[()"\\]/.test(trace)) return null
  const by = /^(.*\s)?by\s+([^\s;]+)(?:\s+(?:via\s+\S+\s+)?with\s+([^\s;]+))?/i.exec(trace)
  if (by === null) return null
  return {
    by: (by[2] ?? '').toLowerCase(),
    protocol: (by[3] ?? '').toUpperCase(),
    hasFrom: /^\s*from\s/i.test(trace),
  }
}

function isOwn(server: string, { domains }: OwnServer): boolean {
  return domains.some(domain => isUnder(asDomain(server), domain))
}

/** DMARC's relaxed alignment, without a list of public suffixes: one of them is the other or under it. */
function isAligned(said: string, from: string): boolean {
  return said.includes('.') && from.includes('.') && (isUnder(said, from) || isUnder(from, said))
}

function isUnder(domain: string, parent: string): boolean {
  return domain !== '' && parent !== '' && (domain === parent || domain.endsWith(`.${parent}`))
}

/** The second level of countries where names are given out at the third: co.jp, com.au. */
const SHARED_LEVEL = /^(?:ac|ad|co|com|ed|edu|go|gob|gov|gr|lg|ltd|me|mil|ne|net|nom|or|org|plc|sch)$/

/** imap.example.com is of example.com, mail.example.co.jp of example.co.jp; an IP address and one word are themselves. */
function ownDomain(host: string): string {
  const domain = asDomain(host)
  const labels = domain.split('.')
  if (labels.length < 3 || /^[\d.]+$|[:[]/.test(domain)) return domain
  const isShared = labels.at(-1)?.length === 2 && SHARED_LEVEL.test(labels.at(-2) ?? '')
  return labels.slice(isShared ? -3 : -2).join('.')
}

function domainOf(address: string): string {
  return asDomain(address.slice(address.lastIndexOf('@') + 1))
}

function asDomain(written: string): string {
  const bare = written.trim().toLowerCase().replace(/\.$/, '')
  return bare.length > 253 ? '' : domainToASCII(bare)
}
