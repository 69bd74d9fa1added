/**
 * A mail's journey and its conversations as text and JSON, to keep or to show to whoever runs the server. The words of
 * the mail itself are not in it. Refuses to let a secret out, even one that a server repeated.
 */

import { open } from 'node:fs/promises'
import type { TranscriptLine } from '../../shared/model.ts'
import { fail, ok, type Result } from '../../shared/problem.ts'
import type { StoredItem } from './outbox-row.ts'

export type LedgerExport = { text: string; json: string }

const HIDDEN = '***'

/** `secrets` are the account's passwords and tokens as they are now; all they are known to look like is cut out. */
export function exportLedger(
  item: StoredItem,
  transcript: readonly TranscriptLine[],
  secrets: readonly { user: string; password: string }[],
): LedgerExport {
  const clean = cleanerOf(secrets)
  const { id, messageId, bytes, sha256, createdAt, recipe, journey, events } = item
  const lines = concealed(transcript).map(line => ({ ...line, text: clean(line.text) }))
  const facts = {
    format: 'todoke-journey',
    version: 1,
    mail: {
      id,
      messageId,
      from: recipe?.from.address ?? '',
      subject: recipe?.subject ?? '',
      bytes,
      sha256,
      writtenAt: iso(createdAt),
    },
    state: journey.state,
    recipients: journey.recipients.map(({ address, state, reply }) => ({ address, state, reply })),
    sentCopy: journey.sentCopy,
    events: events.map(({ at, ...event }) => ({ at: iso(at), ...event })),
    transcript: lines.map(({ at, ...line }) => ({ at: iso(at), ...line })),
  }
  // Cut out of every value before it is quoted, as quotes change what a secret looks like.
  const json = JSON.stringify(facts, (_key, value) => (typeof value === 'string' ? clean(value) : value), 2)
  return { json: `${json}\n`, text: clean(textOf(item, lines)) }
}

const iso = (at: number) => {
  const date = new Date(at)
  return Number.isNaN(date.getTime()) ? String(at) : date.toISOString()
}

function textOf({ messageId, recipe, bytes, sha256, journey, events }: StoredItem, lines: TranscriptLine[]) {
  const told = events.map(({ seq: _seq, at, attempt, type, ...data }) => {
    const details = Object.keys(data).length === 0 ? '' : ` ${JSON.stringify(data)}`
    return `${iso(at)}  ${attempt}  ${type}${details}`
  })
  const sides = { client: 'C', server: 'S', note: '-' }
  const said = lines.map(({ at, attempt, side, text }) => `${iso(at)}  ${attempt}  ${sides[side]}: ${text}`)
  const people = journey.recipients.map(({ address, state, reply }) => {
    const words =
      reply === null ? '' : ` (${[reply.code, reply.enhanced, reply.text].filter(Boolean).join(' ')})`
    return `  ${address}: ${state}${words}`
  })
  return `${[
    `Message-ID: <${messageId}>`,
    `From: ${recipe?.from.address ?? ''}`,
    `Subject: ${recipe?.subject ?? ''}`,
    `Bytes: ${bytes}, SHA-256 ${sha256}`,
    `State: ${journey.state}`,
    ...people,
    '',
    'Events (time, attempt, what)',
    ...told,
    '',
    'Conversation (time, attempt, who)',
    ...said,
  ].join('\n')}\n`
}

/** What is said after AUTH until its outcome; the transcript holds none of it, and this does not rely on that. */
function concealed(transcript: readonly TranscriptLine[]): TranscriptLine[] {
  let isInAuth = false
  return transcript.map(line => {
    if (line.side === 'client') {
      const auth = /^(AUTH \S+)( .*)?$/i.exec(line.text)
      if (auth !== null) {
        isInAuth = true
        return auth[2] === undefined ? line : { ...line, text: `${auth[1]} ${HIDDEN}` }
      }
      return isInAuth ? { ...line, text: HIDDEN } : line
    }
    if (isInAuth && line.side === 'server') {
      if (line.text.startsWith('334')) return { ...line, text: `334 ${HIDDEN}` }
      isInAuth = false
    }
    return line
  })
}

/** A shorter one could be any word. */
const SHORTEST_SECRET = 4

function cleanerOf(secrets: readonly { user: string; password: string }[]): (text: string) => string {
  const known = new Set<string>()
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  for (const { user, password } of secrets) {
    if (password === '') continue
    for (const form of [
      base64(password),
      base64(`\0${user}\0${password}`),
      base64(`${user}\0${user}\0${password}`),
      base64(`user=${user}\x01auth=Bearer ${password}\x01\x01`),
      base64(`n,a=${user},\x01auth=Bearer ${password}\x01\x01`),
      encodeURIComponent(password),
      JSON.stringify(password).slice(1, -1),
      password,
    ]) {
      const bare = form.replace(/=+$/, '')
      if (bare.length >= SHORTEST_SECRET) known.add(bare)
      if (form.length >= SHORTEST_SECRET) known.add(form)
    }
  }
  const forms = [...known].sort((one, other) => other.length - one.length)
  return text => {
    const without = forms.reduce((rest, form) => rest.replaceAll(form, HIDDEN), text)
    return without
      .replace(/\b(Bearer|auth=Bearer)\s+[\w.~+/-]{8,}=*/gi, `$1 ${HIDDEN}`)
      .replace(/(^|,)([pv])=[A-Za-z0-9+/]{20,}=*/g, `$1$2=${HIDDEN}`)
  }
}

/** Asks where; null where the person turned away. Never over another file. */
export async function saveExport(
  { text, json }: LedgerExport,
  format: 'text' | 'json',
  ask: (suggestedName: string) => Promise<string | null>,
): Promise<Result<{ savedAs: string | null }>> {
  const path = await ask(format === 'json' ? 'journey.json' : 'journey.txt')
  if (path === null) return ok({ savedAs: null })
  try {
    const file = await open(path, 'wx', 0o600)
    await file.writeFile(format === 'json' ? json : text).finally(() => file.close())
    return ok({ savedAs: path })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOSPC' || code === 'EDQUOT') return fail({ kind: 'disk-full' })
    return fail({ kind: 'disk', detail: code ?? String(error) })
  }
}
