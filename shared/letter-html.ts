/**
 * Which html a letter of ours may hold, as data: the editor makes nothing else, and the program applies the same lists
 * when a mail is frozen and when one is quoted. Refuses to parse or to clean anything itself.
 *
 * How it is meant: a `<p>` is one line of the writer, without space above or below (the mail that leaves has to say so,
 * as readers' programs put a gap there); an empty line is `<p><br></p>`. Of a run of spaces all but the last are
 * `&nbsp;`. A picture is an attachment of the draft whose `contentId` stands in `src="cid:…"`; one that no `<img>` names
 * any more is not part of a letter with html.
 */

/** Element to the attributes it may carry; `dir` is allowed on every one. */
export const LETTER_ELEMENTS: Readonly<Record<string, readonly string[]>> = {
  p: [],
  br: [],
  hr: [],
  h1: [],
  h2: [],
  h3: [],
  strong: [],
  em: [],
  u: [],
  s: [],
  code: [],
  span: [],
  pre: [],
  blockquote: ['type'],
  ul: [],
  ol: ['start'],
  li: [],
  a: ['href'],
  img: ['src', 'alt', 'width', 'height'],
  table: [],
  thead: [],
  tbody: [],
  tr: [],
  th: ['colspan', 'rowspan'],
  td: ['colspan', 'rowspan'],
}

/** What other programs write for the same thing. */
export const LETTER_SYNONYMS: Readonly<Record<string, string>> = {
  b: 'strong',
  i: 'em',
  ins: 'u',
  del: 's',
  strike: 's',
  tt: 'code',
  kbd: 'code',
  samp: 'code',
  h4: 'h3',
  h5: 'h3',
  h6: 'h3',
  tfoot: 'tbody',
}

/** Elements without an end tag. */
export const LETTER_VOID: ReadonlySet<string> = new Set(['br', 'hr', 'img'])

const LONGEST_LINK = 8_000

/** Whether a letter's link may lead there: http, https with a host, or mailto; an address in any other form is text. */
export function isLetterLink(href: string): boolean {
  if (href.length > LONGEST_LINK || /[\u0000-\u0020\u007f"<>\\]/.test(href)) return false
  return /^(?:https?:\/\/[^/?#]|mailto:.)/i.test(href)
}

/** The Content-ID that the `src` of a picture names, or null: a picture of ours comes with the mail or not at all. */
export function contentIdOf(src: string): string | null {
  const named = /^cid:([^\s<>"]{1,250})$/i.exec(src.trim())?.[1]
  if (named === undefined) return null
  try {
    const contentId = decodeURIComponent(named)
    return /[\s<>"\u0000-\u001f\u007f]/.test(contentId) ? null : contentId
  } catch {
    return named
  }
}

/** Whether an attribute's value may stay as it is; `name` is one of the element's own or `dir`. */
export function isLetterValue(name: string, value: string): boolean {
  switch (name) {
    case 'href':
      return isLetterLink(value)
    case 'src':
      return contentIdOf(value) !== null
    case 'dir':
      return /^(?:ltr|rtl|auto)$/i.test(value)
    case 'type':
      return value.toLowerCase() === 'cite'
    case 'width':
    case 'height':
    case 'start':
    case 'colspan':
    case 'rowspan':
      return /^\d{1,4}$/.test(value)
    default:
      return true
  }
}

/** Whether this element may carry this attribute with this value. */
export function isLetterAttribute(element: string, name: string, value: string): boolean {
  if (!Object.hasOwn(LETTER_ELEMENTS, element)) return false
  return (name === 'dir' || LETTER_ELEMENTS[element]?.includes(name) === true) && isLetterValue(name, value)
}

/** The Content-IDs that the pictures of this html, which is ours, name. */
export function namedContentIds(html: string): Set<string> {
  const named = new Set<string>()
  for (const [, src] of html.matchAll(/<img\b[^>]*?\ssrc="(cid:[^"]*)"/gi)) {
    const contentId = contentIdOf((src ?? '').replaceAll('&amp;', '&'))
    if (contentId !== null) named.add(contentId)
  }
  return named
}
