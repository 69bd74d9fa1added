// The server's end of one connection: bytes in when asked for, bytes out, TLS, and ways to hang up.
// Refuses to know a protocol. Reads only when asked, so that a script that does not read is felt by the client.

import type { Socket } from 'node:net'
import { createSecureContext, type SecureContextOptions, TLSSocket } from 'node:tls'

export type Wire = {
  /** The next line without its CRLF, undefined when the client is gone. */
  line(): Promise<string | undefined>
  /** What has come, at most so many bytes; undefined when the client is gone. */
  take(atMost?: number): Promise<Buffer | undefined>
  /** Gives bytes back that the next reader shall have. */
  putBack(bytes: Buffer): void
  /** True when the client has sent more than was read. */
  hasMore(): boolean
  /** Resolves when the system has taken the bytes, or the connection is gone. */
  write(bytes: Buffer | string): Promise<void>
  /** Shakes hands as a TLS server; what the client sent before is thrown away. False when it failed. */
  secure(context: SecureContextOptions): Promise<boolean>
  isSecure(): boolean
  /** RFC 9266 of this connection; undefined without TLS 1.3. */
  tlsExporter(): Buffer | undefined
  /** Ends in order (FIN) after what was written; what still comes is thrown away. */
  drop(): void
  /** Ends at once (RST). */
  reset(): void
  /** Lets go of it, for the end of a test. */
  destroy(): void
  isClosed(): boolean
  closed: Promise<void>
}

// A test may put fake timers in place later; the server goes on in real time.
const nextTurn = setImmediate

/** Resolves when everybody in this process had a chance to read what was written. */
export function afterOthersRead(): Promise<void> {
  return new Promise(resolve => nextTurn(() => nextTurn(() => nextTurn(() => resolve()))))
}

/** Makes a wire of an accepted connection. */
export function openWire(raw: Socket): Wire {
  let socket: Socket = raw
  let held: Buffer = Buffer.alloc(0)
  let hungUp = false
  let wake = () => {}
  const onEvent = () => wake()
  const listenTo = (one: Socket) => {
    for (const event of ['readable', 'end', 'close']) one.on(event, onEvent)
    // A client that resets is an end like any other; `close` follows.
    one.on('error', () => {})
  }
  const closed = new Promise<void>(resolve => raw.once('close', () => resolve()))
  raw.setNoDelay(true)
  listenTo(raw)

  async function more(): Promise<boolean> {
    for (;;) {
      if (hungUp) return false
      const chunk: Buffer | null = socket.read()
      if (chunk) {
        held = held.length > 0 ? Buffer.concat([held, chunk]) : chunk
        return true
      }
      if (socket.readableEnded || socket.destroyed) return false
      await new Promise<void>(resolve => {
        wake = resolve
      })
    }
  }

  async function line(): Promise<string | undefined> {
    for (;;) {
      const end = hungUp ? -1 : held.indexOf('\n')
      if (end >= 0) {
        const text = held.toString('utf8', 0, end)
        held = held.subarray(end + 1)
        return text.endsWith('\r') ? text.slice(0, -1) : text
      }
      if (!(await more())) return undefined
    }
  }

  async function take(atMost = Number.POSITIVE_INFINITY): Promise<Buffer | undefined> {
    if (hungUp || (held.length === 0 && !(await more()))) return undefined
    const bytes = held.subarray(0, atMost)
    held = held.subarray(bytes.length)
    return bytes
  }

  function write(bytes: Buffer | string): Promise<void> {
    if (socket.destroyed || hungUp) return Promise.resolve()
    const written = new Promise<void>(resolve => socket.write(bytes, () => resolve()))
    return Promise.race([written, closed])
  }

  async function secure(context: SecureContextOptions): Promise<boolean> {
    held = Buffer.alloc(0)
    for (const event of ['readable', 'end', 'close']) raw.off(event, onEvent)
    const secured = new TLSSocket(raw, { isServer: true, secureContext: createSecureContext(context) })
    socket = secured
    const shaken = new Promise<boolean>(resolve => {
      secured.once('secure', () => resolve(true))
      secured.once('error', () => resolve(false))
      secured.once('close', () => resolve(false))
    })
    listenTo(secured)
    return shaken
  }

  function drop(): void {
    if (hungUp) return
    hungUp = true
    socket.off('readable', onEvent)
    socket.on('data', () => {})
    socket.resume()
    socket.end()
    wake()
  }

  function reset(): void {
    hungUp = true
    if (!raw.destroyed) raw.resetAndDestroy()
    wake()
  }

  function destroy(): void {
    hungUp = true
    raw.destroy()
    wake()
  }

  return {
    line,
    take,
    putBack: bytes => {
      held = Buffer.concat([bytes, held])
    },
    hasMore: () => held.length > 0 || socket.readableLength > 0,
    write,
    secure,
    isSecure: () => socket !== raw,
    tlsExporter: () =>
      socket instanceof TLSSocket && socket.getProtocol() === 'TLSv1.3'
        ? socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0))
        : undefined,
    drop,
    reset,
    destroy,
    isClosed: () => raw.destroyed || hungUp,
    closed,
  }
}
