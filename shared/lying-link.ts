/** Links whose text names another place than they lead to. Pure; refuses to open or to normalise what it compares. */

import { sameAddress } from './address.ts'
import { siteOf } from './mistyped-domain.ts'
import type { OwnLink } from './own-words.ts'
import { unicodeDomain } from './punycode.ts'

/** `shown` is the host or address that the text names, `target` the one it leads to. */
export type LyingLink = { shown: string; target: string }

const HOST_IN_TEXT =
  /^(?:https?:\/\/)?((?:[\p{L}\p{N}_-]{1,63}\.){1,8}\p{L}[\p{L}\p{N}-]{1,62})(?::\d{1,5})?(?:[/?#]|$)/iu
const HOST_IN_HREF = /^https?:\/\/(?:[^/?#@]*@)?([^/?#:\\]+)/i
const ADDRESS_IN_TEXT = /^[^\s@<>]{1,64}@[^\s@<>]{1,255}$/
/** "report.pdf", "Node.js", "README.md": names of files, not of hosts. */
const FILE_ENDING =
  /\.(?:html?|pdf|m?js|tsx?|jsx|json|md|docx?|xlsx?|pptx?|csv|txt|rtf|zip|tar|gz|png|jpe?g|gif|svg|py|rb|rs|go|java|sh|net|app|exe|dmg|msi|eml|ics|vcf|css|php|asp)$/i
/** .net is both: ASP.NET is written so, example.net is not. */
const DOT_NET = /^(?!asp\.)[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.net$/u

/** Every lying link once, at most five. */
export function lyingLinks(links: readonly OwnLink[]): LyingLink[] {
  const found = new Map<string, LyingLink>()
  for (const link of links) {
    const lie = found.size < 5 ? lieOf(link) : null
    if (lie !== null) found.set(`${lie.shown} ${lie.target}`, lie)
  }
  return [...found.values()]
}

function lieOf({ text, href }: OwnLink): LyingLink | null {
  const words = text.trim()
  if (/^mailto:/i.test(href)) {
    const target = addressOf(href)
    const isLie = ADDRESS_IN_TEXT.test(words) && target !== '' && !sameAddress(words, target)
    return isLie ? { shown: words, target } : null
  }
  const shown = HOST_IN_TEXT.exec(words)?.[1]?.toLowerCase()
  const target = HOST_IN_HREF.exec(href)?.[1]?.toLowerCase()
  if (shown === undefined || target === undefined) return null
  const isPlainName = !words.includes('/') && FILE_ENDING.test(shown) && !DOT_NET.test(shown)
  if (isPlainName) return null
  const isSame = siteOf(unicodeDomain(shown)) === siteOf(unicodeDomain(target))
  return isSame ? null : { shown, target: unicodeDomain(target) }
}

function addressOf(href: string): string {
  const address = href.slice('mailto:'.length).replace(/\?.*$/s, '')
  try {
    return decodeURIComponent(address)
  } catch {
    // A broken escape names no address.
    return ''
  }
}
