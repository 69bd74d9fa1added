/**
 * The first of four walls around HTML mail, and the only door to DOMPurify: what comes out has no script, form, frame,
 * drawing, navigation or remote reference. The other walls: a sandboxed frame without scripts (mail-frame.ts), its own
 * CSP, and the shell that refuses every request of the page. Sanitise afresh for every sink.
 */

import createDOMPurify, { type Config } from 'dompurify'
import { linkTarget } from './link-target.ts'
import { safeDeclarations, safeStyleSheet } from './safe-css.ts'

export type SafeHtml = {
  /** The contents of <body>. Links carry `data-url` instead of `href`: nothing in it can navigate by itself. */
  body: string
  /** All style sheets, safe to stand in one <style>. */
  css: string
  /** Style of the body element, as declarations. */
  bodyStyle: string
  /** How many remote resources were named and left out. */
  blocked: number
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
/** An image of a pixel or two is there to be fetched, not to be seen. */
const isTracker = (image: Element) =>
  ['width', 'height'].some(side => /^[0-2](?:px)?$/.test(image.getAttribute(side) ?? ''))

type Facts = {
  images: Readonly<Record<string, string>>
  blocked: Set<string>
  blockedInCss: number
  css: string[]
}

/** Which attributes of a remote image are counted before they fall. */
const REMOTE_ATTRIBUTES = ['src', 'srcset', 'background', 'poster'] as const

function countRemote(element: Element, facts: Facts): void {
  for (const name of REMOTE_ATTRIBUTES) {
    const value = element.getAttribute(name)
    if (value !== null && REMOTE.test(value)) facts.blocked.add(value.trim().split(/\s/)[0] ?? value)
  }
}

function placeImage(image: Element, facts: Facts): void {
  const source = image.getAttribute('src') ?? ''
  const contentId = /^cid:(.+)$/i.exec(source.trim())?.[1]
  const inline = contentId === undefined ? source : (facts.images[decoded(contentId)] ?? '')
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

function cleanElement(element: Element, facts: Facts): void {
  if (element instanceof HTMLElement && element.hasAttribute('style')) {
    const { css, remote } = safeDeclarations(element.style)
    facts.blockedInCss += remote
    element.setAttribute('style', css)
  }
  if (element.tagName === 'STYLE') {
    const { css, remote } = safeStyleSheet(element.textContent ?? '')
    facts.css.push(css)
    facts.blockedInCss += remote
    element.textContent = ''
    return
  }
  if (element.tagName === 'IMG') placeImage(element, facts)
  else element.removeAttribute('src')
  element.removeAttribute('background')
  if (element.hasAttribute('href')) placeLink(element)
}

/**
 * `images` are the inline images of the mail, Content-ID to data URL. Nothing is fetched while this runs: the mail is
 * parsed in a document that is not shown.
 */
export function safeHtml(unsafe: string, images: Readonly<Record<string, string>>): SafeHtml {
  const purify = createDOMPurify(window)
  const facts: Facts = { images, blocked: new Set(), blockedInCss: 0, css: [] }
  purify.addHook('beforeSanitizeAttributes', node => {
    if (node instanceof Element) countRemote(node, facts)
  })
  const root = purify.sanitize(unsafe, CONFIG) as unknown
  purify.removeAllHooks()
  if (!(root instanceof Element)) return { body: '', css: '', bodyStyle: '', blocked: 0 }
  for (const element of Array.from(root.querySelectorAll('*'))) cleanElement(element, facts)
  for (const style of Array.from(root.querySelectorAll('style'))) style.remove()
  const body = root.querySelector('body')
  return {
    body: body?.innerHTML ?? '',
    css: facts.css.join('\n'),
    bodyStyle: bodyStyle(body),
    blocked: facts.blocked.size + facts.blockedInCss,
  }
}

/** Old mails colour the page by attributes of <body>. */
function bodyStyle(body: HTMLElement | null): string {
  const colour = body?.getAttribute('bgcolor') ?? ''
  const style = body?.getAttribute('style') ?? ''
  return /^(?:#[\da-f]{3,8}|[a-z]+)$/i.test(colour) ? `background-color: ${colour}; ${style}` : style
}
