// A line between a client and a real server that breaks where a test wants it: before a command arrives, or once it was
// done and before its reply is heard. Speaks CRLF lines in the clear, or passes TLS on unread. Refuses to answer itself.

import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export type Cut = {
  /** What the client says, its tag included. */
  command: RegExp
  /** `before`: the server never hears it. `after`: the server has done it, and the client never hears so. */
  when: 'before' | 'after'
}

export type CuttingProxy = {
  port: number
  /** From now on; the first that fits breaks the line, once. */
  cutAt(cut: Cut): void
  /** Resolves when the cut was made. */
  hasCut(): Promise<void>
  /** All lines that are open break now. */
  cutNow(): void
  /** All lines break once the server has said its next word, which nobody hears. */
  loseNextReply(): void
  /** What clients have said since the last call. */
  commands(): string[]
  stop(): Promise<void>
}

export type ProxyOptions = {
  /** What the server says, as the client shall hear it. Line by line. */
  rewrite?: (line: string) => string
  /** What the client says, as the server shall hear it. */
  ask?: (command: string) => string
}

export async function startCuttingProxy(port: number, options: ProxyOptions = {}): Promise<CuttingProxy> {
  const lines = new Set<{ cut: () => void; lose: () => void }>()
  let wanted: Cut | null = null
  let commands: string[] = []
  let told = Promise.withResolvers<void>()

  const join = (client: Socket) => {
    const server = connect({ port, host: '127.0.0.1' })
    let isLosing = false
    /** The tag whose reply nobody shall hear. */
    let lostTag: string | null = null
    const cut = () => {
      client.destroy()
      server.destroy()
      lines.delete(line)
    }
    const line = {
      cut,
      lose: () => {
        isLosing = true
      },
    }
    lines.add(line)
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on('error', cut)
      one.on('close', () => other.destroy())
    }
    const madeCut = () => {
      cut()
      told.resolve()
    }
    let said = ''
    client.on('data', chunk => {
      const asked = chunk
        .toString('latin1')
        .split('\r\n')
        .map(options.ask ?? (command => command))
      said += chunk.toString('latin1')
      for (let end = said.indexOf('\n'); end >= 0; end = said.indexOf('\n')) {
        const command = said.slice(0, end).trimEnd()
        said = said.slice(end + 1)
        commands.push(command)
        if (wanted === null || !wanted.command.test(command)) continue
        const { when } = wanted
        wanted = null
        if (when === 'before') return madeCut()
        lostTag = command.split(' ')[0] ?? ''
      }
      server.write(options.ask === undefined ? chunk : Buffer.from(asked.join('\r\n'), 'latin1'))
    })
    let heard = ''
    server.on('data', chunk => {
      if (isLosing) return cut()
      if (options.rewrite === undefined && lostTag === null) return void client.write(chunk)
      heard += chunk.toString('latin1')
      const end = heard.lastIndexOf('\n') + 1
      const whole = heard.slice(0, end)
      heard = heard.slice(end)
      if (lostTag !== null && whole.split('\n').some(one => one.startsWith(`${lostTag} `))) return madeCut()
      if (lostTag !== null) return
      const rewritten = whole.split('\n').map(options.rewrite ?? (one => one))
      client.write(Buffer.from(rewritten.join('\n'), 'latin1'))
    })
  }

  const listener = createServer(join)
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  return {
    port: (listener.address() as AddressInfo).port,
    cutAt(cut) {
      wanted = cut
      told = Promise.withResolvers()
    },
    hasCut: () => told.promise,
    cutNow() {
      for (const line of [...lines]) line.cut()
    },
    loseNextReply() {
      for (const line of lines) line.lose()
    },
    commands() {
      const since = commands
      commands = []
      return since
    },
    async stop() {
      for (const line of [...lines]) line.cut()
      const closed = once(listener, 'close')
      listener.close()
      await closed
    },
  }
}
