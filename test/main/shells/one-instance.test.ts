import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { claimInstance, type Instance, tellFirstInstance } from '../../../main/shells/one-instance.ts'
import type { Result } from '../../../shared/problem.ts'
import { removeFolder, temporaryFolder, writeFiles } from './house.ts'

let folder: string
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(() => removeFolder(folder))

function claimed(result: Result<Instance>): Instance {
  if (!result.ok) throw new Error(JSON.stringify(result.problem))
  return result.value
}
const nobody = () => {}
const alreadyRunning = { ok: false, problem: { kind: 'already-running' } }
const moduleUrl = resolve(import.meta.dirname, '../../../main/shells/one-instance.ts')

describe('one program per data directory', () => {
  test('the second is told that the first is there, at once', async () => {
    const first = claimed(await claimInstance(folder, nobody))
    const startedAt = performance.now()
    expect(await claimInstance(folder, nobody)).toEqual(alreadyRunning)
    expect(performance.now() - startedAt).toBeLessThan(2_000)
    first.release()
    claimed(await claimInstance(folder, nobody)).release()
  })

  test('another directory is another program', async () => {
    const other = temporaryFolder()
    const first = claimed(await claimInstance(folder, nobody))
    claimed(await claimInstance(other, nobody)).release()
    first.release()
    removeFolder(other)
  })

  test('the second calls the first to the front, with its mailto link', async () => {
    const starts: unknown[] = []
    const first = claimed(await claimInstance(folder, start => starts.push(start)))
    expect(await tellFirstInstance(folder, { mailto: 'mailto:a@b.test?subject=届' })).toBe(true)
    expect(await tellFirstInstance(folder, { mailto: null })).toBe(true)
    expect(starts).toEqual([{ mailto: 'mailto:a@b.test?subject=届' }, { mailto: null }])
    first.release()
    expect(await tellFirstInstance(folder, { mailto: null })).toBe(false)
  })

  test('nobody else may knock', async () => {
    const first = claimed(await claimInstance(folder, nobody))
    expect(statSync(join(folder, 'instance.sock')).mode & 0o777).toBe(0o600)
    first.release()
  })

  test('a directory too deep for a socket is locked and called all the same', async () => {
    const deep = join(folder, 'x'.repeat(60), 'y'.repeat(60))
    writeFiles(deep, { a: '' })
    const starts: unknown[] = []
    const first = claimed(await claimInstance(deep, start => starts.push(start)))
    expect(await claimInstance(deep, nobody)).toEqual(alreadyRunning)
    expect(await tellFirstInstance(deep, { mailto: null })).toBe(true)
    expect(starts).toHaveLength(1)
    first.release()
  })

  test('a process holds its directory against others, and a killed one leaves it free', async () => {
    const script = `const { claimInstance } = await import(${JSON.stringify(moduleUrl)})
      console.log(JSON.stringify(await claimInstance(${JSON.stringify(folder)}, () => {})))
      setInterval(() => {}, 1000)`
    const other = spawn('node', ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [said] = await once(other.stdout, 'data')
    expect(String(said)).toContain('"ok":true')
    expect(await claimInstance(folder, nobody)).toEqual(alreadyRunning)
    other.kill('SIGKILL')
    await once(other, 'exit')
    expect(existsSync(join(folder, 'instance.sock'))).toBe(true)
    claimed(await claimInstance(folder, nobody)).release()
  })
})
