/**
 * The style sheets of a foreign mail, as far as they may decide whether something was seen: the only door to css-tree
 * and css-select. For each element and property it gives every value that may apply: rules under a condition that
 * nobody can know here (the width of a window, a pointer) count as possible. Refuses to fetch or to run anything.
 */

import { compile } from 'css-select'
import { type CssNode, generate, parse, type Selector as SelectorNode, walk } from 'css-tree'
import { type Document, type Element, isElement, isText } from './html-tree.ts'

/** The two looks a reader may have; everything else that is conditional is possible in both. */
export type Look = 'light' | 'dark'

export type Styles = {
  /** Every value that this property of the element may have by the mail's own style; none where it says nothing. */
  valuesOf(element: Element, property: string): string[]
}

type Declared = {
  value: string
  /** Of importance and origin; within a layer the specificity decides, then the order. */
  layer: number
  specificity: number
  order: number
  isCertain: boolean
}
type Rule = {
  selectors: CompiledSelector[]
  declarations: [property: string, value: string, isImportant: boolean][]
  isCertain: boolean
}
type CompiledSelector = {
  test: (element: Element) => boolean
  key: string
  specificity: number
  isCertain: boolean
}

/** A sheet beyond that is no letter's; what it hides cannot be known then. */
const MOST_SELECTORS = 4_000
const MOST_TESTS = 4_000_000
const LONGEST_SHEET = 1_000_000
/** Of one element. */
const LONGEST_STYLE = 100_000

/** Thrown where the style is too much to be weighed. */
export class TooMuchStyle extends Error {}

/** Reads all sheets of the document for one look. `properties` are the only ones that are kept. */
export function stylesOf(document: Document, properties: ReadonlySet<string>, look: Look): Styles {
  const elements = elementsOf(document)
  const byKey = keyed(elements)
  const declared = new Map<Element, Map<string, Declared[]>>()
  let order = 0
  let tests = 0
  const note = (element: Element, property: string, entry: Declared) => {
    const own = declared.get(element) ?? new Map<string, Declared[]>()
    declared.set(element, own)
    const entries = own.get(property)
    if (entries === undefined) own.set(property, [entry])
    else entries.push(entry)
  }
  for (const rule of rulesOf(elements, properties, look)) {
    for (const { test, key, specificity, isCertain } of rule.selectors) {
      const candidates = key === '*' ? elements : (byKey.get(key) ?? [])
      tests += candidates.length
      if (tests > MOST_TESTS) throw new TooMuchStyle('too much style')
      for (const element of candidates) {
        if (!test(element)) continue
        for (const [property, value, isImportant] of rule.declarations) {
          const certain = rule.isCertain && isCertain
          note(element, property, {
            value,
            layer: isImportant ? 3 : 0,
            specificity,
            order,
            isCertain: certain,
          })
        }
      }
    }
    order += 1
  }
  for (const element of elements) {
    for (const [property, value, isImportant] of inlineOf(element, properties)) {
      order += 1
      note(element, property, { value, layer: isImportant ? 4 : 2, specificity: 0, order, isCertain: true })
    }
  }
  return {
    valuesOf(element, property) {
      const entries = declared.get(element)?.get(property) ?? []
      const strongestFirst = entries.toSorted(
        (one, other) =>
          other.layer - one.layer || other.specificity - one.specificity || other.order - one.order,
      )
      const certain = strongestFirst.findIndex(({ isCertain }) => isCertain)
      return strongestFirst
        .slice(0, certain < 0 ? strongestFirst.length : certain + 1)
        .map(({ value }) => value)
    },
  }
}

function elementsOf(document: Document): Element[] {
  const found: Element[] = []
  const visit = (nodes: readonly unknown[]) => {
    for (const node of nodes) {
      if (!isElement(node)) continue
      found.push(node)
      visit(node.children)
    }
  }
  visit(document.children)
  return found
}

