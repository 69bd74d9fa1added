/**
 * The html of a letter: any html into the small safe set of shared/letter-html.ts, arranged as blocks, and written out
 * again. What comes out holds no script, style, form or remote reference, whatever went in. Pure; fetches nothing.
 */

import {
  contentIdOf,
  isLetterValue,
  LETTER_ELEMENTS,
  LETTER_SYNONYMS,
  LETTER_VOID,
} from '../../shared/letter-html.ts'
import { type ChildNode, type Element, escapeHtml, isElement, isText, parseBody } from './html-tree.ts'

/** A node of a letter: text, or one of the elements of the list. */
export type LetterNode = string | LetterElement
export type LetterElement = {
  name: string
  attributes: Readonly<Record<string, string>>
  children: LetterNode[]
}

export type LetterRules = {
  /** Content-IDs of the pictures that come with the letter; others leave their alternative text. */
  pictures: ReadonlySet<string>
  /** The html is of somebody else: tables that only arrange a page become lines. */
  isForeign?: boolean
  /** Decides for a quote what a reader saw; left out, everything is seen. */
  isHidden?: (node: Element) => boolean
  isUnreadable?: (parent: Element | null) => boolean
}

/** Gone with all that is in them. */
const SILENT = new Set([
  ...['script', 'style', 'head', 'title', 'template', 'noscript', 'noembed', 'noframes', 'svg', 'math'],
  ...['iframe', 'frame', 'frameset', 'object', 'embed', 'applet', 'param', 'audio', 'video', 'canvas'],
  ...['input', 'select', 'option', 'textarea', 'datalist', 'map', 'area', 'link', 'meta', 'base', 'dialog'],
  ...['progress', 'meter', 'colgroup', 'col', 'rp', 'xmp', 'plaintext', 'listing', 'bgsound', 'source'],
])
/** A line of its own, without being a paragraph. */
const LINES = new Set([
  ...['div', 'section', 'article', 'header', 'footer', 'main', 'aside', 'nav', 'address', 'center', 'form'],
  ...['fieldset', 'legend', 'figure', 'figcaption', 'dl', 'dt', 'dd', 'details', 'summary', 'hgroup'],
  ...['caption', 'body', 'html', 'dir', 'menu', 'label-line', 'search'],
])
const BLOCKS = new Set([
  ...['p', 'hr', 'h1', 'h2', 'h3', 'pre', 'blockquote', 'ul', 'ol', 'li', 'div'],
  ...['table', 'thead', 'tbody', 'tr', 'th', 'td'],
])

/** The letter that html means. A mail that cannot be read as html throws `TooDeep`. */
export function letterOf(html: string, rules: LetterRules): LetterNode[] {
  return letterOfNodes(parseBody(html), rules)
}

export function letterOfNodes(nodes: readonly ChildNode[], rules: LetterRules): LetterNode[] {
  return arrange(cleanAll(nodes, null, rules, false), rules.isForeign === true)
}

// ------------------------------------------------------------------- clean

function cleanAll(
  nodes: readonly ChildNode[],
  parent: Element | null,
  rules: LetterRules,
  isPre: boolean,
): LetterNode[] {
  return nodes.flatMap(node => {
    if (isText(node)) return rules.isUnreadable?.(parent) === true ? [] : [textOf(node.data, isPre)]
    return isElement(node) ? cleanElement(node, rules, isPre) : []
  })
}

/** Space as a browser shows it; control characters are nobody's words. */
function textOf(text: string, isPre: boolean): string {
  const plain = text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000e-\u001f\u007f-\u009f]/g, '')
  return isPre ? plain.replace(/\r\n?/g, '\n') : plain.replace(/[ \t\n\f\r]+/g, ' ')
}

function cleanElement(node: Element, rules: LetterRules, isPre: boolean): LetterNode[] {
  const given = node.name.toLowerCase()
  const name = LETTER_SYNONYMS[given] ?? given
  if (SILENT.has(name) || rules.isHidden?.(node) === true) return []
  if (name === 'img') return pictureOf(node, rules)
  if (name === 'table' && rules.isForeign === true && arrangesPage(node)) return linesOfTable(node, rules)
  const children = cleanAll(node.children, node, rules, isPre || name === 'pre')
  if (LINES.has(name)) return [element('div', children, attributesOf(node, 'p'))]
  if (!Object.hasOwn(LETTER_ELEMENTS, name)) return children
  const attributes = attributesOf(node, name)
  // A link that leads nowhere is text, and so is a span that says nothing.
  if ((name === 'a' && attributes.href === undefined) || (name === 'span' && attributes.dir === undefined))
    return children
  return [element(name, LETTER_VOID.has(name) ? [] : children, attributes)]
}

