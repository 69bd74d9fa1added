// A server that answers line by line, for what no honest server does. Refuses to know a protocol.

import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'

export type Talk = {
  /** '' says nothing. */
  greeting: string
  /** The answer to one line; '' says nothing, null hangs up. */
  reply(line: string): string | null
}

export type LineServer = {
  port: number
  lines: string[]
  /** Resolves when no client is left. */
  allClosed(): Promise<void>
  close(): Promise<void>
}

export async function lineServer(talk: Talk, tls?: { key: string; cert: string }): Promise<LineServer> {
  const lines: string[] = []
  const sockets = new Set<Socket>()
  const serve = (socket: Socket) => {
    sockets.add(socket)
    let unread = ''
    socket.setEncoding('utf8')
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
    if (talk.greeting !== '') socket.write(`${talk.greeting}\r\n`)
    socket.on('data', (chunk: string) => {
      unread += chunk
      const complete = unread.split('\r\n')
      unread = complete.pop() ?? ''
      for (const line of complete) {
        lines.push(line)
        const answer = talk.reply(line)
        if (answer === null) socket.end()
        else if (answer !== '') socket.write(`${answer}\r\n`)
      }
    })
  }
  const server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve)
  server.on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    lines,
    allClosed: async () => {
      await Promise.all([...sockets].map(socket => once(socket, 'close')))
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
