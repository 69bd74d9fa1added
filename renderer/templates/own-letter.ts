/**
 * What of a mail is kept as a template: the words and pictures of its writer. Leaves out what belongs to this one mail:
 * the quote with the line that introduces it, and the signature.
 */

import { contentIdOf } from '../../shared/letter-html.ts'
import type { DraftAttachment, Signature } from '../../shared/model.ts'
import type { Letter } from '../compose/editor/surface.ts'

const SIGNATURE_MARK = /^--[ \u00a0]?$/
const INTRODUCES = /[:：]\s*$/

export function ownLetter({ html, text }: Letter, signature: Signature | null): Letter {
  return { html: html === null ? null : ownHtml(html, signature), text: ownText(text, signature) }
}

/** Of its pictures only those that come with it: of any other there would be no file. */
export function withPicturesOf({ html, text }: Letter, files: readonly DraftAttachment[]): Letter {
  if (html === null) return { html, text }
  const { body } = new DOMParser().parseFromString(html, 'text/html')
  const kept = new Set(files.map(({ contentId }) => contentId))
  for (const image of Array.from(body.querySelectorAll('img'))) {
    if (!kept.has(contentIdOf(image.getAttribute('src') ?? '') ?? '')) image.remove()
  }
  trimLines(body)
  return { html: body.innerHTML.trim(), text }
}

function trimLines(body: HTMLElement): void {
  while (isEmptyLine(body.lastElementChild)) body.lastElementChild?.remove()
  while (isEmptyLine(body.firstElementChild)) body.firstElementChild?.remove()
}

/** Where these lines stand the last time, one after the other; -1 where they do not. */
function lastRun(lines: readonly string[], wanted: readonly string[]): number {
  if (wanted.every(line => line === '')) return -1
  return lines.findLastIndex((_, index) => wanted.every((line, step) => lines[index + step] === line))
}

function ownText(text: string, signature: Signature | null): string {
  const own: string[] = []
  let isSignature = false
  for (const line of text.split('\n')) {
    if (line.startsWith('>')) {
      if (!isSignature) dropIntroduction(own)
      isSignature = false
    } else if (SIGNATURE_MARK.test(line)) isSignature = true
    else if (!isSignature) own.push(line)
  }
  const signed = (signature?.text ?? '').split(/\r\n|\r|\n/).map(line => line.trim())
  const at = lastRun(
    own.map(line => line.trim()),
    signed,
  )
  if (at >= 0) own.splice(at, signed.length)
  return own.join('\n').replace(/\s+$/, '').replace(/^\n+/, '')
}

/** The line that introduces a quote, with the empty ones below it. */
function dropIntroduction(lines: string[]): void {
  const last = lines.findLastIndex(line => line.trim() !== '')
  if (last >= 0 && lines.length - last <= 2 && INTRODUCES.test(lines[last] ?? '')) lines.length = last
}

function ownHtml(html: string, signature: Signature | null): string {
  const { body } = new DOMParser().parseFromString(html, 'text/html')
  let isSignature = false
  for (const block of Array.from(body.children)) {
    if (block.matches('blockquote[type="cite"]')) {
      dropIntroductionOf(block)
      isSignature = false
    } else if (SIGNATURE_MARK.test(block.textContent ?? '')) isSignature = true
    else if (!isSignature) continue
    block.remove()
  }
  dropSignature(body, signature)
  trimLines(body)
  return body.innerHTML.trim()
}

/** Under an answer a signature has no mark; it is known by its words. */
function dropSignature(body: HTMLElement, signature: Signature | null): void {
  if (signature === null) return
  const wordsOf = (blocks: readonly Element[]) => blocks.map(block => (block.textContent ?? '').trim())
  const signed =
    signature.html === null
      ? signature.text.split(/\r\n|\r|\n/).map(line => line.trim())
      : wordsOf(Array.from(new DOMParser().parseFromString(signature.html, 'text/html').body.children))
  const blocks = Array.from(body.children)
  const at = lastRun(wordsOf(blocks), signed)
  if (at >= 0) for (const block of blocks.slice(at, at + signed.length)) block.remove()
}

function isEmptyLine(block: Element | null): boolean {
  return (
    block?.localName === 'p' && (block.textContent ?? '').trim() === '' && block.querySelector('img') === null
  )
}

function dropIntroductionOf(quote: Element): void {
  const before = quote.previousElementSibling
  const line = isEmptyLine(before) ? before?.previousElementSibling : before
  if (line?.localName === 'p' && INTRODUCES.test(line.textContent ?? '')) line.remove()
}