function attributesOf(node: Element, name: string): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const attribute of [...(LETTER_ELEMENTS[name] ?? []), 'dir']) {
    const value = node.attribs[attribute]?.trim()
    if (value !== undefined && isLetterValue(attribute, value)) kept[attribute] = value
  }
  return kept
}

function pictureOf(node: Element, { pictures }: LetterRules): LetterNode[] {
  const contentId = contentIdOf(node.attribs.src ?? '')
  if (contentId !== null && pictures.has(contentId)) return [element('img', [], attributesOf(node, 'img'))]
  const words = textOf(node.attribs.alt ?? '', false).trim()
  return words === '' ? [] : [`[${words}]`]
}

/** Whether a table holds a page together rather than data. */
function arrangesPage(table: Element): boolean {
  if (/presentation|none/i.test(table.attribs.role ?? '')) return true
  const rows = rowsOf(table)
  if (rows.every(row => row.length <= 1)) return true
  return rows.some(row => row.some(holdsTable))
}

function holdsTable(node: Element): boolean {
  return node.children.some(child => isElement(child) && (child.name === 'table' || holdsTable(child)))
}

function rowsOf(table: Element): Element[][] {
  return table.children.filter(isElement).flatMap(part => {
    if (part.name === 'tr') return [part.children.filter(isElement)]
    return ['thead', 'tbody', 'tfoot'].includes(part.name) ? rowsOf(part) : []
  })
}

function linesOfTable(table: Element, rules: LetterRules): LetterNode[] {
  const lines = (node: Element): LetterNode[] => {
    if (rules.isHidden?.(node) === true) return []
    return node.children.filter(isElement).flatMap(part => {
      if (['thead', 'tbody', 'tfoot', 'tr'].includes(part.name)) return lines(part)
      if (part.name === 'caption') return cleanElement(part, rules, false)
      if (rules.isHidden?.(part) === true) return []
      return [element('div', cleanAll(part.children, part, rules, false))]
    })
  }
  return lines(table)
}

// ----------------------------------------------------------------- arrange

/** Elements that are a block or hold one; noted as they are made, as it is asked on every level above them. */
const withBlocks = new WeakSet<LetterElement>()

function element(
  name: string,
  children: LetterNode[] = [],
  attributes: LetterElement['attributes'] = {},
): LetterElement {
  const made = { name, attributes, children }
  if (BLOCKS.has(name) || children.some(holdsBlock)) withBlocks.add(made)
  return made
}

const holdsBlock = (node: LetterNode): boolean => typeof node !== 'string' && withBlocks.has(node)
const isBreak = (node: LetterNode): boolean => typeof node !== 'string' && node.name === 'br'
const isBlank = (node: LetterNode): boolean =>
  typeof node === 'string'
    ? /^[ \t\n\f\r]*$/.test(node)
    : !['img', 'hr', 'br'].includes(node.name) && node.children.every(isBlank)

const emptyLine = (): LetterElement => element('p', [element('br')])
const isLine = (block: LetterElement | undefined) => block?.name === 'p'
const isEmptyLine = ({ name, children }: LetterElement) =>
  name === 'p' && children.every(node => isBreak(node) || isBlank(node))

