// The figures that other tests print ("Shows 3: …"), gathered by running those tests as they are in every test run,
// only longer where they can be.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'

export type Figure = { shows: string; words: string; isRight: boolean }

const root = resolve(import.meta.dirname, '../..')
const TESTS: readonly { shows: string; files: string[] }[] = [
  { shows: '2', files: ['test/crash/commits.test.ts'] },
  { shows: '3', files: ['test/main/outbox/drop-matrix.test.ts'] },
  { shows: '4', files: ['test/main/outbox/mixed-recipients.test.ts'] },
  { shows: '5', files: ['test/crash/sent-servers.test.ts'] },
  { shows: '6', files: ['test/main/outbox/ways-to-write.test.ts'] },
  { shows: '7', files: ['test/main/outbox/ledger-export.test.ts', 'test/shared/reply-meaning.test.ts'] },
  { shows: 'disk', files: ['test/crash/full-disk.test.ts'] },
]

export async function figuresOf(say: (line: string) => void): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const { shows, files } of TESTS) {
    say(`\n${files.join(' ')}`)
    const found = await run(files)
    if (found.words.length === 0) found.words.push('nothing was printed')
    for (const words of found.words) {
      say(`${found.isRight ? 'ok   ' : 'WRONG'} ${words}`)
      figures.push({ shows, words, isRight: found.isRight })
    }
    if (!found.isRight) say(found.output)
  }
  return figures
}

async function run(files: string[]): Promise<{ isRight: boolean; words: string[]; output: string }> {
  const words: string[] = []
  let output = ''
  const vitest = resolve(root, 'node_modules/vitest/vitest.mjs')
  const child = spawn(process.execPath, [vitest, 'run', ...files], {
    cwd: root,
    env: { ...process.env, TODOKE_CRASH_LONG: '1', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const hear = (line: string) => {
    output += `${line}\n`
    const figure = /Shows \w+: (.*)$/.exec(line)?.[1]
    if (figure !== undefined) words.push(figure)
  }
  createInterface({ input: child.stdout }).on('line', hear)
  createInterface({ input: child.stderr }).on('line', hear)
  const [code] = await once(child, 'close')
  return { isRight: code === 0, words, output }
}
