import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, parse } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { safeFileName, writeNewFile } from '../../../main/mailbox/attachment-file.ts'

describe('the name of an attachment', () => {
  test.each([
    ['report.pdf', 'report.pdf'],
    ['見積書（最終）.pdf', '見積書（最終）.pdf'],
    ['../../etc/passwd', '_.._etc_passwd'],
    ['..\\..\\boot.ini', '_.._boot.ini'],
    ['/etc/passwd', '_etc_passwd'],
    ['C:\\Windows\\x.exe', 'C__Windows_x.exe'],
    ['.bashrc', 'bashrc'],
    ['..', 'attachment'],
    ['', 'attachment'],
    ['   ', 'attachment'],
    ['a\0b.txt', 'a_b.txt'],
    ['line\r\nbreak.txt', 'line__break.txt'],
    ['invoice\u202efdp.exe', 'invoice_fdp.exe'],
    ['zero\u200bwidth.pdf', 'zero_width.pdf'],
    ['CON', '_CON'],
    ['con.txt', '_con.txt'],
    ['LPT1', '_LPT1'],
    ['com¹.log', '_com¹.log'],
    ['console.txt', 'console.txt'],
    ['trailing. . ', 'trailing'],
    ['a:stream', 'a_stream'],
    ['<a|b>*?.txt', '_a_b___.txt'],
    ['e\u0301.txt', 'é.txt'],
    ['\ud800.txt', '_.txt'],
  ])('%j becomes %j', (name, expected) => {
    expect(safeFileName(name)).toBe(expected)
  })

  test('is at most 255 bytes long, whole characters, with its ending', () => {
    for (const long of [
      `${'a'.repeat(400)}.pdf`,
      `${'届'.repeat(200)}.pdf`,
      `${'😀'.repeat(100)}.pdf`,
      'x'.repeat(400),
    ]) {
      const name = safeFileName(long)
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255)
      expect(name.isWellFormed()).toBe(true)
      if (long.endsWith('.pdf')) expect(name).toMatch(/\.pdf$/)
    }
  })

  test('is one part of a path for whatever a stranger wrote', () => {
    for (let code = 0; code < 0x3000; code += 1) {
      const name = safeFileName(`${String.fromCodePoint(code)}..${String.fromCodePoint(code)}x`)
      expect(parse(name).base).toBe(name)
      expect(name).not.toMatch(/[\u0000-\u001f\u007f/\\]/)
    }
  })
})

describe('the file of an attachment', () => {
  const folders: string[] = []
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
  })
  const place = () => {
    const folder = mkdtempSync(join(tmpdir(), 'todoke-save-'))
    folders.push(folder)
    return join(folder, 'a.pdf')
  }

  test('is ours alone and holds the bytes', async () => {
    const path = place()
    expect(await writeNewFile(path, Buffer.from([1, 0, 255]))).toEqual({ ok: true, value: { savedAs: path } })
    expect([...readFileSync(path)]).toEqual([1, 0, 255])
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  test('never takes the place of another', async () => {
    const path = place()
    writeFileSync(path, 'mine')
    expect(await writeNewFile(path, Buffer.from('theirs'))).toMatchObject({
      ok: false,
      problem: { kind: 'disk' },
    })
    expect(readFileSync(path, 'utf8')).toBe('mine')
  })

  test('a folder that is not there is said', async () => {
    expect(await writeNewFile(join(place(), 'deeper', 'x'), Buffer.from('x'))).toMatchObject({ ok: false })
  })
})
