import { expect, test } from 'vitest'
import { appCalls, safeLink } from '../../main/app-calls.ts'
import type { ShellInfo } from '../../shared/model.ts'
import { ok } from '../../shared/problem.ts'

test.each(['https://example.org/a?b=c#d', 'http://example.org', 'https://例え.jp/'])('%s may leave', link => {
  expect(safeLink(link)).toMatch(/^https?:\/\//)
})

test.each([
  'javascript:alert(1)',
  'file:///etc/passwd',
  'data:text/html,<script>1</script>',
  'vbscript:x',
  'ms-msdt:/id',
  'https://user:password@example.org',
  'https://',
  ' ',
  '//example.org',
  'todoke://app/',
])('%s may not leave', link => {
  expect(safeLink(link)).toBeNull()
})

test('a mailto link opens a draft and nothing outside', async () => {
  const opened: string[] = []
  const written: unknown[] = []
  const calls = appCalls({
    info: {} as ShellInfo,
    statuses: () => [],
    openExternal: async url => void opened.push(url),
    writeTo: async mailto => {
      written.push(mailto.to)
      return ok({ draftId: 'd' })
    },
    quit: undefined,
    startPractice: async () => ok({ accountId: 'a' }),
  })
  expect(await calls['app.openLink'].run('mailto:yuki@example.org')).toEqual(ok({ opened: true }))
  expect(await calls['app.openLink'].run('javascript:1')).toMatchObject({ ok: false })
  expect(await calls['app.openLink'].run('https://example.org/')).toEqual(ok({ opened: true }))
  expect([opened, written]).toEqual([['https://example.org/'], [[{ name: '', address: 'yuki@example.org' }]]])
})
