// An SMTP server that behaves, except where a test's script says otherwise, and that remembers everything.
// Refuses to deliver: what it took lies in `messages`.

import { type Act, createChooser, type Scripted } from './acts.ts'
import { readLogin, type Users } from './credentials.ts'
import { readBody } from './dotted.ts'
import {
  giveReply,
  type ListenerOptions,
  listenScripted,
  noteCommand,
  type ScriptedListener,
  type Session,
  secureSession,
} from './scripted-listener.ts'

export type SmtpMessage = {
  from: string
  to: string[]
  /** The bytes of the mail as its writer made them: without dots before dots, without the final dot. */
  data: Buffer
  /** The server took it, whether or not the client heard so. */
  accepted: boolean
  session: SmtpSession
}

export type SmtpSession = Session & {
  from: string | undefined
  to: string[]
  /** The lines with which it logged in, as they came. */
  saidInAuth: string[]
  /** It sent on before the reply to EHLO, STARTTLS or AUTH, or at all where PIPELINING was not offered. */
  hasSpokenTooEarly: boolean
}

/** What a function in a script is told. */
export type SmtpAsked = {
  line: string
  /** Of MAIL and RCPT. */
  address: string
  session: SmtpSession
  /** At the final dot. */
  message: SmtpMessage | undefined
}

type SmtpScripted = Scripted<SmtpAsked>

/** Only what shall be other than usual. Lists are used up over all connections. */
export type SmtpScript = {
  greeting?: SmtpScripted
  ehlo?: SmtpScripted
  helo?: SmtpScripted
  starttls?: SmtpScripted
  /** After the credentials were read. */
  auth?: SmtpScripted
  mail?: SmtpScripted
  rcpt?: SmtpScripted
  /** By address, before `rcpt` is looked at. */
  recipients?: Record<string, SmtpScripted>
  data?: SmtpScripted
  /** After the final dot. `done(drop())` takes the mail and hangs up without saying so. */
  body?: SmtpScripted
  /** While the body comes in. */
  midBody?: { afterBytes: number; act: Act }
  rset?: SmtpScripted
  noop?: SmtpScripted
  quit?: SmtpScripted
  other?: SmtpScripted
}

export type SmtpOptions = ListenerOptions & {
  /** With users, mail needs a login. */
  users?: Users
  /** ['PLAIN', 'LOGIN'] when not said. */
  mechanisms?: string[]
  /** Offered unless false. */
  pipelining?: boolean
  /** Offered and kept to. */
  size?: number
  /** Besides PIPELINING, SIZE, STARTTLS and AUTH, which follow from the other options. */
  capabilities?: string[]
  /** Read the body in pieces of so many bytes, one in each turn of the event loop. */
  chunkBytes?: number
}

export type ScriptedSmtp = ScriptedListener<SmtpSession> & {
  /** Every mail whose final dot came. */
  messages: SmtpMessage[]
  /** Mails that broke off before their final dot, as far as they came. */
  abandoned: SmtpMessage[]
  /** The next mail of which is known whether it was taken; each is given out once. */
  nextMessage(): Promise<SmtpMessage>
}

export const usualCapabilities = ['8BITMIME', 'SMTPUTF8', 'ENHANCEDSTATUSCODES', 'DSN']

