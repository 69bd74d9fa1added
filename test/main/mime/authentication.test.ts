import { describe, expect, test } from 'vitest'
import { ownServerOf, verdictOf } from '../../../main/mime/authentication.ts'
import { parseAuthenticationResults } from '../../../main/mime/authentication-results.ts'
import { readMail } from '../../../main/mime/read-mail.ts'

const OWN = ownServerOf('imap.post.example', 'yuki@aoki.example')
const ENTRY =
  'Received: from out.shop.test (out.shop.test [192.0.2.7]) by mx.post.example with ESMTPS id 1; Mon, 2 Mar 2026 09:00:00 +0900'
const FROM = 'From: The Shop <news@shop.test>'

async function verdict(lines: string[], own = OWN) {
  const source = Buffer.from([...lines, 'Subject: x', '', 'x', ''].join('\r\n'))
  return verdictOf((await readMail(source)).trace, own)
}

const says = (results: string, server = 'mx.post.example') => `Authentication-Results: ${server}; ${results}`

describe('a field of results', () => {
  test('is read with comments, quotes, folded lines, versions and several methods', () => {
    const value =
      '(by us) MX.Post.example (v (nested \\) one)) 1 ; dkim / 1 = PASS (2048 bit) reason="ok; so \\"far\\"" header.d=shop.test\r\n\t header . i = @shop.test header.b=Ab/c+d==; spf=pass smtp.mailfrom="a;b"@shop.test'
    expect(parseAuthenticationResults(value.replace('"a;b"@', 'bounce@'))).toEqual({
      server: 'mx.post.example',
      results: [
        {
          method: 'dkim',
          outcome: 'pass',
          properties: {
            reason: 'ok; so "far"',
            'header.d': 'shop.test',
            'header.i': '@shop.test',
            'header.b': 'Ab/c+d==',
          },
        },
        { method: 'spf', outcome: 'pass', properties: { 'smtp.mailfrom': 'bounce@shop.test' } },
      ],
    })
  })

  test('that has no results has none', () => {
    for (const value of [
      'mx.post.example; none',
      'mx.post.example 1; none',
      'mx.post.example',
      '"mx.post.example";',
    ])
      expect(parseAuthenticationResults(value)).toEqual({ server: 'mx.post.example', results: [] })
  })

  test('leaves out a method of a version that is not ours', () => {
    expect(
      parseAuthenticationResults('mx; dmarc/2=pass; spf=none')?.results.map(({ method }) => method),
    ).toEqual(['spf'])
  })

  test.each([
    ['nothing', ''],
    ['only a comment', '(mx.post.example)'],
    ['a comment without end', 'mx; dmarc=pass (oh'],
    ['a quote without end', 'mx; dmarc=pass reason="oh'],
    ['another version', 'mx 2; dmarc=pass'],
    ['no server', '; dmarc=pass'],
    ['results where the server belongs', 'spf=pass smtp.mailfrom=a.test; dmarc=pass'],
    ['a method without a result', 'mx; dmarc='],
    ['words without order', 'mx; dmarc pass header.from=a.test'],
    ['comments nested deep', `mx; dmarc=pass ${'('.repeat(50)}${')'.repeat(50)}`],
    ['too long', `mx; dmarc=pass ${' '.repeat(20_000)}`],
    ['too many results', `mx${'; spf=none'.repeat(200)}`],
  ])('is not believed: %s', (_name, value) => {
    expect(parseAuthenticationResults(value)).toBeNull()
  })
})

