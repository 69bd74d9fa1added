// What the scripted servers share: a listener on port 0 of 127.0.0.1, a record of what was said, and promises
// to wait for it. Refuses to know a protocol.

import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import type { SecureContextOptions } from 'node:tls'
import { type Reply, replyBytes } from './acts.ts'
import { openWire, type Wire } from './wire.ts'

export type Security = 'none' | 'starttls' | 'implicit'

export type ListenerOptions = {
  /** 'none' when not said. */
  security?: Security
  /** What TLS needs: `key` and `cert`, and whatever else the test wants (minVersion …). */
  tls?: SecureContextOptions
}

export type Session = {
  id: number
  wire: Wire
  commands: string[]
  /** Both sides, for the eyes of whom a test fails. */
  transcript: string[]
  user: string | undefined
  /** The client said good-bye. */
  hasQuit: boolean
  isSecure: boolean
  closed: Promise<void>
}

export type ScriptedListener<S extends Session> = {
  host: string
  port: number
  sessions: S[]
  /** Of all sessions, in the order they came. */
  commands: string[]
  /** The next command that matches, not looking again at those this function has gone past. */
  nextCommand(pattern: RegExp): Promise<string>
  /** Resolves with the first truthy answer; asked again after everything that happens. */
  waitFor<T>(look: () => T | undefined | false | null, what?: string): Promise<T>
  /** Has the waiting ones look again. */
  changed(): void
  transcript(): string
  stop(): Promise<void>
}

const deadlineMs = 10_000
// A test may put fake timers in place later; the server goes on in real time.
const realSetTimeout = setTimeout
const realClearTimeout = clearTimeout

/** Listens, and has `talk` hold the conversation with each client. */
export async function listenScripted<S extends Session>(
  options: ListenerOptions,
  makeSession: (base: Session) => S,
  talk: (session: S) => Promise<void>,
): Promise<ScriptedListener<S>> {
  const sessions: S[] = []
  const commands: string[] = []
  const lookers = new Set<() => void>()
  let bug: unknown
  let seenCommands = 0
  const changed = () => {
    for (const look of [...lookers]) look()
  }
  const transcript = () =>
    sessions.flatMap(session => session.transcript.map(line => `[${session.id}] ${line}`)).join('\n')

  const server = createServer(socket => {
    const wire = openWire(socket)
    const base: Session = {
      id: sessions.length + 1,
      wire,
      commands: [],
      transcript: [],
      user: undefined,
      hasQuit: false,
      isSecure: false,
      closed: wire.closed,
    }
    const session = makeSession(base)
    sessions.push(session)
    void wire.closed.then(changed)
    converse(session).catch(error => {
      // A mistake in a script: whoever waits, or at last stop(), gets it.
      bug ??= error
      wire.reset()
      changed()
    })
  })

  async function converse(session: S): Promise<void> {
    changed()
    if (options.security === 'implicit' && !(await secureSession(session, options))) return
    await talk(session)
    session.wire.drop()
  }

  function waitFor<T>(
    look: () => T | undefined | false | null,
    what = 'what the test waits for',
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const finish = (end: () => void) => {
        realClearTimeout(timer)
        lookers.delete(again)
        end()
      }
      const again = () => {
        try {
          if (bug) throw bug
          const answer = look()
          if (answer !== undefined && answer !== false && answer !== null) finish(() => resolve(answer))
        } catch (error) {
          finish(() => reject(error))
        }
      }
      const late = () => reject(new Error(`${what} did not come within ${deadlineMs} ms\n${transcript()}`))
      const timer = realSetTimeout(() => finish(late), deadlineMs)
      lookers.add(again)
      again()
    })
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    sessions,
    commands,
    nextCommand: pattern =>
      waitFor(() => {
        const place = commands.findIndex((command, index) => index >= seenCommands && pattern.test(command))
        if (place < 0) return undefined
        seenCommands = place + 1
        return commands[place]
      }, `a command like ${pattern}`),
    waitFor,
    changed,
    transcript,
    stop: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const session of sessions) session.wire.destroy()
      await Promise.all(sessions.map(session => session.closed))
      await closed
      if (bug) throw bug
    },
  }
}

/** Shakes hands and notes it; false when the client did not like our certificate. */
export async function secureSession(session: Session, options: ListenerOptions): Promise<boolean> {
  const isSecure = await session.wire.secure(options.tls ?? {})
  session.isSecure = isSecure
  session.transcript.push(isSecure ? '-- TLS --' : '-- TLS failed --')
  return isSecure
}

/** Notes a command in the session and in the whole record. */
export function noteCommand(
  listener: { commands: string[]; changed(): void },
  session: Session,
  command: string,
): void {
  session.commands.push(command)
  session.transcript.push(`C: ${command}`)
  listener.commands.push(command)
  listener.changed()
}

/**
 * Gives the scripted reply, or the usual one. `heard` gets the text of a whole reply before its first byte
 * goes out, so that what the server did is on record when the client hears of it.
 */
export async function giveReply(
  session: Session,
  reply: Reply | undefined,
  usual: string | Buffer,
  heard: (said: string) => void = () => {},
  fill: (text: string) => string = text => text,
): Promise<void> {
  const { wire, transcript } = session
  const say = async (bytes: Buffer, write: (bytes: Buffer) => Promise<void> = wire.write) => {
    const text = bytes.toString('utf8').trimEnd()
    transcript.push(`S: ${text.length > 400 ? `${text.slice(0, 400)} …` : text}`)
    heard(text)
    await write(bytes)
  }
  const usualBytes = typeof usual === 'string' ? replyBytes(usual) : usual
  if (reply === undefined) return say(usualBytes)
  if (typeof reply === 'string') return say(replyBytes(fill(reply)))
  transcript.push('-- scripted --')
  if (reply.isDone) heard(usualBytes.toString('utf8').trimEnd())
  await reply.perform({ wire, usual: usualBytes, fill, say })
}
