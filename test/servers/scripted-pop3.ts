// A POP3 server over a mailbox given as bytes. It behaves, except where a test's script says otherwise.
// Refuses to change the mailbox before QUIT, as the protocol wants it.

import { createHash } from 'node:crypto'
import { createChooser, type Scripted } from './acts.ts'
import { isRight, readLogin, type Users } from './credentials.ts'
import { dotted } from './dotted.ts'
import {
  giveReply,
  type ListenerOptions,
  listenScripted,
  noteCommand,
  type ScriptedListener,
  type Session,
  secureSession,
} from './scripted-listener.ts'

export type Pop3Mail = { uidl: string; data: Buffer }

export type Pop3Session = Session & {
  /** What the mailbox held at the login; deleted ones are marked, numbers stay. */
  mails: { mail: Pop3Mail; isDeleted: boolean }[]
  isLoggedIn: boolean
}

/** What a function in a script is told. */
export type Pop3Asked = { line: string; session: Pop3Session; mail: Pop3Mail | undefined }

type Pop3Scripted = Scripted<Pop3Asked>

/** The replies a script may change, by command in small letters. Lists are used up over all connections. */
export type Pop3Script = Partial<Record<Pop3Place, Pop3Scripted>>

export type Pop3Place = 'greeting' | Pop3Verb | 'other'

const verbs = [
  'capa',
  'stls',
  'user',
  'pass',
  'apop',
  'auth',
  'stat',
  'list',
  'uidl',
  'top',
  'retr',
  'dele',
  'rset',
  'noop',
  'quit',
] as const

export type Pop3Verb = (typeof verbs)[number]

export type Pop3Options = ListenerOptions & {
  /** Everybody may log in when not said. */
  users?: Users
  mailbox?: Pop3Mail[]
  /** The greeting has a time stamp, and APOP works. */
  apop?: boolean
  /** ['PLAIN'] when not said. */
  mechanisms?: string[]
  /** Offered unless false. */
  pipelining?: boolean
  /** Besides PIPELINING, STLS and SASL, which follow from the other options. */
  capabilities?: string[]
}

export type ScriptedPop3 = ScriptedListener<Pop3Session> & {
  /** What is there now; a test may add to it. */
  mailbox: Pop3Mail[]
  /** The UIDLs of mails that a QUIT really removed. */
  deleted: string[]
}

const timeStamp = '<1896.697170952@scripted.test>'

