import { expect, test } from 'vitest'
import { cleanFileName, cleanFileType } from '../../../main/drafts/file-name.ts'

test('a file keeps its name, in any language', () => {
  expect(cleanFileName('見積書 2026年.pdf')).toBe('見積書 2026年.pdf')
  expect(cleanFileName('がぎ.txt'.normalize('NFD'))).toBe('がぎ.txt')
})

test('paths, control characters and turned writing direction do not survive', () => {
  expect(cleanFileName('../../etc/passwd')).toBe('passwd')
  expect(cleanFileName('C:\\Users\\me\\a.doc')).toBe('a.doc')
  expect(cleanFileName('a\r\nBcc: x\u0000.txt')).toBe('aBcc: x.txt')
  expect(cleanFileName('invoice\u202efdp.exe')).toBe('invoicefdp.exe')
})

test('what is no name gets one', () => {
  for (const name of ['', '   ', '.', '..', '/', '\u0000']) expect(cleanFileName(name)).toBe('attachment')
})

test('a name without end is cut before its ending', () => {
  const name = cleanFileName(`${'長'.repeat(500)}.pdf`)
  expect([...name]).toHaveLength(200)
  expect(name.endsWith('長.pdf')).toBe(true)
})

test('only a real media type is believed', () => {
  expect(cleanFileType('Text/Plain; charset=utf-8')).toBe('text/plain')
  expect(cleanFileType('image/svg+xml')).toBe('image/svg+xml')
  for (const type of ['', 'pdf', 'text/', 'a/b/c', 'text/plain\r\nX: y', `a/${'b'.repeat(200)}`]) {
    expect(cleanFileType(type)).toBe('application/octet-stream')
  }
})

test('a name of 300 bytes with marks of writing direction is readable, whole signs, and keeps its ending', () => {
  const name = `${'見積書😀'.repeat(23)}\u202egpj.exe.pdf`
  expect(Buffer.byteLength(name)).toBeGreaterThan(300)
  const clean = cleanFileName(name)
  expect(clean.isWellFormed()).toBe(true)
  expect(clean).not.toMatch(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/)
  expect(clean).toMatch(/gpj\.exe\.pdf$/)
})
