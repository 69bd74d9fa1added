import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type AddressVerdict,
  checkAddress,
  formatAddress,
  needsSmtputf8,
  parseAddress,
  parseAddressList,
  sameAddress,
} from '../../shared/address.ts'

describe('one address', () => {
  test.each<[string, string, string]>([
    ['haruka@example.co.jp', '', 'haruka@example.co.jp'],
    ['  haruka@example.co.jp ', '', 'haruka@example.co.jp'],
    ['\ufeffharuka@example.jp\u200b', '', 'haruka@example.jp'],
    ['<haruka@example.jp>', '', 'haruka@example.jp'],
    ['mailto:haruka@example.jp', '', 'haruka@example.jp'],
    ['Haruka Mori <haruka@example.jp>', 'Haruka Mori', 'haruka@example.jp'],
    ['森 遥<haruka@example.jp>', '森 遥', 'haruka@example.jp'],
    ['森　遥　＜haruka＠example．jp＞', '森 遥', 'haruka@example.jp'],
    ['ｈａｒｕｋａ＠ｅｘａｍｐｌｅ。ｊｐ', '', 'haruka@example.jp'],
    ['"Mori, Haruka" <haruka@example.jp>', 'Mori, Haruka', 'haruka@example.jp'],
    ['"Haruka \\"Haru\\" Mori" <haruka@example.jp>', 'Haruka "Haru" Mori', 'haruka@example.jp'],
    ["'Haruka Mori' <haruka@example.jp>", 'Haruka Mori', 'haruka@example.jp'],
    ["Conan O'Brien <conan@example.ie>", "Conan O'Brien", 'conan@example.ie'],
    ['haruka@example.jp <haruka@example.jp>', '', 'haruka@example.jp'],
    ['"Haruka@Example.jp" <haruka@example.jp>', '', 'haruka@example.jp'],
    ['haruka@example.jp (Haruka Mori)', 'Haruka Mori', 'haruka@example.jp'],
    ['a+tag@example.com', '', 'a+tag@example.com'],
    ['first..last.@docomo.ne.jp', '', 'first..last.@docomo.ne.jp'],
    ['用户@例子.广告', '', '用户@例子.广告'],
    ['jose\u0301@example.es', '', 'josé@example.es'],
    ['root@localhost', '', 'root@localhost'],
    ['a@[192.0.2.1]', '', 'a@[192.0.2.1]'],
    ['Family 👨‍👩‍👧 <home@example.com>', 'Family 👨‍👩‍👧', 'home@example.com'],
  ])('%j', (text, name, address) => {
    expect(parseAddress(text)).toEqual({ name, address })
  })

  test.each([
    '',
    ' ',
    'haruka',
    'haruka@',
    '@example.jp',
    'haruka@example',
    'a b@example.jp',
    'Haruka haruka@example.jp',
    'a@b@example.jp',
    'Boss boss@corp.example <evil@example.com>',
    'boss@corp.example <evil@example.com>',
    '"a" "b" <a@example.jp>',
    'a <b> <c@example.jp>',
    'a@example.jp>',
    '<a@example.jp',
    '"xclow3n@gmail.com x"@internal.example',
    'a@example.jp, b@example.jp',
    'a@exa mple.jp',
    'a@-example.jp',
    'a@example-.jp',
    'a@example..jp',
    'a@.jp',
    'a@example.jp.',
    'a@192.0.2.1',
    'a@exam_ple.jp',
    'a\u200b@example.jp',
    `a@${'x'.repeat(64)}.jp`,
    `${'x'.repeat(65)}@example.jp`,
    `a@${'xxxx.'.repeat(60)}jp`,
    'a@example.jp\n',
    '\ta@example.jp',
    'a@example.jp\u2028',
    'a\u0000@example.jp',
    'Name\r\nBcc: x@y.z <a@example.jp>',
    'abc\u202ecod.exe <a@example.jp>',
    'a@exa\ud800mple.jp',
  ])('is not %j', text => {
    expect(parseAddress(text)).toBeNull()
  })
})

test.each<[string, AddressVerdict]>([
  ['a@example.jp', 'ok'],
  ['haruka', 'no-at'],
  ['', 'no-at'],
  ['@example.jp', 'no-local'],
  ['haruka@', 'no-domain'],
  ['a b@example.jp', 'bad-character'],
  ['a@b c.jp', 'bad-character'],
  ['a@b,c.jp', 'bad-character'],
  ['"a"@example.jp', 'bad-character'],
  ['a\u2028@example.jp', 'bad-character'],
  ['a@example', 'bad-domain'],
  ['a@example.1', 'bad-domain'],
  [`${'あ'.repeat(22)}@example.jp`, 'too-long'],
])('%j is %s', (address, verdict) => {
  expect(checkAddress(address)).toBe(verdict)
})

