/** The headless shell: its lines in this process, and the whole program as a process of its own. */

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { serveLines } from '../../../main/shells/headless.ts'
import { fakeApp, removeFolder, temporaryFolder } from './house.ts'

describe('calls on lines', () => {
  test('each line is answered under its id, in the order of the answers', async () => {
    const app = fakeApp()
    let letGo: () => void = () => {}
    const held = new Promise<void>(resolve => {
      letGo = resolve
    })
    const { call } = app.door
    app.door.call = async (method, args) => {
      if (method === 'mailbox.page') await held
      return call(method, args)
    }
    const [input, output] = [new PassThrough(), new PassThrough()]
    const served = serveLines(app, input, output)
    input.write('{"id":1,"method":"mailbox.page","args":["x"]}\n\n{"id":"b","method":"app.info"}\r\n')
    const lines = createInterface({ input: output })[Symbol.asyncIterator]()
    const next = async () => JSON.parse((await lines.next()).value ?? 'null')
    expect(await next()).toEqual({ id: 'b', ok: true, value: { method: 'app.info', args: [] } })
    letGo()
    expect(await next()).toEqual({ id: 1, ok: true, value: { method: 'mailbox.page', args: ['x'] } })
    app.events.emit('outbox.changed', { itemIds: ['m1'] })
    expect(await next()).toEqual({ event: 'outbox.changed', payload: { itemIds: ['m1'] } })
    input.end()
    await served
  })

  test.each([
    ['{"id":1', { id: null, problem: { kind: 'invalid', field: 'line' } }],
    ['null', { id: null, problem: { kind: 'invalid', field: 'call' } }],
    ['{"id":2,"args":[]}', { id: 2, problem: { kind: 'invalid', field: 'call' } }],
    ['{"id":3,"method":"app.info","args":{}}', { id: 3, problem: { kind: 'invalid', field: 'call' } }],
    ['{"id":{"a":1},"method":5}', { id: null, problem: { kind: 'invalid', field: 'call' } }],
  ])('a line of %s is refused and the next one is answered', async (line, refusal) => {
    const [input, output] = [new PassThrough(), new PassThrough()]
    const served = serveLines(fakeApp(), input, output)
    input.end(`${line}\n{"id":9,"method":"app.info"}`)
    await served
    const answers = String(output.read())
      .trim()
      .split('\n')
      .map(text => JSON.parse(text))
    expect(answers).toContainEqual(expect.objectContaining({ id: 9, ok: true }))
    expect(answers).toContainEqual(
      expect.objectContaining({ ok: false, ...refusal, problem: expect.objectContaining(refusal.problem) }),
    )
  })
})

describe('the program as a process', () => {
  let folder: string
  const running: ChildProcessWithoutNullStreams[] = []
  beforeEach(() => {
    folder = temporaryFolder()
  })
  afterEach(async () => {
    for (const child of running.splice(0)) {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL')
        await once(child, 'exit')
      }
    }
    removeFolder(folder)
  })

  function start(...words: string[]) {
    const entry = resolve(import.meta.dirname, '../../../main/shells/headless.ts')
    const child = spawn('node', [entry, '--data', join(folder, 'data'), ...words], {
      env: { ...process.env, LANG: 'ja_JP.UTF-8', LC_ALL: '' },
    })
    running.push(child)
    let errors = ''
    child.stderr.on('data', chunk => {
      errors += chunk
    })
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    return {
      child,
      ask: (call: object) => child.stdin.write(`${JSON.stringify(call)}\n`),
      next: async () => JSON.parse((await lines.next()).value ?? 'null'),
      exit: once(child, 'close').then(([code]) => ({ code, errors })),
    }
  }

  test('answers, keeps its data private, and ends with its input', async () => {
    const { child, ask, next, exit } = start()
    ask({ id: 1, method: 'no.suchCall', args: [] })
    expect(await next()).toMatchObject({ id: 1, ok: false, problem: { kind: 'invalid' } })
    child.stdin.end()
    expect((await exit).code).toBe(0)
    expect(existsSync(join(folder, 'data', 'instance.db'))).toBe(true)
  })

  test('a second one on the same data says so in the language of the person, and ends with 1', async () => {
    const first = start('--stay')
    first.ask({ id: 1, method: 'no.suchCall' })
    await first.next()
    const second = start()
    const { code, errors } = await second.exit
    expect(code).toBe(1)
    expect(errors).toBe('このデータフォルダーの Todoke はすでに起動しています。\n')
  })

  test('with --stay it outlives its input, and ends in order when asked to', async () => {
    const { child, ask, next, exit } = start('--stay', '--practice')
    ask({ id: 1, method: 'no.suchCall' })
    await next()
    child.stdin.end()
    child.kill('SIGTERM')
    expect((await exit).code).toBe(0)
    expect(existsSync(join(folder, 'data', 'practice'))).toBe(true)
    expect(existsSync(join(folder, 'data', 'instance.db'))).toBe(false)
  })
})
