/**
 * A frozen mail: everything that decides its bytes, as JSON. Makes it of what was written, once, and reads it back as
 * it was stored. Refuses a form it does not know, by name, rather than to guess at bytes.
 */

import { randomBytes, randomUUID } from 'node:crypto'
import { domainToASCII } from 'node:url'
import { addressKey } from '../../shared/address.ts'
import { type Address, type MailOptions, USUAL_OPTIONS } from '../../shared/model.ts'
import { fail, ok, type Result } from '../../shared/problem.ts'
import { TooDeep } from './html-tree.ts'
import { letterOf, picturesOf, writeLetter } from './letter.ts'
import { letterText } from './letter-text.ts'

export type RecipeAttachment = {
  name: string
  type: string
  bytes: number
  sha256: string
  /** A picture within the letter, named by `cid:` there; without angle brackets. */
  contentId?: string | undefined
  /** An attached mail that goes as it is (RFC 2046 section 5.2.1); everything else is base64. */
  encoding?: '7bit' | '8bit' | undefined
}

/** A frozen mail: JSON, from which the same bytes come every time. */
export type Recipe = {
  /** 1: plain text alone, wrapped by nobody. 2: format=flowed, with or without an html part. */
  version: 1 | 2
  from: Address
  to: Address[]
  cc: Address[]
  bcc: Address[]
  replyTo: Address[]
  organisation: string
  subject: string
  text: string
  /** The letter (shared/letter-html.ts) that `text` was made from; null where plain text is all there is. */
  html: string | null
  options: MailOptions
  /** The Date header, epoch ms; written in UTC, so that the writer's time zone is nobody's business. */
  date: number
  /** Without angle brackets, as in `references`. */
  messageId: string
  /** Seed of the MIME boundaries. */
  boundary: string
  /** Message-IDs without angle brackets, oldest first; the last is In-Reply-To. */
  references: string[]
  attachments: RecipeAttachment[]
  /**
   * The only attachment is the source of a mail that goes on as it is (RFC 5322 section 3.6.6): all else here stands in
   * its Resent fields, and `subject` and `text` are only what is shown of it.
   */
  isRedirect?: true | undefined
}

/** What a writer decides. `html` may be anything: only what a letter may hold is kept of it. */
export type Written = Pick<
  Recipe,
  'from' | 'to' | 'cc' | 'bcc' | 'subject' | 'text' | 'references' | 'attachments'
> & {
  html?: string | null | undefined
  options?: MailOptions | undefined
  replyTo?: Address[] | undefined
  organisation?: string | undefined
  isRedirect?: boolean | undefined
}

const MOST_REFERENCES = 50
const MESSAGE_ID = /^[\x21-\x3b\x3d\x3f-\x7e]{1,250}$/

/** Half a surrogate pair has no UTF-8: it becomes the same replacement character in every copy of the mail. */
const clean = (text: string) => text.toWellFormed().normalize('NFC')
const nfc = ({ name, address }: Address): Address => ({
  name: clean(name).trim(),
  address: clean(address).trim(),
})

/** Freezes what was written at `now` (epoch ms). Everything that is not the writer's is decided here, once. */
export function freeze(written: Written, now: number): Recipe {
  const known = written.references.filter(id => MESSAGE_ID.test(id))
  const [first] = known
  const letter = lettered(written)
  return {
    version: 2,
    from: nfc(written.from),
    to: written.to.map(nfc),
    cc: written.cc.map(nfc),
    bcc: written.bcc.map(nfc),
    replyTo: (written.replyTo ?? []).map(nfc),
    organisation: clean(written.organisation ?? '').trim(),
    subject: clean(written.subject),
    ...letter,
    options: written.options ?? USUAL_OPTIONS,
    // Headers carry whole seconds.
    date: Math.floor(now / 1000) * 1000,
    messageId: `${randomUUID()}@${domainOf(written.from.address)}`,
    boundary: randomBytes(12).toString('hex'),
    references:
      first !== undefined && known.length > MOST_REFERENCES
        ? [first, ...known.slice(1 - MOST_REFERENCES)]
        : known,
    ...(written.isRedirect === true && letter.attachments.length === 1 ? { isRedirect: true } : {}),
  }
}

/**
 * The words in both forms, and the files that go with them. A picture that the letter no longer shows was taken out by
 * the writer; without a letter it is a file like any other.
 */
function lettered({ html, text, attachments }: Written): Pick<Recipe, 'text' | 'html' | 'attachments'> {
  const contentIds = new Set(attachments.flatMap(({ contentId }) => contentId ?? []))
  const letter = letterIn(html ?? '', contentIds)
  const shown = new Set(letter === null ? [] : picturesOf(letter))
  const kept = attachments.filter(
    ({ contentId }) => letter === null || contentId === undefined || shown.has(contentId),
  )
  return {
    text: letter === null ? text.toWellFormed() : letterText(letter),
    html: letter === null ? null : writeLetter(letter),
    attachments: kept.map(({ name, type, bytes, sha256, contentId, encoding }) => ({
      name: clean(name),
      type,
      bytes,
      sha256,
      ...(letter === null || contentId === undefined ? {} : { contentId }),
      ...(encoding === undefined ? {} : { encoding }),
    })),
  }
}

