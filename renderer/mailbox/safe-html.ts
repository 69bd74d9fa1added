/**
 * The first of four walls around HTML mail, and the only door to DOMPurify: what comes out has no script, form, frame,
 * drawing, navigation or remote reference. The other walls: a sandboxed frame without scripts (mail-frame.ts), its own
 * CSP, and the shell that refuses every request of the page. Sanitise afresh for every sink.
 */

import createDOMPurify, { type Config } from 'dompurify'
import { isTrackingPixel } from '../../shared/remote-pictures.ts'
import { linkTarget } from './link-target.ts'
import { type Fetched, safeDeclarations, safeStyleSheet } from './safe-css.ts'

export type SafeHtml = {
  /** The contents of <body>. Links carry `data-url` instead of `href`: nothing in it can navigate by itself. */
  body: string
  /** All style sheets, safe to stand in one <style>. */
  css: string
  /** Style of the body element, as declarations. */
  bodyStyle: string
  /** How many remote resources were named and left out, trackers included. */
  blocked: number
  /** How many of them are pictures that can be asked for. */
  wanted: number
  /** How many are pictures that are only there to be fetched. */
  trackers: number
}

const CONFIG: Config = {
  USE_PROFILES: { html: true },
  WHOLE_DOCUMENT: true,
  RETURN_DOM: true,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  ADD_ATTR: ['bgcolor', 'background'],
  FORBID_TAGS: [
    'form',
    'input',
    'button',
    'select',
    'option',
    'optgroup',
    'textarea',
    'fieldset',
    'label',
    'output',
    'datalist',
    'audio',
    'video',
    'source',
    'track',
    'map',
    'area',
    'dialog',
    'details',
    'summary',
    'meter',
    'progress',
    'template',
    'slot',
    'noscript',
    'marquee',
    'bgsound',
    'link',
    'meta',
    'base',
    'title',
  ],
  FORBID_ATTR: [
    'srcset',
    'sizes',
    'poster',
    'action',
    'formaction',
    'ping',
    'target',
    'rel',
    'download',
    'name',
    'usemap',
    'longdesc',
    'cite',
    'lowsrc',
    'dynsrc',
    'autofocus',
    'tabindex',
    'accesskey',
    'contenteditable',
    'draggable',
    'popover',
    'popovertarget',
    'slot',
    'is',
    'title',
    'role',
    'srcdoc',
    'usemap',
    'loading',
    'fetchpriority',
  ],
}

const REMOTE = /^\s*(?:https?:)?\/\//i
const INLINE_IMAGE = /^data:image\/(?:png|jpeg|jpg|gif|webp|bmp|avif|svg\+xml|x-icon)[;,]/i
const isTracker = (image: Element) =>
  isTrackingPixel(image.getAttribute('width'), image.getAttribute('height'), image.getAttribute('style'))

type Facts = {
  images: Readonly<Record<string, string>>
  fetched: Fetched
  blocked: Set<string>
  wanted: Set<string>
  trackers: Set<string>
  blockedInCss: number
  wantedInCss: number
  css: string[]
}

/** Which attributes of a remote image are counted before they fall. */
const REMOTE_ATTRIBUTES = ['src', 'srcset', 'background', 'poster'] as const

function countRemote(element: Element, facts: Facts): void {
  for (const name of REMOTE_ATTRIBUTES) {
    const value = element.getAttribute(name)?.trim() ?? ''
    if (!REMOTE.test(value) || Object.hasOwn(facts.fetched, value)) continue
    // The same picture in other sizes is not another one.
    if (name === 'srcset' && element.hasAttribute('src')) continue
    facts.blocked.add(name === 'srcset' ? (value.split(/\s/)[0] ?? value) : value)
    if (element.tagName === 'IMG' && name === 'src' && isTracker(element)) facts.trackers.add(value)
    else if (name === 'src' || name === 'background') facts.wanted.add(value)
  }
}

/** A picture that is here: of the mail itself, or fetched because the person wanted it. */
function pictureOf(source: string, { images, fetched }: Facts): string {
  const contentId = /^cid:(.+)$/i.exec(source)?.[1]
  if (contentId !== undefined) return images[decoded(contentId)] ?? ''
  return Object.hasOwn(fetched, source) ? (fetched[source] ?? '') : source
}

