// A wire as long as one likes: every byte comes out so many milliseconds after it went in, in order, in both directions.
// Refuses to be slow in anything else: it has no limit of bandwidth.

import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

export type DelayProxy = {
  port: number
  /** What a round trip through it takes in truth, in milliseconds: timers are late, kernels have a say. */
  roundTripMs(): Promise<number>
  stop(): Promise<void>
}

/**
 * `oneWayMs` is half of a round trip. Connecting takes a half as well, so that connecting and the server's greeting are
 * one round trip together.
 */
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
    setTimeout(() => {
      const far = connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true })
      carry(near, far)
      carry(far, near)
      near.resume()
    }, oneWayMs)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()))
  return {
    port: portOf(server),
    roundTripMs: () => roundTripOf(oneWayMs),
    stop: () =>
      new Promise(resolve => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

const portOf = (server: Server) => {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** The median of twenty bytes that come back from a server that does nothing else, through a proxy as long as this one. */
async function roundTripOf(oneWayMs: number): Promise<number> {
  const echo = createServer(socket => socket.setNoDelay(true).pipe(socket))
  await new Promise<void>(resolve => echo.listen(0, '127.0.0.1', () => resolve()))
  const proxy = await startDelayProxy(portOf(echo), oneWayMs)
  const socket = connect({ port: proxy.port, host: '127.0.0.1', noDelay: true })
  const taken: number[] = []
  try {
    await once(socket, 'connect')
    for (let count = 0; count < 20; count += 1) {
      const startedAt = performance.now()
      socket.write('.')
      await once(socket, 'data')
      taken.push(performance.now() - startedAt)
    }
  } finally {
    socket.destroy()
    await proxy.stop()
    echo.close()
  }
  return taken.toSorted((a, b) => a - b)[10] ?? 0
}
