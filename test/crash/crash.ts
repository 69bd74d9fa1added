// npm run test:crash: the whole crash matrix, seeded random kills, and the other figures of the outbox, in one table.
// `--seed`, `--runs`, `--lanes`, `--only <word>` of the matrix's cases, `--no-matrix`, `--no-figures`.

import { parseArgs } from 'node:util'
import type { Row } from './crash-case.ts'
import { type Figure, figuresOf } from './figures.ts'
import { gapsOf, gridOf } from './grid.ts'
import { inLanes } from './lanes.ts'
import { cases, runCase } from './matrix.ts'
import { DEATHS, killAtRandom, noKills, type RandomKills } from './random-kills.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    runs: { type: 'string' },
    lanes: { type: 'string' },
    only: { type: 'string' },
    'no-matrix': { type: 'boolean' },
    'no-figures': { type: 'boolean' },
  },
})
const seed = Number(values.seed ?? Date.now() % 1_000_000)
const runs = Number(values.runs ?? 300)
const lanes = Number(values.lanes ?? 3)
const startedAt = performance.now()
const wrong: string[] = []

const rows = values['no-matrix'] === true ? [] : await matrix(values.only ?? '')
const kills = await randomKills()
const figures = values['no-figures'] === true ? [] : await figuresOf(say)
for (const { shows, isRight } of figures) if (!isRight) wrong.push(`figure ${shows}`)
closing(rows, kills, figures)
process.exitCode = wrong.length > 0 ? 1 : 0

function say(line: string): void {
  console.log(line)
}

async function matrix(only: string): Promise<Row[]> {
  for (const gap of gapsOf(cases)) wrong.push(`no case and no reason for ${gap}`)
  const chosen = cases.filter(({ step, fault }) => `${step} ${fault}`.includes(only))
  const found = new Map<(typeof cases)[number], Row>()
  await inLanes(lanes, { isHurried: true }, chosen, async (world, one) => {
    const row = await runCase(world, one)
    found.set(one, row)
    say(lineOf(row))
    for (const error of row.errors) say(`      ${error}`)
  })
  const done = chosen.flatMap(one => found.get(one) ?? [])
  for (const { step, fault, errors } of done)
    if (errors.length > 0) wrong.push(`${step} × ${fault}: ${errors[0]}`)
  return done
}

async function randomKills(): Promise<RandomKills> {
  const found = noKills()
  if (runs === 0) return found
  say(`\nseed ${seed}, ${runs} runs of kill -9`)
  let done = 0
  const all = Array.from({ length: runs }, (_, run) => run)
  await inLanes(lanes, {}, all, async (world, run) => {
    const known = found.errors.length
    await killAtRandom(world, seed, run, found)
    done += 1
    for (const error of found.errors.slice(known)) say(`WRONG run ${run}: ${error}`)
    if (done % 20 === 0)
      say(`${found.errors.length === 0 ? 'ok   ' : 'WRONG'} after ${done} kills, ${found.mails} mails`)
  })
  wrong.push(...found.errors)
  return found
}

function lineOf({ step, fault, verdict, errors }: Row): string {
  const found =
    verdict === null
      ? 'draft whole'
      : `${verdict.seen}, lost ${verdict.lost}, doubled ${verdict.doubled}, copies ${verdict.copies}, ${Math.round(verdict.drainMs)} ms`
  return `${errors.length === 0 ? 'ok   ' : 'WRONG'} ${step.padEnd(22)} ${fault.padEnd(24)} ${found}`
}

/** What a person reads: the grid, where the kills fell, and a line for each figure. */
function closing(matrixRows: readonly Row[], found: RandomKills, others: readonly Figure[]): void {
  if (matrixRows.length > 0) say(`\n${gridOf(matrixRows)}`)
  for (const error of wrong) say(`WRONG ${error}`)
  const sum = (pick: (row: Row) => number) => matrixRows.reduce((total, row) => total + pick(row), 0)
  const slowest = Math.max(found.slowestMs, 0, ...matrixRows.map(({ verdict }) => verdict?.drainMs ?? 0))
  const right = matrixRows.filter(({ errors }) => errors.length === 0).length
  say('')
  say(`1  matrix           ${right} of ${matrixRows.length} cases right`)
  say(`   random kills     seed ${seed}, ${runs} runs, ${found.mails} mails; they died at`)
  say(`                    ${DEATHS.map(step => `${step}: ${found.diedAt.get(step) ?? 0}`).join(', ')}`)
  say(`   lost             ${sum(row => row.verdict?.lost ?? 0) + found.lost}`)
  say(`   doubled          ${sum(row => row.verdict?.doubled ?? 0) + found.doubled}`)
  say(
    `   other bytes      ${matrixRows.filter(row => row.verdict?.hasSameBytes === false).length + found.otherBytes}`,
  )
  say(`   uncertain        ${found.uncertain}, of them not from s12–s14: ${found.uncertainTooEarly}`)
  say(`   slowest drain    ${Math.round(slowest)} ms from the restart, its start included`)
  for (const { shows, words } of others) say(`${shows}  ${words}`)
  say(
    `${wrong.length === 0 ? 'ok' : `FAILED: ${wrong.length}`}, ${Math.round((performance.now() - startedAt) / 1_000)} s`,
  )
}
