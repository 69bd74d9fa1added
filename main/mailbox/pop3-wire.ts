/**
 * The POP3 conversation as bytes: commands out, replies in, in order. Every reply has a deadline; a terminator or a
 * doubled dot may come in any pieces. Knows no command. Never keeps or reports what it sent.
 */

import type { Socket } from 'node:net'
import type { ServerSettings } from '../../shared/model.ts'
import { fail, ok, type Problem, type Result } from '../../shared/problem.ts'
import type { Clock } from '../host.ts'
import { problemOfNetworkError } from '../network.ts'

/** A status line. `isContinuation` is the `+ ` of a SASL exchange (RFC 5034). */
export type Pop3Reply = { isOk: boolean; isContinuation: boolean; text: string }
/** `body` without terminator and doubled dots; empty when refused. */
export type Pop3LongReply = Pop3Reply & { body: Buffer }

export type Pop3Wire = {
  host: string
  /** What it speaks over, for a proof that is bound to the TLS connection. */
  socket: Socket
  greeting(): Promise<Result<string>>
  ask(command: string): Promise<Result<Pop3Reply>>
  /** `limit` in bytes ends a reply without end; `expected` gives a long reply its time. */
  askLong(command: string, limit: number, expected?: number): Promise<Result<Pop3LongReply>>
  /** The bare socket for a TLS handshake; null when the server has said more than was asked. */
  release(): Socket | null
  close(): void
}

const MAX_LINE = 8_192
/** The slowest line that is still waited for: 2 KiB a second. */
const SLOWEST_BYTES_PER_MS = 2

type Waiting = {
  isLong: boolean
  limit: number
  deadlineMs: number
  /** Set once the status line of a long reply is in. */
  status: Pop3Reply | null
  body: Buffer[]
  bodyBytes: number
  isMidLine: boolean
  resolve: (result: Result<Pop3LongReply>) => void
}

export function createPop3Wire(
  socket: Socket,
  settings: ServerSettings,
  clock: Clock,
  replyMs: number,
): Pop3Wire {
  const { host, port } = settings
  const waiting: Waiting[] = []
  let rest: Buffer = Buffer.alloc(0)
  let broken: Problem | null = null
  let isReleased = false
  let cancelDeadline = () => {}
  let cancelSilence = () => {}

  const breakOff = (problem: Problem) => {
    if (broken !== null || isReleased) return
    broken = problem
    cancelDeadline()
    cancelSilence()
    socket.destroy()
    for (const entry of waiting.splice(0)) entry.resolve(fail(problem))
  }
  const timeout = () => breakOff({ kind: 'timeout', host, port, phase: 'reply' })

  // The clocks run only for the reply whose turn it is: one for all of it, one for silence in the middle.
  const watchFirst = () => {
    cancelDeadline()
    cancelSilence()
    const first = waiting[0]
    if (first === undefined) return
    cancelDeadline = clock.after(first.deadlineMs, timeout)
    cancelSilence = clock.after(replyMs, timeout)
  }
  const finishFirst = (reply: Pop3LongReply) => {
    waiting.shift()?.resolve(ok(reply))
    watchFirst()
  }

  const onData = (chunk: Buffer) => {
    cancelSilence()
    if (waiting.length > 0) cancelSilence = clock.after(replyMs, timeout)
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    while (rest.length > 0 && broken === null && waiting.length > 0) {
      if (!consume(waiting[0] as Waiting)) break
    }
    if (waiting.length === 0 && rest.length > MAX_LINE) {
      breakOff({ kind: 'protocol', host, detail: 'the server speaks without being asked' })
    }
  }

  /** Takes what it can of `rest`; false when more has to come first. */
  const consume = (first: Waiting): boolean => {
    if (first.status !== null) return consumeBody(first)
    const end = rest.indexOf(0x0a)
    if (end < 0) {
      if (rest.length > MAX_LINE) breakOff({ kind: 'protocol', host, detail: 'a reply line without end' })
      return false
    }
    const line = rest.toString('utf8', 0, end).replace(/\r$/, '')
    rest = rest.subarray(end + 1)
    const reply = parseStatus(line)
    if (reply === null) {
      breakOff({ kind: 'protocol', host, detail: `no POP3 reply: ${line.slice(0, 100)}` })
    } else if (first.isLong && reply.isOk) first.status = reply
    else finishFirst({ ...reply, body: Buffer.alloc(0) })
    return true
  }

  const consumeBody = (first: Waiting): boolean => {
    const taken = takeLines(rest, first.isMidLine)
    first.isMidLine = taken.isMidLine
    rest = rest.subarray(taken.used)
    first.body.push(...taken.pieces)
    first.bodyBytes += taken.bytes
    if (first.bodyBytes + rest.length > first.limit) {
      breakOff({ kind: 'too-big', bytes: first.bodyBytes, limit: first.limit })
      return false
    }
    if (!taken.isEnd) return false
    finishFirst({ ...(first.status as Pop3Reply), body: Buffer.concat(first.body) })
    return true
  }

  const expect = (isLong: boolean, limit: number, expected: number): Promise<Result<Pop3LongReply>> => {
    if (broken !== null) return Promise.resolve(fail(broken))
    const deadlineMs = replyMs + expected / SLOWEST_BYTES_PER_MS
    return new Promise(resolve => {
      const state = { status: null, body: [], bodyBytes: 0, isMidLine: false }
      waiting.push({ isLong, limit, deadlineMs, ...state, resolve })
      if (waiting.length === 1) watchFirst()
      if (rest.length > 0) queueMicrotask(() => onData(Buffer.alloc(0)))
    })
  }
  const send = (command: string, isLong: boolean, limit: number, expected: number) => {
    if (broken === null) socket.write(`${command}\r\n`)
    return expect(isLong, limit, expected)
  }

  const onError = (error: Error) => breakOff(problemOfNetworkError(error, { host, port, phase: 'reply' }))
  const onClose = () => breakOff({ kind: 'connection-lost', host, phase: 'reply' })
  socket.on('data', onData)
  socket.on('error', onError)
  socket.on('close', onClose)
  socket.on('end', onClose)

  return {
    host,
    socket,
    async greeting() {
      const greeting = await expect(false, MAX_LINE, 0)
      if (!greeting.ok) return greeting
      if (greeting.value.isOk) return ok(greeting.value.text)
      return fail({ kind: 'throttled', host, text: greeting.value.text })
    },
    ask: command => send(command, false, MAX_LINE, 0),
    askLong: (command, limit, expected = 0) => send(command, true, limit, expected),
    release() {
      if (rest.length > 0 || waiting.length > 0 || broken !== null) return null
      isReleased = true
      cancelDeadline()
      cancelSilence()
      socket.off('data', onData)
      socket.off('error', onError)
      socket.off('close', onClose)
      socket.off('end', onClose)
      socket.pause()
      return socket
    },
    close: () => breakOff({ kind: 'cancelled' }),
  }
}

