/**
 * What of a mail is kept as a template: the words of its writer. Leaves out what belongs to this one mail: the quote
 * with the line that introduces it, the signature, and pictures, whose files a template does not hold.
 */

import type { Letter } from '../compose/editor/surface.ts'

const SIGNATURE_MARK = /^--[ \u00a0]?$/
const INTRODUCES = /[:：]\s*$/

export function ownLetter({ html, text }: Letter): Letter {
  return { html: html === null ? null : ownHtml(html), text: ownText(text) }
}

/** Whether there is a picture in the text. */
export function hasPicture({ html }: Letter): boolean {
  return html !== null && /<img\s/i.test(html)
}

function ownText(text: string): string {
  const own: string[] = []
  let isSignature = false
  for (const line of text.split('\n')) {
    if (line.startsWith('>')) {
      if (!isSignature) dropLast(own, INTRODUCES)
      isSignature = false
    } else if (SIGNATURE_MARK.test(line)) isSignature = true
    else if (!isSignature) own.push(line)
  }
  return own.join('\n').replace(/\s+$/, '').replace(/^\n+/, '')
}

/** The line that introduces a quote, with the empty ones below it. */
function dropLast(lines: string[], pattern: RegExp): void {
  const last = lines.findLastIndex(line => line.trim() !== '')
  if (last >= 0 && lines.length - last <= 2 && pattern.test(lines[last] ?? '')) lines.length = last
}

function ownHtml(html: string): string {
  const { body } = new DOMParser().parseFromString(html, 'text/html')
  let isSignature = false
  for (const block of Array.from(body.children)) {
    if (block.matches('blockquote[type="cite"]')) {
      dropIntroduction(block)
      isSignature = false
    } else if (SIGNATURE_MARK.test(block.textContent ?? '')) isSignature = true
    else if (!isSignature) continue
    block.remove()
  }
  for (const image of Array.from(body.querySelectorAll('img'))) image.remove()
  while (isEmptyLine(body.lastElementChild)) body.lastElementChild?.remove()
  while (isEmptyLine(body.firstElementChild)) body.firstElementChild?.remove()
  return body.innerHTML
}

function isEmptyLine(block: Element | null): boolean {
  return block?.localName === 'p' && (block.textContent ?? '').trim() === ''
}

function dropIntroduction(quote: Element): void {
  const before = quote.previousElementSibling
  const line = isEmptyLine(before) ? before?.previousElementSibling : before
  if (line?.localName === 'p' && INTRODUCES.test(line.textContent ?? '')) line.remove()
}
