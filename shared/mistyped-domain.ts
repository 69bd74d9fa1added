/**
 * Whether a domain is another one mistyped, or looks like it: one slip of the hand beside the providers everybody knows
 * and the domains this person writes to, or letters of another script. Pure. Refuses to correct: it suggests.
 */

import { unicodeDomain } from './punycode.ts'

/** What is doubtful about a domain. `suggestion` is a whole domain, null where only the letters are strange. */
export type DomainDoubt =
  | { reason: 'mistyped' | 'look-alike'; suggestion: string }
  | { reason: 'mixed-scripts'; suggestion: null }

/** Domains a person writes to, and not for the first time: each is meant, whatever it looks like. */
export type KnownDomains = Iterable<string>

const POPULAR: readonly string[] = [
  'gmail.com googlemail.com yahoo.com yahoo.co.jp ymail.ne.jp outlook.com outlook.jp hotmail.com hotmail.co.jp',
  'hotmail.co.uk yahoo.co.uk icloud.com protonmail.com proton.me fastmail.com docomo.ne.jp ezweb.ne.jp softbank.ne.jp',
  'nifty.com biglobe.ne.jp plala.or.jp so-net.ne.jp t-online.de freenet.de yandex.ru naver.com comcast.net verizon.net',
  'btinternet.com sbcglobal.net bellsouth.net rediffmail.com laposte.net wanadoo.fr orange.fr libero.it',
].flatMap(line => line.split(' '))

/** Slips that are longer than one letter, and common; none of them takes mail for people. */
const COMMON_SLIPS: Readonly<Record<string, string>> = {
  'gmail.co.jp': 'gmail.com',
  'gmail.ne.jp': 'gmail.com',
  'gmail.jp': 'gmail.com',
  'gmail.de': 'gmail.com',
  'gmail.net': 'gmail.com',
  'gmail.org': 'gmail.com',
  'googlemail.co.jp': 'gmail.com',
  'docomo.co.jp': 'docomo.ne.jp',
  'docomo.jp': 'docomo.ne.jp',
  'ezweb.co.jp': 'ezweb.ne.jp',
  'yahoo.ne.jp': 'yahoo.co.jp',
  'yahoo.jp': 'yahoo.co.jp',
  'icloud.co.jp': 'icloud.com',
  'icloud.jp': 'icloud.com',
}

/** Real providers one letter beside another one. */
const REAL = new Set([
  'ymail.com',
  'mail.com',
  'email.com',
  'hotmail.ca',
  'outlook.co',
  'naver.co',
  'orange.es',
])

/** Shorter names lie one letter beside each other by chance. */
const SHORTEST_NAME = 5

export function domainOf(address: string): string {
  return unicodeDomain(address.slice(address.lastIndexOf('@') + 1).toLowerCase()).normalize('NFKC')
}

/** Whether everybody can have an address there: such a domain says nothing of who belongs together. */
export function isPopularDomain(domain: string): boolean {
  return POPULAR_SET.has(domain) || FREE_MAIL.has(domain)
}

const POPULAR_SET = new Set(POPULAR)
const FREE_MAIL = new Set([
  ...'gmx.de gmx.net web.de aol.com live.com live.jp msn.com me.com mac.com qq.com 163.com 126.com mail.ru mail.com'.split(
    ' ',
  ),
  ...'au.com ocn.ne.jp i.softbank.jp vodafone.ne.jp zoho.com free.fr ymail.com yahoo.fr yahoo.de hotmail.fr'.split(
    ' ',
  ),
])

/** Made once for a mail: all domains a mistyped one could have been meant to be, by their length. */
export function createDomainCheck(known: KnownDomains, own: readonly string[]) {
  const meant = new Set([...known, ...own].map(siteOf))
  const targets = new Set([...POPULAR, ...meant])
  const byLength = new Map<number, string[]>()
  const bySkeleton = new Map<string, string>()
  for (const target of targets) {
    if (nameOf(target).length < SHORTEST_NAME - 1) continue
    bySkeleton.set(skeletonOf(target), target)
    if (nameOf(target).length < SHORTEST_NAME) continue
    const same = byLength.get(target.length)
    if (same === undefined) byLength.set(target.length, [target])
    else same.push(target)
  }

  const doubtOf = (site: string): DomainDoubt | null => {
    if (targets.has(site) || REAL.has(site)) return null
    const alike = bySkeleton.get(skeletonOf(site))
    if (alike !== undefined) return { reason: 'look-alike', suggestion: alike }
    if (site.split('.').some(hasMixedScripts)) return { reason: 'mixed-scripts', suggestion: null }
    const slip = COMMON_SLIPS[site]
    if (slip !== undefined) return { reason: 'mistyped', suggestion: slip }
    for (const length of [site.length, site.length - 1, site.length + 1]) {
      const near = byLength
        .get(length)
        ?.find(target => isOneSlip(site, target) && !isAnotherOfItsKind(site, target))
      if (near !== undefined) return { reason: 'mistyped', suggestion: near }
    }
    return null
  }
  // Many people of one house are looked at once.
  const judged = new Map<string, DomainDoubt | null>()
  /** Null where the domain is known, real, or like nothing. */
  return (domain: string): DomainDoubt | null => {
    const site = siteOf(domain)
    let doubt = judged.get(site)
    if (doubt === undefined) {
      doubt = doubtOf(site)
      judged.set(site, doubt)
    }
    return doubt
  }
}

