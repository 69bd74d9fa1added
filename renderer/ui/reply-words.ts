/** What a server's reply means, in words; the server's own words stay beside it (`formatReply`). */

import type { ServerReply } from '../../shared/problem.ts'
import type { Page } from '../../shared/provider-pages.ts'
import type { ReplyStep } from '../../shared/reply-causes.ts'
import { meaningOf } from '../../shared/reply-meaning.ts'
import type { Words } from '../i18n/words.ts'

export type ReplyWords = {
  title: string
  /** Whose trouble it is, as a sentence; null where nobody knows the cause. */
  whose: string | null
  meaning: string
  remedy: string
  next: string
  /** A page of the provider, and how its link is called; null where none would help. */
  help: { text: string; page: Page } | null
}

/** `host` is the server of the account; `step` null where it was not noted. A cause without words does not compile. */
export function replyWords(
  reply: ServerReply,
  step: ReplyStep | null,
  host: string,
  words: Words,
): ReplyWords {
  const { cause, whose, next, link } = meaningOf(reply, step, host)
  return {
    title: words(`reply.cause.${cause}.title`),
    whose: cause === 'unknown' || cause === 'no-answer' ? null : words(`reply.whose.${whose}`),
    meaning: words(`reply.cause.${cause}.meaning`),
    remedy: words(`reply.cause.${cause}.remedy`),
    next: words(`reply.next.${next}`),
    help: link === null ? null : { text: words('reply.help', { provider: link.provider }), page: link },
  }
}

/** `550 5.1.1 no such user` as it stands in a report; null where it does not begin with a code. */
export function replyInReport(text: string): ServerReply | null {
  const found = /^([245]\d\d)(?:[ -]+([245]\.\d{1,3}\.\d{1,3}))?(?:[ -]+([\s\S]*))?$/.exec(text.trim())
  if (found === null) return null
  return { code: Number(found[1]), enhanced: found[2] ?? null, text: found[3] ?? '' }
}
