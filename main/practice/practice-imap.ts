/**
 * The practice IMAP server: listens on loopback for one user, keeps everything in memory. Our own, as the one in
 * the registry held the program up for a second per mail (docs/decisions/0010-practice-imap.md).
 */

import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import type { Clock } from '../host.ts'
import { CAPABILITIES, createImapSession } from './imap-session.ts'
import { createImapStore, type ImapStore } from './imap-store.ts'
import { createIntake } from './imap-syntax.ts'

const MOST_CONNECTIONS = 50

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
  const { clock, inbox } = options
  const store = createImapStore(clock)
  const deliver = (mail: Buffer) => {
    const folder = store.folder('INBOX')
    if (folder !== null) store.append(folder, mail, [], clock.now())
  }
  for (const mail of inbox) deliver(mail)

  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    serve(socket, store, options)
  })
  server.maxConnections = MOST_CONNECTIONS
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    deliver,
    async stop() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

function serve(socket: Socket, store: ImapStore, { clock, user, password }: PracticeImapOptions): void {
  const write = (bytes: Buffer | string) => {
    if (socket.writable) socket.write(bytes)
  }
  const session = createImapSession({ store, user, password, write, end: () => socket.end(), now: clock.now })
  const intake = createIntake({
    onLine: session.line,
    onGoAhead: () => write('+ Go ahead\r\n'),
    onTooLong: () => socket.end('* BYE Too long\r\n'),
    isKnown: session.isKnown,
  })
  socket.setNoDelay(true)
  socket.on('error', () => {})
  socket.once('close', session.close)
  socket.on('data', intake.read)
  write(`* OK [CAPABILITY ${CAPABILITIES}] Todoke practice mailbox\r\n`)
}
