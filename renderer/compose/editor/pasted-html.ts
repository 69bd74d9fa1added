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
    listsOfWord(body)
    formatsOfStyles(body)
  }
  const safe = safeLetter(body.innerHTML)
  dropClosingBreaks(safe)
  if (!isOurs) spaceParagraphs(body, safe)
  return safe.innerHTML
}

// ---------------------------------------------------------------------------------------------- Word

const LEVEL = /mso-list:[^;]*?\blevel(\d+)/i
/** What Word writes before an item: a number or letter for a numbered list, anything else is a bullet. */
const NUMBERED = /^[\s(]*(?:\d{1,3}|[a-z]|[ivxlc]{1,6})[.)]/i

type Item = { paragraph: HTMLElement; level: number; isNumbered: boolean }

function itemOf(paragraph: HTMLElement): Item | null {
  const level = LEVEL.exec(paragraph.getAttribute('style') ?? '')?.[1]
  if (level === undefined) return null
  const marks = Array.from(paragraph.querySelectorAll('[style]')).filter(element =>
    /mso-list:\s*ignore/i.test(element.getAttribute('style') ?? ''),
  )
  const isNumbered = NUMBERED.test((marks[0]?.textContent ?? '').replaceAll('\u00a0', ' '))
  for (const mark of marks) mark.remove()
  return { paragraph, level: Math.min(9, Math.max(1, Number(level))), isNumbered }
}

/** Word writes a list as paragraphs that say their level in a style of its own. */
function listsOfWord(body: HTMLElement): void {
  const open: { list: HTMLElement; level: number }[] = []
  let last: Element | null = null
  for (const paragraph of Array.from(body.querySelectorAll<HTMLElement>('p, h1, h2, h3'))) {
    const item = itemOf(paragraph)
    if (item === null) continue
    if (last === null || paragraph.previousElementSibling !== last) open.length = 0
    last = placeItem(item, open)
  }
}

/** Puts the item into the list it belongs to; gives the outermost list, which stands where the paragraph stood. */
function placeItem(
  { paragraph, level, isNumbered }: Item,
  open: { list: HTMLElement; level: number }[],
): Element {
  while (open.length > 1 && (open.at(-1)?.level ?? 0) > level) open.pop()
  const document = paragraph.ownerDocument
  const item = document.createElement('li')
  item.append(...Array.from(paragraph.childNodes))
  const current = open.at(-1)
  if (current === undefined || current.level < level) {
    const list = document.createElement(isNumbered ? 'ol' : 'ul')
    const home = current?.list.lastElementChild
    if (home === undefined || home === null) paragraph.before(list)
    else home.append(list)
    open.push({ list, level })
  }
  paragraph.remove()
  open.at(-1)?.list.append(item)
  return (open[0] as { list: HTMLElement }).list
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
