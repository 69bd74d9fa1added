import { describe, expect, test } from 'vitest'
import { isComposing } from '../../../renderer/ui/ime.ts'
import { nameOfKey } from '../../../renderer/ui/keys.ts'

const press = (
  key: string,
  change: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {},
) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...change,
})

describe('the name of a key press', () => {
  test('a letter alone is itself, whatever Caps Lock says', () => {
    expect(nameOfKey(press('c'))).toBe('c')
    expect(nameOfKey(press('C'))).toBe('c')
  })

  test('a letter with Shift or Alt is nobody’s', () => {
    expect(nameOfKey(press('C', { shiftKey: true }))).toBeNull()
    expect(nameOfKey(press('c', { altKey: true }))).toBeNull()
  })

  test('a slash that needs Shift on this keyboard is a slash', () => {
    expect(nameOfKey(press('/', { shiftKey: true }))).toBe('/')
  })

  test('Ctrl names a command', () => {
    expect(nameOfKey(press('k', { ctrlKey: true }))).toBe('Mod+k')
    expect(nameOfKey(press('Enter', { ctrlKey: true }))).toBe('Mod+Enter')
    expect(nameOfKey(press('k', { ctrlKey: true, shiftKey: true }))).toBe('Mod+Shift+k')
  })
})

describe('the guard for input methods', () => {
  test('a key within a composition belongs to the input method', () => {
    expect(isComposing({ isComposing: true, keyCode: 13 })).toBe(true)
    expect(isComposing({ nativeEvent: { isComposing: true }, keyCode: 13 })).toBe(true)
  })

  test('the Enter that ends a composition belongs to it too', () => {
    expect(isComposing({ isComposing: false, keyCode: 229 })).toBe(true)
  })

  test('any other key is ours', () => {
    expect(isComposing({ isComposing: false, keyCode: 13 })).toBe(false)
  })
})
