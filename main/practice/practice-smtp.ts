/**
 * The only door to smtp-server: a submission server on loopback for one user. What a recipient does with a mail is
 * told by `decide` and `take`; this file only says it in SMTP. Refuses every other domain and every other user.
 */

import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'

/** No practice needs a larger mail. In bytes, also offered in EHLO. */
export const LARGEST_MAIL = 50 * 1024 * 1024

/** An SMTP refusal: `text` begins with its enhanced code (RFC 3463). */
export type Refusal = { code: number; text: string }

export type Submission = { sender: string; recipients: string[]; mail: Buffer; queueId: string }

export type PracticeSmtpOptions = {
  name: string
  user: string
  password: string
  /** At RCPT TO; `announced` is the SIZE of MAIL FROM or null. Null accepts. */
  decide(recipient: string, sender: string, announced: number | null): Refusal | null
  /** After the final dot. `drop` hangs up instead of answering; the mail is taken all the same. */
  take(submission: Submission): Refusal | 'accept' | 'drop'
  newQueueId(): string
}

export type PracticeSmtp = { port: number; stop(): Promise<void> }

/** Listens on a free port of 127.0.0.1. Rejects where it cannot listen. */
export async function startPracticeSmtp(options: PracticeSmtpOptions): Promise<PracticeSmtp> {
  const server = new SMTPServer({
    name: options.name,
    banner: 'Todoke practice mailbox',
    size: LARGEST_MAIL,
    rejectOversized: true,
    authMethods: ['PLAIN', 'LOGIN'],
    // Plaintext, as it is on loopback only; there is no certificate to offer.
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    hideENHANCEDSTATUSCODES: false,
    disableReverseLookup: true,
    socketTimeout: 10 * 60 * 1000,
    onConnect(session, callback) {
      keepOwnCodes(server, session)
      callback()
    },
    onAuth({ username, password }, _session, callback) {
      if (username === options.user && password === options.password) callback(null, { user: username })
      else callback(refuse({ code: 535, text: '5.7.8 Wrong user or password' }))
    },
    onRcptTo({ address }, session, callback) {
      const refusal = options.decide(address, senderOf(session), announcedSize(session))
      callback(refusal === null ? null : refuse(refusal))
    },
    onData(stream, session, callback) {
      const pieces: Buffer[] = []
      stream.on('data', (piece: Buffer) => {
        if (!stream.sizeExceeded) pieces.push(piece)
      })
      stream.on('end', () => {
        if (stream.sizeExceeded) return callback(null)
        const queueId = options.newQueueId()
        const answer = options.take({
          sender: senderOf(session),
          recipients: session.envelope.rcptTo.map(({ address }) => address),
          mail: Buffer.concat(pieces),
          queueId,
        })
        if (answer === 'accept') callback(null, `2.0.0 Ok: queued as ${queueId}`)
        else if (answer === 'drop') connectionOf(server, session)?._socket.destroy()
        else callback(refuse(answer))
      })
    },
  })
  // A client that goes away in the middle is a client's right.
  server.on('error', () => {})
  const listening = once(server.server, 'listening')
  server.listen(0, '127.0.0.1')
  await listening
  return {
    port: (server.server.address() as AddressInfo).port,
    async stop() {
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      for (const connection of server.connections) connection._socket.destroy()
      await closed
    },
  }
}

function connectionOf(server: SMTPServer, session: SMTPServerSession) {
  return [...server.connections].find(connection => connection.session.id === session.id)
}

/** smtp-server puts an enhanced code of its own before every reply; where the text brings one, that is the right one. */
function keepOwnCodes(server: SMTPServer, session: SMTPServerSession): void {
  const connection = connectionOf(server, session)
  if (connection === undefined) return
  const send = connection.send.bind(connection)
  connection.send = (code, data, context) => {
    const bringsCode = typeof data === 'string' && /^[245]\.\d+\.\d+ /.test(data)
    send(code, data, bringsCode ? false : context)
  }
}

function senderOf(session: SMTPServerSession): string {
  return session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address
}

function announcedSize(session: SMTPServerSession): number | null {
  const { mailFrom } = session.envelope
  const size = mailFrom === false || mailFrom.args === false ? undefined : mailFrom.args.SIZE
  return typeof size === 'string' && /^\d{1,15}$/.test(size) ? Number(size) : null
}

function refuse({ code, text }: Refusal): Error {
  return Object.assign(new Error(text), { responseCode: code })
}
