// `npm run bench:compose`: how fast and how frugal writing is, in the real program with the real page, beside controls in
// the same run. Prints and does not judge, unless asked to with --assert. Options: --keys, --rounds, --mib, --only, --assert.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Attaching, attachAndSend, bareBase64, bigFile } from './attaching.ts'
import { createBars, median, percentile } from './bars.ts'
import { timeToCaret } from './caret.ts'
import { goToMiddle, openControl, type Strokes, strokes } from './keystrokes.ts'
import { longLetters } from './long-letters.ts'
import { createRandom } from './mailbox-generator.ts'
import { letterOf, linesOf, openWritingDesk } from './writing-desk.ts'

const { values } = parseArgs({
  options: {
    /** Of each kind in each round. */
    keys: { type: 'string', default: '70' },
    rounds: { type: 'string', default: '2' },
    mib: { type: 'string', default: '25,200' },
    /** caret, keys, files, long or people. */
    only: { type: 'string' },
    assert: { type: 'boolean', default: false },
  },
})
const KEYS = Number(values.keys)
const ROUNDS = Number(values.rounds)
const LINES = 2_000
/** Of one frame at 60 Hz. */
const KEY_MS = 16
const { say, note, end } = createBars()
const isWanted = (part: string) => values.only === undefined || values.only === part
const ms = (value: number) => `${value.toFixed(1)} ms`

async function caret(): Promise<void> {
  const kinds = { 'a new mail': [[], []], 'a draft with recipients': [[], []] } as Record<
    string,
    [number[], number[]]
  >
  for (let round = 0; round < ROUNDS; round += 1) {
    const desk = await openWritingDesk([letterOf('Short letter', ['Dear Sara,', 'see you in March.'], true)])
    const write = desk.page.getByRole('button', { name: /^Write a mail/ }).first()
    const row = desk.page.getByText('Short letter', { exact: true }).first()
    await write.waitFor()
    // Each kind is the first of a program in its turn.
    const newMail = () => timeToCaret(desk.page, write, 'to')
    const draft = () => timeToCaret(desk.page, row, 'text')
    const showDrafts = () =>
      desk.page
        .getByRole('navigation')
        .getByRole('button', { name: /^Drafts/ })
        .click()
    if (round % 2 === 0) kinds['a new mail']?.[0].push(await newMail())
    await showDrafts()
    if (round % 2 === 1) kinds['a draft with recipients']?.[0].push(await draft())
    for (let time = 0; time < 10; time += 1) {
      kinds['a new mail']?.[1].push(await newMail())
      await showDrafts()
      kinds['a draft with recipients']?.[1].push(await draft())
    }
    await desk.close()
  }
  say(`\nfrom the press to the caret, ${ROUNDS} starts of the program`)
  for (const [kind, [cold, warm]] of Object.entries(kinds)) {
    say(
      `        ${kind}: cold ${cold.length === 0 ? 'not measured' : ms(median(cold))}, warm ${ms(median(warm))} (p95 ${ms(percentile(warm, 0.95))})`,
    )
    note(`${kind}, warm: the caret`, ms(median(warm)), '100 ms', median(warm) <= 100)
  }
}

