/**
 * The style of a mail without anything that could fetch: rules and declarations are read back from the browser's own
 * parser, so that escapes and comments hide nothing. Works on documents that are not shown.
 */

/** Everything in CSS that names a resource, as the parser writes it back. */
const FETCHES =
  /url\(|image-set\(|\bimage\(|cross-fade\(|\bsrc\(|element\(|@import|expression\(|-moz-binding/i
const REMOTE_URL = /https?:\/\/|url\(\s*["']?\/\//gi

export type SafeCss = { css: string; remote: number }

function countRemote(text: string): number {
  return text.match(REMOTE_URL)?.length ?? 0
}

/** The declarations without those that fetch; custom properties go too, as they are not parsed until used. */
export function safeDeclarations(style: CSSStyleDeclaration): SafeCss {
  const kept: string[] = []
  let remote = 0
  for (const name of Array.from(style)) {
    const value = style.getPropertyValue(name)
    if (name.startsWith('--') || FETCHES.test(value)) {
      remote += countRemote(value)
      continue
    }
    const priority = style.getPropertyPriority(name) === 'important' ? ' !important' : ''
    kept.push(`${name}: ${value}${priority}`)
  }
  return { css: kept.join('; '), remote }
}

function safeRules(rules: CSSRuleList): SafeCss {
  let css = ''
  let remote = 0
  for (const rule of Array.from(rules)) {
    if (rule instanceof CSSStyleRule) {
      const inner = safeDeclarations(rule.style)
      css += `${rule.selectorText} { ${inner.css} }\n`
      remote += inner.remote
    } else if (rule instanceof CSSMediaRule) {
      const inner = safeRules(rule.cssRules)
      css += `@media ${rule.conditionText} {\n${inner.css}}\n`
      remote += inner.remote
    } else {
      // @font-face, @import, @layer, @property …: nothing a letter needs.
      remote += countRemote(rule.cssText)
    }
  }
  return { css, remote }
}

/** A whole style sheet. `<` is escaped, so that no string in it can end the element it will stand in. */
export function safeStyleSheet(text: string): SafeCss {
  const sheet = new CSSStyleSheet()
  // A constructed sheet ignores @import and fetches nothing as long as no document adopts it.
  sheet.replaceSync(text)
  const { css, remote } = safeRules(sheet.cssRules)
  const imports = text.match(/@import[^;]*/gi)?.filter(line => /https?:|\/\//i.test(line)).length ?? 0
  return { css: css.replaceAll('<', '\\3c '), remote: remote + imports }
}
