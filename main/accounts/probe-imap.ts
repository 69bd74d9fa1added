/** What the check says to an IMAP server (RFC 3501, 9051, 4959). Refuses to open a mailbox: it only lists them. */

import { fail, ok, type Problem, type Result } from '../../shared/problem.ts'
import type { ProbeScript } from './probe.ts'
import type { Dialog } from './probe-dialog.ts'

// A mailbox list of 100,000 names is still honest.
const MOST_LINES = 200_000

type Answer = { status: 'OK' | 'NO' | 'BAD' | 'BYE'; text: string; untagged: string[] }

export function imapScript(): ProbeScript {
  let capabilities: string[] = []
  let isLoggedIn = false
  let serial = 0

  const command = async (
    dialog: Dialog,
    text: string,
    onContinue: string[] = [],
  ): Promise<Result<Answer>> => {
    serial += 1
    const tag = `T${serial}`
    const sent = await dialog.send(`${tag} ${text}`)
    return sent.ok ? readAnswer(dialog, tag, onContinue) : sent
  }
  const askCapabilities = async (dialog: Dialog): Promise<Result<string[]>> => {
    const answer = await command(dialog, 'CAPABILITY')
    if (!answer.ok) return answer
    const listed = answer.value.untagged.find(line => /^CAPABILITY /i.test(line))
    if (answer.value.status !== 'OK' || listed === undefined) return dialog.protocolProblem(answer.value.text)
    capabilities = listed.trim().split(/\s+/).slice(1)
    return ok(capabilities)
  }
  const offers = (name: string) => capabilities.some(capability => capability.toUpperCase() === name)

  return {
    lastStage: 'mailbox',

    async greeting(dialog) {
      const line = await dialog.line()
      if (!line.ok) return line
      const match = /^\* (OK|PREAUTH|BYE)\b ?(.*)$/i.exec(line.value)
      if (match === null) return dialog.protocolProblem(line.value.slice(0, 200))
      const [, word = '', text = ''] = match
      if (word.toUpperCase() === 'BYE')
        return fail({ kind: 'throttled', host: dialog.host, text: words(text) })
      isLoggedIn = word.toUpperCase() === 'PREAUTH'
      return ok(words(text))
    },

    async startTls(dialog) {
      // A login before TLS would come from somebody in between (RFC 9051 section 11.1).
      if (isLoggedIn) return dialog.protocolProblem('PREAUTH')
      const offered = await askCapabilities(dialog)
      if (!offered.ok) return offered
      if (!offers('STARTTLS')) return fail({ kind: 'tls-not-offered', host: dialog.host })
      const answer = await command(dialog, 'STARTTLS')
      if (!answer.ok) return answer
      return answer.value.status === 'OK' ? ok(answer.value.text) : dialog.protocolProblem(answer.value.text)
    },

    async capabilities(dialog) {
      const offered = await askCapabilities(dialog)
      return offered.ok ? ok(offered.value.join(' · ')) : offered
    },

    async authentication(dialog, login) {
      if (isLoggedIn) return ok('PREAUTH')
      const answer = await logIn(dialog, login, offers, command)
      if (!answer.ok) return answer
      if (answer.value.status === 'OK') return ok(answer.value.text)
      return fail(problemOfLogin(answer.value, dialog.host, login.user))
    },

    async last(dialog) {
      const answer = await command(dialog, 'LIST "" "*"')
      if (!answer.ok) return answer
      if (answer.value.status !== 'OK') return dialog.protocolProblem(answer.value.text)
      return ok(`LIST ${answer.value.untagged.filter(line => /^LIST /i.test(line)).length}`)
    },

    goodbye: dialog => command(dialog, 'LOGOUT'),
  }
}

async function logIn(
  dialog: Dialog,
  { user, password }: { user: string; password: string },
  offers: (name: string) => boolean,
  command: (dialog: Dialog, text: string, onContinue?: string[]) => Promise<Result<Answer>>,
): Promise<Result<Answer>> {
  if (offers('AUTH=PLAIN')) {
    const response = Buffer.from(`\0${user}\0${password}`).toString('base64')
    return offers('SASL-IR')
      ? command(dialog, `AUTHENTICATE PLAIN ${response}`)
      : command(dialog, 'AUTHENTICATE PLAIN', [response])
  }
  if (offers('LOGINDISABLED')) {
    return fail({ kind: 'authentication-unavailable', host: dialog.host, offered: ['LOGINDISABLED'] })
  }
  // Literals take every character that a quoted string does not (RFC 3501 section 9).
  const literal = (text: string) => `{${Buffer.byteLength(text)}}`
  return command(dialog, `LOGIN ${literal(user)}`, [`${user} ${literal(password)}`, password])
}

function problemOfLogin({ text, status }: Answer, host: string, user: string): Problem {
  const code = /^\[([A-Z-]+)/i.exec(text)?.[1]?.toUpperCase()
  const isTemporary = status === 'BYE' || code === 'UNAVAILABLE' || code === 'LIMIT' || code === 'INUSE'
  if (isTemporary) return { kind: 'throttled', host, text: words(text) }
  return status === 'BAD'
    ? { kind: 'protocol', host, detail: words(text) }
    : { kind: 'authentication', host, user, text: words(text) }
}

/** Reads up to the tagged answer (or the end after BYE), sending one of `onContinue` for each `+`. */
async function readAnswer(dialog: Dialog, tag: string, onContinue: string[]): Promise<Result<Answer>> {
  const untagged: string[] = []
  const waiting = [...onContinue]
  let bye: string | null = null
  while (untagged.length < MOST_LINES) {
    const line = await readLine(dialog)
    if (!line.ok) return bye === null ? line : ok({ status: 'BYE', text: bye, untagged })
    const tagged = new RegExp(`^${tag} (OK|NO|BAD)\\b ?(.*)$`, 'is').exec(line.value)
    if (tagged !== null) {
      const [, status = '', text = ''] = tagged
      return ok({ status: status.toUpperCase() as Answer['status'], text, untagged })
    }
    if (line.value.startsWith('+')) {
      const next = waiting.shift()
      if (next === undefined) return dialog.protocolProblem(line.value.slice(0, 200))
      await dialog.send(next)
    } else if (/^\* BYE\b/i.test(line.value)) bye = line.value.slice('* BYE '.length)
    else if (line.value.startsWith('* ')) untagged.push(line.value.slice(2))
    else return dialog.protocolProblem(line.value.slice(0, 200))
  }
  return dialog.protocolProblem('endless answer')
}

async function readLine(dialog: Dialog): Promise<Result<string>> {
  let whole = ''
  for (;;) {
    const line = await dialog.line()
    if (!line.ok) return line
    whole += line.value
    const literal = /\{(\d{1,7})\}$/.exec(line.value)
    if (literal === null) return ok(whole)
    const content = await dialog.bytes(Number(literal[1]))
    if (!content.ok) return content
    whole += content.value.toString('utf8')
  }
}

/** The server's words without its response code. */
function words(text: string): string {
  return text.replace(/^\[[^\]]*\]\s*/, '')
}