/** Everything in blocks, one `<p>` a line; a paragraph of somebody else keeps the gap that it had around it. */
function arrange(nodes: readonly LetterNode[], isForeign: boolean): LetterElement[] {
  const blocks: LetterElement[] = []
  let line: LetterNode[] = []
  let wantsGap = false

  const push = (block: LetterElement) => {
    const last = blocks.at(-1)
    const isGap = wantsGap && last !== undefined && isLine(last) && isLine(block)
    if (isGap && !isEmptyLine(last) && !isEmptyLine(block)) blocks.push(emptyLine())
    wantsGap = false
    blocks.push(block)
  }
  const endLine = (attributes: LetterElement['attributes'] = {}) => {
    const words = trimmed(line)
    line = []
    if (words.length === 0) return
    // A break at the end of a line shows nothing, unless it is all there is.
    if (words.length > 1 && isBreak(words.at(-1) as LetterNode)) words.pop()
    push(element('p', words, attributes))
  }
  const add = (node: LetterNode, around: readonly LetterElement[], outer: LetterElement['attributes']) => {
    if (!holdsBlock(node)) {
      line.push(wrapped(node, around))
      return
    }
    const { name, children, attributes } = node as LetterElement
    if (name === 'p' || name === 'div') {
      const own = attributes.dir === undefined ? outer : { dir: attributes.dir }
      endLine(outer)
      wantsGap ||= isForeign && name === 'p'
      for (const child of children) add(child, around, own)
      endLine(own)
      wantsGap ||= isForeign && name === 'p'
    } else if (BLOCKS.has(name)) {
      endLine(outer)
      for (const block of settled(node as LetterElement, isForeign)) push(block)
    } else for (const child of children) add(child, [...around, node as LetterElement], outer)
  }
  for (const node of nodes) add(node, [], {})
  endLine()
  return blocks
}

/** Words within the inline elements that stood around their block. */
function wrapped(node: LetterNode, around: readonly LetterElement[]): LetterNode {
  return around.reduceRight<LetterNode>(
    (inner, { name, attributes }) => element(name, [inner], attributes),
    node,
  )
}

/** A block with its contents arranged by what it may hold. */
function settled(node: LetterElement, isForeign: boolean): LetterElement[] {
  const { name, children, attributes } = node
  switch (name) {
    case 'hr':
      return [node]
    case 'h1':
    case 'h2':
    case 'h3': {
      if (children.some(holdsBlock)) return arrange(children, isForeign)
      const words = trimmed(children)
      return words.length === 0 ? [] : [element(name, words, attributes)]
    }
    case 'pre':
      return [element(name, inlineOf(children), attributes)]
    case 'blockquote': {
      const inner = arrange(children, isForeign)
      return inner.length === 0 ? [] : [element(name, inner, attributes)]
    }
    case 'ul':
    case 'ol':
      return listOf(node, isForeign)
    case 'table':
      return tableOf(node, isForeign)
    default:
      // A row or an item that lost its table or list.
      return arrange(children, isForeign)
  }
}

function listOf({ name, children, attributes }: LetterElement, isForeign: boolean): LetterElement[] {
  const items: LetterElement[] = []
  for (const child of children) {
    if (isBlank(child)) continue
    const isItem = typeof child !== 'string' && child.name === 'li'
    const inner = isItem ? child.children : [child]
    const last = items.at(-1)
    // A list right within a list belongs to the item before it.
    if (!isItem && last !== undefined && holdsBlock(child))
      last.children = [...arrange(last.children, isForeign), ...arrange(inner, isForeign)]
    else items.push(element('li', holding(inner, isForeign), isItem ? child.attributes : {}))
  }
  return items.length === 0 ? [] : [element(name, items, attributes)]
}

/** Contents of an item or a cell: words as they are, or blocks. */
function holding(children: LetterNode[], isForeign: boolean): LetterNode[] {
  return children.some(holdsBlock) ? arrange(children, isForeign) : trimmed(children)
}

function tableOf({ children, attributes }: LetterElement, isForeign: boolean): LetterElement[] {
  const rows: LetterElement[] = []
  const heads: LetterElement[] = []
  const before: LetterNode[] = []
  const take = (nodes: readonly LetterNode[], into: LetterElement[]) => {
    for (const node of nodes) {
      if (typeof node === 'string') continue
      if (node.name === 'thead') take(node.children, heads)
      else if (node.name === 'tbody') take(node.children, rows)
      else if (node.name === 'tr') {
        const cells = node.children.filter(
          (cell): cell is LetterElement =>
            typeof cell !== 'string' && (cell.name === 'td' || cell.name === 'th'),
        )
        if (cells.length > 0)
          into.push(
            element(
              'tr',
              cells.map(cell => element(cell.name, holding(cell.children, isForeign), cell.attributes)),
              node.attributes,
            ),
          )
      } else before.push(node)
    }
  }
  take(children, rows)
  const parts = [
    ...(heads.length > 0 ? [element('thead', heads)] : []),
    ...(rows.length > 0 ? [element('tbody', rows)] : []),
  ]
  const table = parts.length === 0 ? [] : [element('table', parts, attributes)]
  return [...arrange(before, isForeign), ...table]
}