async function keys(): Promise<void> {
  const lines = linesOf(LINES)
  const all = new Map<string, Strokes[]>()
  const add = (name: string, seen: Strokes) => all.set(name, [...(all.get(name) ?? []), seen])
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, text] of [
      ['bare page, empty', ['']],
      [`bare page, ${LINES} lines`, lines],
    ] as const) {
      const control = await openControl(text)
      await goToMiddle(control.page, control.page.locator('p').nth(Math.floor(text.length / 2)))
      add(name, await strokes(control.page, KEYS, createRandom(round + 1)))
      await control.close()
    }
    const letters = { 'rich, short': ['Dear Sara,', 'in March'], rich: lines, plain: lines }
    const desk = await openWritingDesk(
      Object.entries(letters).map(([name, text]) => letterOf(`${name} letter`, text, name !== 'plain')),
    )
    for (const [name, text] of Object.entries(letters)) {
      const composer = await desk.openDraft(`${name} letter`)
      await goToMiddle(desk.page, composer.locator('[data-place=text] > p').nth(Math.floor(text.length / 2)))
      add(name, await strokes(desk.page, KEYS, createRandom(round + 1)))
      await composer.locator('header button').last().click()
      await composer.waitFor({ state: 'detached' })
    }
    await desk.close()
  }
  say(
    `\na key, in the middle of the text, ${ROUNDS} rounds of ${KEYS} keys; a save falls into every tenth or so`,
  )
  const figures = new Map<string, { work: number; cpu: number }>()
  for (const [name, seen] of all) {
    const work = seen.flatMap(one => one.strokes.map(stroke => stroke.work))
    const toPaint = seen.flatMap(one => one.strokes.map(stroke => stroke.toPaint))
    const cpu = seen.flatMap(one => one.cpu)
    const pair = (list: number[]) => `${median(list).toFixed(1)} / ${percentile(list, 0.95).toFixed(1)}`
    say(
      `        ${name.padEnd(24)} p50 / p95: to paint ${pair(toPaint)} ms, without the wait for a frame ${pair(work)} ms, processor until the next key ${pair(cpu)} ms`,
    )
    figures.set(name, { work: percentile(work, 0.95), cpu: median(cpu) })
  }
  const floor = figures.get(`bare page, ${LINES} lines`)
  for (const name of ['rich', 'plain']) {
    const { work, cpu } = figures.get(name) ?? { work: Number.NaN, cpu: Number.NaN }
    const beside = `${ms(work)}, ${(work / (floor?.work ?? 0)).toFixed(2)}× of the same text in a bare page`
    note(`${LINES} lines, ${name}: a key to paint, p95`, beside, `${KEY_MS} ms`, work <= KEY_MS)
    say(`        processor of a usual key: ${(cpu / (floor?.cpu ?? 0)).toFixed(2)}× of the bare page`)
  }
}

async function files(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'todoke-bench-files-'))
  for (const mib of values.mib.split(',').map(Number)) {
    const path = bigFile(join(folder, `${mib}.bin`), mib)
    const bare: number[] = []
    const seen: Attaching[] = []
    // A fresh program each time: what the one before has grown to is not idle.
    for (let round = 0; round < ROUNDS; round += 1) {
      bare.push(await bareBase64(path))
      const desk = await openWritingDesk([])
      seen.push(await attachAndSend(desk, path))
      await desk.close()
    }
    const of = (pick: (one: (typeof seen)[number]) => number) => median(seen.map(pick))
    const queue = of(one => one.queueMs)
    const memory = of(one => one.programMiB)
    say(
      `\na file of ${mib} MiB: into the program ${of(one => one.attachMs).toFixed(0)} ms, Send ${queue.toFixed(0)} ms; reading it and base64 alone ${median(bare).toFixed(0)} ms (Send ${(queue / median(bare)).toFixed(2)}×)`,
    )
    say(
      `        memory above idle: program ${memory.toFixed(0)} MiB, page ${of(one => one.pageMiB).toFixed(0)} MiB`,
    )
    if (mib >= 200)
      note(`${mib} MiB: memory of the program`, `+${memory.toFixed(0)} MiB`, '+150 MiB', memory <= 150)
  }
  rmSync(folder, { recursive: true, force: true })
}

async function long(): Promise<void> {
  say('\nletters of a million characters, written and hashed as Send does it, in time of the processor')
  const worst = await longLetters(say)
  note('a long letter: longest turn of the desk', ms(worst), '16 ms', worst <= 16)
}

/** Suggestions and checks have benches of their own, which say the same by their exit code. */
function people(): void {
  say('')
  const run = (file: string) =>
    spawnSync(process.execPath, [join(import.meta.dirname, file)], { stdio: 'inherit' }).status === 0
  note('suggestions over 50,000 addresses, p95', 'as above', '10 ms', run('people.ts'))
  run('questions.ts')
}

say(`Node ${process.versions.node}`)
if (isWanted('caret')) await caret()
if (isWanted('keys')) await keys()
if (isWanted('files')) await files()
if (isWanted('long')) await long()
if (isWanted('people')) people()
const missed = end()
if (values.assert && missed > 0) process.exitCode = 1
