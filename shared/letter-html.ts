/**
 * Which html a letter may consist of, as data: the page writes nothing else, and the program checks again with the same
 * lists when a mail is frozen. Refuses to parse or to clean anything itself.
 *
 * How it is meant: a `<p>` is one line of the writer, without space above or below (the mail that leaves has to say so,
 * as readers' programs put a gap there); an empty line is `<p><br></p>`. Runs of spaces are written as `&nbsp;` with
 * every last one a plain space. Text and attribute values have `& < > "` escaped. A picture is an attachment of the
 * draft whose `contentId` stands in `src="cid:…"`; one that no `<img>` names is no longer part of a letter with html.
 */

/** Every element, with the attributes it may carry. */
export const LETTER_TAGS: Readonly<Record<string, readonly string[]>> = {
  p: ['dir'],
  h1: ['dir'],
  h2: ['dir'],
  h3: ['dir'],
  br: [],
  hr: [],
  strong: [],
  em: [],
  u: [],
  s: [],
  code: [],
  span: ['dir'],
  a: ['href'],
  ul: [],
  ol: ['start'],
  li: ['dir'],
  blockquote: [],
  pre: [],
  table: [],
  tbody: [],
  tr: [],
  th: ['colspan', 'rowspan', 'dir'],
  td: ['colspan', 'rowspan', 'dir'],
  img: ['src', 'alt', 'width', 'height'],
}

/** Elements without an end tag. */
export const LETTER_VOID_TAGS: ReadonlySet<string> = new Set(['br', 'hr', 'img'])

/** The schemes a link may have. */
const LINK = /^(?:https?:\/\/[^/?#\s]|mailto:[^\s])/i
const LONGEST_LINK = 8_000
// A Content-ID as we make it and as other programs make it (RFC 2392), without what would end an attribute.
const CONTENT_ID = /^[\w!#$%&'*+\-/=?^`{|}~.@]{1,200}$/

/** Whether a link leads where a letter's links may lead. */
export function isLetterLink(href: string): boolean {
  return href.length <= LONGEST_LINK && LINK.test(href) && !/[\u0000-\u0020\u007f"<>\\]/.test(href)
}

/** The Content-ID that `src="cid:…"` names, or null where it names anything else. */
export function contentIdOf(src: string): string | null {
  const contentId = /^cid:(.*)$/i.exec(src)?.[1] ?? ''
  return CONTENT_ID.test(contentId) ? contentId : null
}

/** Whether `value` is one that this attribute may have on this element. */
export function isLetterAttribute(tag: string, name: string, value: string): boolean {
  if (!Object.hasOwn(LETTER_TAGS, tag) || LETTER_TAGS[tag]?.includes(name) !== true) return false
  switch (name) {
    case 'href':
      return isLetterLink(value)
    case 'src':
      return contentIdOf(value) !== null
    case 'dir':
      return value === 'ltr' || value === 'rtl' || value === 'auto'
    case 'alt':
      return value.length <= 2_000
    default:
      // Sizes and counts: a small whole number.
      return /^[1-9]\d{0,4}$/.test(value)
  }
}

/** The Content-IDs that the pictures of this html name. */
export function namedContentIds(html: string): Set<string> {
  const named = new Set<string>()
  for (const [, contentId] of html.matchAll(/<img\b[^>]*?\ssrc="cid:([^"]*)"/gi)) {
    if (contentId !== undefined) named.add(contentId.replaceAll('&amp;', '&'))
  }
  return named
}
