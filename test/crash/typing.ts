// npm run test:typing: kill -9 at random moments while somebody types in the window. `--seed`, `--runs`. Needs a build.

import { parseArgs } from 'node:util'
import { percentile } from '../bench/bars.ts'
import { killTyping, LOST_MS } from './typing-kills.ts'

const { values } = parseArgs({
  options: { seed: { type: 'string' }, runs: { type: 'string', default: '50' } },
})
const seed = Number(values.seed ?? Date.now() % 1_000_000)
const runs = Number(values.runs)
console.log(`seed ${seed}, ${runs} runs of kill -9`)
const { lostMs, letters, versions, copies, errors } = await killTyping(seed, runs, line => console.log(line))
const worst = Math.max(0, ...lostMs)
for (const error of errors) console.log(`WRONG ${error}`)
const late = lostMs.filter(ms => ms > LOST_MS).length
console.log(
  `\nseed ${seed}: ${letters} keys, ${versions} versions, ${copies} copies on the server; lost: median ${percentile(lostMs, 0.5).toFixed(0)} ms, worst ${worst.toFixed(0)} ms (bar: ${LOST_MS} ms, missed ${late} times); older over newer and other faults: ${errors.length}`,
)
process.exitCode = errors.length + late > 0 ? 1 : 0
