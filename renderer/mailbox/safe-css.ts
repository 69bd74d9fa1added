/**
 * The style of a mail without anything that could fetch: rules and declarations are read back from the browser's own
 * parser, so that escapes and comments hide nothing. Works on documents that are not shown.
 */

/** Everything in CSS that names a resource, as the parser writes it back. */
const FETCHES =
  /url\(|image-set\(|\bimage\(|cross-fade\(|\bsrc\(|element\(|@import|expression\(|-moz-binding/i
const REMOTE_URL = /https?:\/\/|url\(\s*["']?\/\//gi

/** `remote` counts what was named and left out, `pictures` those of it that declarations name. */
export type SafeCss = { css: string; remote: number; pictures: number }
/** Pictures that were fetched: the address as the mail writes it, to a data URL. */
export type Fetched = Readonly<Record<string, string>>

function countRemote(text: string): number {
  return text.match(REMOTE_URL)?.length ?? 0
}

/** The parser writes every address back as `url("…")`. */
const WRITTEN_URL = /url\("((?:[^"\\]|\\.)*)"\)/gi
const PLACED = /url\("data:image\/(?:png|jpeg|gif|webp|avif|bmp);base64,[a-z\d+/=]*"\)/gi

function place(value: string, fetched: Fetched): string {
  return value.replace(WRITTEN_URL, (written, url: string) => {
    const data = Object.hasOwn(fetched, url) ? fetched[url] : undefined
    return data === undefined ? written : `url("${data}")`
  })
}

/**
 * The declarations without those that fetch, but for pictures that are here already; custom properties go too, as they
 * are not parsed until used.
 */
export function safeDeclarations(style: CSSStyleDeclaration, fetched: Fetched = {}): SafeCss {
  const kept: string[] = []
  let remote = 0
  for (const name of Array.from(style)) {
    const value = place(style.getPropertyValue(name), fetched)
    if (name.startsWith('--') || FETCHES.test(value.replace(PLACED, ''))) {
      remote += countRemote(value)
      continue
    }
    const priority = style.getPropertyPriority(name) === 'important' ? ' !important' : ''
    kept.push(`${name}: ${value}${priority}`)
  }
  return { css: kept.join('; '), remote, pictures: remote }
}

function safeRules(rules: CSSRuleList, fetched: Fetched): SafeCss {
  let css = ''
  let remote = 0
  let pictures = 0
  for (const rule of Array.from(rules)) {
    if (rule instanceof CSSStyleRule) {
      const inner = safeDeclarations(rule.style, fetched)
      css += `${rule.selectorText} { ${inner.css} }\n`
      remote += inner.remote
      pictures += inner.pictures
    } else if (rule instanceof CSSMediaRule) {
      const inner = safeRules(rule.cssRules, fetched)
      css += `@media ${rule.conditionText} {\n${inner.css}}\n`
      remote += inner.remote
      pictures += inner.pictures
    } else {
      // @font-face, @import, @layer, @property …: nothing a letter needs.
      remote += countRemote(rule.cssText)
    }
  }
  return { css, remote, pictures }
}

/** A whole style sheet. `<` is escaped, so that no string in it can end the element it will stand in. */
export function safeStyleSheet(text: string, fetched: Fetched = {}): SafeCss {
  const sheet = new CSSStyleSheet()
  // A constructed sheet ignores @import and fetches nothing as long as no document adopts it.
  sheet.replaceSync(text)
  const { css, remote, pictures } = safeRules(sheet.cssRules, fetched)
  const imports = text.match(/@import[^;]*/gi)?.filter(line => /https?:|\/\//i.test(line)).length ?? 0
  return { css: css.replaceAll('<', '\\3c '), remote: remote + imports, pictures }
}
