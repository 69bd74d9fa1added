/**
 * Whom an answer goes to and who of us writes it: Reply-To, Mail-Followup-To, Mail-Reply-To and List-Post, own
 * addresses left out, the identity that the mail was sent to. Pure.
 */

import { addressKey, sameAddress } from '../../shared/address.ts'
import { MAIN_IDENTITY, ownerOf } from '../../shared/identity.ts'
import type { Account, Address, Message } from '../../shared/model.ts'
import type { Quotable } from '../mime/quotable.ts'

/** The mail that is answered: what every mail has, and what its head may say beside. */
export type AnsweredSource = Pick<
  Message,
  | 'accountId'
  | 'from'
  | 'to'
  | 'cc'
  | 'bcc'
  | 'replyTo'
  | 'subject'
  | 'sentAt'
  | 'messageIdHeader'
  | 'references'
  | 'text'
> & { id?: string } & Partial<
    Pick<
      Quotable,
      'html' | 'pictures' | 'attachments' | 'deliveredTo' | 'mailReplyTo' | 'followupTo' | 'listPost'
    >
  >

type People = { to: Address[]; cc: Address[] }

/** Who is answered; own addresses are left out of a reply to all, unless nobody else is there. */
export function answerPeople(message: AnsweredSource, accounts: readonly Account[], all: boolean): People {
  const isOwn = ({ address }: Address) => ownerOf(accounts, address) !== null
  const others = (list: readonly Address[]) => list.filter(one => !isOwn(one))
  const isFromMe = isOwn(message.from) && message.to.some(({ address }) => address !== '')
  const author = isFromMe ? message.to : authorOf(message, all)
  if (!all) return { to: distinct(author), cc: [] }

  const followup = distinct(others(message.followupTo ?? []))
  if (!isFromMe && followup.length > 0) return { to: followup, cc: [] }
  const to = distinct(others([...author, ...message.to]))
  const list = isFromMe ? [] : listOf(message)
  const cc = distinct(others([...message.cc, ...list])).filter(
    address => !to.some(known => sameAddress(known.address, address.address)),
  )
  if (to.length === 0 && cc.length === 0) return { to: distinct(author), cc: [] }
  return to.length === 0 ? { to: cc, cc: [] } : { to, cc }
}

/**
 * Where its author wants answers. A Reply-To that only names the list was put there by the list: an answer to the
 * author goes to the author, unless the list has put itself in the place of the author too.
 */
function authorOf(message: AnsweredSource, all: boolean): readonly Address[] {
  const { mailReplyTo = [], replyTo, from } = message
  if (!all && mailReplyTo.length > 0) return mailReplyTo
  if (replyTo.length === 0) return [from]
  const isList = ({ address }: Address) => sameAddress(address, message.listPost ?? '')
  return replyTo.every(isList) && !isList(from) ? [from] : replyTo
}

function listOf({ listPost, to, cc }: AnsweredSource): Address[] {
  if (typeof listPost !== 'string') return []
  return [...to, ...cc].some(({ address }) => sameAddress(address, listPost))
    ? []
    : [{ name: '', address: listPost }]
}

function distinct(addresses: readonly Address[]): Address[] {
  const byKey = new Map<string, Address>()
  for (const each of addresses) {
    const plain = plainAddress(each)
    const key = addressKey(plain.address)
    if (each.address !== '' && !byKey.has(key)) byKey.set(key, plain)
  }
  return [...byKey.values()]
}

/** A name on one line, without control characters. */
export function plainAddress({ name, address }: Address): Address {
  const plain = name
    .toWellFormed()
    .replace(/[\s\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .trim()
  return { name: plain, address }
}

// ------------------------------------------------------------------ writer

export type WritingAs = {
  /** '' where no account is left. */
  accountId: string
  /** Null is the account's own. */
  identityId: string | null
  /** The address that the mail was sent to, where one of ours or at least the way of the mail tells. */
  expected: Address | null
}

/**
 * Who of us answers. Of an own mail its sender. Else the address the mail was sent to: one that To or Cc show, best
 * one that the envelope names too; else one of the envelope alone (a list, a Bcc). With none, the account it lies in.
 */
export function writingAs(message: AnsweredSource, accounts: readonly Account[]): WritingAs {
  const owned = (address: string) => {
    const owner = ownerOf(accounts, address)
    return owner === null ? [] : [owner]
  }
  const envelope = message.deliveredTo ?? []
  const isNamed = (address: string) => envelope.some(one => sameAddress(one, address))
  const isHome = ({ account }: { account: Account }) => account.id === message.accountId
  const shown = [...message.to, ...message.cc, ...message.bcc].flatMap(({ address }) => owned(address))
  const carried = envelope.flatMap(owned)
  const found =
    owned(message.from.address)[0] ??
    shown.find(({ identity }) => isNamed(identity.address)) ??
    shown.find(isHome) ??
    shown[0] ??
    carried.find(isHome) ??
    carried[0]
  if (found !== undefined) {
    const { account, identity } = found
    return {
      accountId: account.id,
      identityId: identity.id === MAIN_IDENTITY ? null : identity.id,
      expected: { name: identity.name, address: identity.address },
    }
  }
  const home = accounts.find(account => account.id === message.accountId) ?? accounts[0]
  const [address] = envelope
  return {
    accountId: home?.id ?? '',
    identityId: null,
    expected: address === undefined ? null : { name: '', address },
  }
}
