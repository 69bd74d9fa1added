/**
 * A letter in plain text, for readers without html, for lists and for search: quotes as `> `, lists with their signs,
 * links with their address, tables in columns. Lines are not wrapped: that is the work of format=flowed. Pure.
 */

import { SIGNATURE_MARK } from '../../shared/signature.ts'
import { widthOf } from './flowed.ts'
import type { LetterElement, LetterNode } from './letter.ts'

/** A table wider than this is written with bars instead of columns. */
const TABLE_COLUMNS = 72

type Line = { depth: number; words: string }

/** The words of the letter; LF line ends, none at the end. */
export function letterText(nodes: readonly LetterNode[]): string {
  return blocksOf(nodes)
    .map(({ depth, words }) => {
      if (depth === 0) return words
      return words === '' ? '>'.repeat(depth) : `${'>'.repeat(depth)} ${words}`
    })
    .join('\n')
}

const plainLine = (words: string): Line => ({ depth: 0, words })
const elementsOf = (nodes: readonly LetterNode[]): LetterElement[] =>
  nodes.filter((node): node is LetterElement => typeof node !== 'string')

/** A `<p>` is a line; other blocks stand clear of their neighbours, unless the writer left a line free there. */
function blocksOf(nodes: readonly LetterNode[]): Line[] {
  const lines: Line[] = []
  let before: LetterElement | null = null
  for (const node of elementsOf(nodes)) {
    const own = blockLines(node)
    const isClose = before === null || (before.name === 'p' && node.name === 'p')
    if (!isClose && lines.at(-1)?.words !== '' && own[0]?.words !== '') lines.push(plainLine(''))
    lines.push(...own)
    before = node
  }
  return lines
}

function blockLines(node: LetterElement): Line[] {
  const { name, children } = node
  switch (name) {
    case 'hr':
      return [plainLine('-'.repeat(24))]
    case 'ul':
    case 'ol':
      return listLines(node)
    case 'blockquote':
      return blocksOf(children).map(({ depth, words }) => ({ depth: depth + 1, words }))
    case 'table':
      return tableLines(node)
    case 'pre':
      return wordsOf(children, true).replace(/\n$/, '').split('\n').map(plainLine)
    default:
      return paragraphLines(children)
  }
}

function paragraphLines(children: readonly LetterNode[]): Line[] {
  // The break of an empty line is the line.
  return wordsOf(children, false)
    .replace(/\n$/, '')
    .split('\n')
    .map(line => plainLine(line === SIGNATURE_MARK ? line : line.trimEnd()))
}

/** Words of inline contents; a break is a line feed. */
function wordsOf(nodes: readonly LetterNode[], isPre: boolean): string {
  const text = nodes
    .map(node => {
      if (typeof node === 'string') return node
      if (node.name === 'br') return '\n'
      if (node.name === 'img') return pictureWords(node)
      const inner = wordsOf(node.children, isPre)
      return node.name === 'a' ? linkWords(inner, node.attributes.href ?? '') : inner
    })
    .join('')
  return text.replaceAll('\u00a0', ' ')
}

function pictureWords({ attributes }: LetterElement): string {
  const words = (attributes.alt ?? '').trim()
  return words === '' ? '' : `[${words}]`
}

/** The address behind the words, unless the words are the address. */
function linkWords(words: string, href: string): string {
  const bare = (text: string) =>
    text
      .trim()
      .toLowerCase()
      .replace(/^(?:https?:\/\/|mailto:)/, '')
      .replace(/\/$/, '')
  const shown = href.replace(/^mailto:/i, '')
  if (words.trim() === '') return shown
  return bare(words) === bare(href) ? words : `${words} <${shown}>`
}

function listLines({ name, attributes, children }: LetterElement): Line[] {
  const first = Number(attributes.start ?? 1)
  return elementsOf(children).flatMap((item, index) => {
    const sign = name === 'ol' ? `${first + index}. ` : '- '
    const indent = ' '.repeat(sign.length)
    return itemLines(item).map(({ depth, words }, at) => ({
      depth,
      words: at === 0 ? `${sign}${words}` : words === '' ? '' : `${indent}${words}`,
    }))
  })
}

/** Lists stay close: no empty line between the words of an item and the list below them. */
function itemLines({ children }: LetterElement): Line[] {
  const blocks = holdsBlocks(children) ? elementsOf(children).flatMap(blockLines) : paragraphLines(children)
  return blocks.length === 0 ? [plainLine('')] : blocks
}

const BLOCK_NAMES = new Set(['p', 'h1', 'h2', 'h3', 'hr', 'pre', 'blockquote', 'ul', 'ol', 'table'])

function holdsBlocks(children: readonly LetterNode[]): boolean {
  return elementsOf(children).some(({ name }) => BLOCK_NAMES.has(name))
}

function tableLines({ children }: LetterElement): Line[] {
  const rows = elementsOf(children).flatMap(part =>
    elementsOf(part.children).map(row => ({
      isHead: part.name === 'thead' || elementsOf(row.children).every(({ name }) => name === 'th'),
      cells: elementsOf(row.children).map(cellWords),
    })),
  )
  const columns = Math.max(0, ...rows.map(({ cells }) => cells.length))
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(0, ...rows.map(({ cells }) => widthOf(cells[column] ?? ''))),
  )
  const total = widths.reduce((sum, width) => sum + width + 2, -2)
  if (total > TABLE_COLUMNS) return rows.map(({ cells }) => plainLine(cells.join(' | ').trim()))
  const rule = plainLine(widths.map(width => '-'.repeat(width)).join('  '))
  return rows.flatMap(({ isHead, cells }, index) => {
    const line = plainLine(
      widths
        .map((width, column) => padded(cells[column] ?? '', width))
        .join('  ')
        .trimEnd(),
    )
    const isLastHead = isHead && rows[index + 1]?.isHead !== true && index + 1 < rows.length
    return isLastHead ? [line, rule] : [line]
  })
}

function cellWords({ children }: LetterElement): string {
  const lines = holdsBlocks(children) ? blocksOf(children) : paragraphLines(children)
  return lines
    .map(({ words }) => words)
    .filter(words => words !== '')
    .join(' ')
}

function padded(words: string, width: number): string {
  return words + ' '.repeat(Math.max(0, width - widthOf(words)))
}
