/// <reference path="./hoodiecrow-imap.d.ts" />
/**
 * The only door to hoodiecrow-imap: an IMAP server on loopback for one user, in memory. Mends what its age shows
 * (docs/decisions/0010-practice-imap.md): literals go past its slow parser, and nothing of it outlives `stop`.
 */

import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import hoodiecrow from 'hoodiecrow-imap'
import type { Clock } from '../host.ts'

const PLUGINS = [
  ...['ID', 'IDLE', 'LITERALPLUS', 'SPECIAL-USE', 'UIDPLUS', 'MOVE', 'UNSELECT', 'NAMESPACE'],
  // Its AUTHENTICATE without an initial response never answers the next command, so SASL-IR is offered with it.
  ...['AUTH-PLAIN', 'SASL-IR'],
]

/** A literal beyond this is kept from the server's parser, which takes 200 ms a megabyte. */
const SMALL_LITERAL = 8 * 1024
const LARGEST_LITERAL = 64 * 1024 * 1024
const LONGEST_LINE = 64 * 1024

export type PracticeImap = {
  port: number
  /** Puts a mail into the inbox; who waits with IDLE hears of it at once. */
  deliver(mail: Buffer): void
  stop(): Promise<void>
}

export type PracticeImapOptions = {
  clock: Clock
  user: string
  password: string
  inbox: Buffer[]
}

/** Listens on a free port of 127.0.0.1. Rejects where it cannot listen. */
export async function startPracticeImap(options: PracticeImapOptions): Promise<PracticeImap> {
  const { clock, user, password, inbox } = options
  // Each start begins with UID 1 again, so nobody may take its mails for those of the last start.
  const uidvalidity = Math.floor(clock.now() / 1000)
  const folder = (use: string) => ({ 'special-use': `\\${use}`, uidvalidity })
  const server = hoodiecrow({
    plugins: PLUGINS,
    users: { [user]: { password } },
    storage: {
      INBOX: {
        uidvalidity,
        messages: inbox.map(mail => ({ raw: mail.toString('latin1'), internaldate: new Date(clock.now()) })),
      },
      '': {
        separator: '/',
        folders: {
          Sent: folder('Sent'),
          Drafts: folder('Drafts'),
          Archive: folder('Archive'),
          Junk: folder('Junk'),
          Trash: folder('Trash'),
        },
      },
    },
  })
  const sockets = new Set<Socket>()
  const literals = new Map<string, string>()

  const append = server.appendMessage.bind(server)
  // Without the connection as last argument: who appends to the selected folder is told of it as well (RFC 3501, 7.3.1).
  server.appendMessage = (mailbox, flags, internaldate, raw) => {
    const whole = literals.get(raw)
    literals.delete(raw)
    return append(mailbox, flags, internaldate ?? new Date(clock.now()), whole ?? raw)
  }
  server.connectionHandlers.push(connection => {
    const { socket } = connection
    if (socket === null) return
    sockets.add(socket)
    socket.prependListener('close', () => {
      sockets.delete(socket)
      // IDLE keeps a timer of 30 minutes until it is ended.
      if (connection.inputHandler !== false) connection.inputHandler('DONE')
    })
    socket.removeAllListeners('data')
    socket.on('data', literalGate(connection, socket, literals))
  })

  const listening = once(server.server, 'listening')
  server.listen(0, '127.0.0.1', () => {})
  await listening
  return {
    port: (server.server.address() as AddressInfo).port,
    deliver: mail => void server.appendMessage('INBOX', [], new Date(clock.now()), mail.toString('latin1')),
    async stop() {
      const closed = once(server.server, 'close')
      server.server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** Takes a large literal out of the stream, keeps it under a name and lets the server parse that name in its place. */
function literalGate(
  connection: hoodiecrow.Connection,
  socket: Socket,
  literals: Map<string, string>,
): (chunk: Buffer) => void {
  let unread: Buffer = Buffer.alloc(0)
  let left = 0
  let kept: Buffer[] | null = null

  const giveUp = (why: string) => {
    socket.end(`* BYE ${why}\r\n`)
    unread = Buffer.alloc(0)
  }

  /** One step; false where more bytes have to come first. */
  const step = (): boolean => {
    if (left > 0) {
      const part = unread.subarray(0, left)
      unread = unread.subarray(part.length)
      left -= part.length
      if (kept === null) connection.onData(part)
      else {
        kept.push(part)
        if (left === 0) {
          const name = randomUUID()
          literals.set(name, Buffer.concat(kept).toString('latin1'))
          kept = null
          connection.onData(Buffer.from(`{${name.length}+}\r\n${name}`))
        }
      }
      return unread.length > 0
    }
    const end = unread.indexOf(0x0a) + 1
    if (end === 0) {
      if (unread.length > LONGEST_LINE) giveUp('line too long')
      return false
    }
    const line = unread.subarray(0, end)
    const literal = /\{(\d+)(\+?)\}\r?\n$/.exec(line.subarray(-32).toString('latin1'))
    const bytes = Number(literal?.[1] ?? 0)
    if (bytes > LARGEST_LITERAL || (bytes > SMALL_LITERAL && connection.state === 'Not Authenticated')) {
      giveUp('literal too large')
      return false
    }
    unread = unread.subarray(end)
    left = bytes
    if (literal !== null && bytes > SMALL_LITERAL) {
      kept = []
      if (literal[2] !== '+') socket.write('+ Go ahead\r\n')
      connection.onData(Buffer.from(line.subarray(0, line.length - literal[0].length)))
    } else connection.onData(line)
    return unread.length > 0
  }

  return chunk => {
    unread = unread.length === 0 ? chunk : Buffer.concat([unread, chunk])
    while (step()) {}
  }
}
