/** What a picture needs done before it is taken: a click or a keystroke, as soon as the thing is there. */

const PATIENCE_MS = 5_000

/** Acts that wait for their element; the page says so (`data-acting`), so that nobody looks before they are done. */
let waiting = 0

function count(change: 1 | -1): void {
  waiting += change
  document.documentElement.toggleAttribute('data-acting', waiting > 0)
}

/** Runs `act` on the first element that matches, once it is drawn; of those that match, one that `says` so. */
export function whenThere(selector: string, act: (element: HTMLElement) => void, says = /(?:)/): void {
  const until = performance.now() + PATIENCE_MS
  const look = () => {
    const found = [...document.querySelectorAll<HTMLElement>(selector)].find(element =>
      says.test(element.textContent ?? ''),
    )
    if (found === undefined && performance.now() < until) {
      requestAnimationFrame(look)
      return
    }
    if (found !== undefined) act(found)
    count(-1)
  }
  count(1)
  requestAnimationFrame(look)
}

/** What has to be made first is waited for too. */
export function whenMade<T>(making: Promise<T>, act: (made: T) => void): void {
  count(1)
  void making.then(act).finally(() => count(-1))
}

/** Tries again at each frame until it says that it was done. */
export function untilDone(act: () => boolean): void {
  const until = performance.now() + PATIENCE_MS
  const look = () => {
    if (!act() && performance.now() < until) requestAnimationFrame(look)
    else count(-1)
  }
  count(1)
  requestAnimationFrame(look)
}

export function clickOn(selector: string, says?: RegExp): void {
  whenThere(selector, element => element.click(), says)
}

/** Types as React sees it: through the native setter, with an input event. */
export function typeInto(selector: string, text: string): void {
  whenThere(selector, element => {
    const proto = element instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement
    Object.getOwnPropertyDescriptor(proto.prototype, 'value')?.set?.call(element, text)
    element.dispatchEvent(new Event('input', { bubbles: true }))
  })
}

/** Gives files to a file input, as a picker does. */
export function pickFiles(selector: string, files: readonly File[]): void {
  whenThere(selector, element => {
    if (!(element instanceof HTMLInputElement)) return
    const transfer = new DataTransfer()
    for (const file of files) transfer.items.add(file)
    element.files = transfer.files
    element.dispatchEvent(new Event('change', { bubbles: true }))
  })
}