/** Starts it on a port of its own. */
export async function startScriptedSmtp(
  script: SmtpScript = {},
  options: SmtpOptions = {},
): Promise<ScriptedSmtp> {
  const messages: SmtpMessage[] = []
  const abandoned: SmtpMessage[] = []
  const settled = new Set<SmtpMessage>()
  const choose = createChooser()
  let given = 0

  const listener = await listenScripted<SmtpSession>(
    options,
    base => ({ ...base, from: undefined, to: [], saidInAuth: [], hasSpokenTooEarly: false }),
    talk,
  )

  async function talk(session: SmtpSession): Promise<void> {
    const { wire } = session
    await reply(session, '', script.greeting, '220 scripted.test ESMTP')
    for (;;) {
      const line = await wire.line()
      if (line === undefined) return
      noteCommand(listener, session, line)
      const verb = line.split(/[ :]/, 1)[0]?.toUpperCase() ?? ''
      const waits = options.pipelining === false || ['EHLO', 'STARTTLS', 'AUTH'].includes(verb)
      if (waits && wire.hasMore()) session.hasSpokenTooEarly = true
      await obey(session, verb, line)
      if (verb === 'QUIT') return
    }
  }

  async function obey(session: SmtpSession, verb: string, line: string): Promise<void> {
    switch (verb) {
      case 'EHLO':
        forget(session)
        return reply(session, line, script.ehlo, ehloReply(session))
      case 'HELO':
        forget(session)
        return reply(session, line, script.helo, '250 scripted.test')
      case 'STARTTLS':
        return startTls(session, line)
      case 'AUTH':
        return authenticate(session, line)
      case 'MAIL':
        return startMail(session, line)
      case 'RCPT':
        return addRecipient(session, line)
      case 'DATA':
        return takeData(session, line)
      case 'RSET':
        forget(session)
        return reply(session, line, script.rset, '250 2.0.0 Ok')
      case 'NOOP':
        return reply(session, line, script.noop, '250 2.0.0 Ok')
      case 'QUIT':
        session.hasQuit = true
        return reply(session, line, script.quit, '221 2.0.0 Bye')
      default:
        return reply(session, line, script.other, '502 5.5.2 Command not recognized')
    }
  }

  /** Chooses between script and usual, gives the reply, tells `heard` before its first byte. */
  async function reply(
    session: SmtpSession,
    line: string,
    scripted: SmtpScripted | undefined,
    usual: string,
    heard: (said: string) => void = () => {},
    more: Partial<SmtpAsked> = {},
  ): Promise<void> {
    const asked: SmtpAsked = { line, address: '', session, message: undefined, ...more }
    await giveReply(session, choose(scripted, asked), usual, heard)
  }

  function ehloReply(session: SmtpSession): string {
    const { users, mechanisms = ['PLAIN', 'LOGIN'], size, capabilities = usualCapabilities } = options
    const mayLogIn = users && (session.isSecure || options.security !== 'starttls')
    const offers = [
      'scripted.test',
      ...(options.pipelining === false ? [] : ['PIPELINING']),
      ...(size === undefined ? [] : [`SIZE ${size}`]),
      ...(options.security === 'starttls' && !session.isSecure ? ['STARTTLS'] : []),
      ...(mayLogIn ? [`AUTH ${mechanisms.join(' ')}`] : []),
      ...capabilities,
    ]
    return offers.map((offer, index) => `250${index === offers.length - 1 ? ' ' : '-'}${offer}`).join('\n')
  }

  async function startTls(session: SmtpSession, line: string): Promise<void> {
    const isOffered = options.security === 'starttls' && !session.isSecure
    const usual = isOffered ? '220 2.0.0 Ready to start TLS' : '502 5.5.1 STARTTLS not offered'
    let isAgreed = false
    await reply(session, line, script.starttls, usual, said => {
      isAgreed = said.startsWith('220')
    })
    if (!isAgreed) return
    forget(session)
    if (!(await secureSession(session, options))) session.wire.drop()
  }

  async function authenticate(session: SmtpSession, line: string): Promise<void> {
    const [, mechanism = '', initial] = line.split(' ')
    if (!options.users) return reply(session, line, script.auth, '503 5.5.1 AUTH not offered')
    if (options.security === 'starttls' && !session.isSecure) {
      return reply(session, line, script.auth, '538 5.7.11 Encryption required')
    }
    if (initial !== undefined) session.saidInAuth.push(initial)
    const heard = async () => {
      const said = await session.wire.line()
      if (said !== undefined) session.saidInAuth.push(said)
      return said
    }
    const login = await readLogin({
      wire: Object.assign(Object.create(session.wire), { line: heard }),
      users: options.users,
      mechanism: mechanism.toUpperCase(),
      initial,
      ask: text => `334 ${text}`,
    })
    const usual = !login
      ? '501 5.5.4 Authentication given up'
      : login.isRight
        ? '235 2.7.0 Authentication successful'
        : '535 5.7.8 Authentication credentials invalid'
    await reply(session, line, script.auth, usual, said => {
      if (said.startsWith('235')) session.user = login?.user ?? ''
    })
  }

  async function startMail(session: SmtpSession, line: string): Promise<void> {
    const address = addressIn(line)
    const size = Number(/ SIZE=(\d+)/i.exec(line)?.[1] ?? 0)
    const usual =
      options.users && session.user === undefined
        ? '530 5.7.0 Authentication required'
        : address === undefined
          ? '501 5.5.4 Syntax: MAIL FROM:<address>'
          : size > (options.size ?? Number.POSITIVE_INFINITY)
            ? '552 5.3.4 Message too big'
            : '250 2.1.0 Ok'
    const heard = (said: string) => {
      if (said.startsWith('250')) session.from = address ?? ''
    }
    await reply(session, line, script.mail, usual, heard, { address: address ?? '' })
  }

  async function addRecipient(session: SmtpSession, line: string): Promise<void> {
    const address = addressIn(line) ?? ''
    const usual =
      session.from === undefined
        ? '503 5.5.1 MAIL first'
        : address === ''
          ? '501 5.5.4 Syntax: RCPT TO:<address>'
          : '250 2.1.5 Ok'
    const scripted = script.recipients?.[address] ?? script.rcpt
    const heard = (said: string) => {
      if (/^25[01]/.test(said)) session.to.push(address)
    }
    await reply(session, line, scripted, usual, heard, { address })
  }

  async function takeData(session: SmtpSession, line: string): Promise<void> {
    const hasEnvelope = session.from !== undefined && session.to.length > 0
    const usual = hasEnvelope ? '354 End data with <CR><LF>.<CR><LF>' : '554 5.5.1 No valid recipients'
    let isComing = false
    await reply(session, line, script.data, usual, said => {
      isComing = said.startsWith('354')
    })
    if (isComing) await takeBody(session)
  }

  async function takeBody(session: SmtpSession): Promise<void> {
    const { wire } = session
    const body = await readBody(wire, { chunkBytes: options.chunkBytes, midBody: script.midBody })
    const { from = '', to } = session
    const message: SmtpMessage = { from, to: [...to], data: body.data, accepted: false, session }
    forget(session)
    if (!body.isComplete) {
      session.transcript.push(`-- broke off after ${body.data.length} bytes --`)
      abandoned.push(message)
      return listener.changed()
    }
    messages.push(message)
    noteCommand(listener, session, '.')
    const isTooBig = body.data.length > (options.size ?? Number.POSITIVE_INFINITY)
    const usual = isTooBig ? '552 5.3.4 Message too big' : `250 2.0.0 Ok: queued as ${messages.length}`
    const settle = (said: string) => {
      if (said.startsWith('250')) message.accepted = true
      settled.add(message)
      listener.changed()
    }
    await reply(session, '.', script.body, usual, settle, { message })
    settle('')
  }

  return Object.assign(listener, {
    messages,
    abandoned,
    nextMessage: () =>
      listener.waitFor(() => {
        const message = messages[given]
        if (!message || !settled.has(message)) return undefined
        given++
        return message
      }, 'the next mail'),
  })
}

function forget(session: SmtpSession): void {
  session.from = undefined
  session.to = []
}

function addressIn(line: string): string | undefined {
  return /^(?:MAIL FROM|RCPT TO):\s*<([^>]*)>/i.exec(line)?.[1]
}
