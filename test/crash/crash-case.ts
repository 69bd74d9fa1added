// One case of the crash matrix: how a mail is brought to its step and what happens to it there.

import type { Act, Hold, Reply } from '../servers/acts.ts'
import type { SmtpScript } from '../servers/scripted-smtp.ts'
import { Died } from './program.ts'
import { type Composed, LARGE_BYTES, type Verdict, type World } from './world.ts'

export type Case = {
  step: string
  fault: string
  /** What may be known of the mail when it comes to rest. */
  allowed: readonly string[]
  /** Brings the mail to its step and lets the fault happen; null where no mail came to be, as it should not. */
  run(world: World): Promise<string | null>
  expected?: readonly string[]
  /** The kill is the fault, so a new program goes on. */
  isDeadly: boolean
}

export type Row = { step: string; fault: string; verdict: Verdict | null; errors: string[] }

/** Where in an SMTP conversation; `large` where the body has to be under way. */
export type Place = { step: string; key: keyof SmtpScript; large?: boolean }
export const places: Place[] = [
  { step: 's7 greeting', key: 'greeting' },
  { step: 's7 EHLO', key: 'ehlo' },
  { step: 's7 STARTTLS', key: 'starttls' },
  { step: 's7 AUTH', key: 'auth' },
  { step: 's8 MAIL FROM', key: 'mail' },
  { step: 's9 RCPT', key: 'rcpt' },
  { step: 's10 before 354', key: 'data' },
  { step: 's11 body', key: 'midBody', large: true },
  { step: 's13 no reply', key: 'body' },
]
export const isUnknown = ({ key }: Place) => key === 'body'

export function put(script: SmtpScript, key: keyof SmtpScript, act: Reply): void {
  if (key === 'midBody') {
    if (typeof act === 'string') throw new Error('no reply in the middle of a body')
    const perform: Act['perform'] = stage => {
      delete script.midBody
      return act.perform(stage)
    }
    script.midBody = { afterBytes: 200_000, act: { perform } }
  } else if (key !== 'recipients') script[key] = [act]
}

/** Sends over a connection of its own, so that the fault meets this mail and not the warming of the composer. */
export async function sendThrough(world: World, place: Place, act: Reply | Reply[]): Promise<string> {
  const { smtp, script } = world.office
  const { draftId, revision } = await world.compose(place.large === true ? LARGE_BYTES : 0)
  await smtp.waitFor(() => smtp.sessions.at(-1)?.user !== undefined, 'the composer to warm a connection')
  for (const { wire } of smtp.sessions) wire.drop()
  await Promise.all(smtp.sessions.map(({ closed }) => closed))
  if (Array.isArray(act) && place.key !== 'midBody' && place.key !== 'recipients') script[place.key] = act
  else if (!Array.isArray(act)) put(script, place.key, act)
  return (await world.program.call('outbox.send', draftId, revision, null)).itemId
}

/** Orders the kill, presses Send, and waits for the end. */
export async function dieAt(world: World, when: 'before' | 'after', at: string): Promise<string | null> {
  const { program } = world
  const composed = await world.compose()
  await program.order({ do: 'kill', when, at })
  const answer = await program.ask('outbox.send', composed.draftId, composed.revision, null).catch(died)
  await program.ended
  await world.restart()
  return answer?.ok ? answer.value.itemId : whatBecameOf(world, composed)
}

/** A mail whose Send was never answered: its item, or null where the draft is whole. Throws where it is both or none. */
export async function whatBecameOf(
  { program }: World,
  { draftId, subject }: Composed,
): Promise<string | null> {
  const draft = await program.ask('drafts.get', draftId)
  const item = (await program.call('outbox.list')).find(one => one.subject === subject)
  if (draft.ok && item !== undefined) throw new Error('both a draft and a mail')
  if (draft.ok) {
    if (draft.value.text === '' || draft.value.to.length !== 2) throw new Error('the draft is not whole')
    return null
  }
  if (item === undefined) throw new Error('lost: neither draft nor mail')
  return item.id
}

export function died(error: unknown): null {
  if (error instanceof Died) return null
  throw error
}

/** Lets the test know, and then says nothing until the connection is gone. */
export function stallAfter(act: Hold): Hold['perform'] {
  return async stage => {
    act.release()
    await act.perform({ ...stage, say: async () => {} })
    await stage.wire.closed
  }
}
