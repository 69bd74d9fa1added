import type { IncomingHttpHeaders } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Db, openDatabase } from '../../../main/db.ts'
import { createEventHub } from '../../../main/events.ts'
import { systemClock } from '../../../main/host.ts'
import { createFetchPicture } from '../../../main/pictures/fetch-picture.ts'
import { createPictures, type PicturesDeps } from '../../../main/pictures/pictures.ts'
import { deskMigrations } from '../../../main/schema.ts'
import type { AnyEvent } from '../../../shared/api.ts'
import { ok, type Result } from '../../../shared/problem.ts'
import { type ManualClock, manualClock } from '../../support/manual-clock.ts'
import { createTestCa, type TestCa, trustCa } from '../../support/test-ca.ts'

const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(40, 7)])
const DATA_URL = `data:image/png;base64,${PNG.toString('base64')}`

type Asked = { url: string; headers: IncomingHttpHeaders }

let ca: TestCa
let distrust: () => void
let server: Server
let base: string
let asked: Asked[]
let hung: () => void

beforeAll(async () => {
  ca = await createTestCa()
  distrust = trustCa(ca.caPem)
  server = createServer(ca.issue(['localhost', '127.0.0.1']), (request, response) => {
    const url = request.url ?? ''
    asked.push({ url, headers: request.headers })
    const file = url.split('?')[0]
    if (file === '/moved') return response.writeHead(302, { location: '/a.png' }).end()
    if (file === '/round') return response.writeHead(302, { location: '/round' }).end()
    if (file === '/near') return response.writeHead(302, { location: 'https://10.0.0.1/a.png' }).end()
    if (file === '/script') return response.writeHead(302, { location: 'javascript:alert(1)' }).end()
    if (file === '/gone') return response.writeHead(404).end(PNG)
    if (file === '/page')
      return response.writeHead(200, { 'content-type': 'image/png' }).end('<html><script>')
    if (file === '/svg')
      return response.writeHead(200, { 'content-type': 'image/svg+xml' }).end('<svg onload="x"/>')
    if (file === '/huge') return response.writeHead(200, { 'content-length': 6_000_000 }).end()
    if (file === '/endless') {
      response.writeHead(200)
      response.write(PNG)
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(100_000))) {}
      }
      response.on('drain', more)
      return more()
    }
    if (file === '/hang') return hung()
    if (file === '/big.png') return response.end(Buffer.concat([PNG, Buffer.alloc(3_000_000)]))
    response.end(PNG)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  base = `https://localhost:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
  distrust()
  ca.dispose()
})

let db: Db
let events: AnyEvent[]

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problem))
  return result.value
}

beforeEach(() => {
  asked = []
  hung = () => {}
  events = []
  db = value(openDatabase(':memory:', { durability: 'full', migrations: deskMigrations }))
})
afterEach(() => db.close())

const LOOPBACK = (address: string) => address === '127.0.0.1' || address === '::1'

function picturesOf(urls: string[], change: Partial<PicturesDeps> = {}) {
  const hub = createEventHub()
  hub.listen(event => events.push(event))
  return createPictures({
    db,
    clock: systemClock,
    emit: hub.emit,
    named: async () => ok({ urls, trackers: 2 }),
    isForbidden: () => false,
    mayConnect: LOOPBACK,
    ...change,
  })
}

describe('pictures from the internet', () => {
  test('come as data, by the address as the mail writes it, and trackers are only counted', async () => {
    const urls = [`${base}/a.png?for=1`, `//${base.slice(8)}/b.png`]
    expect(value(await picturesOf(urls).fetch('m'))).toEqual({
      pictures: { [urls[0] ?? '']: DATA_URL, [urls[1] ?? '']: DATA_URL },
      failed: 0,
      trackers: 2,
    })
  })

  test('are asked for with nothing that tells who reads', async () => {
    await picturesOf([`${base}/a.png`, `${base}/b.png`]).fetch('m')
    for (const { headers } of asked) {
      expect(Object.keys(headers).sort()).toEqual(['accept', 'connection', 'host', 'user-agent'])
      expect(headers['user-agent']).toBe('Mozilla/5.0')
    }
  })

  test('are never asked for without TLS, and one written with http is asked for with it', async () => {
    const urls = ['http://pictures.invalid/a.png']
    const told: string[] = []
    const mayConnect = (address: string, port: number) => {
      told.push(`${address}:${port}`)
      return false
    }
    const found = value(await picturesOf(['http://127.0.0.1/a.png', ...urls], { mayConnect }).fetch('m'))
    expect(found.failed).toBe(2)
    expect(told).toEqual(['127.0.0.1:443'])
  })

  test.each([
    ['not there', '/gone'],
    ['a page that calls itself a picture', '/page'],
    ['an SVG, which is a document', '/svg'],
    ['announced too big', '/huge'],
    ['without end', '/endless'],
    ['redirected in a round', '/round'],
    ['redirected to what is near', '/near'],
    ['redirected to a script', '/script'],
  ])('that are %s stay out and are counted', async (_name, path) => {
    const found = value(await picturesOf([`${base}${path}`, `${base}/a.png`]).fetch('m'))
    expect(found.failed).toBe(1)
    expect(Object.keys(found.pictures)).toEqual([`${base}/a.png`])
  })

  test('that moved are followed', async () => {
    expect(value(await picturesOf([`${base}/moved`]).fetch('m')).pictures).toEqual({
      [`${base}/moved`]: DATA_URL,
    })
  })

  test.each([
    'https://127.0.0.1/a.png',
    'https://localhost/a.png',
    'https://10.1.2.3/a.png',
    'https://192.168.0.1/a.png',
    'https://169.254.169.254/latest',
    'https://[::1]/a.png',
    'https://[::ffff:10.0.0.1]/a.png',
    'https://[fe80::1]/a.png',
    'https://[64:ff9b::a00:1]/a.png',
    'https://2130706433/a.png',
    'https://0x7f.1/a.png',
    'https://1.1.1.1:8443/a.png',
    'https://user:secret@1.1.1.1/a.png',
    'http://1.1.1.1:8080/a.png',
    'ftp://1.1.1.1/a.png',
    'file:///etc/passwd',
  ])('no mail makes us speak to %s', async url => {
    const answer = await createFetchPicture(systemClock)(url, AbortSignal.timeout(60_000))
    const refusal = answer.ok ? null : answer.problem
    expect([
      expect.objectContaining({ kind: 'unreachable', detail: 'not a public address' }),
      { kind: 'invalid', field: 'url', reason: 'scheme' },
    ]).toContainEqual(refusal)
  })

  test('of a server that nobody vouches for stay out', async () => {
    distrust()
    expect(value(await picturesOf([`${base}/a.png`]).fetch('m')).failed).toBe(1)
    distrust = trustCa(ca.caPem)
  })

  test('of one mail have a limit together', async () => {
    const urls = [1, 2, 3, 4].map(number => `${base}/big.png?${number}`)
    const found = value(await picturesOf(urls).fetch('m'))
    expect(Object.keys(found.pictures)).toHaveLength(2)
    expect(found.failed).toBe(2)
  })

  test('of a server that hangs are given up', async () => {
    const clock: ManualClock = manualClock()
    const isHung = new Promise<void>(resolve => {
      hung = resolve
    })
    const fetching = picturesOf([`${base}/hang`], { clock }).fetch('m')
    await isHung
    clock.advance(10_000)
    expect(value(await fetching).failed).toBe(1)
  })

  test('that are wanted twice at once are fetched once', async () => {
    const pictures = picturesOf([`${base}/a.png`])
    await Promise.all([pictures.fetch('m'), pictures.fetch('m')])
    expect(asked).toHaveLength(1)
  })

  test('are not fetched where the settings say never', async () => {
    const answer = await picturesOf([`${base}/a.png`], { isForbidden: () => true }).fetch('m')
    expect(answer).toEqual({ ok: false, problem: { kind: 'not-now', what: 'pictures' } })
    expect(asked).toEqual([])
  })
})

test('a sender is trusted until told otherwise, however the address is written', () => {
  const pictures = picturesOf([])
  value(pictures.trust('Yuki@Example.org', true))
  value(pictures.trust('shop@print.example', true))
  value(pictures.trust('yuki@EXAMPLE.org', true))
  expect(
    pictures
      .trusted()
      .map(address => address.toLowerCase())
      .sort(),
  ).toEqual(['shop@print.example', 'yuki@example.org'])
  value(pictures.trust('YUKI@example.org', false))
  expect(pictures.trusted()).toEqual(['shop@print.example'])
  expect(events.filter(({ name }) => name === 'pictures.changed')).toHaveLength(4)
})
