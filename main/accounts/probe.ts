/**
 * Owns the order in which a server is tried: DNS, TCP, TLS, greeting, capabilities, login, and one harmless
 * command. Refuses to send a password before TLS, unless the settings allow plaintext. The words are the scripts'.
 */

import { isIPv6 } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { CheckStage, CheckStageName } from '../../shared/account-check.ts'
import type { ServerSettings } from '../../shared/model.ts'
import { assertNever, fail, ok, type Result } from '../../shared/problem.ts'
import type { Clock } from '../host.ts'
import { certificateFacts, forbidsPlaintext } from '../network.ts'
import { type Dialog, openDialog } from './probe-dialog.ts'

/** What one protocol says. Each step answers a detail worth showing. */
export type ProbeScript = {
  lastStage: 'sender' | 'mailbox'
  greeting(dialog: Dialog): Promise<Result<string>>
  /** Up to the server's go-ahead; the handshake is not its business. */
  startTls(dialog: Dialog): Promise<Result<string>>
  capabilities(dialog: Dialog): Promise<Result<string>>
  authentication(dialog: Dialog, login: { user: string; password: string }): Promise<Result<string>>
  last(dialog: Dialog): Promise<Result<string>>
  goodbye(dialog: Dialog): Promise<unknown>
}

export type ProbeTarget = {
  settings: ServerSettings
  script: ProbeScript
  /** A problem here shows at the login; the stages before it run all the same. */
  login: Result<{ user: string; password: string }>
}

export type ProbeWatch = {
  clock: Clock
  signal: AbortSignal
  /** Called when a stage starts and when it ends. */
  onStage(stage: CheckStageName, change: Pick<CheckStage, 'state' | 'ms' | 'detail' | 'problem'>): void
}

const DEADLINES_MS: Record<CheckStageName, number> = {
  dns: 10_000,
  tcp: 15_000,
  tls: 15_000,
  // Some servers make a stranger wait for the greeting on purpose.
  greeting: 15_000,
  capabilities: 10_000,
  authentication: 15_000,
  sender: 15_000,
  mailbox: 15_000,
}
const GOODBYE_MS = 2_000

/** The stages of these settings, in the order they are tried. There is no TLS stage where there is no TLS. */
export function stagesOf(settings: ServerSettings, lastStage: 'sender' | 'mailbox'): CheckStageName[] {
  switch (settings.tls) {
    case 'implicit':
      return ['dns', 'tcp', 'tls', 'greeting', 'capabilities', 'authentication', lastStage]
    case 'starttls':
      return ['dns', 'tcp', 'greeting', 'tls', 'capabilities', 'authentication', lastStage]
    case 'none':
      return ['dns', 'tcp', 'greeting', 'capabilities', 'authentication', lastStage]
  }
}

/** Tries the server stage by stage until one fails. Answers that problem, or true where all passed. */
export async function probe(target: ProbeTarget, watch: ProbeWatch): Promise<Result<true>> {
  const { settings, script } = target
  const { clock, signal, onStage } = watch
  const dialog = openDialog(settings, clock)
  const stop = () => dialog.end({ kind: 'cancelled' })
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop)
  try {
    for (const stage of stagesOf(settings, script.lastStage)) {
      const startedAt = clock.now()
      onStage(stage, { state: 'running', ms: null, detail: '', problem: null })
      dialog.enter(stage, DEADLINES_MS[stage])
      const done = await runStage(stage, target, dialog)
      const ms = clock.now() - startedAt
      if (!done.ok) {
        onStage(stage, { state: 'failed', ms, detail: '', problem: done.problem })
        return done
      }
      onStage(stage, { state: 'passed', ms, detail: done.value, problem: null })
    }
    dialog.enter('goodbye', GOODBYE_MS)
    await script.goodbye(dialog)
    return ok(true)
  } finally {
    signal.removeEventListener('abort', stop)
    dialog.end({ kind: 'cancelled' })
  }
}

async function runStage(stage: CheckStageName, target: ProbeTarget, dialog: Dialog): Promise<Result<string>> {
  const { settings, script, login } = target
  switch (stage) {
    case 'dns': {
      const found = await dialog.resolve()
      return found.ok ? ok(found.value.join(' · ')) : found
    }
    case 'tcp': {
      const connected = await dialog.connect()
      return connected.ok
        ? ok(
            isIPv6(connected.value)
              ? `[${connected.value}]:${settings.port}`
              : `${connected.value}:${settings.port}`,
          )
        : connected
    }
    case 'tls': {
      const ready = settings.tls === 'starttls' ? await script.startTls(dialog) : ok('')
      if (!ready.ok) return ready
      const secured = await dialog.secure()
      return secured.ok ? ok(tlsWords(secured.value)) : secured
    }
    case 'greeting':
      return script.greeting(dialog)
    case 'capabilities':
      return script.capabilities(dialog)
    case 'authentication':
      if (!login.ok) return login
      if (!dialog.isSecure() && (settings.tls !== 'none' || forbidsPlaintext(settings))) {
        return fail({ kind: 'plaintext-forbidden', host: settings.host })
      }
      return script.authentication(dialog, login.value)
    case 'sender':
    case 'mailbox':
      return script.last(dialog)
    default:
      return assertNever(stage)
  }
}

/** "TLSv1.3 · TLS_AES_256_GCM_SHA384 · mail.example.jp · Example CA · 2027-01-31" */
function tlsWords(socket: TLSSocket): string {
  const facts = certificateFacts(socket)
  const { name, standardName } = socket.getCipher()
  const until =
    facts === null || Number.isNaN(facts.validTo) ? '' : new Date(facts.validTo).toISOString().slice(0, 10)
  return [socket.getProtocol(), standardName ?? name, facts?.subject, facts?.issuer, until]
    .filter(word => word !== undefined && word !== null && word !== '')
    .join(' · ')
}
