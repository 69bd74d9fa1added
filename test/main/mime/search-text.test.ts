import { expect, test } from 'vitest'
import { searchTextOf } from '../../../main/mime/search-text.ts'
import { toIso2022Jp } from '../../bench/mailbox-generator.ts'

function mail(parts: (string | Buffer)[], head = ''): Buffer {
  const lines = parts.flatMap(part => [Buffer.from('--b\r\n'), Buffer.from(part), Buffer.from('\r\n')])
  return Buffer.concat([
    Buffer.from(`Subject: x\r\n${head}Content-Type: multipart/mixed; boundary="b"\r\n\r\n`),
    ...lines,
    Buffer.from('--b--\r\n'),
  ])
}
const file = (disposition: string, type = 'application/pdf') =>
  `Content-Type: ${type}\r\nContent-Disposition: ${disposition}\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA`

test.each([
  ['attachment; filename=plan.pdf', 'plan.pdf'],
  ['attachment; filename="a b.pdf"', 'a b.pdf'],
  ["attachment; filename*=UTF-8''%E8%A6%8B%E7%A9%8D.pdf", '見積.pdf'],
  ["attachment; filename*0*=UTF-8''%E8%A6%8B; filename*1*=%E7%A9%8D; filename*2=.pdf", '見積.pdf'],
  ['attachment; filename="=?UTF-8?B?6KaL56mNLnBkZg==?="', '見積.pdf'],
  ["attachment; filename*=ISO-2022-JP''%1B%24%42%38%2B%40%51%1B%28%42.pdf", '見積.pdf'],
  ['attachment', ''],
])('the name of a file: %s', (disposition, name) => {
  expect(searchTextOf(mail([file(disposition)])).files).toEqual(name === '' ? [] : [name])
})

test('the text is read in its charset, and a file of text is not the text', () => {
  const japanese = Buffer.concat([
    Buffer.from('Content-Type: text/plain; charset=ISO-2022-JP\r\n\r\n'),
    toIso2022Jp('見積書を送ります'),
  ])
  const notes = 'Content-Type: text/plain; name=notes.txt\r\nContent-Disposition: attachment\r\n\r\nsecret'
  const { text, files } = searchTextOf(mail([japanese, notes]))
  expect(text).toBe('見積書を送ります')
  expect(files).toEqual(['notes.txt'])
})

test('html is read where the plain text is missing or only says that there is html', () => {
  const html = 'Content-Type: text/html\r\n\r\n<p>Real <b>words</b></p><style>no{}</style>'
  expect(searchTextOf(mail([html])).text).toBe('Real words')
  const stub = 'Content-Type: text/plain\r\n\r\nPlease view as html.'
  expect(searchTextOf(mail([stub, html])).text).toBe('Please view as html.\n\nReal words')
  const long = `Content-Type: text/plain\r\n\r\n${'word '.repeat(100)}`
  expect(searchTextOf(mail([long, html])).text).not.toContain('Real')
})

test('nothing that is no mail throws', () => {
  for (const bytes of [
    '',
    '\r\n\r\n',
    'x',
    '\u0000'.repeat(50),
    'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b',
  ]) {
    expect(searchTextOf(Buffer.from(bytes)).files).toEqual([])
  }
})