describe('a pasted list', () => {
  const list = (text: string) => {
    const { addresses, rest } = parseAddressList(text)
    return [addresses.map(formatAddress), rest]
  }

  test.each<[string, string[], string[]]>([
    ['', [], []],
    [' ,;\n ,', [], []],
    ['a@x.jp, b@x.jp;c@x.jp\r\nd@x.jp', ['a@x.jp', 'b@x.jp', 'c@x.jp', 'd@x.jp'], []],
    ['a@x.jp，b@x.jp；c＠x.jp、d@x.jp', ['a@x.jp', 'b@x.jp', 'c@x.jp', 'd@x.jp'], []],
    ['a@x.jp b@x.jp\tc@x.jp　d@x.jp', ['a@x.jp', 'b@x.jp', 'c@x.jp', 'd@x.jp'], []],
    ['森 遥 <a@x.jp>, 林<b@x.jp>', ['森 遥 <a@x.jp>', '林 <b@x.jp>'], []],
    ['"Mori, H; x" <a@x.jp>, b@x.jp', ['"Mori, H; x" <a@x.jp>', 'b@x.jp'], []],
    ['Mori, Haruka <a@x.jp>; Hayashi, J <b@x.jp>', ['"Mori, Haruka" <a@x.jp>', '"Hayashi, J" <b@x.jp>'], []],
    ['Mori, Haruka <a@x.jp>;', ['"Mori, Haruka" <a@x.jp>'], []],
    ['mori, Haruka <a@x.jp>', ['Haruka <a@x.jp>'], ['mori']],
    ['a@x.jp, haruka, b@', ['a@x.jp'], ['haruka', 'b@']],
    ['Friends: a@x.jp, b@x.jp;', ['b@x.jp'], ['Friends: a@x.jp']],
    ['"Mori <a@x.jp>, b@x.jp\nc@x.jp', ['c@x.jp'], ['"Mori <a@x.jp>, b@x.jp']],
    ['a@x.jp\u2028b@x.jp', [], ['a@x.jp\u2028b@x.jp']],
    ['a@x.jp\u2028,b@x.jp', ['b@x.jp'], ['a@x.jp\u2028']],
    ['a@x.jp\u0000', [], ['a@x.jp\u0000']],
    ['a@x.jp, a@x.jp', ['a@x.jp', 'a@x.jp'], []],
    ['Haruka\ta@x.jp', ['Haruka <a@x.jp>'], []],
    [
      '田中 優希\ta@x.jp\t03-1234-5678\n森 遥\tb@x.jp\t',
      ['田中 優希 <a@x.jp>', '森 遥 <b@x.jp>'],
      ['03-1234-5678'],
    ],
    ['a@x.jp\tb@x.jp', ['a@x.jp', 'b@x.jp'], []],
    ['田中優希　a@x.jp、b@x.jp 森遥', ['田中優希 <a@x.jp>', '森遥 <b@x.jp>'], []],
    ['a@x.jp（田中 優希）；＂b＠x．jp＂', ['田中 優希 <a@x.jp>'], ['＂b＠x．jp＂']],
    ['Tanaka b@ a@x.jp', [], ['Tanaka b@ a@x.jp']],
  ])('%j', (text, addresses, rest) => {
    expect(list(text)).toEqual([addresses, rest])
  })

  test('never gives an address that does not stand in it, and never one that is not sound', () => {
    const parts = fc.constantFrom(
      'a@x.jp',
      'Bö <b@x.de>',
      '"',
      '\\',
      '<',
      '>',
      ',',
      ';',
      '\n',
      '\u2028',
      '、',
      'x',
      ' ',
      '@',
    )
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 12 }), list => {
        const text = list.join('')
        for (const { name, address } of parseAddressList(text).addresses) {
          expect(text).toContain(address)
          expect(checkAddress(address)).toBe('ok')
          expect(/[\r\n\u0000\u2028]/.test(name + address)).toBe(false)
        }
      }),
    )
  })

  test('drops no letter of what it cannot read', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), text => {
        const { addresses, rest } = parseAddressList(text)
        const letters = (value: string) => value.normalize('NFKC').replace(/[^\p{L}\p{N}]/gu, '')
        const kept = letters(rest.join('')).length + letters(addresses.map(formatAddress).join('')).length
        expect(kept).toBeGreaterThanOrEqual(letters(text).length)
      }),
    )
  })

  test('takes thousands of addresses at once', () => {
    const text = Array.from({ length: 5000 }, (_, i) => `Name ${i} <n${i}@example.jp>`).join(', ')
    const start = performance.now()
    expect(parseAddressList(text).addresses).toHaveLength(5000)
    expect(performance.now() - start).toBeLessThan(2_000)
  })
})

describe('format', () => {
  const names = fc.string({ unit: 'binary' }).map(name =>
    name
      .toWellFormed()
      .replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S}]+/gu, ' ')
      .trim()
      .normalize('NFC'),
  )
  const locals = fc.stringMatching(/^[a-z0-9.+_-]{1,20}$/)

  test('parses back to the same name and address', () => {
    fc.assert(
      fc.property(names, locals, (name, local) => {
        const address = { name, address: `${local}@example.co.jp` }
        expect(parseAddress(formatAddress(address))).toEqual(address)
        expect(parseAddressList(`${formatAddress(address)}, b@x.jp`).addresses).toEqual([
          address,
          { name: '', address: 'b@x.jp' },
        ])
      }),
    )
  })

  test('quotes a name only where it has to', () => {
    expect(formatAddress({ name: '森 遥', address: 'a@x.jp' })).toBe('森 遥 <a@x.jp>')
    expect(formatAddress({ name: 'Mori, "H"', address: 'a@x.jp' })).toBe('"Mori, \\"H\\"" <a@x.jp>')
    expect(formatAddress({ name: '', address: 'a@x.jp' })).toBe('a@x.jp')
  })
})

test('only a local part beyond ASCII needs SMTPUTF8', () => {
  expect(needsSmtputf8('用户@example.jp')).toBe(true)
  expect(needsSmtputf8('user@例え.jp')).toBe(false)
  expect(needsSmtputf8('user')).toBe(false)
})

test('the same mailbox whatever the case', () => {
  expect(sameAddress('Haruka@Example.JP', 'haruka@example.jp')).toBe(true)
  expect(sameAddress('haruka@example.jp', 'mori@example.jp')).toBe(false)
})
