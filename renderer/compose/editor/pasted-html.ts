/**
 * What other programs put on the clipboard, as html of a letter: structure stays, styling goes. Works on a document
 * that is not shown and never on the page; what comes out has been through letter-reader.ts.
 */

import { dropClosingBreaks, safeLetter } from './letter-reader.ts'

/** Sanitised html for the editor's own parser. */
export function pastedHtml(unsafe: string): string {
  const { body } = new DOMParser().parseFromString(unsafe, 'text/html')
  const isOurs = body.querySelector('[data-pm-slice]') !== null
  if (!isOurs) {
    dropExtrasOfWord(body)
    listsOfWord(body)
    formatsOfStyles(body)
  }
  const safe = safeLetter(body.innerHTML)
  dropClosingBreaks(safe)
  if (!isOurs) spaceParagraphs(body, safe)
  return safe.innerHTML
}

// ---------------------------------------------------------------------------------------------- Word

const LEVEL = /mso-list:\s*([^;]*?)\s*\blevel(\d+)\s*([^;]*)/i
/** What Word writes before an item: a number or letter for a numbered list, anything else is a bullet. */
const NUMBERED = /^[\s(]*(?:\d{1,3}|[a-z]|[ivxlc]{1,6})[.)]/i

/** `list` is Word's name of the list that the item is in: two that follow each other have two. */
type Item = { paragraph: HTMLElement; list: string; level: number; isNumbered: boolean; number: number }
type OpenList = Pick<Item, 'list' | 'level' | 'isNumbered'> & { element: HTMLElement }

/**
 * What Word adds for programs that know less: remarks of readers below the text with their marks in it, and a row
 * without height that says how wide columns are. Its titles are paragraphs.
 */
function dropExtrasOfWord(body: HTMLElement): void {
  for (const extra of Array.from(
    body.querySelectorAll('[style*="mso-element:comment-list" i], .msocomanchor, .MsoCommentReference'),
  ))
    extra.remove()
  for (const row of Array.from(body.querySelectorAll('tr[height="0"]'))) {
    if ((row.textContent ?? '').trim() === '' && row.querySelector('img') === null) row.remove()
  }
  for (const title of Array.from(body.querySelectorAll('p.MsoTitle'))) {
    const heading = title.ownerDocument.createElement('h1')
    heading.append(...Array.from(title.childNodes))
    title.replaceWith(heading)
  }
}

function itemOf(paragraph: HTMLElement): Item | null {
  const [, name, level, override] = LEVEL.exec(paragraph.getAttribute('style') ?? '') ?? []
  if (level === undefined) return null
  const marks = Array.from(paragraph.querySelectorAll('[style]')).filter(element =>
    /mso-list:\s*ignore/i.test(element.getAttribute('style') ?? ''),
  )
  const mark = (marks[0]?.textContent ?? '').replaceAll('\u00a0', ' ')
  for (const each of marks) each.remove()
  return {
    paragraph,
    list: `${name} ${override}`,
    level: Math.min(9, Math.max(1, Number(level))),
    isNumbered: NUMBERED.test(mark),
    number: Number(/\d{1,3}/.exec(mark)?.[0] ?? 1),
  }
}

/** Word writes a list as paragraphs that say their level in a style of its own. */
function listsOfWord(body: HTMLElement): void {
  const open: OpenList[] = []
  let last: Element | null = null
  for (const paragraph of Array.from(body.querySelectorAll<HTMLElement>('p, h1, h2, h3'))) {
    const item = itemOf(paragraph)
    if (item === null) continue
    if (last === null || paragraph.previousElementSibling !== last) open.length = 0
    last = placeItem(item, open)
  }
}

/** Puts the item into the list it belongs to; gives the outermost list, which stands where the paragraph stood. */
function placeItem({ paragraph, number, ...kind }: Item, open: OpenList[]): Element {
  const { level, isNumbered, list } = kind
  while (open.length > 1 && (open.at(-1)?.level ?? 0) > level) open.pop()
  const before = open.at(-1)
  const isOther = before?.isNumbered !== isNumbered || before.list !== list
  if (before?.level === level && isOther) open.pop()
  const document = paragraph.ownerDocument
  const item = document.createElement('li')
  item.append(...Array.from(paragraph.childNodes))
  const current = open.at(-1)
  if (current === undefined || current.level < level) {
    const element = document.createElement(isNumbered ? 'ol' : 'ul')
    if (isNumbered && number !== 1) element.setAttribute('start', String(number))
    const home = current?.element.lastElementChild
    if (home === undefined || home === null) paragraph.before(element)
    else home.append(element)
    open.push({ ...kind, element })
  }
  paragraph.remove()
  open.at(-1)?.element.append(item)
  return (open[0] as OpenList).element
}

// ---------------------------------------------------------------------------------------------- formats

function wrap(element: HTMLElement, tag: string): void {
  const format = element.ownerDocument.createElement(tag)
  format.append(...Array.from(element.childNodes))
  element.append(format)
}

/** Many programs write bold as a style, and some write `<b>` for what is not bold. */
function formatsOfStyles(body: HTMLElement): void {
  for (const element of Array.from(body.querySelectorAll<HTMLElement>('[style]'))) {
    const { fontWeight, fontStyle, textDecorationLine, textDecoration } = element.style
    const isHeading = /^h\d$/.test(element.localName)
    if (/^(?:b|strong)$/.test(element.localName) && /^(?:normal|[1-5]00)$/.test(fontWeight)) {
      element.replaceWith(...Array.from(element.childNodes))
      continue
    }
    if (!isHeading && /^(?:bold|bolder|[6-9]00)$/.test(fontWeight)) wrap(element, 'strong')
    if (fontStyle === 'italic') wrap(element, 'em')
    const lines = `${textDecorationLine} ${textDecoration}`
    if (/underline/.test(lines) && element.localName !== 'a') wrap(element, 'u')
    if (/line-through/.test(lines)) wrap(element, 's')
  }
}

// ---------------------------------------------------------------------------------------------- gaps

/** A paragraph of a page has a gap below it; ours is one line, so that the gap becomes an empty one. */
function spaceParagraphs(original: HTMLElement, safe: HTMLElement): void {
  if (original.querySelector('.MsoNormal, [class^="Mso"]') !== null) {
    for (const paragraph of Array.from(safe.querySelectorAll('p'))) {
      if (/^[\s\u00a0]*$/.test(paragraph.textContent ?? '')) paragraph.replaceChildren()
    }
    return
  }
  const isFlat = (element: Element | null) =>
    element !== null && /margin(?:-bottom)?:\s*0/i.test(element.getAttribute('style') ?? '')
  if (original.querySelector('p') === null || isFlat(original.querySelector('p'))) return
  for (const paragraph of Array.from(safe.querySelectorAll('p'))) {
    if (paragraph.nextElementSibling?.localName !== 'p' || paragraph.parentElement?.localName === 'li')
      continue
    if (
      (paragraph.textContent ?? '').trim() !== '' &&
      (paragraph.nextElementSibling.textContent ?? '').trim() !== ''
    ) {
      paragraph.after(paragraph.ownerDocument.createElement('p'))
    }
  }
}