/** Elements by the names a selector may end in, so that not every rule is tried on every element. */
function keyed(elements: readonly Element[]): Map<string, Element[]> {
  const byKey = new Map<string, Element[]>()
  const add = (key: string, element: Element) => {
    const list = byKey.get(key)
    if (list === undefined) byKey.set(key, [element])
    else list.push(element)
  }
  for (const element of elements) {
    add(element.name.toLowerCase(), element)
    const { id, class: classes } = element.attribs
    if (id !== undefined) add(`#${id.trim().toLowerCase()}`, element)
    for (const name of new Set(classes?.split(/\s+/) ?? [])) add(`.${name.toLowerCase()}`, element)
  }
  return byKey
}

// ------------------------------------------------------------------- rules

function rulesOf(elements: readonly Element[], properties: ReadonlySet<string>, look: Look): Rule[] {
  const rules: Rule[] = []
  let selectors = 0
  for (const element of elements) {
    if (element.name !== 'style') continue
    const text = element.children.map(child => (isText(child) ? child.data : '')).join('')
    if (text.length > LONGEST_SHEET) throw new TooMuchStyle('too much style')
    const media = element.attribs.media
    const outer = media === undefined ? 'always' : holds(media, look)
    if (outer !== 'never') {
      for (const rule of rulesIn(
        parse(text, { parseValue: false, positions: false }),
        properties,
        look,
        outer,
      )) {
        selectors += rule.selectors.length
        if (selectors > MOST_SELECTORS) throw new TooMuchStyle('too much style')
        rules.push(rule)
      }
    }
  }
  return rules
}

type Truth = 'always' | 'maybe' | 'never'

function* rulesIn(
  sheet: CssNode,
  properties: ReadonlySet<string>,
  look: Look,
  outer: Truth,
): Generator<Rule> {
  if (sheet.type !== 'StyleSheet' && sheet.type !== 'Block') return
  for (const node of sheet.children) {
    if (node.type === 'Atrule' && node.block !== null && node.name.toLowerCase() === 'media') {
      const inner = holds(node.prelude === null ? '' : generate(node.prelude), look)
      const both = outer === 'maybe' && inner === 'always' ? 'maybe' : inner
      if (both !== 'never') yield* rulesIn(node.block, properties, look, both)
    } else if (node.type === 'Rule' && node.prelude.type === 'SelectorList') {
      const declarations = declarationsIn(node.block, properties)
      if (declarations.length === 0) continue
      const list = node.prelude.children.toArray().filter(one => one.type === 'Selector')
      yield {
        selectors: list.flatMap(one => compiled(one as SelectorNode) ?? []),
        declarations,
        isCertain: outer === 'always',
      }
    }
  }
}

/** Of other at-rules the reading pane keeps nothing, so they hide and show nothing. */
function holds(media: string, look: Look): Truth {
  const queries = media
    .toLowerCase()
    .split(',')
    .map(query => query.trim())
    .filter(query => query !== '')
  if (queries.length === 0) return 'always'
  const truths = queries.map(query => truthOf(query, look))
  if (truths.includes('always')) return 'always'
  return truths.includes('maybe') ? 'maybe' : 'never'
}

function truthOf(query: string, look: Look): Truth {
  if (/^(?:only\s+)?(?:screen|all)$/.test(query)) return 'always'
  if (/^(?:only\s+)?(?:print|speech|tty|tv|projection|handheld|braille|embossed|aural)\b/.test(query))
    return 'never'
  const scheme =
    /^(?:(?:only\s+)?(?:screen|all)\s+and\s+)?\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)$/.exec(query)
  if (scheme !== null) return scheme[1] === look ? 'always' : 'never'
  return 'maybe'
}

function compiled(selector: SelectorNode): CompiledSelector | null {
  const specificity = specificityOf(selector)
  const { text, isCertain, isPseudoElement } = testable(selector)
  if (isPseudoElement) return null
  const last = keyOf(selector)
  try {
    return { test: compile<Element, Element>(text), key: last, specificity, isCertain }
  } catch {
    // A selector that cannot be tried may be true of anything that its last name is true of.
    return { test: () => true, key: last, specificity, isCertain: false }
  }
}

