/** What is attached, as its writer sees it: a picture of a picture, without its place unless it is kept, and smaller. */

import { expect, type Page } from '@playwright/test'
import { test } from './open-gallery.ts'

/** The bytes that the played program holds of the attached photo. */
async function attachedBytes(page: Page): Promise<number[]> {
  return page.evaluate(async () => {
    const bridge = window.gallery?.bridge
    const draft = bridge?.world.drafts.find(({ id }) => id === 'japanese')
    const file = draft?.attachments[0]
    if (bridge === undefined || file === undefined) return []
    const bytes: number[] = []
    while (bytes.length < file.bytes) {
      const answer = await bridge.call('drafts.readAttachment', ['japanese', file.id, bytes.length])
      if (!answer.ok || answer.value.base64 === '') return []
      for (const letter of atob(answer.value.base64)) bytes.push(letter.charCodeAt(0))
    }
    return bytes
  })
}

const hasExif = (bytes: readonly number[]) => bytes[3] === 0xe1

test('a photo is attached without its place, which can be put back', async ({ gallery }) => {
  await gallery.open('composer', 'photo')
  const files = gallery.page.getByRole('list', { name: 'Attachments' })
  await expect(files.getByText('Place left out')).toBeVisible()
  await expect(files.locator('img')).toBeVisible()
  expect(hasExif(await attachedBytes(gallery.page))).toBe(false)
  await files.getByRole('button', { name: /Keep it/ }).click()
  await expect(files.getByText('Place left out')).toBeHidden()
  expect(hasExif(await attachedBytes(gallery.page))).toBe(true)
  await expect(files.getByRole('listitem')).toHaveCount(1)
})

test('an attached picture is made smaller, and says beforehand what that brings', async ({ gallery }) => {
  await gallery.open('composer', 'photo-smaller')
  const { page } = gallery
  const before = (await attachedBytes(page)).length
  const choice = page.getByRole('menuitem', { name: /1280 px/ })
  await expect(choice).toContainText(/\d.*become.*\d/)
  await choice.click()
  await expect.poll(async () => (await attachedBytes(page)).length).toBeLessThan(before / 2)
  await expect(page.getByRole('list', { name: 'Attachments' }).getByRole('listitem')).toHaveCount(1)
})