// Under a country's two letters, these stand for a kind of owner and not for the owner.
const KINDS = new Set([
  'co',
  'ne',
  'or',
  'ac',
  'go',
  'ad',
  'ed',
  'gr',
  'lg',
  'com',
  'net',
  'org',
  'gov',
  'edu',
  'gob',
])

/** The part of a domain that somebody registered: `example.co.jp` of `mail.example.co.jp`. A guess without a list. */
export function siteOf(domain: string): string {
  const labels = domain.split('.')
  const last = labels.at(-1) ?? ''
  const isKind = last.length === 2 && labels.length > 2 && KINDS.has(labels.at(-2) ?? '')
  return labels.slice(isKind ? -3 : -2).join('.')
}

const nameOf = (site: string) => site.slice(0, site.indexOf('.'))

/** Damerau-Levenshtein distance 1: one letter too many, missing, other, or two swapped. */
export function isOneSlip(left: string, right: string): boolean {
  const longer = Math.max(left.length, right.length)
  if (Math.abs(left.length - right.length) > 1 || left === right) return false
  let start = 0
  while (start < longer && left[start] === right[start]) start += 1
  let tail = 0
  while (
    tail < Math.min(left.length, right.length) - start &&
    left[left.length - 1 - tail] === right[right.length - 1 - tail]
  )
    tail += 1
  const restLeft = left.slice(start, left.length - tail)
  const restRight = right.slice(start, right.length - tail)
  if (restLeft.length <= 1 && restRight.length <= 1) return true
  return (
    restLeft.length === 2 &&
    restRight.length === 2 &&
    restLeft[0] === restRight[1] &&
    restLeft[1] === restRight[0]
  )
}

/** `yahoo.de` beside `yahoo.dk`, `team1.example` beside `team2.example`: one letter, and both are meant. */
function isAnotherOfItsKind(site: string, target: string): boolean {
  const country = /\.[a-z]{2}$/
  if (country.test(site) && country.test(target) && site.slice(0, -2) === target.slice(0, -2)) return true
  return site.replace(/\d/g, '') === target.replace(/\d/g, '')
}

// ---------------------------------------------------------------- scripts

/** Letters that look like one of Latin, or like each other, in the faces that mails are read in. */
const ALIKE: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ['a', 'аαạàáâãäåāɑ'],
    ['b', 'ЬЪь'],
    ['c', 'сϲçć'],
    ['d', 'ԁḍď'],
    ['e', 'еёεẹèéêëē'],
    ['g', 'ɡģğ'],
    ['h', 'һհ'],
    ['i', 'іїιíìîïıịī'],
    ['j', 'јϳ'],
    ['k', 'кκķ'],
    ['l', '1ӏІӀ|ļĺ'],
    ['m', 'м'],
    ['n', 'пηńñņ'],
    ['o', '0оοσօọòóôõöøō'],
    ['p', 'рρ'],
    ['q', 'ԛ'],
    ['r', 'г'],
    ['s', 'ѕśşš'],
    ['t', 'тτţ'],
    ['u', 'υսùúûüū'],
    ['v', 'ѵν'],
    ['w', 'ԝω'],
    ['x', 'хχ'],
    ['y', 'уγýÿ'],
    ['z', 'źžż'],
    ['ロ', '口'],
    ['エ', '工'],
    ['カ', '力'],
    ['タ', '夕'],
    ['ト', '卜'],
    ['ニ', '二'],
    ['ハ', '八'],
    ['ヘ', 'へ'],
    ['ー', '一'],
  ].flatMap(([plain = '', others = '']) => [...others].map(other => [other, plain])),
)

/** Two domains of one skeleton look the same at a glance. */
function skeletonOf(domain: string): string {
  let skeleton = ''
  for (const letter of domain) skeleton += ALIKE[letter] ?? letter
  return skeleton.replaceAll('rn', 'm').replaceAll('vv', 'w')
}

const LATIN = /\p{Script=Latin}/u
const STRANGERS = [
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
]

/** A label of two alphabets; Latin beside Japanese is how Japanese names are written. */
function hasMixedScripts(label: string): boolean {
  const strangers = STRANGERS.filter(script => script.test(label)).length
  return strangers > 1 || (strangers === 1 && LATIN.test(label))
}
