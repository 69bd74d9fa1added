import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readTable, writeCsv } from '../../../main/people/contact-csv.ts'
import { readContactFile } from '../../../main/people/contact-file.ts'
import { writeVcards } from '../../../main/people/vcard.ts'

/** 田中 in three encodings, so that no library of the program checks itself. */
const TANAKA_SJIS = [0x93, 0x63, 0x92, 0x86]
const TANAKA_EUC = [0xc5, 0xc4, 0xc3, 0xe6]

function utf16(text: string, byteOrder: 'le' | 'be', hasMark = true): Buffer {
  const bytes = Buffer.from(hasMark ? `\ufeff${text}` : text, 'utf16le')
  return byteOrder === 'le' ? bytes : bytes.swap16()
}

function read(text: string | Uint8Array) {
  const file = readContactFile(typeof text === 'string' ? Buffer.from(text) : text)
  const shown = file?.contacts.map(
    ({ address: { name, address }, reading }) =>
      `${name} <${address}>${reading === '' ? '' : ` (${reading})`}`,
  )
  return { file, shown }
}

describe('a vCard', () => {
  test('of version 3.0 gives each of its addresses with name and reading', () => {
    const card = [
      'BEGIN:VCARD',
      'VERSION:3.0',
      'N:田中;優希;;;',
      'FN:田中 優希',
      'X-PHONETIC-LAST-NAME:タナカ',
      'X-PHONETIC-FIRST-NAME:ユウキ',
      'item1.EMAIL;TYPE=INTERNET,WORK:yuki@exam',
      ' ple.jp',
      'EMAIL;TYPE="home;x:y":yuki@home.example',
      'END:VCARD',
    ]
    expect(read(card.join('\r\n')).shown).toEqual([
      '田中 優希 <yuki@example.jp> (タナカ ユウキ)',
      '田中 優希 <yuki@home.example> (タナカ ユウキ)',
    ])
  })

  test('of version 2.1 with quoted-printable in Shift_JIS over two lines, as Japanese phones write it', () => {
    const card = [
      'BEGIN:VCARD',
      'VERSION:2.1',
      'N;CHARSET=SHIFT_JIS;ENCODING=QUOTED-PRINTABLE:=93=63=',
      '=92=86;=97=44=8A=F3',
      'SOUND;X-IRMC-N;CHARSET=SHIFT_JIS;ENCODING=QUOTED-PRINTABLE:=C0=C5=B6;=D5=B3=B7',
      'EMAIL;INTERNET:yuki@example.jp',
      'END:VCARD',
    ]
    expect(read(card.join('\n')).shown).toEqual(['田中 優希 <yuki@example.jp> (タナカ ユウキ)'])
  })

  test('of version 4.0 with escapes, mailto and a name in order', () => {
    const card =
      'BEGIN:VCARD\nVERSION:4.0\nN;SORT-AS="さとう,けんじ":佐藤;健二;;;\nFN:Sato\\, Kenji\\; Ltd.\nEMAIL;PREF=1:mailto:kenji@example.jp\nEND:VCARD\n'
    expect(read(card).shown).toEqual(['Sato, Kenji; Ltd. <kenji@example.jp> (さとう けんじ)'])
  })

  test('without an address is told with its line, and takes no other with it', () => {
    const good = 'BEGIN:VCARD\nFN:Good\nEMAIL:good@x.example\nEND:VCARD\n'
    const bad = 'BEGIN:VCARD\nFN:No address\nEMAIL:nobody at all\nEND:VCARD\n'
    const { file, shown } = read(
      `${good}${bad}rubbish\nBEGIN:VCARD\nFN:Never ended\nEMAIL:open@x.example\n${good}`,
    )
    expect(shown).toEqual(['Good <good@x.example>', 'Never ended <open@x.example>'])
    expect(file?.unreadable).toEqual([
      { line: 5, text: 'No address' },
      { line: 9, text: 'rubbish' },
    ])
  })
})

