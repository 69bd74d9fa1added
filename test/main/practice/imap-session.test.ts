import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createImapSession } from '../../../main/practice/imap-session.ts'
import { createImapStore } from '../../../main/practice/imap-store.ts'
import { manualClock } from '../../support/manual-clock.ts'

const clock = manualClock()

function house(mails = 3) {
  const store = createImapStore(clock)
  const inbox = store.folder('INBOX')
  if (inbox === null) throw new Error('no inbox')
  for (let index = 1; index <= mails; index += 1) {
    store.append(inbox, Buffer.from(`Subject: ${index}\r\n\r\ntext\r\n`), [], clock.now())
  }
  const connect = (...commands: string[]) => {
    let said: string[] = []
    const session = createImapSession({
      store,
      user: 'you',
      password: 'pass',
      write: bytes => said.push(...String(bytes).split('\r\n').filter(Boolean)),
      end: () => said.push('(hangs up)'),
      now: clock.now,
    })
    const say = (line: string, ...literals: Buffer[]) => {
      said = []
      session.line(line, literals)
      return said
    }
    for (const command of commands) say(command)
    return { say, heard: () => said, session }
  }
  return { store, inbox, connect }
}

const open = ['a LOGIN you pass', 'b SELECT inbox']

describe('several clients', () => {
  test('one that waits hears of new mail, flags and removals at once', () => {
    const { connect } = house()
    const waiting = connect(...open)
    expect(waiting.say('i IDLE')).toEqual(['+ Waiting'])
    const other = connect(...open)
    other.say('c UID STORE 2 +FLAGS.SILENT (\\Seen \\Deleted)')
    expect(waiting.heard()).toEqual(['+ Waiting', '* 2 FETCH (UID 2 FLAGS (\\Seen \\Deleted))'])
    other.say('d EXPUNGE')
    expect(waiting.heard().at(-1)).toBe('* 2 EXPUNGE')
    other.say('e APPEND INBOX \u0000', Buffer.from('x'))
    expect(waiting.heard().at(-1)).toBe('* 3 EXISTS')
    expect(waiting.say('done')).toEqual(['i OK Idle is over'])
  })

  test('nothing vanishes while a client counts by sequence numbers', () => {
    const { connect } = house()
    const [one, two] = [connect(...open), connect(...open)]
    two.say('c STORE 1 +FLAGS.SILENT \\Deleted')
    two.say('d EXPUNGE')
    expect(one.say('c FETCH 1:3 UID')).toEqual([
      '* 1 FETCH (UID 1)',
      '* 2 FETCH (UID 2)',
      '* 3 FETCH (UID 3)',
      'c OK Fetched',
    ])
    expect(one.say('d NOOP')).toEqual(['* 1 EXPUNGE', 'd OK Done'])
    expect(one.say('e FETCH 1 UID')[0]).toBe('* 1 FETCH (UID 2)')
  })

  test('one is not told again of the flags it has set or seen set', () => {
    const { connect } = house()
    const { say } = connect(...open)
    expect(say('c STORE 1 FLAGS (\\flagged Custom)')).toEqual([
      '* 1 FETCH (FLAGS (\\Flagged Custom))',
      'c OK Stored',
    ])
    expect(say('d FETCH 1 BODY[TEXT]')).toEqual([
      '* 1 FETCH (BODY[TEXT] {6}',
      'text',
      ' FLAGS (\\Flagged Custom \\Seen))',
      'd OK Fetched',
    ])
    expect(say('e NOOP')).toEqual(['e OK Done'])
  })
})

describe('a folder', () => {
  test('opened to read only is not changed', () => {
    const { connect, inbox } = house()
    const { say } = connect('a LOGIN you pass', 'b EXAMINE INBOX')
    for (const line of ['c STORE 1 +FLAGS \\Deleted', 'd EXPUNGE', 'e MOVE 1 Trash']) {
      expect(say(line).at(-1)).toMatch(/^. NO \[READ-ONLY\]/)
    }
    say('f FETCH 1 BODY[]')
    say('g CLOSE')
    expect(inbox.mails.map(({ flags }) => flags.size)).toEqual([0, 0, 0])
  })

  test('moved mails get new UIDs, told before the old ones go', () => {
    const { connect, store } = house()
    const { say } = connect(...open)
    const validity = store.folder('Trash')?.uidValidity
    expect(say('c UID MOVE 2:3 Trash')).toEqual([
      `* OK [COPYUID ${validity} 2,3 1,2] Moved`,
      '* 3 EXPUNGE',
      '* 2 EXPUNGE',
      'c OK Moved',
    ])
    expect(say('d COPY 1 Nowhere').at(-1)).toMatch(/^d NO \[TRYCREATE\]/)
  })

  test('can be made and removed, the usual ones not', () => {
    const { connect } = house()
    const { say } = connect(...open)
    expect(say('c CREATE &ZeVnLIqe-/x').at(-1)).toBe('c OK Created')
    expect(say('d CREATE inbox').at(-1)).toMatch(/^d NO/)
    expect(say('e LIST "" *').filter(line => line.includes('&Ze'))).toEqual([
      '* LIST (\\HasNoChildren) "/" "&ZeVnLIqe-/x"',
    ])
    expect(say('f LIST "" %').length).toBe(7)
    expect(say('g DELETE &ZeVnLIqe-/x').at(-1)).toBe('g OK Deleted')
    expect(say('h DELETE Sent').at(-1)).toMatch(/^h NO/)
  })
})

describe('a stranger', () => {
  test('may do nothing but log in', () => {
    const { say } = house().connect()
    for (const line of [
      'a SELECT INBOX',
      'b LIST "" *',
      'c FETCH 1 FLAGS',
      'd IDLE',
      'e APPEND INBOX \u0000',
    ]) {
      expect(say(line, Buffer.from('x'))).toEqual([`${line[0]} BAD Not known here, or not now`])
    }
    expect(say('f LOGIN you wrong')[0]).toMatch(/^f NO \[AUTHENTICATIONFAILED\]/)
    expect(say('g AUTHENTICATE PLAIN')).toEqual(['+ '])
    expect(say(Buffer.from('\0you\0pass').toString('base64'))[0]).toMatch(/^g OK/)
    expect(say('h SELECT INBOX').at(-1)).toBe('h OK [READ-WRITE] Selected')
    expect(say('i LOGOUT')).toEqual(['* BYE Until next time', 'i OK Goodbye', '(hangs up)'])
  })

  test('cannot make it fall over, whatever is said', () => {
    const words = fc.constantFrom(
      ...[
        'UID',
        'FETCH',
        'STORE',
        'SEARCH',
        'COPY',
        'MOVE',
        'LIST',
        'STATUS',
        'APPEND',
        'CREATE',
        'IDLE',
        'DONE',
      ],
      ...[
        '1',
        '1:*',
        '*',
        '""',
        '"x"',
        '(',
        ')',
        'INBOX',
        'FLAGS',
        '+FLAGS',
        '\\Seen',
        'BODY[]',
        'NOT',
        'OR',
        '\u0000',
      ],
    )
    fc.assert(
      fc.property(fc.array(fc.array(words, { maxLength: 6 }), { maxLength: 8 }), lines => {
        const { say, session } = house(1).connect(...open)
        for (const line of lines) say(`t ${line.join(' ')}`, Buffer.from('x'))
        session.close()
      }),
    )
  })
})