/** Words only: the markup of blocks falls away, lines stay lines. */
function inlineOf(nodes: readonly LetterNode[]): LetterNode[] {
  return nodes.flatMap(node => {
    if (typeof node === 'string' || !holdsBlock(node)) return [node]
    return [...inlineOf(node.children), '\n']
  })
}

/** Without the space at both ends, where a browser shows none. */
function trimmed(nodes: readonly LetterNode[]): LetterNode[] {
  const kept = [...nodes]
  while (kept.length > 0 && isBlank(kept[0] as LetterNode)) kept.shift()
  while (kept.length > 0 && isBlank(kept.at(-1) as LetterNode)) kept.pop()
  const [first] = kept
  if (typeof first === 'string') kept[0] = first.replace(/^[ \t\n\f\r]+/, '')
  const last = kept.at(-1)
  if (typeof last === 'string') kept[kept.length - 1] = last.replace(/[ \t\n\f\r]+$/, '')
  return kept
}

// ------------------------------------------------------------------- write

/** The letter as html, one block a line. */
export function writeLetter(nodes: readonly LetterNode[]): string {
  return nodes.map(writeNode).join('\n')
}

function writeNode(node: LetterNode): string {
  if (typeof node === 'string') return escapeHtml(node)
  const { name, attributes, children } = node
  const written = Object.entries(attributes)
    .map(([attribute, value]) => ` ${attribute}="${escapeHtml(value)}"`)
    .join('')
  if (LETTER_VOID.has(name)) return `<${name}${written}>`
  // The parser eats a line feed at the beginning of <pre>.
  const first = name === 'pre' && typeof children[0] === 'string' && children[0].startsWith('\n') ? '\n' : ''
  return `<${name}${written}>${first}${children.map(writeNode).join('')}</${name}>`
}

/** Content-IDs of the pictures that the letter shows. */
export function picturesOf(nodes: readonly LetterNode[]): string[] {
  return nodes.flatMap(node => {
    if (typeof node === 'string') return []
    const own = node.name === 'img' ? contentIdOf(node.attributes.src ?? '') : null
    return [...(own === null ? [] : [own]), ...picturesOf(node.children)]
  })
}

const SCRIPTS: readonly (readonly [string, RegExp])[] = [
  ['ja', /[\u3040-\u30ff]/],
  ['ko', /[\uac00-\ud7af]/],
  ['zh', /[\u4e00-\u9fff]/],
  ['ar', /[\u0600-\u06ff]/],
  ['he', /[\u0590-\u05ff]/],
  ['th', /[\u0e00-\u0e7f]/],
  ['el', /[\u0370-\u03ff]/],
]

/** The language that the script of a text gives away, for fonts and voices; '' where many are written in it. */
export function languageOfText(text: string): string {
  return SCRIPTS.find(([, script]) => script.test(text))?.[0] ?? ''
}

/**
 * The whole document of an html part. A line of the letter is a `<div>`, as every reader shows that without a gap;
 * quotes and tables bring the little style that keeps them readable anywhere. `dir="auto"`: it reads in its own direction.
 */
export function letterDocument(letter: string, text: string): string {
  const language = languageOfText(text)
  const lang = language === '' ? '' : ` lang="${language}"`
  const body = letter
    .replace(/<(\/?)p(?=[ >])/g, '<$1div')
    .replace(/<blockquote(?=[ >])/g, `<blockquote style="${QUOTE_STYLE}"`)
    .replace(
      /<table(?=[ >])/g,
      '<table border="1" cellspacing="0" cellpadding="6" style="border-collapse:collapse"',
    )
  return `<!DOCTYPE html>\n<html${lang}>\n<head>\n<meta charset="utf-8">\n</head>\n<body dir="auto">\n${body}\n</body>\n</html>\n`
}

const QUOTE_STYLE = 'margin:0 0 0 2px;padding-left:12px;border-left:2px solid #b9b2a8'
