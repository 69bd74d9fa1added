// The server's side of SCRAM-SHA-256 (RFC 5802), written apart from the program's own: it checks proof and channel binding.
// Refuses to be lenient: a client that binds wrongly is not let in.

import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import type { Login, Users } from './credentials.ts'
import type { Wire } from './wire.ts'

type Scram = {
  users: Users
  first: string
  question(text: string): Promise<string | undefined>
  isPlus: boolean
  wire: Wire
}

const SALT = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64')
const ROUNDS = 4096

export async function readScram({ users, first, question, isPlus, wire }: Scram): Promise<Login | undefined> {
  const [, header = '', bare = ''] = /^([^,]*,[^,]*,)(.*)$/s.exec(first) ?? []
  const [, user = '', nonce = ''] = /^n=([^,]*),r=([^,]*)$/.exec(bare) ?? []
  const serverFirst = `r=${nonce}%hvYDpWUa2RaTCAfuxFIlj)hNlF,s=${SALT.toString('base64')},i=${ROUNDS}`
  const answer = await question(Buffer.from(serverFirst).toString('base64'))
  if (answer === undefined) return undefined
  const clientFinal = Buffer.from(answer, 'base64').toString()
  const [, withoutProof = '', bound = '', proof = ''] = /^(c=([^,]*),r=[^,]*),p=(.*)$/.exec(clientFinal) ?? []

  const name = user.replaceAll('=2C', ',').replaceAll('=3D', '=')
  const salted = pbkdf2Sync((users[name] ?? '').normalize('NFKC'), SALT, ROUNDS, 32, 'sha256')
  const mac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest()
  const message = `${bare},${serverFirst},${withoutProof}`
  const storedKey = createHash('sha256').update(mac(salted, 'Client Key')).digest()
  const signature = mac(storedKey, message)
  const clientKey = Buffer.from(proof, 'base64').map((byte, at) => byte ^ (signature[at] ?? 0))
  const isProved = createHash('sha256').update(clientKey).digest().equals(storedKey)
  const wanted = Buffer.concat([
    Buffer.from(header),
    (isPlus ? wire.tlsExporter() : undefined) ?? Buffer.alloc(0),
  ])
  const isBound = Buffer.from(bound, 'base64').equals(wanted) && (!isPlus || header === 'p=tls-exporter,,')
  const isRight = Object.hasOwn(users, name) && isProved && isBound
  if (!isRight) return { user: name, isRight: false }
  const serverFinal = `v=${mac(mac(salted, 'Server Key'), message).toString('base64')}`
  const last = await question(Buffer.from(serverFinal).toString('base64'))
  return last === undefined ? undefined : { user: name, isRight: true }
}
