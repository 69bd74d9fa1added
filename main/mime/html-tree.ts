/**
 * Html as a tree, read as a browser reads it: the only door to parse5. Nothing is fetched or run. Refuses what nobody
 * writes and only costs time: elements nested a thousand deep.
 */

import { type ChildNode, Comment, type Document, Element, Text } from 'domhandler'
import { parse, parseFragment } from 'parse5'
import { adapter } from 'parse5-htmlparser2-tree-adapter'

export type { ChildNode, Document, Element } from 'domhandler'

/** Deeper than any program writes; below it the parser and our own walks stay quick and within the stack. */
const DEEPEST = 1_000

/** Thrown by both functions; the html is then not read at all. */
export class TooDeep extends Error {}

/** Counts the elements that are open. */
function boundedAdapter(): typeof adapter {
  let depth = 0
  return {
    ...adapter,
    onItemPush() {
      depth += 1
      if (depth > DEEPEST) throw new TooDeep('html nested too deep')
    },
    onItemPop() {
      depth -= 1
    },
  }
}

/** Where mail is shown, scripts are off: what <noscript> holds is read as elements there too. */
const options = () => ({ treeAdapter: boundedAdapter(), scriptingEnabled: false })

/** What stands between <body> and </body>. */
export function parseBody(html: string): ChildNode[] {
  return parseFragment(html, options()).childNodes
}

/** A whole document, with its style sheets. */
export function parseDocument(html: string): Document {
  return parse(html, options())
}

export const isElement = (node: unknown): node is Element => node instanceof Element
export const isText = (node: unknown): node is Text => node instanceof Text
export const isComment = (node: unknown): node is Comment => node instanceof Comment

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\u00a0': '&nbsp;',
}

/** Text as it may stand in an element or in a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"\u00a0]/g, sign => ESCAPES[sign] as string)
}
