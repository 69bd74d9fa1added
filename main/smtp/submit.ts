/**
 * Hands a mail to a submission server. It keeps one connection per account warm, lets the next mail speak behind the
 * final dot of the one before, and says of every end whether the mail can have been taken. Refuses to decide what
 * happens next.
 */

import type { MailEvent, RecipientEvent } from '../../shared/ledger.ts'
import type { ServerSettings } from '../../shared/model.ts'
import { type Problem, type ServerReply, troubleOf } from '../../shared/problem.ts'
import type { Clock } from '../host.ts'
import type { Credentials } from '../sasl/sign-in.ts'
import type { ConnectEvent, Side } from './connect.ts'
import { offers } from './conversation.ts'
import { establish, keyOf } from './session.ts'
import { isUsable, type Link, type Transacted, type Turn, transact } from './transaction.ts'
import type { WireWishes } from './wire-envelope.ts'

export type { Credentials } from '../sasl/sign-in.ts'

export type WireEvent =
  | ConnectEvent
  | Extract<
      MailEvent,
      { type: 'greeted' | 'authenticated' | 'reused-connection' | 'sender-accepted' | 'body-started' }
    >
  | Extract<RecipientEvent, { type: 'recipient-accepted' | 'recipient-refused' }>

export type Order = {
  accountId: string
  settings: ServerSettings
  credentials: Credentials
  envelope: { from: string; to: string[] }
  wishes: WireWishes
  /** What the bytes were at Send; checked before the last chunk is let go. */
  bytes: number
  sha256: string
  /** In pieces that are worth a write, each good until the next but one is asked for; the last one is kept back. */
  openBody: () => AsyncIterable<Buffer>
  /** Calls the attempt off; without effect once the last chunk is out. */
  signal: AbortSignal
  /** The mail before it on the same connection, as its `commitTerminating` was given it. */
  behind?: Ending
}

/** A mail on its last lines, which the next may follow: when these are out (or will never be), and when it is over. */
export type Ending = { link: Link; out: Promise<boolean>; over: Promise<void> }

export type SubmitHooks = {
  onEvent: (event: WireEvent) => void
  onLine: (side: Side, text: string) => void
  /** Bytes of the mail that the operating system has taken. */
  onProgress: (sent: number) => void
  /** Must be on the disk when it resolves. What it throws stops the mail before its end. */
  commitTerminating: (facts: { bytes: number; recipients: string[] }, ending: Ending) => Promise<void>
  /** What broke `openBody` off, as a problem. */
  problemOfBody: (error: unknown) => Problem
}

/** How an attempt ended. Only `unknown` may have been taken without our knowing. */
export type Outcome =
  | { kind: 'accepted'; reply: ServerReply; queueId: string | null; recipients: string[] }
  /** Proved not taken. `cancelled` is the problem of one that was called off. */
  | { kind: 'not accepted'; problem: Problem }
  /** Not all recipients were taken, so nothing was sent; `accepted` would be. */
  | { kind: 'recipients refused'; accepted: string[]; refused: { address: string; reply: ServerReply }[] }
  | { kind: 'unknown'; problem: Problem }

export type Submitter = {
  /** Connects and logs in ahead of Send, silently; a failure shows when the mail goes. */
  warm(account: Pick<Order, 'accountId' | 'settings' | 'credentials'>): void
  /**
   * With `behind`, from within `commitTerminating` of the mail before: then it goes over the same connection, its
   * envelope behind the final dot where the server takes that (RFC 2920). One may follow each.
   */
  submit(order: Order, hooks: SubmitHooks): Promise<Outcome>
  /** Drops the account's kept connection: its settings or its password are no longer what they were. */
  forget(accountId: string): void
  /** Closes every kept connection. Running submissions go on to their end. */
  close(): void
}

const KEEP_WARM_MS = 30_000
const REST_MS = 60_000
/** A kept connection that says nothing for so long is taken for dead. */
const STALE_MS = 30_000

