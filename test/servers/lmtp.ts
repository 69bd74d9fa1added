// Hands one mail to an LMTP server, for tests that need mail in a mailbox. Refuses everything else.

import { once } from 'node:events'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { dotted } from './dotted.ts'

export type LmtpDelivery = { port: number; from: string; to: string; data: Buffer }

/** Resolves when the server has stored the mail; throws with its words when it refused. */
export async function deliverByLmtp({ port, from, to, data }: LmtpDelivery): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1' })
  await once(socket, 'connect')
  const lines = createInterface({ input: socket, crlfDelay: Infinity })[Symbol.asyncIterator]()

  const expect = async (code: string) => {
    for (;;) {
      const { value: line, done } = await lines.next()
      if (done) throw new Error('the LMTP server closed the connection')
      if (line[3] === '-') continue
      if (!line.startsWith(code)) throw new Error(`LMTP: ${line}`)
      return
    }
  }
  const ask = async (command: string, code: string) => {
    socket.write(`${command}\r\n`)
    await expect(code)
  }

  try {
    await expect('220')
    await ask('LHLO localhost', '250')
    await ask(`MAIL FROM:<${from}>`, '250')
    await ask(`RCPT TO:<${to}>`, '250')
    await ask('DATA', '354')
    socket.write(dotted(data))
    await expect('250')
  } finally {
    socket.destroy()
  }
}
