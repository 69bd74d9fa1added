/**
 * Which pictures a mail wants from the internet, by its html. Refuses to count a tracking pixel among them, and to fetch
 * anything.
 */

import { isTrackingPixel } from '../../shared/remote-pictures.ts'
import { type ChildNode, type Element, isElement, isText, parseDocument, TooDeep } from './html-tree.ts'

export type RemotePictures = {
  /** The addresses as the html writes them, entities decoded and trimmed, each once, in its order. */
  urls: string[]
  /** Pictures that are only there to be fetched, and are not in `urls`. */
  trackers: number
}

const REMOTE = /^(?:https?:)?\/\//i
/** More html is no letter. */
const LONGEST_HTML = 8_000_000
const MOST_URLS = 1_000

/** Reads `src` of images, `background`, and `url()` of style attributes and style sheets. */
export function remotePicturesOf(html: string): RemotePictures {
  const found = { urls: new Set<string>(), trackers: new Set<string>() }
  if (html.length <= LONGEST_HTML) {
    try {
      walk(parseDocument(html).childNodes, found)
    } catch (error) {
      if (!(error instanceof TooDeep)) throw error
    }
  }
  return {
    urls: [...found.urls].filter(url => !found.trackers.has(url)).slice(0, MOST_URLS),
    trackers: found.trackers.size,
  }
}

type Found = { urls: Set<string>; trackers: Set<string> }

function walk(nodes: readonly ChildNode[], found: Found): void {
  for (const node of nodes) {
    if (!isElement(node)) continue
    readElement(node, found)
    walk(node.childNodes, found)
  }
}

function readElement(element: Element, { urls, trackers }: Found): void {
  const of = (name: string) => element.attribs[name] ?? null
  const add = (to: Set<string>, url: string | null) => {
    const bare = url?.trim() ?? ''
    if (REMOTE.test(bare)) to.add(bare)
  }
  if (element.name === 'img') {
    add(isTrackingPixel(of('width'), of('height'), of('style')) ? trackers : urls, of('src'))
  }
  add(urls, of('background'))
  for (const url of cssUrls(of('style') ?? '')) add(urls, url)
  if (element.name === 'style') {
    for (const child of element.childNodes)
      if (isText(child)) for (const url of cssUrls(child.data)) add(urls, url)
  }
}

/** The addresses of `url()`, without those of @import and @font-face, which are no pictures. */
function cssUrls(css: string): string[] {
  if (!/url\(/i.test(css)) return []
  const pictures = css.replace(/@import[^;]*;?|@font-face\s*\{[^}]*\}/gi, '')
  return [...pictures.matchAll(/url\(\s*(?:"([^"\\]*)"|'([^'\\]*)'|([^"'()\s\\]+))\s*\)/gi)].map(
    match => match[1] ?? match[2] ?? match[3] ?? '',
  )
}
