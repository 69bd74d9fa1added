/**
 * What a reader of a foreign html mail saw of it. Everything that some rule of the mail may hide, in either look, is
 * taken for hidden: a reply that carries what its writer never saw can be turned against them. Pure.
 */

import { type Colour, colourOf, coloursIn, INK, isReadable, isTransparent, WHITE } from './css-colour.ts'
import { type Look, type Styles, stylesOf } from './css-rules.ts'
import { type Document, type Element, isElement } from './html-tree.ts'

export type Visibility = {
  /** The element is not shown at all, with all that is in it. */
  isHidden(element: Element): boolean
  /** Words right within the element cannot be read. */
  isUnreadable(element: Element | null): boolean
}

const PROPERTIES = new Set([
  ...['display', 'visibility', 'opacity', 'font-size', 'font', 'color', '-webkit-text-fill-color'],
  ...['background', 'background-color', 'background-image', 'position', 'left', 'right', 'top', 'bottom'],
  ...['inset', 'inset-inline', 'inset-inline-start', 'inset-inline-end', 'inset-block', 'width', 'height'],
  ...['max-width', 'max-height', 'inline-size', 'block-size', 'max-inline-size', 'max-block-size'],
  ...['overflow', 'overflow-x', 'overflow-y', 'text-indent', 'margin', 'margin-left', 'margin-top'],
  ...['margin-right', 'margin-bottom', 'margin-inline', 'margin-inline-start', 'margin-block', 'transform'],
  ...['scale', 'translate', 'rotate', 'zoom', 'clip', 'clip-path', '-webkit-clip-path', 'filter', 'z-index'],
  ...['mask', 'mask-image', '-webkit-mask', '-webkit-mask-image', 'content-visibility', 'line-height'],
  ...['letter-spacing', 'mix-blend-mode', '-webkit-text-security', 'offset-path'],
])

/** How words within an element look: every possibility. */
type Ink = { colours: Colour[]; papers: Colour[]; sizes: number[]; isInvisible: boolean }

const USUAL_PX = 14.5
const SMALLEST_PX = 4

/** Weighs the whole document; throws `TooMuchStyle` where there is too much of it. */
export function visibilityOf(document: Document): Visibility {
  const looks = (['light', 'dark'] as const).map(look => lookOf(document, look))
  return {
    isHidden: element => looks.some(look => look.isHidden(element)),
    isUnreadable: element => element !== null && looks.some(look => look.isUnreadable(element)),
  }
}

function lookOf(document: Document, look: Look) {
  const styles = stylesOf(document, PROPERTIES, look)
  const inks = new Map<Element, Ink>()
  const inkOf = (element: Element): Ink => {
    const known = inks.get(element)
    if (known !== undefined) return known
    const outer = isElement(element.parent) ? inkOf(element.parent) : PLAIN
    const ink = inkWithin(element, outer, styles)
    inks.set(element, ink)
    return ink
  }
  return {
    isHidden: (element: Element) => hides(element, styles),
    isUnreadable(element: Element) {
      const { colours, papers, sizes, isInvisible } = inkOf(element)
      if (isInvisible || sizes.some(size => size < SMALLEST_PX)) return true
      return colours.some(colour => papers.some(paper => !isReadable(colour, paper)))
    },
  }
}

const PLAIN: Ink = { colours: [INK], papers: [WHITE], sizes: [USUAL_PX], isInvisible: false }

// -------------------------------------------------------------------- words

function inkWithin(element: Element, outer: Ink, styles: Styles): Ink {
  const values = (property: string) => styles.valuesOf(element, property)
  const visibility = values('visibility')
  return {
    colours: coloursWithin(element, outer, values),
    papers: papersWithin(element, outer, values),
    sizes: sizesWithin(outer, values),
    isInvisible:
      visibility.length === 0 ? outer.isInvisible : visibility.some(value => /hidden|collapse/.test(value)),
  }
}

type Values = (property: string) => string[]

function coloursWithin(element: Element, outer: Ink, values: Values): Colour[] {
  const own = [...values('-webkit-text-fill-color'), ...values('color')].flatMap(value =>
    value === 'inherit' || value === 'currentcolor' ? outer.colours : (colourOf(value) ?? []),
  )
  const hint = element.name === 'font' ? element.attribs.color : undefined
  if (own.length === 0 && hint !== undefined) return [colourOf(hint) ?? outer.colours].flat()
  const body = element.name === 'body' ? element.attribs.text : undefined
  if (own.length === 0 && body !== undefined) return [colourOf(body) ?? outer.colours].flat()
  return own.length > 0 ? own : outer.colours
}

function papersWithin(element: Element, outer: Ink, values: Values): Colour[] {
  const own = [...values('background-color'), ...values('background'), ...values('background-image')].flatMap(
    coloursIn,
  )
  const hint = colourOf(element.attribs.bgcolor ?? '')
  if (hint !== null) own.push(hint)
  const solid = own.filter(colour => !isTransparent(colour))
  return solid.length > 0 ? solid : outer.papers
}

function sizesWithin(outer: Ink, values: Values): number[] {
  const own = [...values('font-size'), ...values('font').map(sizeInFont)].flatMap(value =>
    outer.sizes.flatMap(size => pixels(value, size) ?? []),
  )
  return own.length > 0 ? own : outer.sizes
}

