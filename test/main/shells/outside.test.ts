import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findChromium } from '../../../main/shells/find-chromium.ts'
import {
  downloadsDir,
  isOpenable,
  openerOf,
  openOutside,
  plainFileName,
  unusedPath,
} from '../../../main/shells/outside.ts'
import { removeFolder, temporaryFolder, writeFiles } from './house.ts'

let folder: string
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(() => removeFolder(folder))

describe('links that leave', () => {
  test.each([
    ['https://example.com/a?b=1&c=2#d', true],
    ['http://example.com/', true],
    ['mailto:a@b.test?subject=x', true],
    ['file:///etc/passwd', false],
    ['javascript:alert(1)', false],
    ['data:text/html,x', false],
    ['vscode://x', false],
    ['--version', false],
    ['https://example.com/\nX', false],
    ['https://example.com/" & calc', false],
    [`https://example.com/${'a'.repeat(9_000)}`, false],
  ])('%s may be opened: %s', (url, may) => {
    expect(isOpenable(url)).toBe(may)
  })

  test('go to the opener as one argument, never through a command interpreter', async () => {
    const url = 'https://example.com/?a=1&b=$(x)'
    expect(openerOf(url, 'linux')).toEqual(['xdg-open', [url]])
    expect(openerOf(url, 'darwin')).toEqual(['open', ['--', url]])
    expect(openerOf(url, 'win32')).toEqual(['rundll32.exe', ['url.dll,FileProtocolHandler', url]])
    await expect(openOutside('file:///etc/passwd')).rejects.toThrow('not opened')
  })
})

describe('where files are saved', () => {
  test('in the folder the desktop names, else Downloads', () => {
    expect(downloadsDir({}, 'linux', folder)).toBe(join(folder, 'Downloads'))
    writeFiles(folder, { '.config/user-dirs.dirs': '# x\nXDG_DOWNLOAD_DIR="$HOME/ダウンロード"\n' })
    expect(downloadsDir({}, 'linux', folder)).toBe(join(folder, 'ダウンロード'))
    expect(downloadsDir({ XDG_DOWNLOAD_DIR: '/d' }, 'linux', folder)).toBe('/d')
    expect(downloadsDir({ XDG_DOWNLOAD_DIR: '/d' }, 'darwin', folder)).toBe(join(folder, 'Downloads'))
  })

  test('an older file keeps its name', () => {
    const downloads = join(folder, 'new', 'Downloads')
    expect(unusedPath(downloads, '請求書.pdf')).toBe(join(downloads, '請求書.pdf'))
    writeFiles(downloads, { '請求書.pdf': '', '請求書 (2).pdf': '' })
    expect(unusedPath(downloads, '請求書.pdf')).toBe(join(downloads, '請求書 (3).pdf'))
  })

  test.each([
    ['../../etc/passwd', '_.._etc_passwd'],
    ['C:\\Windows\\x.exe', 'C__Windows_x.exe'],
    ['.bashrc', 'bashrc'],
    ['in\u202evoice\u0000.pdf', 'invoice.pdf'],
    ['con.txt', '_con.txt'],
    ['  ', 'mail'],
    ['..', 'mail'],
    ['が.txt'.normalize('NFD'), 'が.txt'],
  ])('a name of %j is only a name: %j', (suggested, name) => {
    expect(plainFileName(suggested)).toBe(name)
  })

  test('a long name is cut between letters and keeps its ending', () => {
    const name = plainFileName(`${'届'.repeat(300)}.pdf`)
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(180)
    expect(name).toMatch(/^届+\.pdf$/)
  })
})

describe("the machine's browser", () => {
  test('is the one that is named, or none', () => {
    const browser = findChromium({ ...process.env, TODOKE_CHROMIUM: '' })
    expect(browser !== null && existsSync(browser)).toBe(true)
    expect(findChromium({ TODOKE_CHROMIUM: browser ?? '' })).toBe(browser)
    expect(findChromium({ PATH: process.env.PATH, TODOKE_CHROMIUM: join(folder, 'no') })).toBeNull()
  })

  test('is found by its usual names on PATH, and a folder of that name is none', () => {
    writeFiles(folder, { 'a/chromium/x': '' })
    expect(findChromium({ PATH: join(folder, 'a') }, 'linux')).not.toBe(join(folder, 'a', 'chromium'))
  })
})
