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

/** Beyond these no program writes a letter, and the page that shows it would stand still. */
const MOST_ELEMENTS = 10_000
const MOST_TABLES_DEEP = 30
const MOST_ATTRIBUTES = 150
const LONGEST_STYLE = 20_000
const LONGEST_SHEETS = 300_000

class TooHeavy extends Error {}

/**
 * Whether a page can show it without standing still, by what a browser would make of it: a few tags left open can be
 * many elements. One pass, given up as soon as it is too much.
 */
export function isBearable(html: string): boolean {
  const limit = () => {
    throw new TooHeavy('html too heavy')
  }
  let tags = 0
  for (let at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at + 1)) {
    tags += 1
    if (tags > 6 * MOST_ELEMENTS) return false
  }
  const bounded = boundedAdapter()
  let elements = 0
  let tables = 0
  let sheets = 0
  const weighing: typeof adapter = {
    ...bounded,
    createElement(name, namespace, attributes) {
      elements += 1
      if (elements > MOST_ELEMENTS || attributes.length > MOST_ATTRIBUTES) limit()
      if (attributes.some(({ name, value }) => name === 'style' && value.length > LONGEST_STYLE)) limit()
      return bounded.createElement(name, namespace, attributes)
    },
    insertText(parent, text) {
      if (isElement(parent) && parent.name === 'style') sheets += text.length
      if (sheets > LONGEST_SHEETS) limit()
      bounded.insertText(parent, text)
    },
    onItemPush(element) {
      bounded.onItemPush?.(element)
      if (element.name === 'table') tables += 1
      if (tables > MOST_TABLES_DEEP) limit()
    },
    onItemPop(element, next) {
      bounded.onItemPop?.(element, next)
      if (element.name === 'table') tables -= 1
    },
  }
  try {
    parse(html, { treeAdapter: weighing, scriptingEnabled: false })
    return true
  } catch (error) {
    if (error instanceof TooHeavy || error instanceof TooDeep) return false
    throw error
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
