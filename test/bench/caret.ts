/**
 * From the press on "Write a mail", or on a draft, to the caret: until the frame in which the first field of the composer
 * has the focus is painted (the first task after it). Cold is the first composer of a program that was just started.
 */

import type { Locator, Page } from 'playwright-core'

/** The place that gets the caret: the recipients of a new mail, the text of one that has some. */
export type CaretPlace = 'to' | 'text'

/** Presses and waits for the caret; in ms from the event of the press. The composer is closed again. */
export async function timeToCaret(page: Page, press: Locator, place: CaretPlace): Promise<number> {
  await press.scrollIntoViewIfNeeded()
  const box = await press.boundingBox()
  if (box === null) throw new Error('nothing to press')
  const painted = page.evaluate(untilCaret, place)
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  await page.mouse.down()
  await page.mouse.up()
  const ms = await painted
  const composer = page.locator('section[data-size]').last()
  await composer.locator('header button').last().click()
  await composer.waitFor({ state: 'detached' })
  return ms
}

/** Runs in the page. From the end of the press (the click), as nothing may happen before. */
function untilCaret(place: 'to' | 'text'): Promise<number> {
  return new Promise(resolve => {
    let pressedAt = 0
    window.addEventListener('click', event => (pressedAt = event.timeStamp), { capture: true, once: true })
    const onFocus = ({ target }: FocusEvent) => {
      const isThere =
        target instanceof HTMLElement &&
        target.closest('section[data-size]') !== null &&
        (place === 'text') === (target.dataset.place === 'text')
      if (!isThere) return
      window.removeEventListener('focusin', onFocus, { capture: true })
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = () => resolve(performance.now() - pressedAt)
        port2.postMessage(null)
      })
    }
    window.addEventListener('focusin', onFocus, { capture: true })
  })
}