describe('the verdict', () => {
  test.each([
    ['DMARC passes', 'dmarc=pass (p=reject) header.from=shop.test', 'pass'],
    ['DKIM passes for the domain', 'dkim=pass header.d=shop.test', 'pass'],
    [
      'DKIM passes for a domain under it',
      'dkim=fail header.d=x.test; dkim=pass header.i=@mail.shop.test',
      'pass',
    ],
    ['SPF passes for the domain', 'spf=pass smtp.mailfrom=bounce@shop.test', 'pass'],
    ['DKIM passes for another', 'dkim=pass header.d=evil.test', 'unknown'],
    ['DKIM passes for one that only ends alike', 'dkim=pass header.d=notshop.test', 'unknown'],
    ['DKIM passes for a whole top-level domain', 'dkim=pass header.d=test', 'unknown'],
    ['SPF passes for the greeting alone', 'spf=pass smtp.helo=shop.test', 'unknown'],
    ['DMARC passes for another From', 'dmarc=pass header.from=evil.test', 'unknown'],
    ['DKIM fails', 'dkim=fail header.d=shop.test', 'unknown'],
    [
      'DMARC fails, though SPF passes',
      'spf=pass smtp.mailfrom=shop.test; dmarc=fail header.from=shop.test',
      'fail',
    ],
  ])('where %s', async (_name, results, expected) => {
    expect(await verdict([says(results), ENTRY, FROM])).toBe(expected)
  })

  test('joins the fields that the own server wrote', async () => {
    const lines = [says('dmarc=fail'), says('dkim=pass header.d=shop.test'), ENTRY, FROM]
    expect(await verdict(lines)).toBe('fail')
    expect(await verdict(lines.slice(1))).toBe('pass')
  })

  test('is not for two authors, of which one is shown', async () => {
    const two = 'From: news@shop.test, boss@bank.test'
    expect(await verdict([says('dmarc=pass'), ENTRY, two])).toBe('unknown')
    expect(await verdict([says('dmarc=pass'), ENTRY, FROM, 'From: boss@bank.test'])).toBe('unknown')
  })
})

describe('whose word counts', () => {
  const PASS = 'dmarc=pass header.from=shop.test'

  test.each(['mx.post.example', 'post.example', 'aoki.example', 'mail.aoki.example', 'MX.POST.EXAMPLE.'])(
    'that of %s',
    async server => {
      expect(await verdict([says(PASS, server), ENTRY, FROM])).toBe('pass')
    },
  )

  test.each(['mx.other.example', 'evilpost.example', 'post.example.evil.test', 'example'])(
    'not that of %s',
    async server => {
      expect(await verdict([says(PASS, server), ENTRY, FROM])).toBe('unknown')
    },
  )

  test('nothing below the Received line of the own server, whatever it says', async () => {
    expect(await verdict([ENTRY, says(PASS), FROM])).toBe('unknown')
    expect(await verdict([ENTRY, says('dmarc=fail'), FROM])).toBe('unknown')
    expect(await verdict([says('dmarc=fail'), ENTRY, says(PASS), ENTRY, FROM])).toBe('fail')
  })

  test('nothing of a mail that no server received', async () => {
    expect(await verdict([says(PASS), FROM])).toBe('unknown')
  })

  test('also below a delivery of the own server by LMTP, but of no other', async () => {
    const delivery = (by: string) =>
      `Received: from ${by} ([127.0.0.1]) by ${by} with LMTP id 2; Mon, 2 Mar 2026 09:00:01 +0900`
    expect(await verdict([delivery('store.post.example'), says(PASS), ENTRY, FROM])).toBe('pass')
    expect(await verdict([delivery('store.evil.test'), says(PASS), ENTRY, FROM])).toBe('unknown')
  })

  test('a sender who greets with the words of a delivery opens no way down', async () => {
    const greeted = ENTRY.replace('out.shop.test (', 'x by mx.post.example with LMTP (')
    expect(await verdict([greeted, says(PASS), FROM])).toBe('unknown')
  })

  test('that of Google, which stands below its own line, and nothing under the next', async () => {
    const google = ownServerOf('imap.gmail.com', 'yuki@aoki.example')
    const relay = 'Received: by 2002:a05:6a10::1 with SMTP id 9; Mon, 2 Mar 2026 09:00:02 +0900'
    const entry = ENTRY.replace('mx.post.example', 'mx.google.com')
    const word = says(PASS, 'mx.google.com')
    expect(await verdict([relay, entry, word, FROM], google)).toBe('pass')
    expect(await verdict([relay, entry, ENTRY, word, FROM], google)).toBe('unknown')
    expect(await verdict([relay, ENTRY, word, FROM], google)).toBe('unknown')
    expect(await verdict([relay, word, FROM], google)).toBe('unknown')
  })

  test('not that of neighbours in a country that gives names out at the third level', async () => {
    const own = ownServerOf('imap.post.co.jp', 'yuki@aoki.example')
    expect(await verdict([says(PASS, 'mx.post.co.jp'), ENTRY, FROM], own)).toBe('pass')
    expect(await verdict([says(PASS, 'mx.evil.co.jp'), ENTRY, FROM], own)).toBe('unknown')
    expect(await verdict([says(PASS, 'co.jp'), ENTRY, FROM], own)).toBe('unknown')
  })
})
