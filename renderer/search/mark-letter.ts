/**
 * Marks words within a letter without touching it: ranges of the CSS highlight API, so that nothing is added to foreign
 * html. Works within the frame of an html mail as on the page.
 */

import { marksIn } from '../../shared/search-marks.ts'
import type { SearchTerm } from '../../shared/search-query.ts'

const NAME = 'found'
const MOST = 2_000

/** Returns what takes the marks away again. `root` lies in a document that is shown. */
export function markLetter(root: Element, terms: readonly SearchTerm[]): () => void {
  const page = root.ownerDocument.defaultView
  if (page === null || terms.length === 0) return () => {}
  const { CSS, Highlight } = page as typeof globalThis & Window
  if (CSS?.highlights === undefined) return () => {}
  const ranges: Range[] = []
  const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null && ranges.length < MOST; node = walker.nextNode()) {
    for (const { from, to } of marksIn(node.textContent ?? '', terms)) {
      const range = root.ownerDocument.createRange()
      range.setStart(node, from)
      range.setEnd(node, to)
      ranges.push(range)
    }
  }
  CSS.highlights.set(NAME, new Highlight(...ranges))
  return () => void CSS.highlights.delete(NAME)
}
