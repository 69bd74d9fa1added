import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPageFiles } from '../../../main/shells/page-files.ts'
import { removeFolder, temporaryFolder, writeFiles } from './house.ts'

let folder: string
const origin = 'https://todoke.invalid'
beforeAll(() => {
  folder = temporaryFolder()
  writeFiles(folder, {
    'secret.txt': 'secret',
    'secret.js': 'secret',
    'page/index.html': '<p>',
    'page/assets/あ b.js': '1',
    'page/data.sqlite': 'x',
  })
  symlinkSync(join(folder, 'secret.js'), join(folder, 'page', 'link.js'))
})
afterAll(() => removeFolder(folder))

describe('the files of the page', () => {
  const ask = (path: string, method = 'GET') =>
    createPageFiles(join(folder, 'page'), origin).answer(method, path)

  test('are served with their type', async () => {
    const index = await ask(`${origin}/`)
    expect([index.status, index.headers['content-type'], String(index.body)]).toEqual([
      200,
      'text/html; charset=utf-8',
      '<p>',
    ])
    const script = await ask(`${origin}/assets/${encodeURIComponent('あ b.js')}?v=1#x`)
    expect([script.status, script.headers['content-type']]).toEqual([200, 'text/javascript; charset=utf-8'])
  })

  test.each([
    [`${origin}/../secret.js`, 404],
    [`${origin}/%2e%2e/secret.js`, 404],
    [`${origin}/..%2fsecret.js`, 404],
    [`${origin}/..%5csecret.js`, 404],
    [`${origin}/link.js`, 404],
    [`${origin}/%00index.html`, 404],
    [`${origin}/%zz`, 404],
    [`${origin}/assets`, 404],
    [`${origin}/assets/`, 404],
    [`${origin}/data.sqlite`, 404],
    [`${origin}/nothing.js`, 404],
    [`${origin}.evil.example/`, 403],
    ['https://todoke.invalid:444/', 403],
    ['file:///etc/passwd', 403],
  ])('%s is refused with %i, empty and under the same policy', async (url, status) => {
    const answer = await ask(url)
    expect(answer.status).toBe(status)
    expect(answer.body).toHaveLength(0)
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'")
  })

  test('nothing can be put', async () => {
    expect((await ask(`${origin}/`, 'POST')).status).toBe(405)
  })
})
