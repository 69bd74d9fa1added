import { describe, expect, it } from 'vitest'
import { createRest, REST_MS } from '../../../renderer/ui/rest.ts'

function scene() {
  let waiting: (() => void) | null = null
  const asked: number[] = []
  const rest = createRest((ms, run) => {
    asked.push(ms)
    waiting = run
    return () => {
      if (waiting === run) waiting = null
    }
  })
  const elapse = () => {
    const due = waiting
    waiting = null
    due?.()
  }
  return { rest, elapse, asked }
}

describe('the rest of the hand', () => {
  it('keeps nothing waiting where nobody types', () => {
    const { rest, elapse } = scene()
    const done: string[] = []
    rest.at(() => done.push('first'))
    rest.typed()
    elapse()
    rest.at(() => done.push('second'))
    expect(done).toEqual(['first', 'second'])
  })

  it('runs what waited once, in its order, when the last key was long enough ago', () => {
    const { rest, elapse, asked } = scene()
    const done: string[] = []
    rest.typed()
    rest.at(() => done.push('first'))
    rest.typed()
    rest.at(() => done.push('second'))
    expect(done).toEqual([])
    elapse()
    elapse()
    expect(done).toEqual(['first', 'second'])
    expect(asked).toEqual([REST_MS, REST_MS])
  })

  it('takes back only what is asked to be taken back', () => {
    const { rest, elapse } = scene()
    const done: string[] = []
    const run = () => done.push('run')
    rest.typed()
    const takeBack = rest.at(run)
    rest.at(run)
    takeBack()
    elapse()
    expect(done).toEqual(['run'])
  })

  it('has room for work that asks for the rest again', () => {
    const { rest, elapse } = scene()
    const done: string[] = []
    rest.typed()
    rest.at(() => rest.at(() => done.push('within')))
    elapse()
    expect(done).toEqual(['within'])
  })
})