/** The program's one way out for mail. */
export function createSubmitter({
  clock,
  onAbilities = () => {},
}: {
  clock: Clock
  /** Told what a server can do, each time it was greeted. */
  onAbilities?: (accountId: string, settings: ServerSettings, extensions: readonly string[]) => void
}): Submitter {
  const tickets = new Map<string, Buffer>()
  const idle = new Map<string, { link: Link; cancel: () => void }>()
  const warming = new Map<string, { key: string; done: Promise<void> }>()
  /** Where warming failed: while somebody types it is asked for every moment, and a wrong password must not be. */
  const resting = new Map<string, { key: string; until: number }>()
  const closing = new AbortController()

  const note = ({ accountId, settings }: Pick<Order, 'accountId' | 'settings'>, event: WireEvent) => {
    if (event.type === 'greeted') onAbilities(accountId, settings, event.extensions)
  }

  const drop = (accountId: string): Link | null => {
    const kept = idle.get(accountId)
    idle.delete(accountId)
    kept?.cancel()
    if (kept !== undefined) kept.link.onOver = () => {}
    return kept?.link ?? null
  }

  const keep = (accountId: string, link: Link) => {
    const other = drop(accountId)
    if (other !== link) other?.leave()
    if (!isUsable(link)) return
    link.onOver = () => drop(accountId)
    idle.set(accountId, { link, cancel: clock.after(KEEP_WARM_MS, () => drop(accountId)?.leave()) })
  }

  /** The last one leaves the light on, or not. */
  const release = (accountId: string, link: Link, isGood: boolean) => {
    link.users -= 1
    if (link.users > 0) return
    if (isGood) keep(accountId, link)
    else link.leave()
  }

  /** The connection of the mail before, once that has let go of its last lines or is over. */
  const takeBehind = async (order: Order, key: string): Promise<{ link: Link; turn: Turn } | null> => {
    const { accountId, signal, behind } = order
    if (behind === undefined || behind.link.key !== key || !isUsable(behind.link)) return null
    const { link, out, over } = behind
    link.users += 1
    const mayFollow = offers(link.conversation.extensions, 'PIPELINING')
    await Promise.race([mayFollow ? out : over, calledOff(signal)])
    if (isUsable(link) && !signal.aborted) return { link, turn: { after: over } }
    release(accountId, link, true)
    return null
  }

  const take = async (order: Order): Promise<{ link: Link; turn: Turn } | null> => {
    const key = keyOf(order)
    const behind = await takeBehind(order, key)
    if (behind !== null) return behind
    const coming = warming.get(order.accountId)
    if (coming?.key === key) await Promise.race([coming.done, calledOff(order.signal)])
    const link = drop(order.accountId)
    if (link === null) return null
    if (link.key === key && isUsable(link)) {
      link.users += 1
      return { link, turn: { firstReplyMs: STALE_MS } }
    }
    link.leave()
    return null
  }

  /** One mail over a link, and the link afterwards. */
  const carry = async (link: Link, order: Order, hooks: SubmitHooks, turn: Turn): Promise<Transacted> => {
    const { accountId } = order
    const out = Promise.withResolvers<boolean>()
    const over = Promise.withResolvers<void>()
    const ending: Ending = { link, out: out.promise, over: over.promise }
    const commitTerminating = (facts: { bytes: number; recipients: string[] }) =>
      hooks.commitTerminating(facts, ending)
    const place = { ...turn, onEnded: out.resolve }
    const transacted = await transact(link, order, { ...hooks, commitTerminating }, clock, place)
    over.resolve()
    release(accountId, link, transacted.outcome.kind === 'accepted')
    return transacted
  }

  return {
    warm(account) {
      const { accountId } = account
      const key = keyOf(account)
      const kept = idle.get(accountId)
      if (kept?.link.key === key) return keep(accountId, kept.link)
      if (warming.get(accountId)?.key === key) return
      const rest = resting.get(accountId)
      if (rest?.key === key && clock.monotonic() < rest.until) return
      const deps = {
        clock,
        tickets,
        signal: closing.signal,
        onEvent: (event: WireEvent) => note(account, event),
        onLine: () => {},
      }
      const attempt = {
        key,
        done: establish(account, deps).then(made => {
          const isWanted = warming.get(accountId) === attempt
          if (isWanted) warming.delete(accountId)
          if (made.ok) resting.delete(accountId)
          else resting.set(accountId, { key, until: restAfter(made.problem, clock.monotonic()) })
          if (made.ok && isWanted) keep(accountId, made.value)
          else if (made.ok) made.value.leave()
        }),
      }
      warming.set(accountId, attempt)
    },

    async submit(order, hooks) {
      const taken = await take(order)
      if (taken !== null) {
        hooks.onEvent({ type: 'reused-connection', protocol: taken.link.protocol })
        const { outcome, isStale } = await carry(taken.link, order, hooks, taken.turn)
        if (!isStale) return outcome
        // The server had ended the connection; it never saw this mail.
        hooks.onLine('note', 'the kept connection had ended, connecting again')
      }
      const { signal } = order
      const made = await establish(order, {
        clock,
        tickets,
        signal,
        onEvent(event) {
          note(order, event)
          hooks.onEvent(event)
        },
        onLine: hooks.onLine,
      })
      if (!made.ok) return { kind: 'not accepted', problem: made.problem }
      made.value.users += 1
      return (await carry(made.value, order, hooks, {})).outcome
    },

    forget(accountId) {
      warming.delete(accountId)
      drop(accountId)?.leave()
    },

    close() {
      closing.abort()
      warming.clear()
      for (const accountId of [...idle.keys()]) drop(accountId)?.leave()
    },
  }
}

/** Only the weather changes by itself. */
function restAfter(problem: Problem, now: number): number {
  return troubleOf(problem) === 'weather' ? now + REST_MS : Number.POSITIVE_INFINITY
}

function calledOff(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
