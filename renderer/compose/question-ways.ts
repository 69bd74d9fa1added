/** The ways out of each question: what stands on the button, and what one click really does. */

import type { DraftQuestion } from '../../shared/draft-questions.ts'
import { ownerOf } from '../../shared/identity.ts'
import type { Account } from '../../shared/model.ts'
import { assertNever } from '../../shared/problem.ts'
import { withAddressChanged, withAddressOpened, withMovedToBcc, withoutAddresses } from './recipient-ways.ts'
import type { Composer } from './use-composer.ts'

/** Where the writer goes on writing; `address` is a recipient that was opened to be edited. */
export type Place = { kind: 'subject' | 'text' } | { kind: 'address'; address: string }

type WayKey =
  | 'questions.change'
  | 'questions.editAddress'
  | 'questions.remove'
  | 'questions.moveToBcc'
  | 'questions.writeAs'
  | 'questions.editSubject'
  | 'questions.editText'
  | 'questions.removeFiles'
  | 'questions.smaller'
  | 'compose.attach'

export type Way = { key: WayKey; values: { address: string; count: number }; act: () => void }

type Hands = {
  composer: Composer
  accounts: readonly Account[]
  edit: (place: Place) => void
  pickFiles: () => void
}

export function waysOf(question: DraftQuestion, { composer, accounts, edit, pickFiles }: Hands): Way[] {
  const { fields, change } = composer
  const way = (key: WayKey, act: () => void, address = '', count = 1): Way => ({
    key,
    values: { address, count },
    act,
  })
  const editAddress = (address: string) =>
    way('questions.editAddress', () => {
      const opened = withAddressOpened(fields, address)
      if (opened !== null) change(opened.fields)
      edit({ kind: 'address', address })
    })
  const remove = (addresses: readonly string[]) =>
    way('questions.remove', () => change(withoutAddresses(fields, addresses)))
  const editText = way('questions.editText', () => edit({ kind: 'text' }))

  switch (question.check) {
    case 'doubtful-address':
      return [editAddress(question.address)]
    case 'mistyped-domain': {
      const { address, suggestion } = question
      if (suggestion === null) return [editAddress(address), remove([address])]
      const correct = () => change(withAddressChanged(fields, address, suggestion))
      return [way('questions.change', correct, suggestion)]
    }
    case 'address-not-carried': {
      const able = composer.server.ableAccounts.map(({ id, identity }) =>
        way('questions.writeAs', () => composer.identity.writeAs(id), identity.address),
      )
      return [...able, editAddress(question.address)]
    }
    case 'first-mail': {
      const [first, ...others] = question.addresses
      return first !== undefined && others.length === 0
        ? [editAddress(first.address)]
        : [remove(question.addresses.map(({ address }) => address))]
    }
    case 'added-recipients':
      return [remove(question.addresses.map(({ address }) => address))]
    case 'many-outsiders': {
      const addresses = question.addresses.map(({ address }) => address)
      return [way('questions.moveToBcc', () => change(withMovedToBcc(fields, addresses)))]
    }
    case 'identity': {
      const owner = ownerOf(accounts, question.addressed)
      if (owner === null) return []
      const writeAs = () => composer.identity.writeAs(owner.account.id, owner.identity.id)
      return [way('questions.writeAs', writeAs, question.addressed)]
    }
    case 'empty-subject':
      return [way('questions.editSubject', () => edit({ kind: 'subject' }))]
    case 'forgotten-attachment':
      return [way('compose.attach', pickFiles), editText]
    case 'dangerous-file': {
      const { names } = question
      return [way('questions.removeFiles', () => takeOff(names, composer), '', names.length)]
    }
    case 'salutation':
    case 'empty-text':
    case 'template-field':
    case 'lying-link':
      return [editText]
    case 'too-big':
      return [way('questions.smaller', composer.showWaysOut)]
    default:
      return assertNever(question)
  }
}

function takeOff(names: readonly string[], { attachments }: Composer): void {
  for (const { id, name } of attachments.attached) if (names.includes(name)) attachments.remove(id)
  for (const { key, name } of attachments.uploads) if (names.includes(name)) attachments.stop(key)
}