/** States of the moment (:hover) and what css-select does not know: possible, whatever else has to be true. */
function testable(selector: SelectorNode): { text: string; isCertain: boolean; isPseudoElement: boolean } {
  let isCertain = true
  let isPseudoElement = false
  let text = ''
  for (const part of selector.children) {
    if (part.type === 'PseudoElementSelector') isPseudoElement = true
    else if (part.type === 'PseudoClassSelector' && !STEADY.has(part.name.toLowerCase())) {
      if (/^(?:before|after|first-line|first-letter)$/i.test(part.name)) isPseudoElement = true
      isCertain = false
      text += text === '' || /[\s>+~]$/.test(text) ? '*' : ''
    } else text += part.type === 'Combinator' && part.name === ' ' ? ' ' : generate(part)
  }
  return { text: text === '' ? '*' : text, isCertain, isPseudoElement }
}

const STEADY = new Set([
  ...[
    'root',
    'empty',
    'first-child',
    'last-child',
    'only-child',
    'first-of-type',
    'last-of-type',
    'only-of-type',
  ],
  ...[
    'nth-child',
    'nth-last-child',
    'nth-of-type',
    'nth-last-of-type',
    'not',
    'is',
    'where',
    'has',
    'any-link',
    'link',
  ],
])

/** The name that an element must have for the selector to be true of it; `*` where none is known. */
function keyOf(selector: SelectorNode): string {
  let key = '*'
  for (const part of selector.children) {
    if (part.type === 'Combinator') key = '*'
    else if (part.type === 'ClassSelector') key = `.${part.name.toLowerCase()}`
    else if (part.type === 'IdSelector') key = `#${part.name.toLowerCase()}`
    else if (part.type === 'TypeSelector' && key === '*' && part.name !== '*') key = part.name.toLowerCase()
  }
  return /[\\]/.test(key) ? '*' : key
}

/** Selectors Level 4, section 17, as one number. */
function specificityOf(selector: SelectorNode): number {
  let specificity = 0
  walk(selector, {
    enter(node: CssNode) {
      if (node.type === 'IdSelector') specificity += 1_000_000
      else if (node.type === 'ClassSelector' || node.type === 'AttributeSelector') specificity += 1_000
      else if (node.type === 'PseudoClassSelector') {
        if (node.name === 'where') return walk.skip
        if (!['is', 'not', 'has'].includes(node.name)) specificity += 1_000
      } else if (node.type === 'TypeSelector' && node.name !== '*') specificity += 1
      return undefined
    },
  })
  return specificity
}

// ------------------------------------------------------------ declarations

type Declarations = [property: string, value: string, isImportant: boolean][]

function declarationsIn(block: CssNode, properties: ReadonlySet<string>): Declarations {
  if (block.type !== 'Block' && block.type !== 'DeclarationList') return []
  const declarations: Declarations = []
  for (const node of block.children) {
    if (node.type !== 'Declaration') continue
    const property = unescaped(node.property)
    if (!properties.has(property)) continue
    const value = unescaped(generate(node.value))
    // The reading pane takes custom properties out: what is built on one is void there.
    if (value.includes('var(') || value === '') continue
    declarations.push([property, value, node.important !== false])
  }
  return declarations
}

/** As the words mean: comments out, escapes undone (`n\\6fne`), lower case. */
function unescaped(text: string): string {
  return text
    .replace(/\/\*.*?(?:\*\/|$)/gs, ' ')
    .replace(/\\([0-9a-f]{1,6})\s?|\\(.)/gi, (_, code?: string, sign?: string) => {
      if (code === undefined) return sign ?? ''
      const point = Number.parseInt(code, 16)
      return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : ''
    })
    .trim()
    .toLowerCase()
}

function inlineOf(element: Element, properties: ReadonlySet<string>): Declarations {
  const style = element.attribs.style
  if (style === undefined || style === '') return []
  if (style.length > LONGEST_STYLE) throw new TooMuchStyle('too much style')
  return declarationsIn(
    parse(style, { context: 'declarationList', parseValue: false, positions: false }),
    properties,
  )
}
