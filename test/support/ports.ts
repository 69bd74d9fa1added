// Free loopback ports for servers that cannot choose their own. Refuses to promise: between our look and
// the server's bind somebody else may come, so whoever starts such a server tries again with other ports.

import { randomInt } from 'node:crypto'
import { connect, createServer } from 'node:net'

// Below the range that Linux and macOS hand out for port 0 and for outgoing connections: the many listeners
// and clients of tests that run beside ours never take a port from here.
const lowestPort = 11_000
const highestPort = 31_000

/** As many different ports as asked for, each free on 127.0.0.1 a moment ago. */
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>()
  for (let tries = 0; found.size < count; tries++) {
    if (tries > 1000) throw new Error(`no ${count} free ports between ${lowestPort} and ${highestPort}`)
    const port = randomInt(lowestPort, highestPort)
    if (!found.has(port) && (await isFree(port))) found.add(port)
  }
  return [...found]
}

/** True when something answers on this loopback port. */
export function portAnswers(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1' }, () => server.close(() => resolve(true)))
  })
}
