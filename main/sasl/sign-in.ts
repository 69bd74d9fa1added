/**
 * How we sign in: which mechanism of those offered, and the words of each (RFC 4954, 4616, 2195, 5802, 7628). Refuses
 * to say a byte of a password where only tokens are taken, or of a token where only passwords are.
 */

import { createHash, createHmac, X509Certificate } from 'node:crypto'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { Problem, Result } from '../../shared/problem.ts'
import { type ChannelBinding, createScram, ScramFault } from './scram.ts'

/** `token` is asked for an access token each time one is needed; then the password is never used. */
export type Credentials = { user: string; password: string; token?: () => Promise<Result<string>> }

export type Mechanism =
  | 'SCRAM-SHA-256-PLUS'
  | 'SCRAM-SHA-256'
  | 'PLAIN'
  | 'LOGIN'
  | 'CRAM-MD5'
  | 'OAUTHBEARER'
  | 'XOAUTH2'

const OVER_TLS: readonly Mechanism[] = ['SCRAM-SHA-256-PLUS', 'SCRAM-SHA-256', 'PLAIN', 'LOGIN', 'CRAM-MD5']
/** Where everybody may listen, what hides the password comes first. */
const IN_THE_OPEN: readonly Mechanism[] = ['SCRAM-SHA-256', 'CRAM-MD5', 'PLAIN', 'LOGIN']
const BY_TOKEN: readonly Mechanism[] = ['OAUTHBEARER', 'XOAUTH2']

export const MECHANISMS: readonly Mechanism[] = [...OVER_TLS, ...BY_TOKEN]

/** What to try, best first; empty where there is nothing in common. */
export function mechanismsFor(
  offered: readonly string[],
  credentials: Credentials,
  socket: Socket,
): Mechanism[] {
  const isSecure = socket instanceof TLSSocket
  const known = credentials.token !== undefined ? BY_TOKEN : isSecure ? OVER_TLS : IN_THE_OPEN
  return known.filter(
    mechanism =>
      offered.includes(mechanism) &&
      (mechanism !== 'SCRAM-SHA-256-PLUS' || (socket instanceof TLSSocket && bindingOf(socket) !== null)),
  )
}

/** A problem that is not the server's reply: a token that could not be had, a server that did not prove itself. */
export class SignInFault extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.kind)
    this.problem = problem
  }
}

/** A reply: its code, and its text without that. */
type Said = { status: number; text?: string | undefined }
/** What a protocol gives a mechanism: one command, one reply. */
export type Context = { sendCommand(line: string): Promise<Said> }

type Words = {
  credentials: Credentials
  socket: Socket
  host: string
  /** What must never be told, before it goes out: a server may repeat it, now or in any later reply. */
  onSecret: (secret: string) => void
}

/** Says the words of one mechanism. A refusal is thrown; the protocol knows the reply that it was. */
export async function signIn(server: Context, mechanism: Mechanism, words: Words): Promise<void> {
  const { user, password } = words.credentials
  const context: Context = {
    sendCommand(line) {
      hideProofs(line, words.onSecret)
      return server.sendCommand(line)
    },
  }
  switch (mechanism) {
    case 'SCRAM-SHA-256-PLUS':
    case 'SCRAM-SHA-256':
      return byScram(context, mechanism, words)
    case 'PLAIN':
      return passed(await context.sendCommand(`AUTH PLAIN ${base64(`\0${user}\0${password}`)}`))
    case 'LOGIN':
      await asked(context, 'AUTH LOGIN')
      await asked(context, base64(user))
      return passed(await context.sendCommand(base64(password)))
    case 'CRAM-MD5': {
      const challenge = await asked(context, 'AUTH CRAM-MD5')
      const digest = createHmac('md5', password).update(challenge).digest('hex')
      return passed(await context.sendCommand(base64(`${user} ${digest}`)))
    }
    case 'XOAUTH2': {
      const token = await tokenOf(words)
      return byToken(context, `AUTH XOAUTH2 ${base64(`user=${user}\x01auth=Bearer ${token}\x01\x01`)}`, '')
    }
    case 'OAUTHBEARER': {
      const token = await tokenOf(words)
      const name = user.replaceAll('=', '=3D').replaceAll(',', '=2C')
      const first = `n,a=${name},\x01host=${words.host}\x01auth=Bearer ${token}\x01\x01`
      return byToken(context, `AUTH OAUTHBEARER ${base64(first)}`, base64('\x01'))
    }
  }
}

