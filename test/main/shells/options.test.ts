import { describe, expect, test } from 'vitest'
import {
  defaultDataDir,
  parseShellOptions,
  shellLanguage,
  systemLanguage,
} from '../../../main/shells/options.ts'

describe('the command line of a shell', () => {
  test('says where the data lies; practice has a place of its own in it', () => {
    expect(parseShellOptions(['--data', '/d/x'], {})).toEqual({
      dataDir: '/d/x',
      isPractice: false,
      isHeadless: false,
      stays: false,
      mailto: null,
    })
    expect(parseShellOptions(['--practice', '--data=/d/x'], {}).dataDir).toBe('/d/x/practice')
    expect(parseShellOptions(['--practice'], { XDG_DATA_HOME: '/xdg' }).dataDir).toMatch(/[/\\]practice$/)
  })

  test("lets Electron's own words and its folder pass, and finds the link in them", () => {
    const argv = ['--no-sandbox', '/somewhere', '--practice', 'mailto:a@b.test?subject=x']
    expect(parseShellOptions(argv, {})).toMatchObject({
      isPractice: true,
      mailto: 'mailto:a@b.test?subject=x',
    })
    expect(parseShellOptions(['https://example.com'], {}).mailto).toBeNull()
  })

  test.each([
    ['linux', {}, '/home/h/.local/share/todoke'],
    ['linux', { XDG_DATA_HOME: '/x' }, '/x/todoke'],
    ['linux', { XDG_DATA_HOME: 'relative' }, '/home/h/.local/share/todoke'],
    ['darwin', { XDG_DATA_HOME: '/x' }, '/home/h/Library/Application Support/Todoke'],
  ] as const)('on %s with %j the data lies in %s', (platform, env, directory) => {
    expect(defaultDataDir(env, platform, '/home/h')).toBe(directory)
  })

  test.each([
    [{ LANG: 'ja_JP.UTF-8' }, 'ja-JP', 'ja'],
    [{ LC_ALL: 'ja_JP', LANG: 'de_DE.UTF-8' }, 'ja-JP', 'ja'],
    [{ LANG: 'de_DE.UTF-8' }, 'de-DE', 'en'],
    [{ LANG: 'C.UTF-8' }, 'en', 'en'],
  ] as const)(
    'in an environment of %j the language is %s and the shell speaks %s',
    (env, language, spoken) => {
      expect(systemLanguage(env)).toBe(language)
      expect(shellLanguage(systemLanguage(env))).toBe(spoken)
    },
  )
})
