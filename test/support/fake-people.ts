/** The people of the played program: the same answers in their plainest form, over what a test put in the world. */

import { addressKey, sameAddress } from '../../shared/address.ts'
import type { AnyEvent, Handlers } from '../../shared/api.ts'
import { foldText } from '../../shared/fold.ts'
import type { Group, Person } from '../../shared/model.ts'
import { ok } from '../../shared/problem.ts'

export type PeopleWorld = { people: Person[]; groups: Group[] }

function isFound(text: string, query: string): boolean {
  const words = foldText(text).split(/[\s@.]+/)
  return foldText(query)
    .split(/\s+/)
    .every(part => words.some(word => word.startsWith(part)) || foldText(text).startsWith(part))
}

export function peopleHandlers(world: PeopleWorld, emit: (event: AnyEvent) => void) {
  const matching = (query: string) =>
    world.people.filter(({ address, reading }) =>
      [address.name, address.address, reading].some(text => isFound(text, query)),
    )
  return {
    'people.suggest': (query, limit) =>
      ok(
        matching(query)
          .slice(0, limit)
          .map(person => ({ kind: 'person', ...person })),
      ),
    'people.knows': addresses =>
      ok(
        addresses.map(address => {
          const person = world.people.find(one => sameAddress(one.address.address, address))
          return {
            address,
            firstMailedAt: person?.lastMailedAt ?? null,
            lastMailedAt: person?.lastMailedAt ?? null,
            lastReceivedAt: person?.lastReceivedAt ?? null,
            isKept: world.groups.some(group => group.members.some(one => sameAddress(one.address, address))),
          }
        }),
      ),
    'people.domains': () => {
      const mailed = world.people.filter(({ lastMailedAt }) => lastMailedAt !== null)
      return ok([...new Set(mailed.map(({ address }) => address.address.split('@')[1] ?? ''))])
    },
    'people.forget': address => {
      world.people = world.people.filter(one => !sameAddress(one.address.address, address))
      emit({ name: 'people.changed', payload: { addresses: [addressKey(address)] } })
      return ok({ forgotten: true })
    },
  } satisfies Partial<Handlers>
}
