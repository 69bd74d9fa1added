import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  createIntake,
  internalDate,
  numbersIn,
  parseCommand,
  readInternalDate,
  stringBytes,
} from '../../../main/practice/imap-syntax.ts'

function intake(isKnown = true) {
  const lines: [string, string[]][] = []
  const log: string[] = []
  const { read } = createIntake({
    onLine: (text, literals) => lines.push([text, literals.map(String)]),
    onGoAhead: () => log.push('go'),
    onTooLong: () => log.push('too long'),
    isKnown: () => isKnown,
  })
  return { lines, log, read }
}

describe('the stream', () => {
  test('is cut into lines with their literals, wherever the packets end', () => {
    const stream = Buffer.from(
      'A1 NOOP\r\nA2 APPEND INBOX (\\Seen) {10}\r\n届け{5}\r\n\r\nA3 LOGIN {3+}\r\na"b {2+}\r\nc\\\r\n',
    )
    const whole = intake()
    whole.read(stream)
    expect(whole.lines).toEqual([
      ['A1 NOOP', []],
      ['A2 APPEND INBOX (\\Seen) \u0000', ['届け{5}\r']],
      ['', []],
      ['A3 LOGIN \u0000 \u0000', ['a"b', 'c\\']],
    ])
    expect(whole.log).toEqual(['go'])
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length)), cuts => {
        const pieces = intake()
        const places = [0, ...cuts, stream.length].sort((a, b) => a - b)
        places.slice(1).forEach((end, index) => {
          pieces.read(stream.subarray(places[index], end))
        })
        expect(pieces.lines).toEqual(whole.lines)
      }),
    )
  })

  test('ends with what is too long, and a stranger may send little', () => {
    for (const [isKnown, text] of [
      [true, `A ${'x'.repeat(70_000)}`],
      [true, 'A APPEND INBOX {99999999999}\r\n'],
      [true, 'A NOOP\u0000\r\n'],
      [false, 'A LOGIN {10000}\r\n'],
      [false, `A LOGIN ${'{5000+}\r\n'.padEnd(5009, 'x')} {5000+}\r\n`],
    ] as const) {
      const { read, log, lines } = intake(isKnown)
      read(Buffer.from(text))
      read(Buffer.from('B NOOP\r\n'))
      expect([log.at(-1), lines]).toEqual(['too long', []])
    }
  })
})

describe('a command', () => {
  test('is a tag, a name and nested words', () => {
    expect(parseCommand('a1 uid fetch 1:* (FLAGS BODY.PEEK[HEADER.FIELDS (DATE TO)])', [])).toEqual({
      tag: 'a1',
      name: 'UID FETCH',
      rest: '1:* (FLAGS BODY.PEEK[HEADER.FIELDS (DATE TO)])',
      args: [
        { kind: 'atom', text: '1:*' },
        {
          kind: 'list',
          items: [
            { kind: 'atom', text: 'FLAGS' },
            { kind: 'atom', text: 'BODY.PEEK[HEADER.FIELDS (DATE TO)]' },
          ],
        },
      ],
    })
    const login = parseCommand('a LOGIN "a \\"b\\\\" \u0000', [Buffer.from('パス')])
    expect(login?.args.map(token => token.kind === 'string' && token.text)).toEqual(['a "b\\', 'パス'])
  })

  test.each([
    '',
    'A',
    '* NOOP',
    'A (',
    'A LIST "',
    'A LIST (',
    'A LIST )',
    'A LIST ((()',
    '\u0000 NOOP',
    'A 1',
  ])('is not %j', line => {
    expect(parseCommand(line, [])).toBeNull()
  })

  test('of any letters is read or refused, never a crash', () => {
    const letters = fc.constantFrom('A', ' ', '(', ')', '"', '\\', '[', ']', '\u0000', '{3}', 'UID', 'é')
    fc.assert(
      fc.property(fc.array(letters), parts => {
        parseCommand(`A ${parts.join('')}`, [])
      }),
    )
  })
})

test('a sequence set names numbers, the star the last', () => {
  const numbers = [2, 3, 5, 8]
  expect([...(numbersIn('2,5:*', numbers) ?? [])]).toEqual([2, 5, 8])
  expect([...(numbersIn('*:5', numbers) ?? [])]).toEqual([5, 8])
  expect([...(numbersIn('9:*', numbers) ?? [])]).toEqual([8])
  expect([...(numbersIn('*', []) ?? [])]).toEqual([])
  for (const bad of ['', '1;', 'a', '1:', ',', '1:2:3']) expect(numbersIn(bad, numbers)).toBeNull()
})

test('a string is quoted where it can be and a literal where it cannot', () => {
  expect(String(stringBytes(null))).toBe('NIL')
  expect(String(stringBytes('a "b" \\'))).toBe('"a \\"b\\" \\\\"')
  expect(String(stringBytes('届け'))).toBe('{6}\r\n届け')
  expect(String(stringBytes('a\r\nb'))).toBe('{4}\r\na\r\nb')
})

test('a date is written and read again', () => {
  const at = Date.UTC(2026, 2, 5, 14, 7, 9)
  expect(internalDate(at)).toBe(' 5-Mar-2026 14:07:09 +0000')
  expect(readInternalDate(internalDate(at))).toBe(at)
  expect(readInternalDate('05-Mar-2026 23:07:09 +0900')).toBe(at)
  expect(readInternalDate('5 March')).toBeNull()
})
