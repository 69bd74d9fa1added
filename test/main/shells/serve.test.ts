import { describe, expect, test } from 'vitest'
import { serve } from '../../../main/shells/serve.ts'
import { fakeApp } from './house.ts'

describe('a program on a pipe', () => {
  test('answers a call with the JSON of its reply', async () => {
    const app = fakeApp()
    const { answer } = serve(app, () => {})
    const reply = JSON.parse(await answer('["drafts.get",["d1"]]'))
    expect(reply).toEqual({ ok: true, value: { method: 'drafts.get', args: ['d1'] } })
  })

  test.each([
    ['nothing', undefined],
    ['an object instead of text', { method: 'x' }],
    ['what is not JSON', '['],
    ['a JSON null', 'null'],
    ['a lone method', '["drafts.list"]'],
    ['a method that is no text', '[1,[]]'],
    ['arguments that are no list', '["drafts.get","d1"]'],
    ['one word too many', '["drafts.get",[],1]'],
    ['more than any letter', `["drafts.get",["${'x'.repeat(33 * 1024 * 1024)}"]]`],
  ])('refuses %s and the program never hears of it', async (_what, text) => {
    const app = fakeApp()
    const reply = JSON.parse(await serve(app, () => {}).answer(text))
    expect(reply).toMatchObject({ ok: false, problem: { kind: 'invalid', field: 'call' } })
    expect(app.calls).toEqual([])
  })

  test('a bug that is thrown is an answer', async () => {
    const reply = JSON.parse(await serve(fakeApp(), () => {}).answer('["test.throw",[]]'))
    expect(reply).toEqual({ ok: false, problem: { kind: 'internal', detail: 'a bug' } })
  })

  test('an answer that is no JSON is a bug, not an end', async () => {
    const app = fakeApp()
    const endless: Record<string, unknown> = {}
    endless.self = endless
    app.door.call = async () => Object.assign(JSON.parse('{"ok":true}'), { value: endless })
    const reply = JSON.parse(await serve(app, () => {}).answer('["app.info",[]]'))
    expect(reply).toMatchObject({ ok: false, problem: { kind: 'internal' } })
  })

  test('a broken page keeps no other listener and no domain from going on', async () => {
    const app = fakeApp()
    const heard: string[] = []
    serve(app, () => {
      throw new Error('the page has gone')
    })
    serve(app, () => Promise.reject(new Error('the page has gone')))
    serve(app, text => void heard.push(text))
    app.events.emit('settings.changed', {})
    await Promise.resolve()
    expect(heard).toEqual(['{"name":"settings.changed","payload":{}}'])
  })

  test('a closed pipe announces nothing more', () => {
    const app = fakeApp()
    const heard: string[] = []
    serve(app, text => void heard.push(text)).close()
    app.events.emit('settings.changed', {})
    expect(heard).toEqual([])
  })
})
