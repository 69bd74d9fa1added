/**
 * Owns the running checks of account forms: both servers side by side, each stage shown as it happens.
 * Refuses to save anything; a check is forgotten some minutes after its end.
 */

import { randomUUID } from 'node:crypto'
import type { AccountCheck, CheckStage, CheckStageName } from '../../shared/account-check.ts'
import type { AccountInput } from '../../shared/model.ts'
import { fail, ok, type Problem, type Result } from '../../shared/problem.ts'
import type { Emit } from '../events.ts'
import type { Clock } from '../host.ts'
import { checkAccountInput } from './account-check.ts'
import { type ProbeScript, type ProbeTarget, probe, stagesOf } from './probe.ts'
import { imapScript } from './probe-imap.ts'
import { pop3Script } from './probe-pop3.ts'
import { smtpScript } from './probe-smtp.ts'

const KEPT_MS = 10 * 60 * 1000
const MOST_RUNNING = 8

type ServerName = CheckStage['server']

export type ChecksDeps = {
  clock: Clock
  emit: Emit
  credentialsOf(input: AccountInput, server: ServerName): Result<{ user: string; password: string }>
}

export type AccountChecks = {
  /** Answers at once; what would forbid saving the form forbids trying it. */
  start(input: AccountInput): Result<{ checkId: string }>
  state(checkId: string): Result<AccountCheck>
  stop(checkId: string): { stopped: boolean }
  /** Ends and forgets everything; nothing of a check outlives the program. */
  close(): void
}

type Running = { check: AccountCheck; abort: AbortController; cancelForget: () => void }

export function createAccountChecks(deps: ChecksDeps): AccountChecks {
  const { clock, emit, credentialsOf } = deps
  const checks = new Map<string, Running>()
  const announce = (checkId: string) => emit('check.changed', { checkId })
  const running = () => [...checks.values()].filter(({ check }) => check.state === 'running')

  const finish = (entry: Running, state: AccountCheck['state']): void => {
    const { check, abort } = entry
    if (check.state !== 'running') return
    check.state = state
    for (const stage of check.stages) {
      if (stage.state === 'waiting' || stage.state === 'running') stage.state = 'skipped'
    }
    abort.abort()
    entry.cancelForget = clock.after(KEPT_MS, () => checks.delete(check.id))
    announce(check.id)
  }

  const probeServer = (entry: Running, server: ServerName, target: ProbeTarget): Promise<Result<true>> =>
    probe(target, {
      clock,
      signal: entry.abort.signal,
      onStage(name, change) {
        if (entry.check.state !== 'running') return
        const stage = entry.check.stages.find(one => one.server === server && one.stage === name)
        if (stage !== undefined) Object.assign(stage, change)
        if (change.state === 'failed') skipAfter(entry.check, server)
        const certificate = pinnable(change.problem)
        if (certificate !== null) entry.check.untrusted.push({ server, certificate })
        announce(entry.check.id)
      },
    })

  return {
    start(input) {
      const checked = checkAccountInput(input)
      if (!checked.ok) return checked
      if (running().length >= MOST_RUNNING) return fail({ kind: 'not-now', what: 'too-many-checks' })
      const targets = targetsOf(checked.value, credentialsOf)
      const check: AccountCheck = { id: randomUUID(), state: 'running', stages: [], untrusted: [] }
      for (const { server, target } of targets) {
        const names = stagesOf(target.settings, target.script.lastStage)
        check.stages.push(...names.map(stage => waiting(server, stage)))
      }
      const entry: Running = { check, abort: new AbortController(), cancelForget: () => {} }
      checks.set(check.id, entry)
      void Promise.all(targets.map(({ server, target }) => probeServer(entry, server, target))).then(
        results => finish(entry, results.every(result => result.ok) ? 'passed' : 'failed'),
      )
      return ok({ checkId: check.id })
    },

    state(checkId) {
      const entry = checks.get(checkId)
      return entry === undefined
        ? fail({ kind: 'not-found', what: 'check' })
        : ok(structuredClone(entry.check))
    },

    stop(checkId) {
      const entry = checks.get(checkId)
      if (entry?.check.state !== 'running') return { stopped: false }
      finish(entry, 'stopped')
      return { stopped: true }
    },

    close() {
      for (const entry of running()) finish(entry, 'stopped')
      for (const entry of checks.values()) entry.cancelForget()
      checks.clear()
    },
  }
}

function targetsOf(
  input: AccountInput,
  credentialsOf: ChecksDeps['credentialsOf'],
): { server: ServerName; target: ProbeTarget }[] {
  const target = (server: ServerName, script: ProbeScript) => ({
    server,
    target: { settings: input[server], script, login: credentialsOf(input, server) },
  })
  return [
    target('smtp', smtpScript(input.identity.address)),
    target('incoming', input.incoming.kind === 'imap' ? imapScript() : pop3Script()),
  ]
}

function waiting(server: ServerName, stage: CheckStageName): CheckStage {
  return { server, stage, state: 'waiting', ms: null, detail: '', problem: null }
}

function skipAfter(check: AccountCheck, server: ServerName): void {
  for (const stage of check.stages) {
    if (stage.server === server && stage.state === 'waiting') stage.state = 'skipped'
  }
}

/** A certificate that may be trusted for this server alone. One out of its time stays refused even then. */
function pinnable(problem: Problem | null) {
  if (problem?.kind !== 'certificate') return null
  return problem.reason === 'expired' || problem.reason === 'not-yet-valid' ? null : problem.certificate
}
