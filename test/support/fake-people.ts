/** The people of the played program: the same answers in their plainest form, over what a test put in the world. */

import { addressKey, sameAddress } from '../../shared/address.ts'
import type { AnyEvent, Handlers } from '../../shared/api.ts'
import { foldText } from '../../shared/fold.ts'
import type { Group, ImportPreview, Person, Suggestion } from '../../shared/model.ts'
import { fail, ok } from '../../shared/problem.ts'

export type PeopleWorld = { people: Person[]; groups: Group[]; importPreview: ImportPreview | null }

function isFound(text: string, query: string): boolean {
  const words = foldText(text).split(/[\s@.]+/)
  return foldText(query)
    .split(/\s+/)
    .every(part => words.some(word => word.startsWith(part)) || foldText(text).startsWith(part))
}

export function peopleHandlers(world: PeopleWorld, emit: (event: AnyEvent) => void) {
  const changed = (addresses: string[]) => emit({ name: 'people.changed', payload: { addresses } })
  const matching = (query: string) =>
    world.people.filter(({ address, reading }) =>
      [address.name, address.address, reading].some(text => isFound(text, query)),
    )
  return {
    'people.suggest': (query, limit) =>
      ok<Suggestion[]>([
        ...world.groups
          .filter(({ name }) => isFound(name, query))
          .map(group => ({ kind: 'group' as const, ...group })),
        ...matching(query)
          .slice(0, limit)
          .map(person => ({ kind: 'person' as const, ...person })),
      ]),
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
      changed([addressKey(address)])
      return ok({ forgotten: true })
    },
    'people.list': (query, offset, limit) => {
      const found = query === '' ? world.people : matching(query)
      return ok({ total: found.length, people: found.slice(offset, offset + limit) })
    },
    'people.keep': (address, reading) => {
      world.people = world.people.map(one =>
        sameAddress(one.address.address, address.address) ? { ...one, address, reading } : one,
      )
      changed([addressKey(address.address)])
      return ok({ kept: true })
    },
    'people.groups': () => ok(world.groups),
    'people.saveGroup': ({ id, name, members }) => {
      const group = { id: id ?? `group-${world.groups.length + 1}`, name, members }
      world.groups = [...world.groups.filter(other => other.id !== group.id), group]
      changed([])
      return ok(group)
    },
    'people.removeGroup': groupId => {
      world.groups = world.groups.filter(({ id }) => id !== groupId)
      changed([])
      return ok({ removed: true })
    },
    'people.readImport': () =>
      world.importPreview === null
        ? fail({ kind: 'invalid', field: 'file', reason: 'no-contacts' })
        : ok(world.importPreview),
    'people.import': () =>
      ok({ added: world.importPreview?.fresh ?? 0, renewed: world.importPreview?.known ?? 0 }),
    'people.readTable': from => {
      const rows = 'text' in from ? from.text.split('\n').map(line => line.split('\t')) : []
      const [columns = [], ...cells] = rows
      return ok({ columns, rows: cells })
    },
    'people.export': format =>
      ok({ savedAs: format === 'vcard' ? 'contacts.vcf' : 'contacts.csv', people: world.people.length }),
  } satisfies Partial<Handlers>
}
