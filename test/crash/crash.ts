// npm run test:crash: the whole crash matrix and seeded random kills. `--seed`, `--runs`, `--only <word>`, `--no-matrix`.

import { parseArgs } from 'node:util'
import { cases, type Row, runCase } from './matrix.ts'
import { killAtRandom } from './random-kills.ts'
import { openWorld } from './world.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    runs: { type: 'string' },
    only: { type: 'string' },
    'no-matrix': { type: 'boolean' },
  },
})
const seed = Number(values.seed ?? Date.now() % 1_000_000)
const runs = Number(values.runs ?? 300)
const rows: Row[] = []

if (values['no-matrix'] !== true) {
  const world = await openWorld()
  await world.program.order({ do: 'hurry' })
  for (const one of cases) {
    if (values.only !== undefined && !`${one.step} ${one.fault}`.includes(values.only)) continue
    const row = await runCase(world, one)
    rows.push(row)
    console.log(lineOf(row))
  }
  await world.close()
}
console.log(`seed ${seed}, ${runs} runs of kill -9`)
const random = runs > 0 ? await killAtRandom(seed, runs, line => console.log(line)) : null

const wrong = rows.filter(({ errors }) => errors.length > 0)
for (const { step, fault, errors } of wrong) console.log(`WRONG ${step} × ${fault}\n  ${errors.join('\n  ')}`)
for (const error of random?.errors ?? []) console.log(`WRONG ${error}`)
const sum = (pick: (row: Row) => number) => rows.reduce((total, row) => total + pick(row), 0)
const isWrong = wrong.length + (random?.errors.length ?? 0) > 0
console.log(
  `${isWrong ? 'FAILED' : 'ok'}: ${rows.length - wrong.length} of ${rows.length} cases, ` +
    `${runs} kills of ${random?.mails ?? 0} mails; lost ${sum(row => row.verdict?.lost ?? 0) + (random?.lost ?? 0)}, ` +
    `doubled ${sum(row => row.verdict?.doubled ?? 0) + (random?.doubled ?? 0)}, ` +
    `other bytes ${rows.filter(row => row.verdict?.hasSameBytes === false).length + (random?.otherBytes ?? 0)}, ` +
    `slowest drain ${Math.round(Math.max(0, random?.slowestMs ?? 0, ...rows.map(row => row.verdict?.drainMs ?? 0)))} ms`,
)
process.exitCode = isWrong ? 1 : 0

function lineOf({ step, fault, verdict, errors }: Row): string {
  const found =
    verdict === null
      ? 'draft whole'
      : `${verdict.seen}, lost ${verdict.lost}, doubled ${verdict.doubled}, copies ${verdict.copies}, ${Math.round(verdict.drainMs)} ms`
  return `${errors.length === 0 ? 'ok   ' : 'WRONG'} ${step.padEnd(22)} ${fault.padEnd(20)} ${found}`
}
