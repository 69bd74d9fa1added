// The servers of a crash test: a submission server that can be told what goes wrong next, and an IMAP server with a
// Sent folder that can hold an APPEND. They live in the test's process and so outlive the program. Counts everything.

import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { systemClock } from '../../main/host.ts'
import { CAPABILITIES, createImapSession } from '../../main/practice/imap-session.ts'
import { createImapStore } from '../../main/practice/imap-store.ts'
import { createIntake } from '../../main/practice/imap-syntax.ts'
import { type ScriptedSmtp, type SmtpScript, startScriptedSmtp } from '../servers/scripted-smtp.ts'
import type { Certificate } from '../support/test-ca.ts'

export const login = { user: 'yuki', password: 'correct horse' }

export type PostOffice = {
  smtp: ScriptedSmtp
  imapPort: number
  /** What goes otherwise than usual from now on; empty it to have a server that behaves. */
  script: SmtpScript
  behave(): void
  /** By Message-ID and recipient: how often the server said yes to it, whether or not anybody heard so. */
  taken(messageId: string): Map<string, number>
  /** The bytes that were taken, once for each time. */
  bytesOf(messageId: string): Buffer[]
  /** How many copies lie in Sent. */
  filed(messageId: string): number
  /** Before an APPEND is stored, or before it is answered. */
  onAppend: { before: (() => Promise<unknown>) | null; after: (() => Promise<unknown>) | null }
  /** Every mail that was ever appended, to whatever folder, in this order. */
  appended: readonly Buffer[]
  /** The mails that lie in Drafts now. */
  drafts(): Buffer[]
  /** Puts a mail into Sent, as a server that files by itself. */
  fileByItself(mail: Buffer): void
  /** What every APPEND is answered with, null for usual. */
  appendAnswer: string | null
  /** How every APPEND ends instead of with an answer, and whether it was stored before. */
  appendEnd: { fault: 'FIN' | 'RST' | 'stall'; isStored: boolean } | null
  close(): Promise<void>
}

/** With a certificate, submission is over STARTTLS. */
export async function openPostOffice(tls: Certificate | null): Promise<PostOffice> {
  const script: SmtpScript = {}
  const smtp = await startScriptedSmtp(script, {
    users: { [login.user]: login.password },
    ...(tls === null ? {} : { security: 'starttls', tls }),
  })
  const store = createImapStore(systemClock)
  const sent = () => store.folder('Sent') ?? { mails: [] }
  const appended: Buffer[] = []
  const sockets = new Set<Socket>()

  const serve = (socket: Socket) => {
    sockets.add(socket)
    let queue: Promise<unknown> = Promise.resolve()
    /** Answers of a held APPEND wait with everything that follows. */
    const write = (bytes: Buffer | string) => {
      queue = queue.then(() => (socket.writable ? void socket.write(bytes) : undefined))
    }
    const session = createImapSession({
      store,
      ...login,
      write,
      end: () => write(''),
      now: systemClock.now,
    })
    const intake = createIntake({
      onLine(text, literals) {
        const isAppend = /^\S+ APPEND /i.test(text)
        if (!isAppend) return session.line(text, literals)
        const { before, after } = office.onAppend
        const end = office.appendEnd
        if (end !== null) {
          const [mail] = literals.slice(-1)
          if (end.isStored && mail !== undefined) office.fileByItself(mail)
          if (end.fault === 'FIN') socket.end()
          else if (end.fault === 'RST') socket.resetAndDestroy()
          return
        }
        if (office.appendAnswer !== null) return write(`${text.split(' ')[0]} ${office.appendAnswer}\r\n`)
        queue = queue.then(() => before?.())
        void queue.then(() => {
          if (socket.destroyed) return
          if (after !== null) queue = queue.then(after)
          appended.push(...literals.slice(-1))
          session.line(text, literals)
        })
      },
      onGoAhead: () => write('+ Go ahead\r\n'),
      onTooLong: () => socket.destroy(),
      isKnown: session.isKnown,
    })
    socket.setNoDelay(true)
    socket.on('error', () => {})
    socket.once('close', () => {
      sockets.delete(socket)
      session.close()
    })
    socket.on('data', intake.read)
    write(`* OK [CAPABILITY ${CAPABILITIES}] crash test\r\n`)
  }
  const imap = createServer(serve)
  imap.listen(0, '127.0.0.1')
  await once(imap, 'listening')

  const taken = (messageId: string) =>
    smtp.messages.filter(({ accepted, data }) => accepted && idOf(data) === messageId)

  const office: PostOffice = {
    smtp,
    script,
    imapPort: (imap.address() as AddressInfo).port,
    onAppend: { before: null, after: null },
    appendAnswer: null,
    appendEnd: null,
    behave() {
      for (const key of Object.keys(script)) delete script[key as keyof SmtpScript]
      office.onAppend = { before: null, after: null }
      office.appendAnswer = null
      office.appendEnd = null
    },
    taken(messageId) {
      const counts = new Map<string, number>()
      for (const { to } of taken(messageId)) {
        for (const recipient of to) counts.set(recipient, (counts.get(recipient) ?? 0) + 1)
      }
      return counts
    },
    bytesOf: messageId => taken(messageId).map(({ data }) => data),
    appended,
    drafts: () => (store.folder('Drafts')?.mails ?? []).map(({ mail }) => mail),
    filed: messageId => sent().mails.filter(({ mail }) => idOf(mail) === messageId).length,
    fileByItself(mail) {
      const folder = store.folder('Sent')
      if (folder !== null) store.append(folder, mail, ['\\Seen'], systemClock.now())
    },
    async close() {
      const closed = once(imap, 'close')
      imap.close()
      for (const socket of sockets) socket.destroy()
      await Promise.all([closed, smtp.stop()])
    },
  }
  return office
}

/** Without angle brackets. */
export function idOf(mail: Buffer): string {
  const head = mail.subarray(0, 20_000).toString('latin1')
  return /^Message-ID:\s*<([^>]*)>/im.exec(head)?.[1] ?? ''
}
