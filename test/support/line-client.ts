// A client that speaks lines and knows no protocol, to try a server with what no library would say.
// Refuses to be used by anything but tests of servers.

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { openWire, type Wire } from '../servers/wire.ts'

export type LineClient = {
  /** Sends bytes as they are. */
  send(bytes: string | Buffer): Promise<void>
  /** The next line; undefined when the server has ended the connection. */
  line(): Promise<string | undefined>
  /** Sends a line and gives back the next one. */
  ask(line: string): Promise<string | undefined>
  /** The lines up to and with the first that matches. */
  linesTo(last: RegExp): Promise<string[]>
  /** Everything up to the end of the connection. */
  rest(): Promise<Buffer>
  /** Shakes hands as a TLS client, trusting what this process trusts. */
  secure(servername: string): Promise<void>
  /** The sizes of what came in, as the system handed it over. */
  packets: number[]
  /** Reads to the end: `reset` when the server ended with RST, `end` when with FIN. */
  end(): Promise<'end' | 'reset'>
  close(): void
}

export type LineClientOptions = { port: number; secure?: boolean; servername?: string }

/** Connects, and with `secure` trusts what this process trusts. */
export async function openLineClient(options: LineClientOptions): Promise<LineClient> {
  const { port, secure = false, servername = 'localhost' } = options
  const raw = connect({ port, host: '127.0.0.1' })
  await once(raw, 'connect')
  const packets: number[] = []
  let wasReset = false
  let wire = readAlong(secure ? await secured(raw, servername) : raw)

  function readAlong(socket: Socket): Wire {
    socket.on('error', () => {
      wasReset = true
    })
    const read = socket.read.bind(socket)
    socket.read = size => {
      const bytes = read(size)
      if (bytes) packets.push(bytes.length)
      return bytes
    }
    return openWire(socket)
  }
  const linesTo = async (last: RegExp) => {
    const lines: string[] = []
    for (;;) {
      const next = await wire.line()
      if (next === undefined)
        throw new Error(`the server ended the connection after ${JSON.stringify(lines)}`)
      lines.push(next)
      if (last.test(next)) return lines
    }
  }
  const rest = async () => {
    const chunks: Buffer[] = []
    for (;;) {
      const chunk = await wire.take()
      if (!chunk) return Buffer.concat(chunks)
      chunks.push(chunk)
    }
  }
  return {
    send: bytes => wire.write(bytes),
    line: () => wire.line(),
    ask: async line => {
      await wire.write(`${line}\r\n`)
      return wire.line()
    },
    linesTo,
    rest,
    secure: async name => {
      wire = readAlong(await secured(raw, name))
    },
    packets,
    end: async () => {
      await rest()
      await wire.closed
      return wasReset ? 'reset' : 'end'
    },
    close: () => raw.destroy(),
  }
}

async function secured(raw: Socket, servername: string): Promise<Socket> {
  const socket = connectTls({ socket: raw, servername })
  await once(socket, 'secureConnect')
  return socket
}
