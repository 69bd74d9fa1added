import { expect, test } from 'vitest'
import { type Calls, createDoor, z } from '../../main/call.ts'
import type { Method } from '../../shared/api.ts'
import { ok } from '../../shared/problem.ts'

const bugs: string[] = []
const calls = {
  'drafts.get': {
    args: z.tuple([z.string().max(10)]),
    run: () => {
      throw new Error('a bug')
    },
  },
  'drafts.list': {
    args: z.tuple([]),
    run: () => {
      throw Object.assign(new Error('database or disk is full'), { errcode: 13 })
    },
  },
  'settings.set': {
    args: z.tuple([z.strictObject({ undoSeconds: z.number().int().optional() })]),
    run: (patch: object) => ok(patch),
  },
} as Partial<Calls<Method>> as Calls<Method>
const door = createDoor(calls, method => bugs.push(method))

test.each([
  ['an unknown method', 'drafts.steal', []],
  ['a method of the object itself', 'constructor', []],
  ['a method that is no string', 7, []],
])('%s is refused', async (_name, method, args) => {
  expect(await door.call(method, args)).toEqual({
    ok: false,
    problem: { kind: 'invalid', field: 'method', reason: 'unknown' },
  })
})

test.each([
  ['too few arguments', []],
  ['too many arguments', ['a', 'b']],
  ['a wrong type', [4]],
  ['too long a text', ['12345678901']],
  ['no list', { 0: 'a' }],
])('%s are refused before the domain sees them', async (_name, args) => {
  expect(await door.call('drafts.get', args)).toMatchObject({ ok: false, problem: { kind: 'invalid' } })
  expect(bugs).toEqual([])
})

test('unknown fields of an object are refused', async () => {
  expect(await door.call('settings.set', [{ undoSeconds: 5 }])).toEqual({
    ok: true,
    value: { undoSeconds: 5 },
  })
  expect(await door.call('settings.set', [{ admin: true }])).toMatchObject({ ok: false })
})

test('a thrown bug becomes an answer and is reported by the name of its method', async () => {
  expect(await door.call('drafts.get', ['x'])).toEqual({
    ok: false,
    problem: { kind: 'internal', detail: 'a bug' },
  })
  expect(bugs).toEqual(['drafts.get'])
})

test('a full disk is an answer of its own and no bug', async () => {
  expect(await door.call('drafts.list', [])).toEqual({ ok: false, problem: { kind: 'disk-full' } })
  expect(bugs).not.toContain('drafts.list')
})
