// A raw IMAP listener for faults: canned replies per command, untagged lines pushed at any time, drops, stalls
// and endless talk. Refuses to be a mail server: what a real one does is tried with dovecot.ts.

import { createChooser, replyBytes, type Scripted } from './acts.ts'
import { isRight, readLogin, type Users } from './credentials.ts'
import {
  giveReply,
  type ListenerOptions,
  listenScripted,
  noteCommand,
  type ScriptedListener,
  type Session,
  secureSession,
} from './scripted-listener.ts'

export type ImapSession = Session & {
  selected: string | undefined
  /** In IDLE right now. */
  isIdling: boolean
}

/** What a function in a script is told. */
export type ImapAsked = {
  tag: string
  /** In capitals; of UID commands with the UID: 'UID FETCH'. */
  command: string
  /** What follows; a literal stands where the client put it, without its {count}. */
  rest: string
  session: ImapSession
}

/**
 * Replies by command in capitals; `$tag` in them is the client's tag. 'IDLE' is what is said at its beginning,
 * 'DONE' at its end. Lists are used up over all connections.
 */
export type ImapScript = {
  greeting?: Scripted<ImapAsked>
  replies?: Record<string, Scripted<ImapAsked>>
}

export type ImapOptions = ListenerOptions & {
  /** Everybody may log in when not said. */
  users?: Users
  /** Besides STARTTLS and AUTH, which follow from the other options. */
  capabilities?: string[]
}

export type ScriptedImap = ScriptedListener<ImapSession> & {
  /** Sends untagged lines to every client that is there now. */
  push(text: string): Promise<void>
}

