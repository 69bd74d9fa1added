// The crash matrix: at each step of a mail's way the program is killed, the connection breaks, the server says no, the
// disk is full or the clock moves, and then the mail has to be exactly where the invariants say.

import { clockCases } from './clock-cases.ts'
import type { Case, Row } from './crash-case.ts'
import { diskCases } from './disk-cases.ts'
import { killCases } from './kill-cases.ts'
import { connectionCases, replyCases } from './wire-cases.ts'
import { recipients, settle, type Verdict, type World } from './world.ts'

const DRAINED_WITHIN_MS = 10_000

export const cases: Case[] = [
  ...replyCases(),
  ...clockCases(),
  ...diskCases(),
  ...connectionCases(),
  ...killCases(),
]

/** Runs one case and says everything that is not as it should be. */
export async function runCase(world: World, one: Case): Promise<Row> {
  const errors: string[] = []
  let verdict: Verdict | null = null
  try {
    const itemId = await one.run(world)
    if (itemId === null) {
      if (one.allowed.length > 0 && !one.step.startsWith('s1 ')) errors.push('no mail')
    } else {
      if (one.isDeadly) world.office.behave()
      verdict = await settle(world, itemId, one.expected ?? recipients)
      // Whoever died has to have drained so soon after its start, the start included.
      if (one.isDeadly) verdict.drainMs = performance.now() - world.restartedAt
      errors.push(...faultsOf(verdict, one))
    }
  } catch (error) {
    errors.push(error instanceof Error ? `${error.message}` : String(error))
  }
  world.office.behave()
  if (errors.length > 0) errors.push(world.office.smtp.sessions.at(-1)?.transcript.join(' | ') ?? '')
  return { step: one.step, fault: one.fault, verdict, errors }
}

export function faultsOf(verdict: Verdict, { allowed }: Pick<Case, 'allowed'>): string[] {
  const errors: string[] = []
  if (!allowed.includes(verdict.seen)) errors.push(`was ${verdict.seen}, not ${allowed.join(' or ')}`)
  if (verdict.lost > 0) errors.push(`lost for ${verdict.lost}`)
  if (verdict.doubled > 0) errors.push(`doubled for ${verdict.doubled}`)
  if (!verdict.hasSameBytes) errors.push('other bytes')
  if (verdict.leaks > 0) errors.push('a hidden reader is named')
  if (verdict.copies !== 1) errors.push(`${verdict.copies} copies in Sent`)
  if (verdict.drainMs > DRAINED_WITHIN_MS) errors.push(`took ${Math.round(verdict.drainMs)} ms`)
  return errors
}
