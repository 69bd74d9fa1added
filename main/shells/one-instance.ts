/**
 * One program per data directory, whatever shell it runs in (I8: one sender). The lock is SQLite's, so the system frees
 * it when we die; a socket beside it (a pipe on Windows, no port) lets a second start call the first to the front.
 */

import { createHash } from 'node:crypto'
import { chmodSync, rmSync } from 'node:fs'
import { createConnection, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fail, ok, type Result } from '../../shared/problem.ts'
import { type Db, openDatabase } from '../db.ts'

/** What a second start asks of the first: come to the front, and open this mailto link if there is one. */
export type SecondStart = { mailto: string | null }

export type Instance = { release(): void }

const LONGEST_MESSAGE = 64 * 1024
const ANSWER_WITHIN_MS = 3_000

/** Answers `already-running` where another process has this directory. */
export async function claimInstance(
  dataDir: string,
  onSecondStart: (start: SecondStart) => void,
): Promise<Result<Instance>> {
  const lock = takeLock(join(dataDir, 'instance.db'))
  if (!lock.ok) return lock
  const server = await listen(socketOf(dataDir), onSecondStart)
  return ok({
    release() {
      server?.close()
      lock.value.close()
    },
  })
}

function takeLock(file: string): Result<Db> {
  const opened = openDatabase(file, { durability: 'normal', migrations: [] })
  if (!opened.ok) return opened
  try {
    opened.value.get('PRAGMA busy_timeout = 0')
    // Held open until release: nobody else can begin.
    opened.value.run('BEGIN IMMEDIATE')
    return opened
  } catch {
    opened.value.close()
    return fail({ kind: 'already-running' })
  }
}

/** A path of a socket has about 100 bytes; a deeper directory gets a name made from its own. */
function socketOf(dataDir: string): string {
  const name = createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 24)
  if (process.platform === 'win32') return `\\\\.\\pipe\\todoke-${name}`
  const inside = join(resolve(dataDir), 'instance.sock')
  if (Buffer.byteLength(inside) < 100) return inside
  return join(process.env.XDG_RUNTIME_DIR ?? tmpdir(), `todoke-${name}.sock`)
}

/** Null where no socket can be had: the lock holds all the same, only nobody can call us to the front. */
function listen(path: string, onSecondStart: (start: SecondStart) => void): Promise<Server | null> {
  // We have the lock, so a socket that lies there is from one who died.
  if (process.platform !== 'win32') rmSync(path, { force: true })
  return new Promise(resolve => {
    const server = createServer(socket => {
      let text = ''
      socket.setEncoding('utf8')
      socket.setTimeout(ANSWER_WITHIN_MS, () => socket.destroy())
      socket.on('error', () => {})
      socket.on('data', chunk => {
        text += chunk
        if (text.length > LONGEST_MESSAGE) socket.destroy()
        if (!text.endsWith('\n')) return
        const start = parseSecondStart(text)
        if (start !== null) onSecondStart(start)
        socket.end('here\n')
      })
    })
    server.once('error', () => resolve(null))
    server.listen(path, () => {
      server.unref()
      if (process.platform !== 'win32') chmodSync(path, 0o600)
      resolve(server)
    })
  })
}

function parseSecondStart(text: string): SecondStart | null {
  try {
    const start = JSON.parse(text) as { mailto?: unknown }
    return { mailto: typeof start.mailto === 'string' ? start.mailto : null }
  } catch {
    return null
  }
}

/** Calls the one who has the directory. True when it answered. */
export function tellFirstInstance(dataDir: string, start: SecondStart): Promise<boolean> {
  return new Promise(resolve => {
    const socket = createConnection(socketOf(dataDir))
    socket.setTimeout(ANSWER_WITHIN_MS, () => socket.destroy())
    socket.once('connect', () => socket.write(`${JSON.stringify(start)}\n`))
    socket.once('data', () => {
      resolve(true)
      socket.destroy()
    })
    socket.once('error', () => resolve(false))
    socket.once('close', () => resolve(false))
  })
}
