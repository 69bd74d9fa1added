import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const css = readFileSync(resolve(import.meta.dirname, '../../../renderer/theme/tokens.css'), 'utf8')
const tokens = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#[\da-f]{6}), (#[\da-f]{6})\)/g)].map(match => [
    match[1] ?? '',
    { light: match[2] ?? '', dark: match[3] ?? '' },
  ]),
)

type Theme = 'light' | 'dark'

/** WCAG 2.2, relative luminance. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map(at => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map(part => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(text: string, ground: string, theme: Theme): number {
  const [one, other] = [text, ground].map(name => {
    const token = tokens.get(name)
    if (token === undefined) throw new Error(`no token --${name}`)
    return luminance(token[theme])
  })
  const [high = 0, low = 0] = [one ?? 0, other ?? 0].sort((a, b) => b - a)
  return (high + 0.05) / (low + 0.05)
}

const GROUNDS = ['paper', 'surface', 'raised', 'hover', 'select']
const TEXTS = ['ink', 'ink-2', 'ink-3', 'seal', 'green', 'indigo', 'gold']

describe.each(['light', 'dark'] as const)('the tokens, %s', theme => {
  test.each(TEXTS)('--%s can be read on every ground', text => {
    const worst = Math.min(...GROUNDS.map(ground => contrast(text, ground, theme)))
    expect(worst).toBeGreaterThanOrEqual(text.startsWith('ink') ? 4.5 : 4.3)
    expect(
      Math.min(...['paper', 'surface', 'raised'].map(g => contrast(text, g, theme))),
    ).toBeGreaterThanOrEqual(4.5)
  })

  test.each(['seal', 'green', 'indigo', 'gold'])('--%s can be read on its soft twin', name => {
    expect(contrast(name, `${name}-soft`, theme)).toBeGreaterThanOrEqual(4.5)
  })

  test('what is written on the seal can be read', () => {
    expect(contrast('seal-ink', 'seal', theme)).toBeGreaterThanOrEqual(4.5)
    expect(contrast('seal-ink', 'seal-strong', theme)).toBeGreaterThanOrEqual(4.5)
  })

  test('edges and the dots of accounts can be seen', () => {
    const shapes = ['edge', ...[...tokens.keys()].filter(name => name.startsWith('account-'))]
    expect(shapes.length).toBe(7)
    for (const shape of shapes) {
      for (const ground of ['paper', 'surface', 'raised']) {
        expect(contrast(shape, ground, theme), `${shape} on ${ground}`).toBeGreaterThanOrEqual(3)
      }
    }
  })
})

describe('colours', () => {
  test('are named in the tokens and nowhere else', async () => {
    const { globSync } = await import('node:fs')
    const root = resolve(import.meta.dirname, '../../..')
    const offences = globSync('renderer/**/*.{css,ts,tsx}', { cwd: root })
      // HTML mail stands on paper of its own, in a document without our tokens.
      .filter(file => !/tokens\.css$|mail-frame\.ts$/.test(file))
      .flatMap(file =>
        readFileSync(resolve(root, file), 'utf8')
          .split('\n')
          .filter(
            line =>
              /#[\da-f]{3,8}\b(?!')|\b(?:rgb|hsl|oklch)a?\(/i.test(line) && !/^\s*(\/\/|\*|\/\*)/.test(line),
          )
          .map(line => `${file}: ${line.trim()}`),
      )
    expect(offences).toEqual([])
  })
})
