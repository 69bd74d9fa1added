/** The hands of an input method: keys that go to it (229), and the text that comes from it, as Chromium sends them. */

import type { Page } from '@playwright/test'

export type Ime = {
  /** Shows this as the word being composed, with a key of the input method before it. */
  compose(text: string, key?: string): Promise<void>
  commit(text: string): Promise<void>
}

export async function inputMethod(page: Page): Promise<Ime> {
  const cdp = await page.context().newCDPSession(page)
  const press = async (key: string) => {
    const event = { key: 'Process', code: key, windowsVirtualKeyCode: 229, nativeVirtualKeyCode: 229 }
    await cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...event })
  }
  return {
    async compose(text, key = 'KeyA') {
      await press(key)
      await cdp.send('Input.imeSetComposition', {
        text,
        selectionStart: text.length,
        selectionEnd: text.length,
      })
    },
    async commit(text) {
      await press('Enter')
      await cdp.send('Input.insertText', { text })
    },
  }
}
