// The short form of npm run test:crash, for every run of the tests: the deaths around each commit, and some at random.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { gapsOf } from './grid.ts'
import { cases, runCase } from './matrix.ts'
import { killAtRandom, noKills } from './random-kills.ts'
import { openWorld, type World } from './world.ts'

const WITHIN_MS = 180_000
const RUNS = 15

test('each step meets each fault, or it is said why it cannot', () => {
  expect(gapsOf(cases)).toEqual([])
})

describe('whatever happens at a step of its way, a mail is neither lost nor doubled', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld({ isHurried: true })
  }, WITHIN_MS)
  afterAll(() => world.close())

  const chosen = [
    's13 final reply × 451',
    's6 claim × disk full',
    's12 terminating × disk full',
    's16 filing × disk full',
    's11 body × RST',
    's12 terminating × FIN',
    's13 no reply × FIN',
    's16 APPEND stored × RST',
    's2 frozen × kill',
    's3 committed × kill',
    's6 claimed × kill',
    's11 all but the end × kill',
    's12 terminating × kill',
    's13 no reply × kill',
    's14 250 read × kill',
    's15 accepted × kill',
    's16 APPEND stored × kill',
    's18 purge, after × kill',
    's12 terminating × year back',
    's15 accepted × year ahead',
  ]
  test.each(chosen)(
    '%s',
    async name => {
      const one = cases.find(({ step, fault }) => `${step} × ${fault}`.startsWith(name))
      if (one === undefined) throw new Error('no such case')
      expect((await runCase(world, one)).errors).toEqual([])
    },
    WITHIN_MS,
  )

  test(
    `killed at ${RUNS} random moments, everything that was queued arrives once with the same bytes`,
    async () => {
      const seed = Date.now() % 1_000_000
      const found = noKills()
      for (let run = 0; run < RUNS; run += 1) await killAtRandom(world, seed, run, found)
      console.log(`seed ${seed}: ${found.mails} mails, ${found.uncertain} uncertain`)
      expect(found).toMatchObject({ errors: [], lost: 0, doubled: 0, otherBytes: 0, uncertainTooEarly: 0 })
    },
    WITHIN_MS,
  )
})
