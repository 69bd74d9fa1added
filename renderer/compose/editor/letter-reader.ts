/**
 * Html and plain words as a letter of the editor. All html is untrusted, also our own drafts': it is sanitised here, in
 * a document that is not shown, so that nothing in it runs or is fetched. Refuses remote and embedded pictures.
 */

import { DOMParser as LetterParser, type Node, type Schema } from '@tiptap/pm/model'
import createDOMPurify from 'dompurify'
import { isLetterAttribute, LETTER_ELEMENTS, LETTER_SYNONYMS } from '../../../shared/letter-html.ts'

const purify = createDOMPurify(window)
// Everything that fetches, runs or names another place falls by not being in the lists; values are checked after.
const CONFIG = {
  ALLOWED_TAGS: [...Object.keys(LETTER_ELEMENTS), ...Object.keys(LETTER_SYNONYMS), 'div', '#text'],
  ALLOWED_ATTR: ['dir', ...new Set(Object.values(LETTER_ELEMENTS).flat()), 'data-pm-slice'],
  ALLOWED_URI_REGEXP: /^(?:https?|mailto|cid):/i,
  // What is no address is not held against that pattern: a width, a span, the mark of a quote.
  ADD_URI_SAFE_ATTR: [...new Set(Object.values(LETTER_ELEMENTS).flat()), 'dir', 'data-pm-slice'].filter(
    name => name !== 'href' && name !== 'src',
  ),
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM: true,
} as const

/** What a sanitised tree may consist of, as the body of a document that is not shown. */
export function safeLetter(unsafe: string): HTMLElement {
  const body = purify.sanitize(unsafe, {
    ...CONFIG,
    ALLOWED_TAGS: [...CONFIG.ALLOWED_TAGS],
    ALLOWED_ATTR: [...CONFIG.ALLOWED_ATTR],
    ADD_URI_SAFE_ATTR: [...CONFIG.ADD_URI_SAFE_ATTR],
  }) as HTMLElement
  for (const element of Array.from(body.querySelectorAll('*'))) checkElement(element)
  for (const div of Array.from(body.querySelectorAll('div'))) makeLine(div)
  return body
}

/** Many programs write each line as a <div>; one that holds blocks is only a frame. */
function makeLine(div: HTMLElement): void {
  if (Array.from(div.children).some(isBlock) || div.hasAttribute('data-pm-slice')) return
  const line = div.ownerDocument.createElement('p')
  line.append(...Array.from(div.childNodes))
  div.replaceWith(line)
}

function checkElement(element: Element): void {
  const tag = element.localName
  const known = LETTER_SYNONYMS[tag] ?? tag
  for (const { name, value } of Array.from(element.attributes)) {
    const isOurSlice = name === 'data-pm-slice' && element.parentElement?.localName === 'body'
    if (!isLetterAttribute(known, name, value) && !isOurSlice) element.removeAttribute(name)
  }
  if (tag === 'img' && !element.hasAttribute('src')) {
    element.replaceWith(element.getAttribute('alt')?.trim() ?? '')
  } else if (tag === 'a' && !element.hasAttribute('href'))
    element.replaceWith(...Array.from(element.childNodes))
}

const BLOCKS = new Set([
  ...['p', 'div', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'pre', 'blockquote', 'hr'],
  ...['ul', 'ol', 'li', 'table', 'thead', 'tbody', 'tfoot', 'tr', 'td', 'th'],
])

function isBlock(node: globalThis.Node | null): boolean {
  return node instanceof Element && BLOCKS.has(node.localName)
}

/** A browser shows no line for a break at the end of a block, so that it is no line here either. */
export function dropClosingBreaks(body: HTMLElement): void {
  for (const br of Array.from(body.querySelectorAll('br'))) {
    const isClosing = br.nextSibling === null || isBlock(br.nextSibling)
    if (isClosing && isBlock(br.parentElement)) br.remove()
  }
}

/** The letter that a draft's html holds. */
export function letterOfHtml(schema: Schema, html: string): Node {
  const body = safeLetter(html)
  dropClosingBreaks(body)
  return LetterParser.fromSchema(schema).parse(body)
}

/** A letter of plain lines; with formats, lines that begin with `>` are a quote. */
export function letterOfWords(schema: Schema, words: string): Node {
  const lines = words.toWellFormed().replace(/\r\n?/g, '\n').split('\n')
  return schema.node('doc', null, blocksOfLines(schema, lines))
}

/** Deeper than this nobody quotes; a line of a thousand `>` is text. */
const DEEPEST_QUOTE = 20

/** The blocks for these lines, for a whole letter and for a paste. */
export function blocksOfLines(schema: Schema, lines: readonly string[], depth = 0): Node[] {
  const { paragraph, blockquote } = schema.nodes
  if (paragraph === undefined) throw new Error('a letter without lines')
  const blocks: Node[] = []
  let quote: string[] = []
  const endQuote = () => {
    if (quote.length > 0 && blockquote !== undefined) {
      blocks.push(blockquote.create({ isCited: true }, blocksOfLines(schema, quote, depth + 1)))
    }
    quote = []
  }
  for (const line of lines) {
    if (blockquote !== undefined && depth < DEEPEST_QUOTE && line.startsWith('>')) {
      quote.push(line.replace(/^> ?/, ''))
      continue
    }
    endQuote()
    blocks.push(paragraph.create(null, line === '' ? null : schema.text(line)))
  }
  endQuote()
  return blocks.length === 0 ? [paragraph.create()] : blocks
}
