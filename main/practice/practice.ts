/**
 * Owns the practice mailbox: an SMTP and an IMAP server on loopback with correspondents that behave, so that a
 * newcomer learns what a mail goes through. Refuses to reach beyond this machine and keeps nothing after `stop`.
 */

import { randomBytes } from 'node:crypto'
import type { AccountInput } from '../../shared/model.ts'
import { fail, ok, type Result } from '../../shared/problem.ts'
import type { Clock } from '../host.ts'
import { createCorrespondents, type KeptMail, PRACTICE_ADDRESS, PRACTICE_DOMAIN } from './correspondents.ts'
import { welcomeLetters } from './letters.ts'
import { type PracticeImap, startPracticeImap } from './practice-imap.ts'
import { type PracticeSmtp, startPracticeSmtp } from './practice-smtp.ts'

const HOST = '127.0.0.1'

export type Practice = {
  /** Starts both servers on free ports; while they run, a further start answers the same account. */
  start(): Promise<Result<{ accountInput: AccountInput }>>
  stop(): Promise<void>
  /** What came for correspondents who never answer, oldest first. */
  kept(): KeptMail[]
}

type Running = { input: AccountInput; kept(): KeptMail[]; stop(): Promise<void> }

export function createPractice({ clock }: { clock: Clock }): Practice {
  let starting: Promise<Running> | null = null
  let running: Running | null = null

  return {
    async start() {
      try {
        starting ??= startServers(clock)
        running = await starting
        return ok({ accountInput: structuredClone(running.input) })
      } catch (error) {
        starting = null
        const detail = (error as NodeJS.ErrnoException).code ?? String(error)
        return fail({ kind: 'unreachable', host: HOST, port: 0, detail })
      }
    },

    async stop() {
      const started = await starting?.catch(() => null)
      starting = running = null
      await started?.stop()
    },

    kept: () => running?.kept() ?? [],
  }
}

async function startServers(clock: Clock): Promise<Running> {
  const login = { user: PRACTICE_ADDRESS, password: randomBytes(18).toString('base64url') }
  const inbox = welcomeLetters(clock.now())
  const imap: PracticeImap = await startPracticeImap({ clock, ...login, inbox })
  const correspondents = createCorrespondents({ clock, deliver: imap.deliver })
  let smtp: PracticeSmtp
  try {
    smtp = await startPracticeSmtp({
      name: PRACTICE_DOMAIN,
      ...login,
      decide: correspondents.decide,
      take: correspondents.take,
      newQueueId: () => randomBytes(6).toString('hex').toUpperCase(),
    })
  } catch (error) {
    await imap.stop()
    throw error
  }
  return {
    input: accountInput(login, smtp.port, imap.port),
    kept: correspondents.kept,
    async stop() {
      correspondents.stop()
      await Promise.all([smtp.stop(), imap.stop()])
    },
  }
}

function accountInput(
  login: { user: string; password: string },
  smtpPort: number,
  imapPort: number,
): AccountInput {
  const server = {
    host: HOST,
    tls: 'none' as const,
    user: login.user,
    pinnedCertificate: null,
    plaintextConsent: false,
  }
  return {
    id: null,
    label: '練習 · Practice',
    color: 'teal',
    identity: { name: '', address: PRACTICE_ADDRESS },
    smtp: { ...server, port: smtpPort },
    incoming: { kind: 'imap', ...server, port: imapPort },
    passwords: { smtp: login.password, incoming: login.password },
  }
}
