// What a scripted server can do instead of answering as it should: hold, stall, drop, reset, dribble …
// An act knows the reply the server would have given, so most of them take no text.
// Refuses to know a protocol.

import { afterOthersRead, type Wire } from './wire.ts'

export type Stage = {
  wire: Wire
  /** The reply of a well-behaved server, with its line ends. */
  usual: Buffer
  /** Puts into a scripted text what is known only now (`$tag` in IMAP). */
  fill(text: string): string
  /** Sends a whole reply and has the server take it as said. */
  say(reply: Buffer, write?: (bytes: Buffer) => Promise<void>): Promise<void>
}

export type Act = {
  perform(stage: Stage): Promise<void>
  /** The server has done what it was asked for, whatever the client hears of it. */
  isDone?: boolean
}

/** A text (lines with \n between them, no line end at the end) or an act. */
export type Reply = string | Act

/**
 * A reply; a list of replies for one time after the other, after which the server behaves again; or a
 * function, which may answer undefined for the usual reply.
 */
export type Scripted<Asked> = Reply | Reply[] | ((asked: Asked) => Reply | undefined)

export type Hold = Act & {
  /** The server has come to this place. */
  reached: Promise<void>
  release(): void
}

/** Hangs up (FIN) instead of replying. */
export function drop(): Act {
  return { perform: async ({ wire }) => wire.drop() }
}

/** Resets the connection (RST) instead of replying. */
export function reset(): Act {
  return { perform: async ({ wire }) => wire.reset() }
}

/** Never replies; the connection stays open until the client or the test ends it. */
export function stall(): Act {
  return { perform: ({ wire }) => wire.closed }
}

/** Replies and hangs up, as with a 421. */
export function sayAndDrop(text?: string): Act {
  return {
    perform: async stage => {
      await stage.say(bytesOf(stage, text))
      stage.wire.drop()
    },
  }
}

/** Replies when the test releases it. Once released it holds nobody any more. */
export function hold(text?: string): Hold {
  let release = () => {}
  let arrive = () => {}
  const released = new Promise<void>(resolve => {
    release = resolve
  })
  const reached = new Promise<void>(resolve => {
    arrive = resolve
  })
  return {
    reached,
    release,
    perform: async stage => {
      arrive()
      await Promise.race([released, stage.wire.closed])
      await stage.say(bytesOf(stage, text))
    },
  }
}

/** Sends the reply a byte at a time, each in a packet of its own. */
export function byteByByte(text?: string): Act {
  return {
    perform: stage =>
      stage.say(bytesOf(stage, text), async bytes => {
        for (const byte of bytes) {
          await stage.wire.write(Buffer.of(byte))
          await afterOthersRead()
        }
      }),
  }
}

/** Sends the reply in two packets; a negative place counts from the end, as in `splitAt(-2)`. */
export function splitAt(place: number, text?: string): Act {
  return {
    perform: stage =>
      stage.say(bytesOf(stage, text), async bytes => {
        await stage.wire.write(bytes.subarray(0, place))
        await afterOthersRead()
        await stage.wire.write(bytes.subarray(place))
      }),
  }
}

/** Sends the beginning of the reply and then does something else: drop, reset or stall. */
export function cutAfter(byteCount: number, then: Act = drop()): Act {
  return {
    perform: async stage => {
      await stage.wire.write(stage.usual.subarray(0, byteCount))
      await afterOthersRead()
      await then.perform(stage)
    },
  }
}

/** Sends exactly these bytes, and nothing of them counts as a reply. */
export function rawBytes(bytes: Buffer | string): Act {
  return { perform: stage => stage.wire.write(bytes) }
}

/** Sends this line again and again until the client is gone. */
export function endless(line: string): Act {
  return {
    perform: async ({ wire }) => {
      const many = Buffer.from(`${line}\r\n`.repeat(50))
      while (!wire.isClosed()) {
        await wire.write(many)
        await afterOthersRead()
      }
    },
  }
}

/** The server does what it was asked for, only the client does not hear of it: `done(drop())`. */
export function done(act: Act): Act {
  return { perform: stage => act.perform(stage), isDone: true }
}

/** A reply text as bytes with its line ends. */
export function replyBytes(text: string): Buffer {
  return Buffer.from(`${text.replace(/\n$/, '').replace(/\r?\n/g, '\r\n')}\r\n`)
}

/** Chooses from a script; one of these per server remembers how far its lists are used up. */
export function createChooser(): <Asked>(
  scripted: Scripted<Asked> | undefined,
  asked: Asked,
) => Reply | undefined {
  const used = new Map<object, number>()
  return (scripted, asked) => {
    if (typeof scripted === 'function') return scripted(asked)
    if (!Array.isArray(scripted)) return scripted
    const turn = used.get(scripted) ?? 0
    used.set(scripted, turn + 1)
    return scripted[turn]
  }
}

function bytesOf(stage: Stage, text: string | undefined): Buffer {
  return text === undefined ? stage.usual : replyBytes(stage.fill(text))
}
