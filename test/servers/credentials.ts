// Reads what a client says in AUTH PLAIN, LOGIN, CRAM-MD5, SCRAM-SHA-256, XOAUTH2 and OAUTHBEARER, the same words in SMTP, POP3 and IMAP.
// Refuses to decide what a refusal sounds like: each server does.

import { createHmac } from 'node:crypto'
import { readScram } from './scram-server.ts'
import type { Wire } from './wire.ts'

/** User names and their passwords (for XOAUTH2: their access tokens). */
export type Users = Record<string, string>

export type Login = { user: string; isRight: boolean }

export type SaslExchange = {
  wire: Wire
  users: Users
  mechanism: string
  /** What came with the command itself. */
  initial: string | undefined
  /** How a question is put: `334 ${text}` in SMTP, `+ ${text}` elsewhere. */
  ask(text: string): string
}

/** The outcome of one exchange; undefined when the client gave up or the mechanism is unknown. */
export async function readLogin(exchange: SaslExchange): Promise<Login | undefined> {
  const { wire, users, mechanism, ask } = exchange
  const question = async (text: string) => {
    await wire.write(`${ask(text)}\r\n`)
    const answer = await wire.line()
    return answer === '*' ? undefined : answer
  }
  if (mechanism === 'CRAM-MD5') {
    const challenge = '<1896.697170952@scripted.test>'
    const answer = await question(toBase64(challenge))
    if (answer === undefined) return undefined
    const [user = '', digest = ''] = fromBase64(answer).split(' ')
    const wanted = createHmac('md5', users[user] ?? '')
      .update(challenge)
      .digest('hex')
    return { user, isRight: Object.hasOwn(users, user) && digest === wanted }
  }
  const first = exchange.initial ?? (await question(mechanism === 'LOGIN' ? toBase64('Username:') : ''))
  if (first === undefined) return undefined
  const text = first === '=' ? '' : fromBase64(first)

  switch (mechanism) {
    case 'PLAIN': {
      const [, user = '', password = ''] = text.split('\0')
      return { user, isRight: isRight(users, user, password) }
    }
    case 'LOGIN': {
      const second = await question(toBase64('Password:'))
      if (second === undefined) return undefined
      return { user: text, isRight: isRight(users, text, fromBase64(second)) }
    }
    case 'SCRAM-SHA-256':
    case 'SCRAM-SHA-256-PLUS':
      return readScram({ users, first: text, question, isPlus: mechanism.endsWith('PLUS'), wire })
    case 'OAUTHBEARER': {
      const user = /^n,a=([^,]*),/.exec(text)?.[1] ?? ''
      const token = /\x01auth=Bearer ([^\x01]*)/.exec(text)?.[1] ?? ''
      const right = isRight(users, user, token)
      if (!right) await question(toBase64('{"status":"invalid_token"}'))
      return { user, isRight: right }
    }
    case 'XOAUTH2': {
      const user = /^user=([^\x01]*)/.exec(text)?.[1] ?? ''
      const token = /\x01auth=Bearer ([^\x01]*)/.exec(text)?.[1] ?? ''
      const right = isRight(users, user, token)
      // The client is told why in JSON and has to answer with an empty line before it hears the refusal.
      if (!right) await question(toBase64('{"status":"401","schemes":"bearer"}'))
      return { user, isRight: right }
    }
  }
  return undefined
}

/** True when the user is known and this is the password. */
export function isRight(users: Users, user: string, password: string): boolean {
  return Object.hasOwn(users, user) && users[user] === password
}

const toBase64 = (text: string) => Buffer.from(text).toString('base64')
const fromBase64 = (text: string) => Buffer.from(text, 'base64').toString('utf8')
