/** Colours of a foreign mail, and whether words in one can be read on another. The only door to culori. Pure. */

import { type Color, parse, wcagContrast } from 'culori'

export type Colour = Color

/** Below it nobody reads: black on white has 21, white on white 1. */
const READABLE = 1.25
const SEEN = 0.15

export const WHITE: Colour = { mode: 'rgb', r: 1, g: 1, b: 1 }
export const INK: Colour = { mode: 'rgb', r: 0.13, g: 0.11, b: 0.09 }

/** Null where the value is no colour of its own (inherit, currentcolor, a word that is none). */
export function colourOf(value: string): Colour | null {
  return parse(value.trim()) ?? null
}

/** The colours that are named anywhere in a value: a shorthand, or the stops of a gradient. */
export function coloursIn(value: string): Colour[] {
  const words = value.match(/#[0-9a-f]{3,8}\b|[a-z-]+\((?:[^()]|\([^()]*\))*\)|[a-z]+/gi) ?? []
  return words.flatMap(word => {
    const colour = colourOf(word)
    if (colour !== null) return [colour]
    const inner = /gradient\((.*)\)$/is.exec(word)?.[1]
    return inner === undefined ? [] : coloursIn(inner)
  })
}

export function isTransparent({ alpha }: Colour): boolean {
  return alpha !== undefined && alpha < SEEN
}

export function isReadable(ink: Colour, paper: Colour): boolean {
  if (isTransparent(ink)) return false
  return isTransparent(paper) || wcagContrast(ink, paper) >= READABLE
}