function letterIn(html: string, pictures: ReadonlySet<string>) {
  if (html === '') return null
  try {
    const letter = letterOf(html, { pictures })
    return letter.length === 0 ? null : letter
  } catch (error) {
    // Nobody writes that; the words are in the plain text.
    if (error instanceof TooDeep) return null
    throw error
  }
}

function domainOf(address: string): string {
  const domain = address.slice(address.lastIndexOf('@') + 1)
  return domainToASCII(domain) || 'localhost.invalid'
}

/** The address as RCPT TO carries it: an international domain in ASCII, unless the local part needs SMTPUTF8 anyway. */
export function wireAddress(address: string): string {
  const at = address.lastIndexOf('@')
  const [local, domain] = [address.slice(0, at), address.slice(at + 1)]
  if (/[^\x00-\x7f]/.test(local) || !/[^\x00-\x7f]/.test(domain)) return address
  const ascii = domainToASCII(domain)
  return ascii === '' ? address : `${local}@${ascii}`
}

/** Who gets it: the chips, as they stand in RCPT TO, each once, in the order To, Cc, Bcc. */
export function envelopeOf(recipe: Recipe): { from: string; to: string[] } {
  const byKey = new Map<string, string>()
  for (const { address } of [...recipe.to, ...recipe.cc, ...recipe.bcc]) {
    const wire = wireAddress(address)
    const key = addressKey(wire)
    if (!byKey.has(key)) byKey.set(key, wire)
  }
  return { from: wireAddress(recipe.from.address), to: [...byKey.values()] }
}

// -------------------------------------------------------------------- read

const isText = (value: unknown): value is string => typeof value === 'string'
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
const isAddress = (value: unknown): value is Address =>
  isRecord(value) && isText(value.name) && isText(value.address)
const isListOf = <T>(value: unknown, is: (entry: unknown) => entry is T): value is T[] =>
  Array.isArray(value) && value.every(is)
const isOptional = <T>(value: unknown, is: (entry: unknown) => entry is T): value is T | undefined =>
  value === undefined || is(value)
const isEncoding = (value: unknown): value is '7bit' | '8bit' => value === '7bit' || value === '8bit'
const isAttachment = (value: unknown): value is RecipeAttachment =>
  isRecord(value) &&
  isText(value.name) &&
  isText(value.type) &&
  isNumber(value.bytes) &&
  isText(value.sha256) &&
  /^[0-9a-f]{64}$/.test(value.sha256) &&
  isOptional(value.contentId, isText) &&
  isOptional(value.encoding, isEncoding)
const isOptions = (value: unknown): value is MailOptions =>
  isRecord(value) &&
  ['high', 'normal', 'low'].includes(String(value.priority)) &&
  [value.wantsReadReceipt, value.wantsReport, value.requiresTls].every(flag => typeof flag === 'boolean')

/** What every version holds. */
type Core = Pick<
  Recipe,
  | 'from'
  | 'to'
  | 'cc'
  | 'bcc'
  | 'subject'
  | 'text'
  | 'date'
  | 'messageId'
  | 'boundary'
  | 'references'
  | 'attachments'
>

function coreOf(value: Record<string, unknown>): Core | null {
  const { from, to, cc, bcc, subject, text, date, messageId, boundary, references, attachments } = value
  const isCore =
    isAddress(from) &&
    isListOf(to, isAddress) &&
    isListOf(cc, isAddress) &&
    isListOf(bcc, isAddress) &&
    isText(subject) &&
    isText(text) &&
    isNumber(date) &&
    isText(messageId) &&
    isText(boundary) &&
    isListOf(references, isText) &&
    isListOf(attachments, isAttachment)
  return isCore
    ? { from, to, cc, bcc, subject, text, date, messageId, boundary, references, attachments }
    : null
}

/** The newest form this program writes. */
const NEWEST = 2

/** A recipe as it was stored. Answers `mail-unreadable` for anything that is not one, also of a later version. */
export function parseRecipe(value: unknown): Result<Recipe> {
  const unreadable = (detail: string) => fail({ kind: 'mail-unreadable', detail })
  if (!isRecord(value)) return unreadable('recipe')
  if (isNumber(value.version) && value.version > NEWEST) return unreadable(`recipe version ${value.version}`)
  const core = coreOf(value)
  if (core === null) return unreadable('recipe')
  // Written before there was anything to choose: it goes out as it was meant then.
  if (value.version === 1) {
    const options = { ...USUAL_OPTIONS, wantsReport: false }
    return ok({ version: 1, ...core, replyTo: [], organisation: '', html: null, options })
  }
  const { version, replyTo, organisation, html, options, isRedirect } = value
  const isWhole =
    version === 2 &&
    isListOf(replyTo, isAddress) &&
    isText(organisation) &&
    (html === null || isText(html)) &&
    isOptions(options) &&
    (isRedirect === undefined || (isRedirect === true && core.attachments.length === 1))
  if (!isWhole) return unreadable('recipe')
  const redirect = isRedirect === true ? ({ isRedirect: true } as const) : {}
  return ok({ version: 2, ...core, replyTo, organisation, html, options, ...redirect })
}
