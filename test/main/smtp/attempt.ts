// One submission against a scripted server, and everything that was seen of it.

import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { type Clock, systemClock } from '../../../main/host.ts'
import {
  type Credentials,
  createSubmitter,
  type Order,
  type Outcome,
  type Submitter,
  type WireEvent,
} from '../../../main/smtp/submit.ts'
import { NO_WISHES, type WireWishes } from '../../../main/smtp/wire-envelope.ts'
import type { ServerSettings } from '../../../shared/model.ts'
import type { Problem } from '../../../shared/problem.ts'

export const credentials = { user: 'yuki', password: 'correct horse' }

export function settingsFor(server: { port: number }, more: Partial<ServerSettings> = {}): ServerSettings {
  return {
    host: '127.0.0.1',
    port: server.port,
    tls: 'none',
    user: 'yuki',
    pinnedCertificate: null,
    plaintextConsent: false,
    ...more,
  }
}

export const smallMail = Buffer.from('Subject: x\r\n\r\nHi\r\n.dot\r\n..two\r\n')

export function bigMail(bytes: number): Buffer {
  return Buffer.concat([
    Buffer.from('Subject: big\r\n\r\n'),
    Buffer.alloc(bytes, 'a line of text\r\n'),
    Buffer.from('\r\n'),
  ])
}

export type Attempt = {
  outcome: Outcome
  events: WireEvent[]
  types: string[]
  lines: string[]
  progress: number[]
  /** How often the point of no return was committed. */
  terminating: { bytes: number; recipients: string[] }[]
}

export type AttemptOptions = {
  settings: ServerSettings
  mail?: Buffer
  /** What the stream gives, where it shall not be the mail that was frozen. */
  stream?: () => Readable
  to?: string[]
  wishes?: WireWishes
  credentials?: Credentials
  submitter?: Submitter
  clock?: Clock
  signal?: AbortSignal
  onEvent?: (event: WireEvent) => void
  onTerminating?: () => void
  onProgress?: (sent: number) => void
}

export async function attempt(options: AttemptOptions): Promise<Attempt> {
  const { mail = smallMail, clock = systemClock, to = ['bob@example.org'] } = options
  const submitter = options.submitter ?? createSubmitter({ clock })
  const seen: Omit<Attempt, 'outcome' | 'types'> = { events: [], lines: [], progress: [], terminating: [] }
  const order: Order = {
    accountId: 'account',
    settings: options.settings,
    credentials: options.credentials ?? { user: '', password: '' },
    envelope: { from: 'yuki@example.co.jp', to },
    wishes: options.wishes ?? NO_WISHES,
    bytes: mail.length,
    sha256: createHash('sha256').update(mail).digest('hex'),
    openBody: options.stream ?? (() => piecewise(mail)),
    signal: options.signal ?? new AbortController().signal,
  }
  const outcome = await submitter.submit(order, {
    onEvent(event) {
      seen.events.push(event)
      options.onEvent?.(event)
    },
    onLine: (side, text) => seen.lines.push(`${side}: ${text}`),
    onProgress(sent) {
      seen.progress.push(sent)
      options.onProgress?.(sent)
    },
    async commitTerminating(facts) {
      options.onTerminating?.()
      seen.terminating.push(facts)
    },
    problemOfBody: (error): Problem => ({
      kind: 'disk',
      detail: error instanceof Error ? error.message : '',
    }),
  })
  if (options.submitter === undefined) submitter.close()
  return { ...seen, outcome, types: seen.events.map(({ type }) => type) }
}

export function piecewise(bytes: Buffer, size = 16_384): Readable {
  const pieces: Buffer[] = []
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size))
  return Readable.from(pieces, { objectMode: false })
}
