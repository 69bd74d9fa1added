/** What the check says to a submission server (RFC 5321, 4954, 3207). Refuses to send a mail: MAIL FROM, then RSET. */

import { domainToASCII } from 'node:url'
import { needsSmtputf8 } from '../../shared/address.ts'
import { fail, ok, type Problem, type Result, type ServerReply } from '../../shared/problem.ts'
import type { ProbeScript } from './probe.ts'
import type { Dialog } from './probe-dialog.ts'

// An address literal instead of this machine's name, which is nobody's business.
const OUR_NAME = '[127.0.0.1]'
const MOST_LINES = 200

/** `sender` is the address of the identity, for MAIL FROM. */
export function smtpScript(sender: string): ProbeScript {
  let extensions: string[] = []

  const hello = async (dialog: Dialog): Promise<Result<string[]>> => {
    const reply = await command(dialog, `EHLO ${OUR_NAME}`, 250)
    if (!reply.ok) return reply
    extensions = reply.value.text.split('\n').slice(1)
    return ok(extensions)
  }
  const parametersOf = (keyword: string): string[] | null => {
    const found = extensions.find(line => line.split(/[ =]/, 1)[0]?.toUpperCase() === keyword)
    return found === undefined ? null : found.toUpperCase().split(/[ =]/).slice(1)
  }

  return {
    lastStage: 'sender',

    async greeting(dialog) {
      const reply = await readReply(dialog)
      if (!reply.ok) return reply
      return reply.value.code === 220 ? ok(firstLine(reply.value)) : fail(problemOfReply(reply.value))
    },

    async startTls(dialog) {
      const greeted = await hello(dialog)
      if (!greeted.ok) return greeted
      if (parametersOf('STARTTLS') === null) return fail({ kind: 'tls-not-offered', host: dialog.host })
      const reply = await command(dialog, 'STARTTLS', 220)
      return reply.ok ? ok(firstLine(reply.value)) : reply
    },

    async capabilities(dialog) {
      const offered = await hello(dialog)
      return offered.ok ? ok(offered.value.join(' · ')) : offered
    },

    async authentication(dialog, { user, password }) {
      const offered = parametersOf('AUTH') ?? []
      const bytes = (text: string) => Buffer.from(text).toString('base64')
      let reply: Result<ServerReply>
      if (offered.includes('PLAIN')) {
        reply = await command(dialog, `AUTH PLAIN ${bytes(`\0${user}\0${password}`)}`, 235)
      } else if (offered.includes('LOGIN')) {
        reply = await command(dialog, 'AUTH LOGIN', 334)
        if (reply.ok) reply = await command(dialog, bytes(user), 334)
        if (reply.ok) reply = await command(dialog, bytes(password), 235)
      } else return fail({ kind: 'authentication-unavailable', host: dialog.host, offered })
      if (reply.ok) return ok(firstLine(reply.value))
      if (reply.problem.kind !== 'refused') return reply
      return fail({ kind: 'authentication', host: dialog.host, user, text: reply.problem.reply.text })
    },

    async last(dialog) {
      const isUtf8 = needsSmtputf8(sender)
      if (isUtf8 && parametersOf('SMTPUTF8') === null) {
        return fail({ kind: 'address-needs-smtputf8', address: sender })
      }
      const at = sender.lastIndexOf('@')
      const address = isUtf8 ? sender : `${sender.slice(0, at)}@${asciiDomain(sender.slice(at + 1))}`
      const taken = await command(dialog, `MAIL FROM:<${address}>${isUtf8 ? ' SMTPUTF8' : ''}`, 250)
      if (!taken.ok) return taken
      const reset = await command(dialog, 'RSET', 250)
      return reset.ok ? ok(firstLine(taken.value)) : reset
    },

    goodbye: dialog => command(dialog, 'QUIT', 221),
  }
}

function asciiDomain(domain: string): string {
  return domain.startsWith('[') ? domain : domainToASCII(domain)
}

async function command(dialog: Dialog, line: string, expected: number): Promise<Result<ServerReply>> {
  const sent = await dialog.send(line)
  if (!sent.ok) return sent
  const reply = await readReply(dialog)
  if (!reply.ok || reply.value.code === expected) return reply
  return fail(problemOfReply(reply.value))
}

/** A reply with all its lines; the lines after the first keep their place in `text`. */
async function readReply(dialog: Dialog): Promise<Result<ServerReply>> {
  const lines: string[] = []
  let enhanced: string | null = null
  for (;;) {
    const line = await dialog.line()
    if (!line.ok) return line
    const match = /^([2-5]\d\d)(?:([ -])(.*))?$/.exec(line.value)
    if (match === null || lines.length >= MOST_LINES) return dialog.protocolProblem(line.value.slice(0, 200))
    const [, code = '', separator, text = ''] = match
    const marked = /^([245]\.\d{1,3}\.\d{1,3})(?:\s+|$)/.exec(text)
    enhanced ??= marked?.[1] ?? null
    lines.push(marked === null ? text : text.slice(marked[0].length))
    if (separator !== '-') return ok({ code: Number(code), enhanced, text: lines.join('\n') })
  }
}

function firstLine(reply: ServerReply): string {
  return reply.text.split('\n', 1)[0] ?? ''
}

function problemOfReply(reply: ServerReply): Problem {
  return reply.code < 500 ? { kind: 'server-busy', reply } : { kind: 'refused', reply }
}
