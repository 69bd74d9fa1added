import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { serverFolder, startGuarded, untilReady } from '../support/guarded-process.ts'
import { eventually } from '../support/wait.ts'

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test('a stopped program is gone, and so is its folder', async () => {
  const folder = serverFolder('guarded')
  const program = startGuarded({ command: ['sh', '-c', `echo $$ > ${folder}/pid; exec sleep 1000`], folder })
  const pid = await eventually(() => Number(readFileSync(join(folder, 'pid'), 'utf8')) || undefined)
  expect(isAlive(pid)).toBe(true)
  await program.stop()
  expect(isAlive(pid)).toBe(false)
  expect(existsSync(folder)).toBe(false)
})

test('a program that ends by itself is not waited for, and its words are told', async () => {
  const folder = serverFolder('guarded')
  const program = startGuarded({ command: ['sh', '-c', 'echo cannot work >&2; exit 3'], folder })
  const ready = untilReady(
    program,
    async () => false,
    () => 'the log',
  )
  await expect(ready).rejects.toThrow(/exited.*cannot work.*the log/s)
  expect(existsSync(folder)).toBe(false)
})