/** Starts it on a port of its own. */
export async function startScriptedImap(
  script: ImapScript = {},
  options: ImapOptions = {},
): Promise<ScriptedImap> {
  const choose = createChooser()
  const listener = await listenScripted<ImapSession>(
    options,
    base => ({ ...base, selected: undefined, isIdling: false }),
    talk,
  )

  async function talk(session: ImapSession): Promise<void> {
    const hello: ImapAsked = { tag: '*', command: '', rest: '', session }
    const greeting = `* OK [CAPABILITY ${capabilities(session)}] scripted IMAP ready`
    await giveReply(session, choose(script.greeting, hello), greeting)
    for (;;) {
      const line = await readCommand(session)
      if (line === undefined) return
      noteCommand(listener, session, line)
      const asked = parse(line, session)
      await obey(asked)
      if (asked.command === 'LOGOUT') return
    }
  }

  async function obey(asked: ImapAsked): Promise<void> {
    const { session, tag, command } = asked
    const heard = await reply(asked, await usualReply(asked))
    const isOk = heard.includes(`${tag} OK`)
    if (command === 'STARTTLS' && isOk && !(await secureSession(session, options))) session.wire.drop()
    if ((command === 'SELECT' || command === 'EXAMINE') && isOk) session.selected = asked.rest
    if (command === 'IDLE' && heard.startsWith('+')) await idle(asked)
  }

  async function reply(asked: ImapAsked, usual: string): Promise<string> {
    let heard = ''
    const note = (said: string) => {
      heard = said
    }
    const scripted = choose(script.replies?.[asked.command], asked)
    await giveReply(asked.session, scripted, usual, note, text => text.replaceAll('$tag', asked.tag))
    return heard
  }

  async function idle(asked: ImapAsked): Promise<void> {
    const { session } = asked
    session.isIdling = true
    listener.changed()
    const line = await session.wire.line()
    session.isIdling = false
    if (line === undefined) return
    noteCommand(listener, session, line)
    await reply({ ...asked, command: 'DONE' }, `${asked.tag} OK IDLE ended`)
  }

  async function usualReply({ tag, command, rest, session }: ImapAsked): Promise<string> {
    switch (command) {
      case 'CAPABILITY':
        return `* CAPABILITY ${capabilities(session)}\n${tag} OK done`
      case 'STARTTLS':
        return options.security === 'starttls' ? `${tag} OK begin TLS` : `${tag} BAD not offered`
      case 'LOGIN': {
        const [user = '', password = ''] = rest.match(/"(?:[^"\\]|\\.)*"|\S+/g)?.map(unquoted) ?? []
        return loginReply(tag, session, user, isRight(options.users ?? {}, user, password))
      }
      case 'AUTHENTICATE': {
        const [mechanism = '', initial] = rest.split(' ')
        const exchange = { wire: session.wire, users: options.users ?? {}, mechanism, initial }
        const login = await readLogin({ ...exchange, ask: text => `+ ${text}` })
        return loginReply(tag, session, login?.user ?? '', login?.isRight === true)
      }
      case 'LOGOUT':
        session.hasQuit = true
        return `* BYE see you\n${tag} OK done`
      case 'NAMESPACE':
        return `* NAMESPACE (("" "/")) NIL NIL\n${tag} OK done`
      case 'LIST':
      case 'LSUB':
        return `* ${command} () "/" INBOX\n${tag} OK done`
      case 'SELECT':
      case 'EXAMINE':
        return `${emptyFolder}\n${tag} OK [READ-WRITE] done`
      case 'STATUS':
        return `* STATUS INBOX (MESSAGES 0 UIDNEXT 1 UIDVALIDITY 1 UNSEEN 0)\n${tag} OK done`
      case 'IDLE':
        return '+ idling'
      default:
        return harmless.has(command) ? `${tag} OK done` : `${tag} BAD not in the script: ${command}`
    }
  }

  function loginReply(tag: string, session: ImapSession, user: string, isTheirs: boolean): string {
    if (options.security === 'starttls' && !session.isSecure)
      return `${tag} NO [PRIVACYREQUIRED] first STARTTLS`
    if (options.users && !isTheirs) return `${tag} NO [AUTHENTICATIONFAILED] wrong user or password`
    session.user = user
    return `${tag} OK [CAPABILITY ${capabilities(session)}] logged in`
  }

  function capabilities(session: ImapSession): string {
    const mustSecure = options.security === 'starttls' && !session.isSecure
    const offers = options.capabilities ?? ['IDLE', 'NAMESPACE', 'UIDPLUS', 'LITERAL+']
    return ['IMAP4rev1', ...(mustSecure ? ['STARTTLS', 'LOGINDISABLED'] : ['AUTH=PLAIN']), ...offers].join(
      ' ',
    )
  }

  return Object.assign(listener, {
    push: async (text: string) => {
      const here = listener.sessions.filter(session => !session.wire.isClosed())
      await Promise.all(here.map(session => session.wire.write(replyBytes(text))))
    },
  })
}

const harmless = new Set([
  'NOOP',
  'CHECK',
  'CLOSE',
  'ID',
  'ENABLE',
  'FETCH',
  'UID FETCH',
  'SEARCH',
  'UID SEARCH',
])
const emptyFolder = `* 0 EXISTS
* 0 RECENT
* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)
* OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft \\*)]
* OK [UIDVALIDITY 1]
* OK [UIDNEXT 1]`

/** A command with its literals put in their places. */
async function readCommand({ wire }: ImapSession): Promise<string | undefined> {
  let command = ''
  for (;;) {
    const line = await wire.line()
    if (line === undefined) return undefined
    const [whole, count, plus] = /\{(\d+)(\+?)\}$/.exec(line) ?? []
    if (whole === undefined) return command + line
    if (!plus) await wire.write('+ go on\r\n')
    command += line.slice(0, -whole.length)
    for (let left = Number(count); left > 0; ) {
      const bytes = await wire.take(left)
      if (!bytes) return undefined
      command += bytes.toString('latin1')
      left -= bytes.length
    }
  }
}

function parse(line: string, session: ImapSession): ImapAsked {
  const [, tag = '', command = '', rest = ''] = /^(\S+) ((?:UID )?\S+) ?(.*)$/is.exec(line) ?? []
  return { tag, command: command.toUpperCase(), rest, session }
}

function unquoted(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text
}
