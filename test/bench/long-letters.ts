/**
 * `node test/bench/long-letters.ts`: the longest turn of the desk while a letter of a million characters is written as a
 * mail and hashed, as Send does it. In time of the processor, so that a busy machine does not change the answer.
 */

import { freeze } from '../../main/mime/recipe.ts'
import { hashMail, writeMail } from '../../main/mime/write-mail.ts'

const TURN_MS = 16
const CHARACTERS = 1_000_000
const LETTERS: Readonly<Record<string, string>> = {
  'English, in lines': 'the quick summary of what we said on the phone, and what is left for March\n',
  'English, in paragraphs': `${'all work and no play makes a dull day, '.repeat(60)}\n`,
  German: 'Schöne Grüße aus München, wir sehen uns nächste Woche in der Besprechung!\n',
  Japanese: `${'お世話になっております。資料をお送りいたしますので、ご確認ください。'.repeat(4)}\n`,
}

const cpuMs = () => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

/** The longest turn and all of it, in ms of this thread. */
async function turnsOf(work: () => Promise<unknown>): Promise<{ longest: number; all: number }> {
  let isDone = false
  let longest = 0
  let before = cpuMs()
  const startedAt = before
  const look = () => {
    const now = cpuMs()
    longest = Math.max(longest, now - before)
    before = now
    if (!isDone) setImmediate(look)
  }
  setImmediate(look)
  await work()
  isDone = true
  look()
  return { longest, all: cpuMs() - startedAt }
}

/** What to say of each, and whether a turn was too long. */
export async function longLetters(say: (text: string) => void): Promise<number> {
  let worst = 0
  for (const [name, line] of Object.entries(LETTERS)) {
    const text = line.repeat(Math.ceil(CHARACTERS / line.length))
    const recipe = freeze(
      {
        from: { name: '', address: 'haruka@aoki.example' },
        to: [{ name: '', address: 'sara@lindqvist.example' }],
        cc: [],
        bcc: [],
        subject: 'x',
        text,
        references: [],
        attachments: [],
      },
      0,
    )
    const work = () => hashMail(writeMail(recipe, { for: 'wire', openPath: () => '', isFleeting: true }))
    await turnsOf(work)
    const { longest, all } = await turnsOf(work)
    worst = Math.max(worst, longest)
    say(
      `        ${(text.length / 1e6).toFixed(1)} million characters, ${name}: longest turn ${longest.toFixed(1)} ms of ${all.toFixed(1)} ms`,
    )
  }
  return worst
}

if (import.meta.main) {
  const worst = await longLetters(text => console.log(text))
  console.log(
    `${worst <= TURN_MS ? 'holds ' : 'MISSED'}  longest turn: ${worst.toFixed(1)} ms (bar: ${TURN_MS} ms)`,
  )
}
