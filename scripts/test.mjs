// Runs every test, after setting up what they need: types, lint, unit, flows. Ends with one line of counts, and with the
// exit code of the first step that fails. Plain JavaScript for Node 20 without any package.

import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { orSay, projectNode, root, run, runNpm, say, setUpTests } from './setup.mjs'

const results = join(root, 'test-results')
const unitReport = join(results, 'unit.json')
const flowReport = join(results, 'flows.json')

const live = { stdio: 'inherit', env: { CI_STRICT: '1', FORCE_COLOR: process.stdout.isTTY ? '1' : '0' } }
const nodeRun = (script, ...args) => run(projectNode(), [join(root, 'node_modules', script), ...args], live)

const STEPS = [
  { name: 'types', run: () => runNpm(['run', '--silent', 'check:types'], live), count: () => 'types ok' },
  { name: 'lint', run: () => runNpm(['run', '--silent', 'check:lint'], live), count: () => 'lint ok' },
  {
    name: 'unit tests',
    run: () =>
      nodeRun(
        'vitest/vitest.mjs',
        'run',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${unitReport}`,
      ),
    count: () => `${countsOf(unitReport, report => report.numPassedTests)} unit tests`,
  },
  {
    name: 'flows',
    // playwright.config.ts writes the report.
    run: () => nodeRun('@playwright/test/cli.js', 'test'),
    count: () => `${countsOf(flowReport, report => report.stats.expected)} flows`,
  },
]

function countsOf(file, read) {
  try {
    return read(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return '?'
  }
}

async function test() {
  const startedAt = Date.now()
  await setUpTests()
  mkdirSync(results, { recursive: true })
  for (const report of [unitReport, flowReport]) if (existsSync(report)) rmSync(report)
  const line = []
  let code = 0
  for (const step of STEPS) {
    say(`\n── ${step.name}`)
    code = await step.run()
    line.push(code === 0 ? step.count() : `${step.name} FAILED`)
    if (code !== 0) break
  }
  line.push(`${Math.round((Date.now() - startedAt) / 1000)} seconds`)
  process.stdout.write(`\n${line.join(' · ')}\n`)
  return code
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await orSay(test)
}
