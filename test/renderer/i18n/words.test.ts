import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createWords, english, japanese, wordsOf } from '../../../renderer/i18n/words.ts'

type Tree = { readonly [key: string]: string | Tree }

function leaves(tree: Tree, prefix = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[`${prefix}${key}`, value]] : leaves(value, `${prefix}${key}.`),
  )
}

const en = new Map(leaves(english))
const ja = new Map(leaves(japanese))
const root = resolve(import.meta.dirname, '../../..')

const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(match => match[1]).sort()

describe('the words in two languages', () => {
  test('every English key is there in Japanese, and none is there that English does not have', () => {
    const wanted = [...en.keys()].filter(key => !key.endsWith('_one'))
    expect([...ja.keys()].sort()).toEqual(wanted.sort())
  })

  test('no word is empty', () => {
    const empty = [...en, ...ja].filter(([, text]) => text.trim() === '').map(([key]) => key)
    expect(empty).toEqual([])
  })

  test('a Japanese text fills in nothing that the English one does not provide', () => {
    const strangers = [...ja]
      .filter(([key, text]) => {
        // A plural always has its count at hand.
        const known = new Set([
          ...placeholders(en.get(key) ?? ''),
          ...(key.endsWith('_other') ? ['count'] : []),
        ])
        return placeholders(text).some(name => !known.has(name))
      })
      .map(([key]) => key)
    expect(strangers).toEqual([])
  })

  test('every word is used somewhere in the page', () => {
    const sources = globSync('renderer/**/*.{ts,tsx}', { cwd: root })
      .filter(file => !/i18n[\\/](en|ja)[\\/]/.test(file))
      .map(file => readFileSync(resolve(root, file), 'utf8'))
      .join('\n')
    const named = new Set([...sources.matchAll(/['"`]([a-z]\w*(?:\.[\w-]+)+)['"`]/g)].map(match => match[1]))
    // Keys made of parts: `problem.${key}.title`, `frame.role.${role}`.
    const made = [...sources.matchAll(/`([a-z]\w*(?:\.(?:[\w-]+|\$\{[^}]+\}))+)`/g)].map(
      match => new RegExp(`^${match[1]?.replaceAll('.', '\\.').replace(/\$\{[^}]+\}/g, '[\\w.-]+')}$`),
    )
    const unused = [...en.keys()]
      .map(key => key.replace(/_(one|other)$/, ''))
      .filter(key => !named.has(key) && !made.some(pattern => pattern.test(key)))
    expect([...new Set(unused)]).toEqual([])
  })

  test('the language is switched at run time', async () => {
    const instance = createWords('en')
    const words = wordsOf(instance)
    expect(words('frame.inbox')).toBe('Inbox')
    await instance.changeLanguage('ja')
    expect(words('frame.inbox')).toBe('受信トレイ')
  })

  test('English counts one apart, Japanese does not', async () => {
    const instance = createWords('en')
    const words = wordsOf(instance)
    expect(words('settings.seconds', { count: 1 })).toBe('1 second')
    expect(words('settings.seconds', { count: 30 })).toBe('30 seconds')
    await instance.changeLanguage('ja')
    expect(words('settings.seconds', { count: 1 })).toBe('1 秒')
  })
})