function placeImage(image: Element, facts: Facts): void {
  const inline = pictureOf(image.getAttribute('src')?.trim() ?? '', facts)
  if (INLINE_IMAGE.test(inline)) {
    image.setAttribute('src', inline)
    return
  }
  const text = image.getAttribute('alt')?.trim() ?? ''
  if (text === '' || isTracker(image)) {
    image.remove()
    return
  }
  const word = image.ownerDocument.createElement('span')
  word.setAttribute('data-blocked', '')
  word.textContent = text
  image.replaceWith(word)
}

function decoded(contentId: string): string {
  try {
    return decodeURIComponent(contentId)
  } catch {
    return contentId
  }
}

function placeLink(link: Element): void {
  const target = linkTarget(link.getAttribute('href') ?? '', link.textContent ?? '')
  link.removeAttribute('href')
  if (target === null) return
  link.setAttribute('data-url', target.url)
  link.setAttribute('role', 'link')
  link.setAttribute('tabindex', '0')
}

/** Old mails name the picture behind a table by an attribute. */
function placeBackground(element: Element, facts: Facts): void {
  const source = element.getAttribute('background')?.trim() ?? ''
  element.removeAttribute('background')
  const picture = Object.hasOwn(facts.fetched, source) ? (facts.fetched[source] ?? '') : ''
  if (element instanceof HTMLElement && INLINE_IMAGE.test(picture)) {
    element.style.setProperty('background-image', `url("${picture}")`)
  }
}

function cleanElement(element: Element, facts: Facts): void {
  if (element instanceof HTMLElement && element.hasAttribute('style')) {
    const { css, remote, pictures } = safeDeclarations(element.style, facts.fetched)
    facts.blockedInCss += remote
    facts.wantedInCss += pictures
    element.setAttribute('style', css)
  }
  if (element.tagName === 'STYLE') {
    const { css, remote, pictures } = safeStyleSheet(element.textContent ?? '', facts.fetched)
    facts.css.push(css)
    facts.blockedInCss += remote
    facts.wantedInCss += pictures
    element.textContent = ''
    return
  }
  if (element.tagName === 'IMG') placeImage(element, facts)
  else element.removeAttribute('src')
  placeBackground(element, facts)
  if (element.hasAttribute('href')) placeLink(element)
}

/**
 * `images` are the inline images of the mail, Content-ID to data URL; `fetched` those from the internet that the person
 * wanted. Nothing is fetched while this runs: the mail is parsed in a document that is not shown.
 */
export function safeHtml(
  unsafe: string,
  images: Readonly<Record<string, string>>,
  fetched: Fetched = {},
): SafeHtml {
  const purify = createDOMPurify(window)
  const facts: Facts = {
    images,
    fetched,
    blocked: new Set(),
    wanted: new Set(),
    trackers: new Set(),
    blockedInCss: 0,
    wantedInCss: 0,
    css: [],
  }
  purify.addHook('beforeSanitizeAttributes', node => {
    if (node instanceof Element) countRemote(node, facts)
  })
  const root = purify.sanitize(unsafe, CONFIG) as unknown
  purify.removeAllHooks()
  if (!(root instanceof Element))
    return { body: '', css: '', bodyStyle: '', blocked: 0, wanted: 0, trackers: 0 }
  for (const element of Array.from(root.querySelectorAll('*'))) cleanElement(element, facts)
  for (const style of Array.from(root.querySelectorAll('style'))) style.remove()
  const body = root.querySelector('body')
  return {
    body: body?.innerHTML ?? '',
    css: facts.css.join('\n'),
    bodyStyle: bodyStyle(body),
    blocked: facts.blocked.size + facts.blockedInCss,
    wanted: facts.wanted.size + facts.wantedInCss,
    trackers: facts.trackers.size,
  }
}

/** Old mails colour the page by attributes of <body>. */
function bodyStyle(body: HTMLElement | null): string {
  const colour = body?.getAttribute('bgcolor') ?? ''
  const style = body?.getAttribute('style') ?? ''
  return /^(?:#[\da-f]{3,8}|[a-z]+)$/i.test(colour) ? `background-color: ${colour}; ${style}` : style
}
