// What the other side does: it hangs up, resets, falls silent, or says no, at each step that has a wire.

import { drop, reset, sayAndDrop, stall } from '../servers/acts.ts'
import type { SmtpScript } from '../servers/scripted-smtp.ts'
import { type Case, isUnknown, type Place, places, sendThrough } from './crash-case.ts'
import { lastOf, recipients, type World } from './world.ts'

export function connectionCases(): Case[] {
  return [...atPlaces(), ...duringTls(), ...beforeTheEnd(), ...afterTheReply(), ...duringAppend()]
}

const ends = { FIN: drop, RST: reset, stall } as const

function atPlaces(): Case[] {
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

/** TLS was agreed on, and then the handshake does not come about. */
function duringTls(): Case[] {
  return Object.entries(ends).map(
    ([fault, end]): Case => ({
      step: 's7 TLS handshake',
      fault,
      isDeadly: false,
      allowed: ['queued'],
      run: world =>
        sendThrough(
          world,
          { step: 's7', key: 'starttls' },
          {
            async perform(stage) {
              await stage.say(stage.usual)
              await end().perform(stage)
            },
          },
        ),
    }),
  )
}

/** The program is stopped just after its commit, its last bytes still with it, and the connection ends meanwhile. */
function beforeTheEnd(): Case[] {
  return (['FIN', 'RST'] as const).map(
    (fault): Case => ({
      step: 's12 terminating',
      fault,
      isDeadly: false,
      // Where the end of the connection is seen in time, the last bytes stay here: that is proof.
      allowed: ['queued', 'uncertain'],
      async run(world) {
        const { smtp } = world.office
        await world.program.order({ do: 'stop', at: 'terminating', ms: 500 })
        const { draftId, revision } = await world.compose()
        const itemId = (await world.program.call('outbox.send', draftId, revision, null)).itemId
        await smtp.nextCommand(/^DATA/)
        await untilLast(world, itemId, 'terminating')
        for (const { wire } of smtp.sessions) fault === 'FIN' ? wire.drop() : wire.reset()
        return itemId
      },
    }),
  )
}

/** Answers from outside: the program itself is stopped. */
async function untilLast(world: World, itemId: string, type: string): Promise<void> {
  while (lastOf(world, itemId) !== type) await new Promise(resolve => setTimeout(resolve, 5))
}

function afterTheReply(): Case[] {
  return (['FIN', 'RST'] as const).map(
    (fault): Case => ({
      step: 's14 250 said',
      fault,
      isDeadly: false,
      // A reset may take the reply with it that lay in the system's buffer.
      allowed: fault === 'FIN' ? ['accepted'] : ['accepted', 'uncertain'],
      run: world =>
        sendThrough(
          world,
          { step: 's14', key: 'body' },
          {
            async perform(stage) {
              await stage.say(stage.usual)
              await ends[fault]().perform(stage)
            },
          },
        ),
    }),
  )
}

function duringAppend(): Case[] {
  return (['FIN', 'RST', 'stall'] as const).flatMap(fault =>
    [false, true].map(
      (isStored): Case => ({
        step: `s16 APPEND ${isStored ? 'stored' : 'begun'}`,
        fault,
        isDeadly: false,
        allowed: ['accepted'],
        async run(world) {
          world.office.appendEnd = { fault, isStored }
          return filedLater(world, await world.send())
        },
      }),
    ),
  )
}

/** The copy fails, its time comes again, and whoever asks the program to look has it filed. */
async function filedLater(world: World, itemId: string): Promise<string> {
  const { program, office } = world
  const ms = 3 * 60_000
  await program.until(itemId, ({ journey }) => journey.sentCopy.state === 'failed')
  office.appendAnswer = null
  office.appendEnd = null
  await program.order({ do: 'move clock', ms })
  await world.send()
  await program.until(itemId, ({ journey }) => journey.sentCopy.state === 'filed')
  await program.order({ do: 'move clock', ms: -ms })
  return itemId
}

export function replyCases(): Case[] {
  const says = (place: string, key: keyof SmtpScript, reply: string, allowed: string[]): Case => ({
    step: place,
    fault: reply,
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
    says('s7 EHLO', 'ehlo', '421 4.3.2 Not now', ['paused']),
    says('s7 EHLO', 'ehlo', '554 5.3.2 No', ['refused', 'queued', 'paused']),
    says('s8 MAIL FROM', 'mail', '451 4.3.0 Later', ['queued']),
    says('s8 MAIL FROM', 'mail', '550 5.1.8 No', ['refused']),
    says('s9 RCPT', 'rcpt', '450 4.2.0 Grey', ['queued']),
    says('s9 RCPT', 'rcpt', '550 5.1.1 Unknown', ['refused']),
    says('s10 before 354', 'data', '451 4.3.0 Later', ['queued']),
    says('s10 before 354', 'data', '554 5.6.0 No', ['refused']),
    says('s13 final reply', 'body', '451 4.3.0 Later', ['queued']),
    says('s13 final reply', 'body', '554 5.6.0 No', ['refused']),
    ...['421 4.3.2 Closing', '554 5.7.1 No'].map(
      (words): Case => ({
        step: 's11 body',
        fault: words,
        isDeadly: false,
        allowed: words.startsWith('4') ? ['queued', 'paused'] : ['refused'],
        run(world) {
          const place: Place = { step: 's11', key: 'midBody', large: true }
          return sendThrough(world, place, sayAndDrop(words))
        },
      }),
    ),
    ...['NO [UNAVAILABLE] Later', 'NO [OVERQUOTA] Full', 'BAD What'].map(
      (words): Case => ({
        step: 's16 APPEND',
        fault: words,
        isDeadly: false,
        allowed: ['accepted'],
        async run(world) {
          world.office.appendAnswer = words
          return filedLater(world, await world.send())
        },
      }),
    ),
    {
      step: 's9 RCPT',
      fault: 'all refused',
      isDeadly: false,
      allowed: ['refused'],
      async run(world) {
        world.office.script.recipients = Object.fromEntries(
          recipients.map(address => [address, ['550 5.1.1 Unknown']]),
        )
        return world.send()
      },
    },
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
