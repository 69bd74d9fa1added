/**
 * SCRAM-SHA-256 (RFC 5802, RFC 7677), the client's side: the password is proved without being sent, and the server has
 * to prove that it knows it too. Pure but for the random nonce; refuses work that would stall or weaken the proof.
 */

import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify(pbkdf2)

/** RFC 7677 section 4 asks for 4096 at least; what is far above only keeps a processor busy. */
const FEWEST_ROUNDS = 4096
const MOST_ROUNDS = 2_000_000

/** `p=`: bound to this TLS connection. `y`: we could, the server does not offer it. `n`: there is no TLS. */
export type ChannelBinding = { header: string; data: Buffer }

export type Scram = {
  first: string
  /** Answers the server's first message. Throws `ScramFault`. */
  final(serverFirst: string): Promise<string>
  /** Throws `ScramFault` where the server did not prove that it knows the password. */
  verify(serverFinal: string): void
}

/** What the server said breaks the protocol; `message` names it without a secret. */
export class ScramFault extends Error {}

/** `nonce` is given by tests alone. */
export function createScram(
  user: string,
  password: string,
  binding: ChannelBinding,
  nonce = randomBytes(24).toString('base64'),
): Scram {
  const bare = `n=${prepare(user).replaceAll('=', '=3D').replaceAll(',', '=2C')},r=${nonce}`
  let proof: Buffer | null = null

  return {
    first: `${binding.header},,${bare}`,

    async final(serverFirst) {
      const { r = '', s = '', i = '', m } = attributes(serverFirst)
      const salt = Buffer.from(s, 'base64')
      const rounds = Number(i)
      if (m !== undefined) throw new ScramFault('unknown extension')
      if (!r.startsWith(nonce) || r.length === nonce.length) throw new ScramFault('wrong nonce')
      if (salt.length === 0 || !/^\d+$/.test(i)) throw new ScramFault('no salt or rounds')
      if (rounds < FEWEST_ROUNDS || rounds > MOST_ROUNDS) throw new ScramFault(`${rounds} rounds`)
      const salted = await derive(prepare(password), salt, rounds, 32, 'sha256')
      const clientKey = hmac(salted, 'Client Key')
      const bound = Buffer.concat([Buffer.from(`${binding.header},,`), binding.data]).toString('base64')
      const withoutProof = `c=${bound},r=${r}`
      const message = `${bare},${serverFirst},${withoutProof}`
      const signature = hmac(createHash('sha256').update(clientKey).digest(), message)
      proof = hmac(hmac(salted, 'Server Key'), message)
      const clientProof = clientKey.map((byte, at) => byte ^ (signature[at] ?? 0))
      return `${withoutProof},p=${Buffer.from(clientProof).toString('base64')}`
    },

    verify(serverFinal) {
      const said = Buffer.from(attributes(serverFinal).v ?? '', 'base64')
      if (proof === null || said.length !== proof.length || !timingSafeEqual(said, proof)) {
        throw new ScramFault('the server does not know the password')
      }
    },
  }
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function attributes(message: string): Record<string, string | undefined> {
  return Object.fromEntries(message.split(',').map(part => [part.slice(0, 1), part.slice(2)]))
}

/** SASLprep (RFC 4013) as far as it changes real passwords: other spaces, invisible signs, compatibility forms. */
function prepare(text: string): string {
  return text
    .replace(/\p{Zs}/gu, ' ')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .normalize('NFKC')
}