/** The size within `font: italic 12px/1.5 serif`. */
function sizeInFont(value: string): string {
  return /(?:^|\s)((?:\d*\.)?\d+(?:[a-z]+|%)?)(?:\s*\/|\s)/.exec(`${value} `)?.[1] ?? ''
}

/** A length in px, `size` being that of the words around; null for words like auto. */
function pixels(value: string, size: number): number | null {
  const match = /^(-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?)([a-z%]*)$/.exec(value.trim())
  if (match === null) return null
  const number = Number(match[1])
  const unit = match[2] ?? ''
  const factor: Record<string, number> = { '': 1, px: 1, pt: 4 / 3, pc: 16, in: 96, cm: 38, mm: 3.8, q: 1 }
  if (unit === '%') return (number / 100) * size
  if (/^(?:em|rem|ex|ch|lh|rlh|ic)$/.test(unit)) return number * size
  if (/^[sld]?v(?:w|h|min|max|i|b)$/.test(unit)) return number * 8
  return number * (factor[unit] ?? 1)
}

// ----------------------------------------------------------------- elements

const FAR_PX = 400
/** Rows and cells grow with what is in them. */
const GROWS = new Set(['table', 'tbody', 'thead', 'tfoot', 'tr', 'td', 'th', 'img', 'html', 'body'])

function hides(element: Element, styles: Styles): boolean {
  const values = (property: string) => styles.valuesOf(element, property)
  const any = (property: string, is: (value: string) => boolean) => values(property).some(is)
  if (element.attribs.hidden !== undefined || any('display', value => value === 'none')) return true
  if (any('content-visibility', value => value === 'hidden')) return true
  if (any('opacity', value => Number.parseFloat(value) < (value.endsWith('%') ? 15 : 0.15))) return true
  return isCut(element, any) || isMovedAway(any) || isDistorted(any)
}

type Any = (property: string, is: (value: string) => boolean) => boolean

const SIZES = [
  'width',
  'height',
  'max-width',
  'max-height',
  'inline-size',
  'block-size',
  'max-inline-size',
  'max-block-size',
]

/** A number alone is a multiple of the size of the words. */
function lineHeight(value: string): number {
  return /^[\d.]+$/.test(value) ? Number(value) * USUAL_PX : (pixels(value, USUAL_PX) ?? USUAL_PX)
}

function isCut(element: Element, any: Any): boolean {
  const cuts = ['overflow', 'overflow-x', 'overflow-y'].some(property =>
    any(property, value => /hidden|clip|scroll|auto/.test(value)),
  )
  const isNothing = (value: string) => (pixels(value, USUAL_PX) ?? 99) < 2
  if (SIZES.some(size => any(size, isNothing)) && (cuts || !GROWS.has(element.name))) return true
  if (cuts && any('line-height', value => lineHeight(value) < 2)) return true
  if (any('clip', value => !/^(?:auto|inherit|initial|unset)$/.test(value))) return true
  return ['clip-path', '-webkit-clip-path', 'mask', 'mask-image', '-webkit-mask', '-webkit-mask-image'].some(
    property => any(property, value => !/^(?:none|inherit|initial|unset)$/.test(value)),
  )
}

const OFFSETS = [
  'left',
  'right',
  'top',
  'bottom',
  'inset',
  'inset-inline',
  'inset-inline-start',
  'inset-inline-end',
  'inset-block',
]
const MARGINS = [
  'margin',
  'margin-left',
  'margin-top',
  'margin-right',
  'margin-bottom',
  'margin-inline',
  'margin-inline-start',
  'margin-block',
]

function isMovedAway(any: Any): boolean {
  const isFar = (value: string) =>
    value.split(/\s+/).some(part => {
      const px = /calc|min\(|max\(|clamp/.test(part) ? Number.POSITIVE_INFINITY : pixels(part, USUAL_PX)
      return px !== null && Math.abs(px) >= FAR_PX
    })
  const isFarBack = (value: string) =>
    value
      .split(/\s+/)
      .some(part => /calc|min\(|max\(|clamp/.test(part) || (pixels(part, USUAL_PX) ?? 0) <= -100)
  if (OFFSETS.some(property => any(property, isFar)) || MARGINS.some(property => any(property, isFarBack)))
    return true
  if (any('text-indent', value => isFar(value) || isFarBack(value))) return true
  return any('z-index', value => Number.parseFloat(value) < 0)
}

function isDistorted(any: Any): boolean {
  const isSet = (value: string) => !/^(?:none|normal|inherit|initial|unset|1|0|0deg)$/.test(value)
  if (['transform', 'scale', 'translate', 'rotate', 'offset-path'].some(property => any(property, isSet)))
    return true
  if (any('filter', value => /opacity|blur|brightness|contrast|invert|url/.test(value))) return true
  if (any('zoom', value => Number.parseFloat(value) < (value.endsWith('%') ? 30 : 0.3))) return true
  if (any('mix-blend-mode', value => isSet(value)) || any('-webkit-text-security', isSet)) return true
  return any('letter-spacing', value => (pixels(value, USUAL_PX) ?? 0) <= -5)
}