function parseStatus(line: string): Pop3Reply | null {
  const ended = /^(\+OK|-ERR)(?: (.*))?$/i.exec(line)
  if (ended !== null) {
    return { isOk: ended[1]?.toUpperCase() === '+OK', isContinuation: false, text: ended[2] ?? '' }
  }
  if (/^\+( |$)/.test(line)) return { isOk: false, isContinuation: true, text: line.slice(2) }
  return null
}

type Taken = { pieces: Buffer[]; bytes: number; used: number; isEnd: boolean; isMidLine: boolean }

const DOT = 0x2e
const CR = 0x0d
const LF = 0x0a
/** A terminator has at most three bytes: a beginning of so many without a line end is none. */
const CERTAIN = 3

/**
 * What is certain from the start of `data`, doubled dots undone, up to the terminator. At most the first bytes of a
 * line stay behind, so that a line without end costs no more than its length.
 */
function takeLines(data: Buffer, isMidLine: boolean): Taken {
  const pieces: Buffer[] = []
  let bytes = 0
  let copyFrom = 0
  let line = 0
  let isStart = !isMidLine
  const copy = (end: number) => {
    if (end <= copyFrom) return
    pieces.push(data.subarray(copyFrom, end))
    bytes += end - copyFrom
  }
  while (line < data.length) {
    const end = data.indexOf(LF, line)
    if (end < 0 && isStart && data.length - line < CERTAIN) break
    if (isStart && data[line] === DOT) {
      copy(line)
      const isEnd = end >= 0 && (end === line + 1 || (end === line + 2 && data[line + 1] === CR))
      if (isEnd) return { pieces, bytes, used: end + 1, isEnd: true, isMidLine: false }
      copyFrom = line + 1
    }
    isStart = end >= 0
    line = end < 0 ? data.length : end + 1
  }
  copy(line)
  return { pieces, bytes, used: line, isEnd: false, isMidLine: !isStart }
}
