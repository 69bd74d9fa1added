// A wire as long as one likes: every byte comes out so many milliseconds after it went in, in order, in both directions.
// Refuses to be slow in anything else: it has no limit of bandwidth.

import { connect, createServer, type Socket } from 'node:net'

export type DelayProxy = { port: number; stop(): Promise<void> }

/** `oneWayMs` is half of a round trip. */
export async function startDelayProxy(targetPort: number, oneWayMs: number): Promise<DelayProxy> {
  const sockets = new Set<Socket>()
  const carry = (from: Socket, to: Socket) => {
    from.setNoDelay(true)
    from.on('data', chunk => setTimeout(() => to.writable && to.write(chunk), oneWayMs))
    from.on('end', () => setTimeout(() => to.end(), oneWayMs))
    from.on('error', () => to.destroy())
    from.on('close', () => sockets.delete(from))
    sockets.add(from)
  }
  const server = createServer({ allowHalfOpen: true }, near => {
    near.pause()
    // The handshake of TCP is a round trip too.
    setTimeout(() => {
      const far = connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true })
      carry(near, far)
      carry(far, near)
      near.resume()
    }, 2 * oneWayMs)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    stop: () =>
      new Promise(resolve => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}
