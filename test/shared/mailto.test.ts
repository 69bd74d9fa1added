import { expect, test } from 'vitest'
import { parseMailto } from '../../shared/mailto.ts'

const empty = { to: [], cc: [], bcc: [], subject: '', body: '' }
const person = (address: string) => ({ name: '', address })

test.each([
  ['mailto:chris@example.org', { to: [person('chris@example.org')] }],
  ['MAILTO:a@example.org,b@example.org', { to: [person('a@example.org'), person('b@example.org')] }],
  [
    'mailto:?to=joe@example.org&cc=bob@example.org&bcc=eve@example.org',
    {
      to: [person('joe@example.org')],
      cc: [person('bob@example.org')],
      bcc: [person('eve@example.org')],
    },
  ],
  [
    'mailto:a@example.org?subject=caf%C3%A9&body=one%0D%0Atwo',
    {
      to: [person('a@example.org')],
      subject: 'café',
      body: 'one\ntwo',
    },
  ],
  ['mailto:a+tag@example.org?subject=1+1', { to: [person('a+tag@example.org')], subject: '1+1' }],
  [
    'mailto:user@example.org?subject=%E6%97%A5%E6%9C%AC%E8%AA%9E',
    {
      to: [person('user@example.org')],
      subject: '日本語',
    },
  ],
  ['mailto:gorby%25kremvax@example.com', { to: [person('gorby%kremvax@example.com')] }],
])('%s is read', (link, wanted) => {
  expect(parseMailto(link)).toEqual({ ...empty, ...wanted })
})

test.each([
  'mailto:a@example.org?attach=/etc/passwd',
  'mailto:a@example.org?attachment=x&from=boss@example.org',
  'mailto:a@example.org?In-Reply-To=%3C1%40x%3E&X-Evil=1',
])('%s gives nothing but the recipient', link => {
  expect(parseMailto(link)).toEqual({ ...empty, to: [person('a@example.org')] })
})

test.each([
  'https://example.org',
  'mailto:a@example.org?subject=x%0D%0ABcc:%20eve@example.org',
  'mailto:a%0D%0ARCPT@example.org',
  'mailto:a@example.org?subject=%',
  'mailto:a@example.org?cc=%3Cevil%3E@example.org',
  `mailto:${'a'.repeat(70_000)}@example.org`,
])('%s is refused whole', link => {
  expect(parseMailto(link)).toBeNull()
})