/** Starts it on a port of its own. */
export async function startScriptedPop3(
  script: Pop3Script = {},
  options: Pop3Options = {},
): Promise<ScriptedPop3> {
  const mailbox: Pop3Mail[] = [...(options.mailbox ?? [])]
  const deleted: string[] = []
  const choose = createChooser()

  const listener = await listenScripted<Pop3Session>(
    options,
    base => ({ ...base, mails: [], isLoggedIn: false }),
    talk,
  )

  async function talk(session: Pop3Session): Promise<void> {
    await reply(session, 'greeting', '', `+OK scripted POP3 ready${options.apop ? ` ${timeStamp}` : ''}`)
    for (;;) {
      const line = await session.wire.line()
      if (line === undefined) return
      noteCommand(listener, session, line)
      const word = line.split(' ', 1)[0]?.toLowerCase() ?? ''
      const verb = verbs.find(known => known === word)
      if (verb === undefined) await reply(session, 'other', line, '-ERR unknown command')
      else await obey(session, verb, line)
      if (verb === 'quit') return
    }
  }

  /** Gives the scripted reply or the usual one; true when what was said is a +OK. */
  async function reply(
    session: Pop3Session,
    place: Pop3Place,
    line: string,
    usual: string | Buffer,
    mail?: Pop3Mail,
    heard: () => void = () => {},
  ): Promise<boolean> {
    let isOk = false
    await giveReply(session, choose(script[place], { line, session, mail }), usual, said => {
      isOk = said.startsWith('+OK')
      if (isOk) heard()
    })
    return isOk
  }

  async function obey(session: Pop3Session, verb: Pop3Verb, line: string): Promise<void> {
    const [, first = '', second = ''] = line.split(' ')
    switch (verb) {
      case 'capa':
        await reply(session, verb, line, capabilities(session))
        return
      case 'noop':
        await reply(session, verb, line, '+OK')
        return
      case 'stls':
        return startTls(session, line)
      case 'user':
        if (await reply(session, verb, line, mayLogIn(session) ? '+OK' : needsTls)) session.user = first
        return
      case 'pass':
        // A password may have spaces.
        return logIn(
          session,
          verb,
          line,
          session.user ?? '',
          knows(session.user ?? '', line.slice('PASS '.length)),
        )
      case 'apop':
        return logIn(session, verb, line, first, options.apop === true && digestIsRight(first, second))
      case 'auth':
        return authenticate(session, line)
      case 'quit':
        return quit(session, line)
      default:
        return serve(session, verb, line, first, second)
    }
  }

  /** The commands of somebody who has logged in. */
  async function serve(
    session: Pop3Session,
    verb: Exclude<Pop3Verb, 'capa' | 'noop' | 'stls' | 'user' | 'pass' | 'apop' | 'auth' | 'quit'>,
    line: string,
    first: string,
    second: string,
  ): Promise<void> {
    const numbered = session.mails.map((entry, index) => ({ ...entry, number: index + 1 }))
    const present = numbered.filter(entry => !entry.isDeleted)
    const chosen = present.find(entry => String(entry.number) === first)
    const mail = chosen?.mail
    const say = async (usual: string | Buffer, heard?: () => void) => {
      await reply(session, verb, line, session.isLoggedIn ? usual : notLoggedIn, mail, heard)
    }
    const listing = (tell: (mail: Pop3Mail) => string | number) => {
      if (first) return mail ? `+OK ${first} ${tell(mail)}` : noSuchMail
      const lines = present.map(entry => `${entry.number} ${tell(entry.mail)}\r\n`).join('')
      return Buffer.from(`+OK ${present.length} messages\r\n${lines}.\r\n`)
    }
    switch (verb) {
      case 'stat':
        return say(`+OK ${present.length} ${present.reduce((sum, entry) => sum + octets(entry.mail), 0)}`)
      case 'list':
        return say(listing(octets))
      case 'uidl':
        return say(listing(({ uidl }) => uidl))
      case 'retr':
        return say(mail ? multiLine(`+OK ${octets(mail)} octets`, mail.data) : noSuchMail)
      case 'top':
        return say(mail ? multiLine('+OK', topOf(mail.data, Number(second))) : noSuchMail)
      case 'dele': {
        const entry = session.mails[Number(first) - 1]
        return say(mail ? '+OK marked' : noSuchMail, () => {
          if (entry) entry.isDeleted = true
        })
      }
      case 'rset':
        return say('+OK', () => {
          for (const entry of session.mails) entry.isDeleted = false
        })
    }
  }

  function capabilities(session: Pop3Session): Buffer {
    const { mechanisms = ['PLAIN'] } = options
    const lines = [
      ...(options.capabilities ?? ['TOP', 'UIDL', 'RESP-CODES']),
      ...(mayLogIn(session) ? ['USER', `SASL ${mechanisms.join(' ')}`] : []),
      ...(options.security === 'starttls' && !session.isSecure ? ['STLS'] : []),
      ...(options.pipelining === false ? [] : ['PIPELINING']),
    ]
    return Buffer.from(`+OK\r\n${lines.map(line => `${line}\r\n`).join('')}.\r\n`)
  }

  async function startTls(session: Pop3Session, line: string): Promise<void> {
    const isOffered = options.security === 'starttls' && !session.isSecure
    const agreed = await reply(session, 'stls', line, isOffered ? '+OK begin TLS' : '-ERR not offered')
    if (agreed && !(await secureSession(session, options))) session.wire.drop()
  }

  function mayLogIn(session: Pop3Session): boolean {
    return options.security !== 'starttls' || session.isSecure
  }

  function knows(user: string, password: string): boolean {
    return !options.users || isRight(options.users, user, password)
  }

  function digestIsRight(user: string, digest: string): boolean {
    const password = options.users?.[user] ?? ''
    return createHash('md5').update(`${timeStamp}${password}`).digest('hex') === digest
  }

  async function authenticate(session: Pop3Session, line: string): Promise<void> {
    const [, mechanism = '', initial] = line.split(' ')
    if (!mayLogIn(session)) return void (await reply(session, 'auth', line, needsTls))
    const exchange = {
      wire: session.wire,
      users: options.users ?? {},
      mechanism: mechanism.toUpperCase(),
      initial,
    }
    const login = await readLogin({ ...exchange, ask: text => `+ ${text}` })
    const right = login !== undefined && (login.isRight || !options.users)
    await logIn(session, 'auth', line, login?.user ?? '', right)
  }

  async function logIn(
    session: Pop3Session,
    verb: 'pass' | 'apop' | 'auth',
    line: string,
    user: string,
    isTheirs: boolean,
  ): Promise<void> {
    const usual = !mayLogIn(session)
      ? needsTls
      : isTheirs
        ? '+OK logged in'
        : '-ERR [AUTH] wrong user or password'
    await reply(session, verb, line, usual, undefined, () => {
      session.user = user
      session.isLoggedIn = true
      session.mails = mailbox.map(mail => ({ mail, isDeleted: false }))
    })
  }

  async function quit(session: Pop3Session, line: string): Promise<void> {
    session.hasQuit = true
    await reply(session, 'quit', line, '+OK bye', undefined, () => {
      for (const { mail, isDeleted } of session.mails) {
        const place = mailbox.indexOf(mail)
        if (!isDeleted || place < 0) continue
        mailbox.splice(place, 1)
        deleted.push(mail.uidl)
      }
      listener.changed()
    })
  }

  return Object.assign(listener, { mailbox, deleted })
}

const needsTls = '-ERR first STLS'
const notLoggedIn = '-ERR log in first'
const noSuchMail = '-ERR no such message'

function multiLine(status: string, data: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${status}\r\n`), dotted(data)])
}

/** As they go over the wire, before any dots are doubled. */
function octets(mail: Pop3Mail): number {
  return mail.data.toString('latin1').replace(/\r?\n/g, '\r\n').length
}

/** The header, the empty line and so many lines of the body. */
function topOf(data: Buffer, lineCount: number): Buffer {
  const lines = data.toString('latin1').split(/(?<=\n)/)
  const empty = lines.findIndex(line => line === '\r\n' || line === '\n')
  return Buffer.from(lines.slice(0, empty < 0 ? lines.length : empty + 1 + lineCount).join(''), 'latin1')
}
