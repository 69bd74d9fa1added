import { describe, expect, test } from 'vitest'
import { linkTarget } from '../../../renderer/mailbox/link-target.ts'

describe('where a link leads', () => {
  test('is its true host, in the form that cannot deceive', () => {
    expect(linkTarget('https://print.example/a?b', 'here')?.shown).toBe('print.example')
    expect(linkTarget('https://bank.example@evil.example/', 'x')?.shown).toBe('evil.example')
    expect(linkTarget('https://аpple.example/', 'x')?.shown).toBe('xn--pple-43d.example')
  })

  test('is nowhere for anything but http, https and mailto', () => {
    for (const url of [
      'javascript:alert(1)',
      'file:///etc/passwd',
      'data:text/html,x',
      'vbscript:x',
      '/local',
      '#top',
      '',
    ]) {
      expect(linkTarget(url, 'x'), url).toBeNull()
    }
  })

  test('a text that names another host is a lie', () => {
    expect(linkTarget('https://evil.example/', 'https://bank.example/login')?.isLying).toBe(true)
    expect(linkTarget('https://evil.example/', 'www.bank.example')?.isLying).toBe(true)
  })

  test('a text that names the same host, with or without www, is none', () => {
    expect(linkTarget('https://www.bank.example/a', 'bank.example')?.isLying).toBe(false)
    expect(linkTarget('https://bank.example/', 'our bank, at last')?.isLying).toBe(false)
  })

  test('a mailto shows its address', () => {
    expect(linkTarget('mailto:a%40b.example', 'write')?.shown).toBe('a@b.example')
  })
})
