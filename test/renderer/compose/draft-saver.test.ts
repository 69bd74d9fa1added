import { describe, expect, it } from 'vitest'
import { createDraftSaver, PAUSE_MS, READY_MS, type Timer } from '../../../renderer/compose/draft-saver.ts'
import type { DraftContent } from '../../../shared/model.ts'
import { aDraft } from '../../support/builders.ts'
import { createFakeBridge } from '../../support/fake-bridge.ts'

/** Runs what is due only when the test says so. */
function handTimer() {
  let waiting: { ms: number; run: () => void } | null = null
  let begun = 0
  let now = 0
  let painting: (() => void)[] = []
  const timer: Timer = {
    nowMs: () => now,
    afterPaint: run => void painting.push(run),
    after(ms, run) {
      const mine = { ms, run }
      waiting = mine
      begun += 1
      return () => {
        if (waiting === mine) waiting = null
      }
    },
  }
  return {
    timer,
    begun: () => begun,
    delay: () => waiting?.ms ?? null,
    pass(ms: number) {
      now += ms
    },
    paint() {
      const due = painting
      painting = []
      for (const run of due) run()
    },
    elapse() {
      const due = waiting
      waiting = null
      due?.run()
    },
  }
}

const content = (text: string): DraftContent => ({
  accountId: 'yuki',
  to: [],
  cc: [],
  bcc: [],
  subject: '',
  text,
})

type More = Partial<Parameters<typeof createDraftSaver>[0]>

function scene(more: More = {}) {
  const bridge = createFakeBridge({ world: { drafts: [aDraft({ id: 'draft', revision: 1, savedAt: 5 })] } })
  const hand = handTimer()
  const saver = createDraftSaver({
    call: bridge.call,
    draft: { id: 'draft', revision: 1, savedAt: 5, content: content('') },
    timer: hand.timer,
    ...more,
  })
  const saved = () => bridge.world.drafts[0]?.text
  const settled = () =>
    new Promise<void>(resolve => {
      const look = () => {
        if (['saving', 'unsaved'].includes(saver.state().kind)) return
        stop()
        resolve()
      }
      const stop = saver.subscribe(look)
      look()
    })
  return { bridge, hand, saver, saved, settled }
}

