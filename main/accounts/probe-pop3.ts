/** What the check says to a POP3 server (RFC 1939, 2449, 2595, 5034). Refuses to fetch or delete: it only asks STAT. */

import { fail, ok, type Problem, type Result } from '../../shared/problem.ts'
import type { ProbeScript } from './probe.ts'
import type { Dialog } from './probe-dialog.ts'

const MOST_LINES = 500

type Answer = { isOk: boolean; text: string }

export function pop3Script(): ProbeScript {
  /** Null where the server does not know CAPA. */
  let capabilities: string[] | null = null

  const askCapabilities = async (dialog: Dialog): Promise<Result<string[]>> => {
    const answer = await command(dialog, 'CAPA')
    if (!answer.ok) return answer
    capabilities = null
    if (!answer.value.isOk) return ok([])
    const lines = await readLines(dialog)
    if (lines.ok) capabilities = lines.value
    return lines
  }
  const parametersOf = (name: string): string[] | null => {
    const found = capabilities?.find(line => line.split(' ', 1)[0]?.toUpperCase() === name)
    return found === undefined ? null : found.toUpperCase().split(/\s+/).slice(1)
  }

  return {
    lastStage: 'mailbox',

    async greeting(dialog) {
      const answer = await readAnswer(dialog)
      if (!answer.ok) return answer
      return answer.value.isOk ? ok(answer.value.text) : fail(busy(answer.value, dialog.host))
    },

    async startTls(dialog) {
      const offered = await askCapabilities(dialog)
      if (!offered.ok) return offered
      if (parametersOf('STLS') === null) return fail({ kind: 'tls-not-offered', host: dialog.host })
      const answer = await command(dialog, 'STLS')
      if (!answer.ok) return answer
      return answer.value.isOk ? ok(answer.value.text) : dialog.protocolProblem(answer.value.text)
    },

    async capabilities(dialog) {
      const offered = await askCapabilities(dialog)
      return offered.ok ? ok(offered.value.join(' · ')) : offered
    },

    async authentication(dialog, { user, password }) {
      const sasl = parametersOf('SASL')
      let answer: Result<Answer>
      if (sasl?.includes('PLAIN')) {
        answer = await command(dialog, 'AUTH PLAIN')
        // The go-ahead is "+ " (RFC 5034 section 4).
        if (answer.ok && answer.value.isOk) {
          answer = await command(dialog, Buffer.from(`\0${user}\0${password}`).toString('base64'))
        }
      } else if (sasl !== null && parametersOf('USER') === null) {
        return fail({ kind: 'authentication-unavailable', host: dialog.host, offered: sasl })
      } else {
        answer = await command(dialog, `USER ${user}`)
        if (answer.ok && answer.value.isOk) answer = await command(dialog, `PASS ${password}`)
      }
      if (!answer.ok) return answer
      return answer.value.isOk ? ok(answer.value.text) : fail(problemOfLogin(answer.value, dialog.host, user))
    },

    async last(dialog) {
      const answer = await command(dialog, 'STAT')
      if (!answer.ok) return answer
      return answer.value.isOk ? ok(`STAT ${answer.value.text}`) : dialog.protocolProblem(answer.value.text)
    },

    goodbye: dialog => command(dialog, 'QUIT'),
  }
}

async function command(dialog: Dialog, line: string): Promise<Result<Answer>> {
  const sent = await dialog.send(line)
  return sent.ok ? readAnswer(dialog) : sent
}

async function readAnswer(dialog: Dialog): Promise<Result<Answer>> {
  const line = await dialog.line()
  if (!line.ok) return line
  const match = /^(\+OK|\+|-ERR)(?:\s+(.*))?$/i.exec(line.value)
  if (match === null) return dialog.protocolProblem(line.value.slice(0, 200))
  return ok({ isOk: match[1]?.startsWith('+') ?? false, text: match[2] ?? '' })
}

async function readLines(dialog: Dialog): Promise<Result<string[]>> {
  const lines: string[] = []
  while (lines.length < MOST_LINES) {
    const line = await dialog.line()
    if (!line.ok) return line
    if (line.value === '.') return ok(lines)
    lines.push(line.value.replace(/^\.\./, '.'))
  }
  return dialog.protocolProblem('endless answer')
}

function busy({ text }: Answer, host: string): Problem {
  return { kind: 'throttled', host, text }
}

/** RFC 2449 and 3206: these codes say that the password is not the trouble. */
function problemOfLogin(answer: Answer, host: string, user: string): Problem {
  return /^\[(?:SYS\/TEMP|LOGIN-DELAY|IN-USE)\]/i.test(answer.text)
    ? busy(answer, host)
    : { kind: 'authentication', host, user, text: answer.text }
}
