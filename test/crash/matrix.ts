// The crash matrix: at each step of a mail's way the program is killed, the connection breaks, the server says no, the
// disk is full or the clock moves, and then the mail has to be exactly where the invariants say.

import { type Act, drop, type Hold, hold, type Reply, reset, stall } from '../servers/acts.ts'
import type { SmtpScript } from '../servers/scripted-smtp.ts'
import { Died } from './program.ts'
import { type Composed, LARGE_BYTES, recipients, settle, type Verdict, type World } from './world.ts'

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

const DRAINED_WITHIN_MS = 10_000

type Place = { step: string; key: keyof SmtpScript; large?: boolean }
const places: Place[] = [
  { step: 's7 greeting', key: 'greeting' },
  { step: 's7 EHLO', key: 'ehlo' },
  { step: 's7 AUTH', key: 'auth' },
  { step: 's8 MAIL FROM', key: 'mail' },
  { step: 's9 RCPT', key: 'rcpt' },
  { step: 's10 before 354', key: 'data' },
  { step: 's11 body', key: 'midBody', large: true },
  { step: 's13 no reply', key: 'body' },
]
const isUnknown = ({ key }: Place) => key === 'body'

function put(script: SmtpScript, key: keyof SmtpScript, act: Reply): void {
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
async function sendThrough(world: World, place: Place, act: Reply | Reply[]): Promise<string> {
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
async function dieAt(world: World, when: 'before' | 'after', at: string): Promise<string | null> {
  const { program } = world
  const composed = await world.compose()
  await program.order({ do: 'kill', when, at })
  const answer = await program.ask('outbox.send', composed.draftId, composed.revision, null).catch(died)
  await program.ended
  await world.restart()
  return answer?.ok ? answer.value.itemId : whatBecameOf(world, composed)
}

/** A mail whose Send was never answered: its item, or null where the draft is whole. Throws where it is both or none. */
async function whatBecameOf({ program }: World, { draftId, subject }: Composed): Promise<string | null> {
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

function died(error: unknown): null {
  if (error instanceof Died) return null
  throw error
}

function killCases(): Case[] {
  const deadly = { fault: 'kill -9', isDeadly: true } as const
  const queued = ['accepted', 'queued'] as const
  const atPoint = (step: string, when: 'before' | 'after', at: string, allowed: readonly string[]): Case => ({
    ...deadly,
    step,
    allowed,
    run: world => dieAt(world, when, at),
  })
  return [
    {
      ...deadly,
      step: 's1 Send pressed',
      allowed: queued,
      async run(world) {
        const composed = await world.compose()
        const { draftId, revision } = composed
        const answer = world.program.ask('outbox.send', draftId, revision, null).catch(died)
        await world.program.kill()
        await answer
        await world.restart()
        return whatBecameOf(world, composed)
      },
    },
    atPoint('s2 frozen', 'before', 'written', []),
    atPoint('s3 committed', 'after', 'written', queued),
    {
      ...deadly,
      step: 's4 page told',
      allowed: queued,
      async run(world) {
        const itemId = await world.send()
        await world.restart()
        return itemId
      },
    },
    {
      ...deadly,
      step: 's5 undo window',
      allowed: queued,
      async run(world) {
        await world.program.call('settings.set', { undoSeconds: 2 })
        const itemId = await world.send()
        const { journey } = await world.program.call('outbox.get', itemId)
        if (journey.state !== 'held') throw new Error(`${journey.state} instead of held`)
        await world.program.call('settings.set', { undoSeconds: 0 })
        await world.restart()
        return itemId
      },
    },
    {
      ...deadly,
      step: 's5 schedule',
      allowed: queued,
      async run(world) {
        const dueAt = Date.now() + 12_000
        const itemId = await world.send(0, dueAt)
        await world.restart()
        const item = await world.program.until(itemId, ({ journey }) => journey.state === 'accepted')
        const at = item.journey.stations.submitted?.at ?? 0
        if (at < dueAt - 5_000) throw new Error(`left ${dueAt - at} ms too early`)
        return itemId
      },
    },
    atPoint('s6 claimed', 'after', 'claimed', queued),
    ...places.map(
      (place): Case => ({
        ...deadly,
        step: place.step,
        allowed: isUnknown(place) ? ['uncertain'] : queued,
        async run(world) {
          const act: Hold = hold()
          // Whoever dies before the server has answered is answered nothing.
          const taken = isUnknown(place) ? act : { ...act, perform: stallAfter(act) }
          const itemId = await sendThrough(world, place, taken)
          await act.reached
          await world.restart()
          return itemId
        },
      }),
    ),
    {
      ...deadly,
      step: 's13 not taken',
      allowed: ['uncertain'],
      async run(world) {
        const act = hold()
        put(world.office.script, 'body', { ...act, perform: stallAfter(act) })
        const itemId = await world.send()
        await act.reached
        await world.restart()
        return itemId
      },
    },
    atPoint('s11 all but the end', 'before', 'terminating', queued),
    atPoint('s12 terminating', 'after', 'terminating', ['uncertain']),
    atPoint('s14 250 read', 'before', 'accepted', ['uncertain']),
    atPoint('s15 accepted', 'after', 'accepted', ['accepted']),
    ...(['before', 'after'] as const).map(
      (when): Case => ({
        ...deadly,
        step: `s16 APPEND ${when === 'before' ? 'begun' : 'stored'}`,
        allowed: ['accepted'],
        async run(world) {
          const reached = new Promise<void>(resolve => {
            world.office.onAppend[when] = () => {
              resolve()
              return new Promise(() => {})
            }
          })
          const itemId = await world.send()
          await reached
          await world.program.kill()
          world.office.behave()
          await world.restart()
          return itemId
        },
      }),
    ),
    atPoint('s17 filed, not noted', 'before', 'copy-filed', ['accepted']),
    atPoint('s17 filed', 'after', 'copy-filed', ['accepted']),
    {
      ...deadly,
      step: 's18 purge',
      allowed: ['accepted'],
      async run(world) {
        const itemId = await world.send()
        await world.program.until(itemId, ({ journey }) => journey.sentCopy.state === 'filed')
        const removing = world.program.ask('outbox.remove', itemId).catch(died)
        await world.program.kill()
        await removing
        await world.restart()
        return itemId
      },
    },
  ]
}

/** Lets the test know, and then says nothing until the connection is gone. */
function stallAfter(act: Hold): Hold['perform'] {
  return async stage => {
    act.release()
    await act.perform({ ...stage, say: async () => {} })
    await stage.wire.closed
  }
}

function connectionCases(): Case[] {
  const ends = { FIN: drop, RST: reset, stall } as const
  return places.flatMap(place =>
    Object.entries(ends).map(
      ([fault, end]): Case => ({
        step: place.step,
        fault,
        isDeadly: false,
        allowed: isUnknown(place) ? ['uncertain'] : ['queued'],
        run(world) {
          return sendThrough(world, place, end())
        },
      }),
    ),
  )
}

function replyCases(): Case[] {
  const says = (place: string, key: keyof SmtpScript, reply: string, allowed: string[]): Case => ({
    step: place,
    fault: reply.slice(0, 9),
    isDeadly: false,
    allowed,
    run(world) {
      // Every recipient hears it.
      return sendThrough(world, { step: place, key }, key === 'rcpt' ? [reply, reply, reply] : reply)
    },
  })
  return [
    says('s7 greeting', 'greeting', '421 4.3.2 Not now', ['paused']),
    says('s7 greeting', 'greeting', '554 5.3.2 No', ['refused', 'queued', 'paused']),
    says('s7 AUTH', 'auth', '454 4.7.0 Temporary', ['queued', 'paused']),
    says('s7 AUTH', 'auth', '535 5.7.8 No', ['paused']),
    says('s8 MAIL FROM', 'mail', '451 4.3.0 Later', ['queued']),
    says('s8 MAIL FROM', 'mail', '550 5.1.8 No', ['refused']),
    says('s9 RCPT', 'rcpt', '450 4.2.0 Grey', ['queued']),
    says('s9 RCPT', 'rcpt', '550 5.1.1 Unknown', ['refused']),
    says('s10 before 354', 'data', '451 4.3.0 Later', ['queued']),
    says('s10 before 354', 'data', '554 5.6.0 No', ['refused']),
    says('s13 final reply', 'body', '451 4.3.0 Later', ['queued']),
    says('s13 final reply', 'body', '554 5.6.0 No', ['refused']),
    {
      step: 's9 RCPT',
      fault: 'one of three refused',
      isDeadly: false,
      allowed: ['paused'],
      expected: recipients.slice(1),
      async run(world) {
        world.office.script.recipients = { 'a@x.org': '550 5.1.1 Unknown' }
        return world.send()
      },
    },
  ]
}

function diskCases(): Case[] {
  const full = (step: string, at: string, allowed: string[]): Case => ({
    step,
    fault: 'disk full',
    isDeadly: false,
    allowed,
    async run(world) {
      const { draftId, revision } = await world.compose()
      await world.program.order({ do: 'fill disk', at, times: 1 })
      const answer = await world.program.ask('outbox.send', draftId, revision, null)
      if (answer.ok) return answer.value.itemId
      if (at !== 'written' || answer.problem.kind !== 'disk-full')
        throw new Error(JSON.stringify(answer.problem))
      // Not queued, and the draft is whole; with space again it goes.
      await world.program.call('drafts.get', draftId)
      return (await world.program.call('outbox.send', draftId, revision, null)).itemId
    },
  })
  return [
    full('s3 commit', 'written', ['accepted']),
    full('s6 claim', 'claimed', ['accepted']),
    full('s12 terminating', 'terminating', ['queued']),
    full('s14 outcome', 'accepted', ['accepted']),
    full('s16 filing', 'copy-filing', ['accepted']),
    full('s17 filed', 'copy-filed', ['accepted']),
  ]
}

const HOUR_MS = 3_600_000
const MOVES: Record<string, number> = {
  'hour back': -HOUR_MS,
  'hour ahead': HOUR_MS,
  'day back': -24 * HOUR_MS,
  'day ahead': 24 * HOUR_MS,
  'year back': -365 * 24 * HOUR_MS,
  'year ahead': 365 * 24 * HOUR_MS,
}

/** The clock is moved at a step and moved back afterwards; what is measured is measured by the test's own. */
function clockCases(): Case[] {
  return Object.entries(MOVES).flatMap(([fault, ms]) => {
    const move = async (world: World) => {
      await world.program.order({ do: 'move clock', ms })
      return async () => world.program.order({ do: 'move clock', ms: -ms })
    }
    const common = { fault, isDeadly: false } as const
    /** How long it took until the server had it. */
    const arrival = async (world: World, itemId: string, startedAt: number) => {
      const { messageIdHeader } = await world.program.call('outbox.get', itemId)
      await world.office.smtp.waitFor(() => world.office.taken(messageIdHeader).size > 0, 'the mail')
      return performance.now() - startedAt
    }
    return [
      {
        ...common,
        step: 's5 undo window',
        allowed: ['accepted'],
        async run(world) {
          await world.program.call('settings.set', { undoSeconds: 3 })
          const itemId = await world.send()
          const startedAt = performance.now()
          await world.program.call('settings.set', { undoSeconds: 0 })
          const back = await move(world)
          // Whatever makes the program look at its queue.
          await world.program.ask('outbox.resume', itemId)
          const other = await world.send()
          const took = await arrival(world, itemId, startedAt)
          if (took < 2_500 || took > 8_000)
            throw new Error(`left after ${Math.round(took)} ms instead of 3 s`)
          await settle(world, other)
          await back()
          return itemId
        },
      },
      {
        ...common,
        step: 's5 schedule',
        allowed: ms > 0 ? ['paused'] : ['accepted'],
        async run(world) {
          const dueAt = Date.now() + 3_000
          const itemId = await world.send(0, dueAt)
          const back = await move(world)
          const other = await world.send()
          await settle(world, other)
          const { journey } = await world.program.call('outbox.get', itemId)
          const isRight = ms > 0 ? journey.pausedFor === 'overdue' : journey.state === 'held'
          if (!isRight) throw new Error(`${journey.state} for ${journey.pausedFor}`)
          await back()
          return itemId
        },
      },
      {
        ...common,
        step: 's10 before 354',
        allowed: ['accepted'],
        async run(world) {
          const act = hold()
          const itemId = await sendThrough(world, { step: 's10', key: 'data' }, act)
          await act.reached
          const back = await move(world)
          act.release()
          await arrival(world, itemId, performance.now())
          await back()
          return itemId
        },
      },
      {
        ...common,
        step: 's13 no reply',
        allowed: ['accepted'],
        async run(world) {
          const act = hold()
          const itemId = await sendThrough(world, { step: 's13', key: 'body' }, act)
          await act.reached
          const back = await move(world)
          act.release()
          await arrival(world, itemId, performance.now())
          await back()
          return itemId
        },
      },
      {
        ...common,
        step: 'between tries',
        allowed: ms > 0 ? ['queued', 'accepted'] : ['queued'],
        async run(world) {
          const itemId = await sendThrough(world, { step: '', key: 'data' }, '451 4.3.0 Later')
          const { journey } = await world.program.until(itemId, item => item.journey.problem !== null)
          const back = await move(world)
          const other = await world.send()
          await settle(world, other)
          const now = await world.program.call('outbox.get', itemId)
          const wait = (now.journey.dueAt ?? 0) - (Date.now() + ms)
          if (ms < 0 && (wait < 40_000 || wait > 75_000)) {
            throw new Error(`waits ${wait} ms instead of a minute, was ${journey.dueAt}`)
          }
          await back()
          return itemId
        },
      },
    ] satisfies Case[]
  })
}

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
  if (verdict.copies !== 1) errors.push(`${verdict.copies} copies in Sent`)
  if (verdict.drainMs > DRAINED_WITHIN_MS) errors.push(`took ${Math.round(verdict.drainMs)} ms`)
  return errors
}
