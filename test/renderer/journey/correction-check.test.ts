import { describe, expect, it } from 'vitest'
import { correctionFault, typedAddress } from '../../../renderer/journey/correction-check.ts'
import { anOutboxItem } from '../../support/builders.ts'
import { recipientsRefused, sentToOthers } from '../../support/stories.ts'

const BAD = 'acounts@example.net'
const item = anOutboxItem({ steps: recipientsRefused(['haruka@aoki.example', 'weber@bau.example'], BAD) })
const fault = (typed: string, hasSmtputf8 = true) => correctionFault(typed, BAD, item, { hasSmtputf8 })

describe('an address in the place of a refused one', () => {
  it.each([
    ['', 'empty'],
    ['   ', 'empty'],
    [BAD, 'unchanged'],
    ['ACOUNTS@example.net ', 'unchanged'],
    ['accounts', 'no-address'],
    ['accounts@', 'no-address'],
    ['a@b, c@d', 'no-address'],
    ['accounts\u2028@example.net', 'no-address'],
    ['accounts@example.net\r\nRCPT TO:<d@x.org>', 'no-address'],
    ['weber@bau.example', 'gets-it-anyway'],
    ['Weber@BAU.example', 'gets-it-anyway'],
    ['accounts@example.net', null],
    ['Accounts <accounts@example.net>', null],
    ['ａｃｃｏｕｎｔｓ＠ｅｘａｍｐｌｅ．ｎｅｔ', null],
  ])('%j: %s', (typed, expected) => {
    expect(fault(typed)).toBe(expected)
  })

  it('is questioned where the server is known not to take its letters, and only then', () => {
    expect(fault('経理@example.net', false)).toBe('needs-smtputf8')
    expect(fault('経理@example.net')).toBeNull()
    expect(correctionFault('経理@example.net', BAD, item, null)).toBeNull()
  })

  it('is not somebody who got the mail by another correction', () => {
    const served = anOutboxItem({
      steps: [
        ...sentToOthers(['weber@bau.example'], BAD),
        [1, { type: 'corrected-apart', recipient: BAD, to: 'accounts@example.net', itemId: 'other' }],
      ],
    })
    expect(correctionFault('accounts@example.net', 'x@example.net', served, null)).toBe('gets-it-anyway')
  })

  it('is given to the program as the bare address', () => {
    expect(typedAddress(' Accounts <accounts@example.net> ')).toBe('accounts@example.net')
    expect(typedAddress('ａ＠ｂ．ｅｘａｍｐｌｅ')).toBe('a@b.example')
  })
})
