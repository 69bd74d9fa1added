import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Db, openDatabase } from '../../../main/db.ts'
import { createEventHub } from '../../../main/events.ts'
import { systemClock } from '../../../main/host.ts'
import { createLists, type ListsDeps } from '../../../main/lists/lists.ts'
import { deskMigrations } from '../../../main/schema.ts'
import type { AnyEvent } from '../../../shared/api.ts'
import type { ListLeaving } from '../../../shared/list-leaving.ts'
import type { Mailto } from '../../../shared/mailto.ts'
import { fail, ok, type Result } from '../../../shared/problem.ts'
import { createTestCa, type TestCa, trustCa } from '../../support/test-ca.ts'

type Asked = { method: string; url: string; headers: string[]; body: string }

let ca: TestCa
let distrust: () => void
let server: Server
let base: string
let asked: Asked[]
let status = 200

beforeAll(async () => {
  ca = await createTestCa()
  distrust = trustCa(ca.caPem)
  server = createServer(ca.issue(['127.0.0.1']), (request, response) => {
    let body = ''
    request.on('data', piece => {
      body += piece
    })
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      asked.push({ method, url, headers: Object.keys(headers).sort(), body })
      response.writeHead(status, status === 302 ? { location: '/sure' } : {}).end('done')
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  base = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.close()
  distrust()
  ca.dispose()
})

let db: Db
let events: AnyEvent[]
let sent: Mailto[]
let opened: string[]

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problem))
  return result.value
}

beforeEach(() => {
  asked = []
  events = []
  sent = []
  opened = []
  status = 200
  db = value(openDatabase(':memory:', { durability: 'full', migrations: deskMigrations }))
})
afterEach(() => db.close())

function listsOf(ways: Partial<ListLeaving['ways']>, change: Partial<ListsDeps> = {}) {
  const hub = createEventHub()
  hub.listen(event => events.push(event))
  return createLists({
    db,
    clock: systemClock,
    emit: hub.emit,
    leavingOf: async () =>
      ok({ key: 'news.print.test', ways: { web: null, mail: null, browser: null, ...ways } }),
    sendMail: async (_messageId, mailto) => {
      sent.push(mailto)
      return ok(true)
    },
    openExternal: async url => void opened.push(url),
    mayConnect: address => address === '127.0.0.1',
    ...change,
  })
}

test('one request leaves the list, says what RFC 8058 wants and nothing of the reader, and is remembered', async () => {
  const lists = listsOf({ web: `${base}/leave?for=20981` })
  expect(value(await lists.leave('m', 'web'))).toEqual({ way: 'web' })
  expect(asked).toEqual([
    {
      method: 'POST',
      url: '/leave?for=20981',
      headers: ['accept', 'connection', 'content-length', 'content-type', 'host', 'user-agent'],
      body: 'List-Unsubscribe=One-Click',
    },
  ])
  expect(lists.left()).toMatchObject([{ key: 'news.print.test', way: 'web' }])
  expect(events.map(({ name }) => name)).toEqual(['lists.changed'])
})

test.each([302, 400, 404, 500])(
  'an answer of %i is no yes: it is said, and nothing is remembered',
  async code => {
    status = code
    const lists = listsOf({ web: `${base}/leave` })
    expect(await lists.leave('m', 'web')).toMatchObject({
      ok: false,
      problem: { kind: 'web-refused', detail: `HTTP ${code}` },
    })
    expect(asked).toHaveLength(1)
    expect(lists.left()).toEqual([])
  },
)

test('a list cannot make us speak to what is near', async () => {
  const lists = listsOf({ web: `${base}/leave` }, { mayConnect: undefined })
  expect(await lists.leave('m', 'web')).toMatchObject({ ok: false, problem: { kind: 'unreachable' } })
  expect(asked).toEqual([])
})

test('a mail goes to whom the list names first, and to nobody else that it would like to have written to', async () => {
  const lists = listsOf({
    mail: 'mailto:leave@print.test?subject=bye%2020981&bcc=victim@x.test&cc=other@x.test',
  })
  value(await lists.leave('m', 'mail'))
  expect(sent).toEqual([
    {
      to: [{ name: '', address: 'leave@print.test' }],
      cc: [],
      bcc: [],
      subject: 'bye 20981',
      body: 'unsubscribe',
    },
  ])
  expect(lists.left()).toMatchObject([{ way: 'mail' }])
})

test('a mail that cannot be queued leaves nothing behind', async () => {
  const lists = listsOf(
    { mail: 'mailto:l@print.test' },
    { sendMail: async () => fail({ kind: 'disk-full' }) },
  )
  expect(await lists.leave('m', 'mail')).toEqual({ ok: false, problem: { kind: 'disk-full' } })
  expect(lists.left()).toEqual([])
})

test('a page opens outside', async () => {
  const lists = listsOf({ browser: 'https://print.test/leave' })
  value(await lists.leave('m', 'browser'))
  expect(opened).toEqual(['https://print.test/leave'])
})

test('a way that the mail does not name is not gone', async () => {
  const lists = listsOf({ browser: 'https://print.test/leave' })
  expect(await lists.leave('m', 'web')).toMatchObject({ ok: false, problem: { kind: 'not-found' } })
  expect([asked, sent, opened]).toEqual([[], [], []])
})

test('a list that is left again is remembered once, at the last time', async () => {
  const lists = listsOf({ web: `${base}/leave`, browser: 'https://print.test/leave' })
  value(await lists.leave('m', 'web'))
  value(await lists.leave('m', 'browser'))
  expect(lists.left()).toMatchObject([{ way: 'browser' }])
})
