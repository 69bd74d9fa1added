/**
 * The questions before sending, asked with what the program knows: each once for the same draft, and never again once
 * the writer said yes to it. The checks themselves are shared/draft-questions.ts.
 */

import { useRef, useState } from 'react'
import { addressKey } from '../../shared/address.ts'
import {
  addressQuestions,
  type DraftQuestion,
  draftQuestions,
  type QuestionFacts,
} from '../../shared/draft-questions.ts'
import { identitiesOf, identityOf, ownerOf } from '../../shared/identity.ts'
import type {
  Account,
  Address,
  AnsweredMail,
  Draft,
  DraftContent,
  ServerAbilities,
} from '../../shared/model.ts'
import { useAsk } from '../ask.ts'
import { call } from '../bridge.ts'

/** A draft as it would go. `files` are the names, also of those still on their way. */
export type Questioned = {
  content: DraftContent
  files: readonly string[]
  bytes: number
  abilities: ServerAbilities | null
}

export type Questions = {
  /**
   * What has to be asked now; empty where all is well, or this very draft was asked about already. What is no longer
   * wanted when it is found counts as not asked.
   */
  ask(questioned: Questioned, isWanted: () => boolean): Promise<DraftQuestion[]>
  /** The same questions after a change, without asking the program again. */
  again(questioned: Questioned): DraftQuestion[]
  /** The writer knows: these are not asked again for this draft. */
  settle(questions: readonly DraftQuestion[]): void
  /** Mistyped and look-alike domains among the addresses. */
  ofAddresses(addresses: readonly Address[], accountId: string): DraftQuestion[]
}

/** With fewer domains that are written to, everybody is new, and that is no question. */
const ENOUGH_DOMAINS = 5

export function useQuestions(draft: Draft, accounts: readonly Account[]): Questions {
  const settings = useAsk('settings.get', [])
  const domains = useAsk('people.domains', [])
  const parent = draft.references.at(-1) ?? ''
  const answered = useAsk('mailbox.answered', [parent], { isEnabled: parent !== '' })
  /** Addresses that nobody here wrote to or heard from, as the program said it last. */
  const [strangers, setStrangers] = useState<ReadonlySet<string>>(new Set())
  const [settled, setSettled] = useState<ReadonlySet<string>>(new Set())
  const asked = useRef('')

  function factsOf(
    { content, bytes, abilities }: Pick<Questioned, 'content' | 'bytes' | 'abilities'>,
    unknown: ReadonlySet<string>,
  ): QuestionFacts | null {
    const account = accounts.find(({ id }) => id === content.accountId)
    if (account === undefined) return null
    const known = domains.data ?? []
    const hasEnough = known.length >= ENOUGH_DOMAINS
    return {
      from: identityOf(account, content.identityId),
      own: accounts.flatMap(owner => identitiesOf(owner).map(({ address }) => address)),
      people: {
        isKnown: address => !hasEnough || !unknown.has(addressKey(address)),
        domains: known,
      },
      answered: answered.data == null ? null : answeredFacts(answered.data, accounts),
      abilities,
      bytes,
      checksOff: settings.data?.checksOff ?? [],
      outsidersLimit: settings.data?.outsidersLimit ?? 10,
    }
  }

  function questionsOf(questioned: Questioned, unknown: ReadonlySet<string>): DraftQuestion[] {
    const facts = factsOf(questioned, unknown)
    if (facts === null) return []
    const found = draftQuestions({ ...questioned.content, files: questioned.files }, facts)
    return found.filter(question => !settled.has(JSON.stringify(question)))
  }

  return {
    async ask(questioned, isWanted) {
      const { to, cc, bcc } = questioned.content
      const state = JSON.stringify([questioned.content, questioned.files])
      if (state === asked.current) return []
      const unknown = await strangersAmong([...to, ...cc, ...bcc].map(({ address }) => address))
      if (!isWanted()) return []
      setStrangers(unknown)
      const found = questionsOf(questioned, unknown)
      asked.current = found.length > 0 ? state : ''
      return found
    },
    again: questioned => questionsOf(questioned, strangers),
    settle(questions) {
      setSettled(current => new Set([...current, ...questions.map(question => JSON.stringify(question))]))
    },
    ofAddresses(addresses, accountId) {
      const content = { accountId, to: [], cc: [], bcc: [], subject: '', text: '' }
      const facts = factsOf({ content, bytes: 0, abilities: null }, strangers)
      if (facts === null || facts.checksOff.includes('mistyped-domain')) return []
      const found = addressQuestions(addresses, facts)
      return found.filter(one => one.check === 'mistyped-domain' && !settled.has(JSON.stringify(one)))
    },
  }
}

async function strangersAmong(addresses: string[]): Promise<Set<string>> {
  const reply = addresses.length === 0 ? null : await call('people.knows', addresses)
  // Who cannot be looked up is no reason to ask.
  if (reply?.ok !== true) return new Set()
  const strangers = reply.value.filter(
    ({ firstMailedAt, lastReceivedAt, isKept }) =>
      firstMailedAt === null && lastReceivedAt === null && !isKept,
  )
  return new Set(strangers.map(({ address }) => addressKey(address)))
}

function answeredFacts(
  { from, to, cc, replyTo, hasAttachments }: AnsweredMail,
  accounts: readonly Account[],
): QuestionFacts['answered'] {
  const isOwn = ({ address }: Address) => ownerOf(accounts, address) !== null
  const addressed = isOwn(from) ? [from] : [...to, ...cc].filter(isOwn)
  return {
    people: [from, ...replyTo, ...to, ...cc],
    addressed: addressed.map(({ address }) => address),
    hasAttachments,
  }
}