describe('the saving of a draft', () => {
  it('waits for a pause, then saves the newest text once', async () => {
    const { bridge, hand, saver, saved, settled } = scene()
    saver.change(content('H'))
    saver.change(content('Hello'))
    expect(saver.state().kind).toBe('unsaved')
    expect(hand.delay()).toBe(PAUSE_MS)
    hand.elapse()
    await settled()
    expect(saved()).toBe('Hello')
    expect(bridge.calls).toHaveLength(1)
    expect(saver.state()).toMatchObject({ kind: 'saved' })
    expect(saver.revision()).toBe(2)
  })

  it('does not wait longer because somebody goes on typing without a pause', async () => {
    const { hand, saver, saved, settled } = scene()
    saver.change(content('H'))
    for (const text of ['He', 'Hel', 'Hell', 'Hello']) saver.change(content(text))
    expect(hand.begun()).toBe(1)
    hand.elapse()
    await settled()
    expect(saved()).toBe('Hello')
  })

  it('begins behind the key that is typed when the pause is nearly over', async () => {
    const { bridge, hand, saver, saved, settled } = scene()
    saver.change(content('H'))
    hand.pass(READY_MS - 1)
    saver.change(content('He'))
    hand.paint()
    expect(bridge.calls).toEqual([])
    hand.pass(1)
    saver.change(content('Hel'))
    expect(bridge.calls).toEqual([])
    hand.paint()
    await settled()
    expect(saved()).toBe('Hel')
    expect(bridge.calls).toHaveLength(1)
    expect(hand.delay()).toBeNull()
  })

  it('saves once where that key is shown only after the pause', async () => {
    const { bridge, hand, saver, saved, settled } = scene()
    saver.change(content('H'))
    hand.pass(READY_MS)
    saver.change(content('He'))
    hand.elapse()
    hand.paint()
    await settled()
    hand.paint()
    expect(saved()).toBe('He')
    expect(bridge.calls).toHaveLength(1)
  })

  it('saves what was typed while a save was running, on the revision of that save', async () => {
    const { hand, saver, saved } = scene()
    saver.change(content('one'))
    hand.elapse()
    saver.change(content('two'))
    // The pause passes while the first save still runs: the text must not be forgotten.
    hand.elapse()
    const reply = await saver.flush()
    expect(reply).toEqual({ ok: true, value: { revision: 3 } })
    expect(saved()).toBe('two')
  })

  it('goes on after a pause that passed unused during a save, without being asked', async () => {
    const { hand, saver, saved, settled } = scene()
    saver.change(content('one'))
    hand.elapse()
    saver.change(content('two'))
    hand.elapse()
    await new Promise<void>(resolve => {
      const stop = saver.subscribe(() => {
        if (saver.state().kind !== 'unsaved') return
        stop()
        resolve()
      })
    })
    await Promise.resolve()
    expect(hand.delay()).toBe(PAUSE_MS)
    hand.elapse()
    await settled()
    expect(saved()).toBe('two')
  })

  it('says why it failed, keeps the text and tries again, later each time', async () => {
    const { bridge, hand, saver, saved, settled } = scene()
    bridge.answer('drafts.save', { kind: 'disk-full' })
    saver.change(content('precious'))
    const delays: (number | null)[] = []
    for (let round = 0; round < 5; round += 1) {
      hand.elapse()
      await settled()
      expect(saver.state()).toEqual({ kind: 'failed', problem: { kind: 'disk-full' } })
      delays.push(hand.delay())
    }
    expect(delays).toEqual([2_000, 5_000, 15_000, 30_000, 30_000])
    expect(saver.content().text).toBe('precious')
    bridge.answer('drafts.save', () => ({ revision: 2, savedAt: 9 }))
    hand.elapse()
    await settled()
    expect(saver.state()).toEqual({ kind: 'saved', at: 9 })
    expect(saved()).toBe('')
  })

  it('answers a flush with the problem, so that nothing is sent on a text that is not saved', async () => {
    const { bridge, saver } = scene()
    bridge.answer('drafts.save', { kind: 'disk-full' })
    saver.change(content('precious'))
    expect(await saver.flush()).toEqual({ ok: false, problem: { kind: 'disk-full' } })
  })

  it('flushes nothing where nothing was typed', async () => {
    const { bridge, saver } = scene()
    expect(await saver.flush()).toEqual({ ok: true, value: { revision: 1 } })
    expect(bridge.calls).toEqual([])
  })

  describe('when another window saved in between', () => {
    async function conflict() {
      const made = scene()
      made.bridge.world.drafts = [aDraft({ id: 'draft', revision: 4, text: 'theirs', savedAt: 7 })]
      made.saver.change(content('mine'))
      made.hand.elapse()
      await made.settled()
      return made
    }

    it('overwrites nothing and saves no more until the writer has chosen', async () => {
      const { bridge, hand, saver, saved } = await conflict()
      expect(saver.state()).toEqual({ kind: 'conflict', revision: 4 })
      saver.change(content('mine too'))
      hand.elapse()
      expect(await saver.flush()).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
      expect(saved()).toBe('theirs')
      expect(bridge.calls).toHaveLength(1)
    })

    it('goes on with this text if the writer keeps it', async () => {
      const { saver, saved } = await conflict()
      expect(await saver.keepMine()).toEqual({ ok: true, value: { revision: 5 } })
      expect(saved()).toBe('mine')
    })

    it('goes on with the other text if the writer takes it', async () => {
      const { bridge, saver } = await conflict()
      const theirs = bridge.world.drafts[0]
      if (theirs === undefined) throw new Error('no draft')
      saver.takeTheirs(theirs)
      expect(saver.content().text).toBe('theirs')
      expect(await saver.flush()).toEqual({ ok: true, value: { revision: 4 } })
    })
  })

  it('says which window it saves for', async () => {
    const { bridge, saver } = scene({ windowId: 'window' })
    saver.change(content('mine'))
    await saver.flush()
    expect(bridge.calls.at(-1)?.args.at(-1)).toBe('window')
  })

  it('saves words that came unsaved, on the revision that they were typed on', async () => {
    const draft = { id: 'draft', revision: 1, savedAt: 5, content: content('last words') }
    const { hand, saver, saved, settled } = scene({ draft, isUnsaved: true })
    expect(saver.state()).toEqual({ kind: 'unsaved' })
    hand.elapse()
    await settled()
    expect(saved()).toBe('last words')
  })

  for (const problem of [{ kind: 'written-elsewhere' }, { kind: 'not-found', what: 'draft' }] as const) {
    it(`keeps the text and says so where it may not save any more: ${problem.kind}`, async () => {
      let refused = 0
      const { bridge, hand, saver, settled } = scene({ onRefused: () => (refused += 1) })
      bridge.answer('drafts.save', problem)
      saver.change(content('mine'))
      hand.elapse()
      await settled()
      expect(refused).toBe(1)
      expect(saver.state()).toEqual({ kind: 'failed', problem })
      expect(saver.content().text).toBe('mine')
    })
  }

  it('saves nothing more once it is stopped', async () => {
    const { bridge, hand, saver } = scene()
    saver.change(content('gone'))
    saver.stop()
    hand.elapse()
    await saver.flush()
    expect(bridge.calls).toEqual([])
  })
})
