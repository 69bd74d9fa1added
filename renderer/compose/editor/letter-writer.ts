/**
 * A letter of the editor as html and as plain words. Pure. Writes only what shared/letter-html.ts lists, from the nodes
 * and not from the page: what is not known here cannot come out.
 */

import type { Fragment, Mark, Node } from '@tiptap/pm/model'
import { isLetterLink, isLetterValue } from '../../../shared/letter-html.ts'

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\u00a0': '&nbsp;',
}

/** NUL and lone surrogates cannot travel; other control characters mean nothing in a letter. */
function clean(text: string): string {
  return text.toWellFormed().replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
}

function escaped(text: string): string {
  return clean(text).replace(/[&<>"\u00a0]/g, sign => ESCAPES[sign] ?? '')
}

// ------------------------------------------------------------------------------------------------ html

const MARKS: Readonly<Record<string, string>> = {
  bold: 'strong',
  italic: 'em',
  underline: 'u',
  strike: 's',
  code: 'code',
}

function markStart(mark: Mark): string {
  if (mark.type.name !== 'link') {
    const tag = MARKS[mark.type.name]
    return tag === undefined ? '' : `<${tag}>`
  }
  const href = String(mark.attrs.href ?? '')
  return isLetterLink(href) ? `<a href="${escaped(href)}">` : ''
}

function markEnd(mark: Mark): string {
  if (mark.type.name === 'link') return isLetterLink(String(mark.attrs.href ?? '')) ? '</a>' : ''
  const tag = MARKS[mark.type.name]
  return tag === undefined ? '' : `</${tag}>`
}

/** Spaces that html would fold: all of a run but the last, and those at the edges of a line. */
function keptSpaces(text: string, edges: { isFirst: boolean; isLast: boolean }): string {
  let html = escaped(text)
    .replace(/\t/g, '    ')
    .replace(/ (?= )/g, '&nbsp;')
  if (edges.isFirst) html = html.replace(/^ /, '&nbsp;')
  if (edges.isLast) html = html.replace(/ $/, '&nbsp;')
  return html
}

function pictureHtml(node: Node): string {
  const source = `cid:${node.attrs.contentId}`
  if (!isLetterValue('src', source)) return ''
  const size = (['width', 'height'] as const)
    .map(name => ({ name, value: String(node.attrs[name] ?? '') }))
    .filter(({ name, value }) => isLetterValue(name, value))
    .map(({ name, value }) => ` ${name}="${value}"`)
    .join('')
  return `<img src="${escaped(source)}" alt="${escaped(String(node.attrs.alt ?? ''))}"${size}>`
}

/** Left-to-right is what a mail is where it says nothing. */
const FIRST_STRONG = /\p{L}/u
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u

function direction(block: Node): string {
  const first = FIRST_STRONG.exec(block.textContent)?.[0]
  return first !== undefined && RIGHT_TO_LEFT.test(first) ? ' dir="rtl"' : ''
}

/** The line of a text block. A browser drops a break at its end, so that one of ours gets a second; so does an empty line. */
function lineHtml(block: Node): string {
  let html = ''
  let open: readonly Mark[] = []
  const changeMarks = (next: readonly Mark[]) => {
    let kept = 0
    while (kept < open.length && kept < next.length && open[kept]?.eq(next[kept] as Mark) === true) kept += 1
    for (const mark of open.slice(kept).reverse()) html += markEnd(mark)
    for (const mark of next.slice(kept)) html += markStart(mark)
    open = next
  }
  const isEdge = (index: number) => (block.maybeChild(index)?.type.name ?? 'hardBreak') === 'hardBreak'
  block.forEach((node, _offset, index) => {
    changeMarks(node.marks)
    if (node.isText) {
      const isFirst = isEdge(index - 1) || block.child(index - 1).text?.endsWith(' ') === true
      html += keptSpaces(node.text ?? '', { isFirst, isLast: isEdge(index + 1) })
    } else if (node.type.name === 'hardBreak') html += '<br>'
    else if (node.type.name === 'picture') html += pictureHtml(node)
  })
  changeMarks([])
  return html === '' || html.endsWith('<br>') ? `${html}<br>` : html
}

/** A cell or an item that is one line is written without the paragraph, as everybody else writes it. */
function innerHtml(container: Node): string {
  const first = container.firstChild
  if (first?.type.name !== 'paragraph') return blocksHtml(container.content)
  const rest = container.content.cut(first.nodeSize)
  const hasOnlyListsBelow = childrenOf(rest).every(node => /List$/.test(node.type.name))
  return hasOnlyListsBelow ? lineHtml(first) + blocksHtml(rest) : blocksHtml(container.content)
}

function childrenOf(fragment: Fragment): Node[] {
  return Array.from({ length: fragment.childCount }, (_, index) => fragment.child(index))
}

function number(name: string, value: unknown, usual: number): string {
  return value === usual || !isLetterValue(name, String(value)) ? '' : ` ${name}="${value}"`
}

/**
 * Blocks never change, a changed one is another: what was written of one before is what it gives. A letter is written
 * at every pause of its writer, and most of it is as it was.
 */
function remembered(write: (block: Node) => string): (block: Node) => string {
  const known = new WeakMap<Node, string>()
  return block => {
    const before = known.get(block)
    if (before !== undefined) return before
    const written = write(block)
    known.set(block, written)
    return written
  }
}

const blockHtml = remembered(node => {
  switch (node.type.name) {
    case 'paragraph':
      return `<p${direction(node)}>${lineHtml(node)}</p>`
    case 'heading': {
      const tag = `h${Math.min(3, Math.max(1, Number(node.attrs.level)))}`
      return `<${tag}${direction(node)}>${lineHtml(node)}</${tag}>`
    }
    case 'blockquote':
      return `<blockquote${node.attrs.isCited === true ? ' type="cite"' : ''}>${blocksHtml(node.content)}</blockquote>`
    case 'bulletList':
      return `<ul>${blocksHtml(node.content)}</ul>`
    case 'orderedList':
      return `<ol${number('start', node.attrs.start, 1)}>${blocksHtml(node.content)}</ol>`
    case 'listItem':
      return `<li${direction(node)}>${innerHtml(node)}</li>`
    case 'codeBlock':
      // The first line feed of a <pre> is dropped by every reader.
      return `<pre>${node.textContent.startsWith('\n') ? '\n' : ''}${escaped(node.textContent)}</pre>`
    case 'horizontalRule':
      return '<hr>'
    case 'table':
      return `<table><tbody>${blocksHtml(node.content)}</tbody></table>`
    case 'tableRow':
      return `<tr>${blocksHtml(node.content)}</tr>`
    case 'tableCell':
    case 'tableHeader': {
      const tag = node.type.name === 'tableCell' ? 'td' : 'th'
      const spans = number('colspan', node.attrs.colspan, 1) + number('rowspan', node.attrs.rowspan, 1)
      return `<${tag}${spans}${direction(node)}>${innerHtml(node)}</${tag}>`
    }
    default:
      return blocksHtml(node.content)
  }
})

function blocksHtml(blocks: Fragment): string {
  let html = ''
  blocks.forEach(node => {
    html += blockHtml(node)
  })
  return html
}

/** The html of a letter; '' where nothing is written at all. */
export function letterHtml(doc: Node): string {
  return isEmpty(doc) ? '' : blocksHtml(doc.content)
}

function isEmpty(doc: Node): boolean {
  return doc.childCount === 1 && doc.firstChild?.type.name === 'paragraph' && doc.firstChild.childCount === 0
}

// ------------------------------------------------------------------------------------------------ words

function lineWords(block: Node): string {
  let words = ''
  block.forEach(node => {
    if (node.isText) words += node.text ?? ''
    else if (node.type.name === 'hardBreak') words += '\n'
    else if (node.type.name === 'picture' && node.attrs.alt !== '') words += `[${node.attrs.alt}]`
  })
  return clean(words).replaceAll('\u00a0', ' ')
}

function indented(text: string, first: string, others: string): string {
  return text
    .split('\n')
    .map((line, index) => (index === 0 ? first : line === '' ? '' : others) + line)
    .join('\n')
}

function quoted(text: string): string {
  return text
    .split('\n')
    .map(line => (line === '' ? '>' : line.startsWith('>') ? `>${line}` : `> ${line}`))
    .join('\n')
}

const blockWords = remembered(node => {
  switch (node.type.name) {
    case 'blockquote':
      return quoted(blocksWords(node.content))
    case 'bulletList':
      return childrenOf(node.content)
        .map(item => indented(blocksWords(item.content), '- ', '  '))
        .join('\n')
    case 'orderedList':
      return childrenOf(node.content)
        .map((item, at) => {
          const label = `${Number(node.attrs.start ?? 1) + at}. `
          return indented(blocksWords(item.content), label, ' '.repeat(label.length))
        })
        .join('\n')
    case 'horizontalRule':
      return '---'
    case 'tableRow':
      return childrenOf(node.content)
        .map(cell => blocksWords(cell.content).replace(/\s*\n\s*/g, ' '))
        .join('\t')
    default:
      if (node.isTextblock) return lineWords(node)
      return blocksWords(node.content)
  }
})

function blocksWords(blocks: Fragment): string {
  return childrenOf(blocks)
    .map(node => blockWords(node))
    .join('\n')
}

/** The words of a letter, a line for a paragraph; lists and quotes as one writes them in plain text. */
export function letterWords(doc: Node): string {
  return blocksWords(doc.content)
}

/** The words of a copied piece. */
export function wordsOfFragment(fragment: Fragment): string {
  return blocksWords(fragment)
}

// ------------------------------------------------------------------------------------------------ formats

/** Blocks that plain text can write as well. */
const PLAIN_BLOCKS = new Set([
  'paragraph',
  'blockquote',
  'bulletList',
  'orderedList',
  'listItem',
  'hardBreak',
])

/** Whether plain text would lose something: a format, a table, a picture, a link whose target is not its text. */
export function hasFormats(doc: Node): boolean {
  let isFound = false
  doc.descendants(node => {
    if (isFound) return false
    if (node.isText) isFound = node.marks.some(mark => !isBareLink(mark, node.text ?? ''))
    else isFound = !PLAIN_BLOCKS.has(node.type.name)
    return !isFound
  })
  return isFound
}

function isBareLink(mark: Mark, text: string): boolean {
  if (mark.type.name !== 'link') return false
  const bare = (address: string) => address.replace(/^(?:https?:\/\/|mailto:)/i, '').replace(/\/$/, '')
  return bare(String(mark.attrs.href)) === bare(text)
}