/** A line of AUTH, and what is in it that proves who we are. */
function hideProofs(line: string, hide: (secret: string) => void): void {
  const said = line.replace(/^AUTH \S+ ?/, '')
  hide(said)
  // A proof of SCRAM, a digest of CRAM-MD5.
  const [, proof] = /(?:,p=| )([\w+/]{20,}=*)$/.exec(Buffer.from(said, 'base64').toString('latin1')) ?? []
  if (proof !== undefined) hide(proof)
}

async function tokenOf({ credentials, onSecret, host }: Words): Promise<string> {
  const got = await credentials.token?.()
  if (got?.ok === true) {
    onSecret(got.value)
    return got.value
  }
  throw new SignInFault(got?.problem ?? { kind: 'authentication-unavailable', host, offered: [] })
}

/** A refused token is told in a 334 first, and wants an answer before the refusal itself (RFC 7628 section 3.2.3). */
async function byToken(context: Context, command: string, goOn: string): Promise<void> {
  const said = await context.sendCommand(command)
  passed(said.status === 334 ? await context.sendCommand(goOn) : said)
}

async function byScram(context: Context, mechanism: Mechanism, words: Words): Promise<void> {
  const { credentials, socket, host } = words
  const scram = createScram(credentials.user, credentials.password, bindingFor(mechanism, socket))
  const serverFirst = await asked(context, `AUTH ${mechanism} ${base64(scram.first)}`)
  try {
    const serverFinal = await asked(context, base64(await scram.final(serverFirst)))
    scram.verify(serverFinal)
  } catch (error) {
    if (!(error instanceof ScramFault)) throw error
    throw new SignInFault({ kind: 'protocol', host, detail: `${mechanism}: ${error.message}` })
  }
  passed(await context.sendCommand(''))
}

function bindingFor(mechanism: Mechanism, socket: Socket): ChannelBinding {
  if (!(socket instanceof TLSSocket)) return { header: 'n', data: Buffer.alloc(0) }
  const binding = mechanism === 'SCRAM-SHA-256-PLUS' ? bindingOf(socket) : null
  // "y" lets the server notice where somebody has taken its -PLUS off the list.
  return binding ?? { header: 'y', data: Buffer.alloc(0) }
}

/** RFC 9266 for TLS 1.3; before that the hash of the server's certificate (RFC 5929 section 4.1). */
function bindingOf(socket: TLSSocket): ChannelBinding | null {
  if (socket.getProtocol() === 'TLSv1.3') {
    const data = socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0))
    return { header: 'p=tls-exporter', data }
  }
  const { raw } = socket.getPeerCertificate()
  // A resumed session may have no certificate at hand.
  if (raw === undefined) return null
  const { signatureAlgorithm = '' } = new X509Certificate(raw)
  const hash = /sha(384|512)/i.exec(signatureAlgorithm)?.[0].toLowerCase() ?? 'sha256'
  return { header: 'p=tls-server-end-point', data: createHash(hash).update(raw).digest() }
}

/** Sends a line that has to be answered with a question; gives that, decoded. */
async function asked(context: Context, command: string): Promise<string> {
  const said = await context.sendCommand(command)
  if (said.status !== 334) throw new Error('refused')
  return Buffer.from(said.text ?? '', 'base64').toString('utf8')
}

function passed(said: Said): void {
  if (said.status !== 235) throw new Error('refused')
}

const base64 = (text: string) => Buffer.from(text).toString('base64')