describe('a table', () => {
  test.each([
    [
      'Google, now',
      'First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Last Name,E-mail 1 - Label,E-mail 1 - Value\n優希,,田中,ゆうき,たなか,* Work,yuki@example.jp',
    ],
    [
      'Google, before',
      'Name,Given Name,Family Name,Given Name Yomi,Family Name Yomi,E-mail 1 - Type,E-mail 1 - Value\n田中 優希,優希,田中,ゆうき,たなか,*,yuki@example.jp',
    ],
    [
      'Outlook in Japanese',
      '敬称,姓,名,姓フリガナ,名フリガナ,会社名,電子メール アドレス,電子メール 2 アドレス\n,田中,優希,たなか,ゆうき,"株式会社\nヤマト",yuki@example.jp,',
    ],
    [
      'Thunderbird in Japanese',
      '名,姓,表示名,ニックネーム,メールアドレス,別のメールアドレス\n優希,田中,田中 優希,ゆう,yuki@example.jp,',
    ],
    [
      'Thunderbird in English, by tabs',
      'First Name\tLast Name\tDisplay Name\tPrimary Email\nYuki\tTanaka\t田中 優希\tyuki@example.jp',
    ],
    ['Excel, by semicolons', 'Name;E-Mail\n田中 優希;yuki@example.jp'],
    ['a list without headings', 'yuki@example.jp,田中 優希'],
  ])('of %s is read', (_whose, text) => {
    const { file } = read(text)
    expect(file?.contacts.map(({ address }) => address)).toEqual([
      { name: '田中 優希', address: 'yuki@example.jp' },
    ])
    expect(file?.unreadable).toEqual([])
  })

  test('tells the readings of Outlook and Google', () => {
    expect(
      read('姓,名,姓フリガナ,名フリガナ,電子メール アドレス\n田中,優希,タナカ,ユウキ,y@x.example').shown,
    ).toEqual(['田中 優希 <y@x.example> (タナカ ユウキ)'])
  })

  test('of Western names puts the given name first', () => {
    expect(read('First Name,Last Name,E-mail Address\nHaruka,Aoki,h@x.example').shown).toEqual([
      'Haruka Aoki <h@x.example>',
    ])
  })

  test('tells the rows without an address by their first line, also behind a cell of several lines', () => {
    const { file, shown } = read(
      'Name,Notes,E-mail\nA,"one\ntwo\nthree",a@x.example\nNobody,,\nB,,b@x.example\n',
    )
    expect(shown).toEqual(['A <a@x.example>', 'B <b@x.example>'])
    expect(file?.unreadable).toEqual([{ line: 5, text: 'Nobody' }])
  })

  test('reads on behind a quote that is never closed or stands in the middle', () => {
    const { shown } = read('Name,E-mail\nThe "Duke",duke@x.example\nB,b@x.example\n')
    expect(shown).toEqual(['The "Duke" <duke@x.example>', 'B <b@x.example>'])
  })

  test('without any address is no file of contacts', () => {
    expect(read('Date,Amount\n2026-11-24,12\n').file).toBeNull()
    expect(read(Buffer.from([0, 1, 2, 3, 255])).file).toBeNull()
    expect(read('').file).toBeNull()
  })

  test('takes one address once, with the name wherever it stands', () => {
    expect(read('Name,E-mail\n,yuki@x.example\n田中,YUKI@x.example\n').shown).toEqual([
      '田中 <yuki@x.example>',
    ])
  })
})

describe('the encoding', () => {
  const head = 'Name,E-mail\n'
  const tail = ',t@x.example\n'
  const around = (name: number[]) => Buffer.concat([Buffer.from(head), Buffer.from(name), Buffer.from(tail)])
  test.each([
    ['UTF-8', Buffer.from(`${head}田中${tail}`)],
    ['UTF-8', Buffer.from(`\ufeff${head}田中${tail}`)],
    ['UTF-16', utf16(`${head}田中${tail}`, 'le')],
    ['UTF-16', utf16(`${head}田中${tail}`, 'be')],
    ['UTF-16', utf16(`${head}田中${tail}`, 'le', false)],
    ['Shift_JIS', around(TANAKA_SJIS)],
    ['EUC-JP', around(TANAKA_EUC)],
  ])('%s is found out', (encoding, bytes) => {
    expect(read(bytes).file?.encoding).toBe(encoding)
    expect(read(bytes).shown).toEqual(['田中 <t@x.example>'])
  })

  test('Windows-1252 is what is left', () => {
    expect(read(around([...Buffer.from('M'), 0xfc, ...Buffer.from('ller')])).shown).toEqual([
      'Müller <t@x.example>',
    ])
  })
})

describe('what is written is read again as it was', () => {
  const contact = fc.record({
    name: fc
      .string({ unit: fc.constantFrom(...'ab田優,;"\\:\' ='), maxLength: 40 })
      .map(name => name.replace(/\s+/g, ' ').trim()),
    reading: fc
      .string({ unit: fc.constantFrom(...'たなか '), maxLength: 10 })
      .map(name => name.replace(/\s+/g, ' ').trim()),
  })
  const contacts = fc
    .array(contact, { minLength: 1, maxLength: 5 })
    .map(list =>
      list.map(({ name, reading }, at) => ({ address: { name, address: `p${at}@x.example` }, reading })),
    )

  test('as vCard 4.0', () => {
    fc.assert(
      fc.property(contacts, list => {
        const again = readContactFile(Buffer.from(writeVcards(list)))?.contacts
        expect(again).toEqual(
          list.map(({ address, reading }) => ({
            address: { ...address, name: address.name || address.address },
            reading,
          })),
        )
      }),
    )
  })

  test('as CSV, but for names that a table would reckon with', () => {
    fc.assert(
      fc.property(contacts, list => {
        const safe = list.map(({ address, reading }) => ({
          address: { ...address, name: address.name.replace(/^[=+\-@ ]+/, '') },
          reading,
        }))
        expect(readContactFile(Buffer.from(writeCsv(safe)))?.contacts).toEqual(safe)
      }),
    )
  })

  test('and no line of a vCard is longer than 75 octets', () => {
    const name = '長い名前'.repeat(30)
    const lines = writeVcards([{ address: { name, address: 'n@x.example' }, reading: '' }]).split('\r\n')
    expect(Math.max(...lines.map(line => Buffer.byteLength(line)))).toBeLessThanOrEqual(75)
  })
})

describe('a table for a letter to many', () => {
  test('has its first row as columns, and every row as many cells as there are columns', () => {
    expect(readTable('mail,name,firm\na@x.test,"Ito, Ken"\nb@x.test,Bo,Y,more\n')).toEqual({
      columns: ['mail', 'name', 'firm', 'D'],
      rows: [
        ['a@x.test', 'Ito, Ken', '', ''],
        ['b@x.test', 'Bo', 'Y', 'more'],
      ],
    })
  })

  test('without headings calls its columns by letters and loses no row', () => {
    expect(readTable('a@x.test\tAnn\nb@x.test\tBo')).toEqual({
      columns: ['A', 'B'],
      rows: [
        ['a@x.test', 'Ann'],
        ['b@x.test', 'Bo'],
      ],
    })
  })

  test('of nothing has no rows', () => {
    expect(readTable('')).toEqual({ columns: [], rows: [] })
  })
})
