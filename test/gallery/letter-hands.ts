/** Hands for specs of the writing surface: open it, bring something into it as a browser would, and see what is saved. */

import { expect, type Locator, type Page } from '@playwright/test'
import type { Draft, DraftContent } from '../../shared/model.ts'
import { aDraft } from '../support/builders.ts'
import type { GalleryPage } from './open-gallery.ts'

export const textOf = (page: Page): Locator => page.getByRole('textbox', { name: 'Text' })

/** Opens a new mail with formats, with the cursor in its text. */
export async function newLetter({ page, open }: GalleryPage): Promise<Locator> {
  await open('composer', 'empty')
  await textOf(page).click()
  return textOf(page)
}

/** Opens a draft that holds this, as if it had been written before. */
export async function openLetter(gallery: GalleryPage, letter: Partial<Draft>): Promise<Locator> {
  const { page } = gallery
  await gallery.open('drafts', 'full')
  const draft = aDraft({ id: 'letter', subject: 'The letter', ...letter })
  await page.evaluate(made => {
    const bridge = window.gallery?.bridge
    if (bridge === undefined) throw new Error('no gallery')
    bridge.world.drafts = [...bridge.world.drafts.filter(({ id }) => id !== made.id), made]
    bridge.emit({ name: 'drafts.changed', payload: { draftIds: [made.id] } })
    bridge.emit({ name: 'compose.requested', payload: { draftId: made.id } })
  }, draft)
  await expect(textOf(page)).toBeVisible()
  return textOf(page)
}

const saves = (page: Page) =>
  page.evaluate(
    () => window.gallery?.bridge.calls.filter(({ method }) => method === 'drafts.save').length ?? 0,
  )

/** Leaves the composer, at which what is unsaved is saved, and gives what was saved last. */
export async function saved(page: Page, before = 0): Promise<DraftContent> {
  await page.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
  })
  await expect.poll(() => saves(page)).toBeGreaterThan(before)
  return page.evaluate(() => {
    const calls = window.gallery?.bridge.calls.filter(({ method }) => method === 'drafts.save') ?? []
    return calls.at(-1)?.args[2] as DraftContent
  })
}

/** Empties the letter and gives the number of saves so far, for `saved`. */
export async function emptied(page: Page): Promise<number> {
  await textOf(page).focus()
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Delete')
  return saves(page)
}

export type Brought = Partial<Record<'text/html' | 'text/plain', string>>

/** What the browser gives to a page when somebody pastes, with nothing cleaned on the way. */
export async function paste(page: Page, brought: Brought): Promise<void> {
  await textOf(page).evaluate((element, data) => {
    const clipboardData = new DataTransfer()
    for (const [type, text] of Object.entries(data)) clipboardData.setData(type, text)
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  }, brought)
}

export async function drop(page: Page, brought: Brought): Promise<void> {
  await textOf(page).evaluate((element, data) => {
    const dataTransfer = new DataTransfer()
    for (const [type, text] of Object.entries(data)) dataTransfer.setData(type, text)
    const { left, top } = element.getBoundingClientRect()
    const at = { clientX: left + 24, clientY: top + 24, bubbles: true, cancelable: true }
    element.dispatchEvent(new DragEvent('drop', { dataTransfer, ...at }))
  }, brought)
}

/** Every element of html with its attributes, as a browser reads it in a document that is not shown. */
export function elementsOf(
  page: Page,
  html: string,
): Promise<{ tag: string; attributes: [string, string][] }[]> {
  return page.evaluate(text => {
    const { body } = new DOMParser().parseFromString(text, 'text/html')
    return [...body.querySelectorAll('*')].map(element => ({
      tag: element.localName,
      attributes: [...element.attributes].map(({ name, value }): [string, string] => [name, value]),
    }))
  }, html)
}
