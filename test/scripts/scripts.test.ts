/** The scripts that run before anything is installed: on the oldest Node they promise, without a package. */

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isInstalled, sourcesStamp } from '../../scripts/setup.mjs'
import { hasDisplay, isJapanese, readArguments } from '../../scripts/start.mjs'

const root = resolve(import.meta.dirname, '..', '..')
const scripts = ['setup', 'start', 'test'].map(name => join(root, 'scripts', `${name}.mjs`))
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'todoke-scripts-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('start', () => {
  test.each([
    ['en_GB.UTF-8', 'xvfb-run -a npm start', 'display'],
    ['ja_JP.UTF-8', 'xvfb-run -a npm start', '画面'],
  ])('without a display it says so in %s, names the way and ends with 1', (LANG, way, word) => {
    const env = { PATH: process.env.PATH, LANG }
    const { status, stderr, stdout } = spawnSync('node', [join(root, 'scripts/start.mjs')], {
      env,
      encoding: 'utf8',
    })
    expect(status).toBe(1)
    expect(stderr).toContain(way)
    expect(stderr).toContain(word)
    expect(stdout).toBe('')
  })

  test('a display is X or Wayland on Linux, and always there elsewhere', () => {
    expect(hasDisplay({}, 'linux')).toBe(false)
    expect(hasDisplay({ DISPLAY: ':0' }, 'linux')).toBe(true)
    expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true)
    expect(hasDisplay({}, 'darwin')).toBe(true)
  })

  test('an unknown shell is refused', () => {
    const env = { PATH: process.env.PATH, TODOKE_SHELL: 'netscape' }
    const { status, stderr } = spawnSync('node', [join(root, 'scripts/start.mjs')], { env, encoding: 'utf8' })
    expect(status).toBe(1)
    expect(stderr).toContain('netscape')
  })

  test('a relative --data is meant from where the person stands', () => {
    const env = { INIT_CWD: '/home/h' }
    expect(readArguments(['--data', 'x', '--practice'], env).args).toEqual([
      '--data',
      '/home/h/x',
      '--practice',
    ])
    expect(readArguments(['--data=../y'], env).args).toEqual(['--data=/home/y'])
    expect(readArguments(['--data', '/z'], env).args).toEqual(['--data', '/z'])
  })

  test('the shell is named by the environment, or is headless by its word', () => {
    expect(readArguments([], {}).shell).toBe('auto')
    expect(readArguments([], { TODOKE_SHELL: 'chromium' }).shell).toBe('chromium')
    expect(readArguments(['--headless'], { TODOKE_SHELL: 'chromium' }).shell).toBe('headless')
  })

  test('it speaks Japanese where the system does', () => {
    expect(isJapanese({ LANG: 'ja_JP.UTF-8' })).toBe(true)
    expect(isJapanese({ LC_ALL: 'C', LANG: 'ja_JP.UTF-8' })).toBe(false)
  })
})

describe('set-up', () => {
  const lock = (packages: object) => JSON.stringify({ packages: { '': {}, ...packages } })
  const there = (wanted: object, found: object) => {
    mkdirSync(join(folder, 'node_modules'), { recursive: true })
    writeFileSync(join(folder, 'package-lock.json'), lock(wanted))
    writeFileSync(join(folder, 'node_modules', '.package-lock.json'), lock(found))
    return isInstalled(folder)
  }

  test('takes packages as installed when each has the version of the lock file', () => {
    const a = { 'node_modules/a': { version: '1.0.0' } }
    expect(there(a, a)).toBe(true)
    expect(there(a, { 'node_modules/a': { version: '1.0.1' } })).toBe(false)
    expect(there(a, {})).toBe(false)
  })

  test('does not miss what is only for another system', () => {
    expect(there({ 'node_modules/b': { version: '1.0.0', optional: true } }, {})).toBe(true)
    expect(isInstalled(join(folder, 'nothing'))).toBe(false)
  })

  test('builds again when a source is changed, added or removed, and not otherwise', () => {
    mkdirSync(join(folder, 'main', 'deep'), { recursive: true })
    const file = join(folder, 'main', 'deep', 'a.ts')
    writeFileSync(file, '1')
    const stamps = [sourcesStamp(folder)]
    expect(sourcesStamp(folder)).toBe(stamps[0])
    writeFileSync(join(folder, 'README.md'), 'not a source')
    expect(sourcesStamp(folder)).toBe(stamps[0])
    utimesSync(file, new Date(), new Date(Date.now() + 5_000))
    stamps.push(sourcesStamp(folder))
    writeFileSync(join(folder, 'main', 'b.ts'), '')
    stamps.push(sourcesStamp(folder))
    rmSync(join(folder, 'main', 'b.ts'))
    rmSync(file)
    stamps.push(sourcesStamp(folder))
    expect(new Set(stamps).size).toBe(4)
  })
})

test('the scripts import nothing but Node and each other', () => {
  for (const script of scripts) {
    const targets = [...readFileSync(script, 'utf8').matchAll(/^(?:import|export) .*?from '([^']+)'/gms)]
    expect(targets.length).toBeGreaterThan(0)
    for (const [, target] of targets) expect(target).toMatch(/^(node:|\.\/(setup|start|test)\.mjs$)/)
  }
})
