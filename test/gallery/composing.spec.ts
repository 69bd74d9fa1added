/** The composer as its writer meets it, on the played program: size, addresses, warmth, and the mail that went before. */

import type { Page } from '@playwright/test'
import { expect } from '@playwright/test'
import { test } from './open-gallery.ts'

function callsOf(page: Page, method: string): Promise<readonly (readonly unknown[])[]> {
  return page.evaluate(
    name => (window.gallery?.bridge.calls ?? []).filter(call => call.method === name).map(call => call.args),
    method,
  )
}

const composer = (page: Page) => page.locator('section[data-size]').last()

test('a bare letter says nothing of its size; files say it as the server counts them', async ({
  gallery,
}) => {
  const { page } = gallery
  await gallery.open('composer', 'japanese')
  await expect(composer(page).locator('[data-level]')).toHaveCount(0)
  await gallery.open('composer', 'meter-unknown')
  await expect(composer(page).locator('[data-level="quiet"]')).toHaveText('5.9 MB as a mail')
  await gallery.open('composer', 'meter-quiet')
  await expect(composer(page).locator('[data-level="quiet"]')).toHaveText('7.3 of 25 MB this server takes')
  await gallery.open('composer', 'meter-near')
  await expect(composer(page).locator('[data-level="near"]')).toContainText('22.7 of 25 MB this server takes')
})

test('over the limit Send asks the program for nothing, and leaving a file out makes it fit', async ({
  gallery,
}) => {
  const { page } = gallery
  await gallery.open('composer', 'too-big')
  const panel = page.getByRole('dialog', { name: 'Too big for this server' })
  await expect(panel.getByRole('button', { name: /^Remove/ })).toHaveCount(3)
  // The largest is first, with what it saves.
  await expect(panel.getByRole('listitem').filter({ hasText: 'saves' }).first()).toContainText('12.6 MB')
  expect(await callsOf(page, 'outbox.send')).toEqual([])
  await panel.getByRole('button', { name: 'Remove catalogue-01.jpg' }).click()
  const fits = page.getByRole('dialog', { name: 'It fits now' })
  await fits.getByRole('button', { name: 'Send', exact: true }).click()
  await expect.poll(() => callsOf(page, 'outbox.send')).toHaveLength(1)
})

test('several mails are dealt out as shown, and each is sent', async ({ gallery }) => {
  const { page } = gallery
  await gallery.open('composer', 'too-big')
  await page.getByRole('button', { name: 'Send as 2 mails' }).click()
  await expect.poll(() => callsOf(page, 'outbox.send')).toHaveLength(2)
  const [[, , groups] = []] = await callsOf(page, 'drafts.split')
  expect(groups).toEqual([['photo-0', 'photo-2'], ['photo-1']])
})

test('a file that is too big even alone is said, and no split is offered', async ({ gallery }) => {
  const { page } = gallery
  await gallery.open('composer', 'too-big-alone')
  const panel = page.getByRole('dialog', { name: 'Too big for this server' })
  await expect(panel).toContainText('site-visit.mov (31 MB) is too big even alone.')
  await expect(panel.getByRole('button', { name: /^Send as/ })).toHaveCount(0)
})

test('what the program counted is believed before the estimate', async ({ gallery }) => {
  const { page } = gallery
  await gallery.open('composer', 'too-big-counted')
  await expect(page.getByRole('dialog', { name: 'Too big for this server' })).toContainText('31.4 of 25 MB')
})

test('an address the server cannot carry offers the account that can, and the question goes', async ({
  gallery,
}) => {
  const { page } = gallery
  await gallery.open('composer', 'foreign-address')
  await expect(composer(page).getByText('not with this server')).toBeVisible()
  await expect(page.getByRole('button', { name: /^Send from/ })).toHaveCount(1)
  await page.getByRole('button', { name: 'Send from studio@example.org' }).click()
  await expect(composer(page).getByText('does not carry')).toHaveCount(0)
  await expect(composer(page).getByRole('button', { name: /Studio Tanaka/ })).toBeVisible()
})

test('sent all the same, the address is asked about once more', async ({ gallery }) => {
  const { page } = gallery
  await gallery.open('composer', 'foreign-address')
  await composer(page).getByRole('button', { name: 'Send', exact: true }).click()
  const question = page.getByRole('dialog', { name: 'Before it goes' })
  await expect(question).toContainText('The server of this account cannot carry 佐藤@sato-kogyo.example.')
  await question.getByRole('button', { name: 'Send anyway' }).click()
  await expect.poll(() => callsOf(page, 'outbox.send')).toHaveLength(1)
})

test('the same mail is asked about with when and to whom it went', async ({ gallery }) => {
  const { page } = gallery
  await gallery.open('composer', 'same-mail')
  const question = page.getByRole('dialog', { name: 'Send the same mail once more?' })
  await expect(question).toContainText('You pressed Send for it at 14:32, to 佐藤 健二, Aoki Haruka')
  await question.getByRole('button', { name: 'Send once more' }).click()
  await expect
    .poll(async () => (await callsOf(page, 'outbox.send')).map(args => args[3]))
    .toEqual([undefined, 'again'])
})

test('an open composer keeps its account warm; a minimised one does not', async ({ gallery }) => {
  const { page } = gallery
  await page.clock.install()
  await gallery.open('composer', 'japanese')
  await expect.poll(() => callsOf(page, 'outbox.warm')).toEqual([['yuki']])
  await page.clock.runFor(45_000)
  expect(await callsOf(page, 'outbox.warm')).toHaveLength(3)
  await page.getByRole('button', { name: 'Minimise' }).click()
  await page.clock.runFor(60_000)
  expect(await callsOf(page, 'outbox.warm')).toHaveLength(3)
})

test('closing with mails that wait is asked about; the safe answer has the focus and leaves all as it is', async ({
  gallery,
}) => {
  const { page } = gallery
  await gallery.open('composer', 'quit')
  const question = page.getByRole('dialog', { name: 'Quit Todoke?' })
  await expect(question).toContainText('One mail has not left yet.')
  await expect(question).toContainText('One mail has a time of its own.')
  await expect(question.getByRole('button', { name: 'Stay' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(question).toHaveCount(0)
  expect(await callsOf(page, 'app.quit')).toEqual([])
})

test('"Send, then quit" lets them leave first, and a mail that cannot is said', async ({ gallery }) => {
  const { page } = gallery
  await gallery.open('composer', 'quit')
  const question = page.getByRole('dialog', { name: 'Quit Todoke?' })
  await question.getByRole('button', { name: 'Send, then quit' }).click()
  await expect(question).toContainText('The mails are leaving.')
  expect(await callsOf(page, 'outbox.tryNow')).toEqual([['q1']])
  expect(await callsOf(page, 'app.quit')).toEqual([])
  await page.evaluate(() => {
    const { bridge } = window.gallery ?? {}
    if (bridge === undefined) return
    bridge.world.outbox = bridge.world.outbox.map(item =>
      item.id === 'q1' ? { ...item, journey: { ...item.journey, state: 'paused' } } : item,
    )
    bridge.emit({ name: 'outbox.changed', payload: { itemIds: ['q1'] } })
  })
  await expect(question).toContainText('Not every mail could leave.')
  await question.getByRole('button', { name: 'Quit now' }).click()
  await expect.poll(() => callsOf(page, 'app.quit')).toHaveLength(1)
})

test('"Send later" goes by keyboard, says in words when, and refuses what has passed', async ({
  gallery,
}) => {
  const { page } = gallery
  await gallery.open('composer', 'japanese')
  await composer(page).getByRole('button', { name: 'Send later' }).press('Enter')
  await expect(page.getByRole('menuitem').first()).toBeFocused()
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'When shall it leave?' })
  const field = dialog.getByLabel('Date and time')
  await expect(field).toBeFocused()
  await expect(dialog).toContainText('It leaves on Tuesday, November 24, 2026')
  await field.fill('2026-11-24T14:39')
  await page.keyboard.press('Enter')
  await expect(dialog.getByRole('alert')).toHaveText('That moment has passed.')
  await field.fill('')
  await dialog.getByRole('button', { name: 'Send at this time' }).click()
  await expect(dialog.getByRole('alert')).toHaveText('Choose a day and a time.')
  expect(await callsOf(page, 'outbox.send')).toEqual([])
  await field.fill('2026-12-04T09:30')
  await expect(dialog).toContainText('Friday, December 4, 2026')
  await page.keyboard.press('Enter')
  await expect
    .poll(async () => (await callsOf(page, 'outbox.send')).map(args => args[2]))
    .toEqual([Date.UTC(2026, 11, 4, 0, 30)])
})

test('Escape leaves the picker and keeps the composer', async ({ gallery }) => {
  const { page } = gallery
  await gallery.open('composer', 'pick-time')
  await expect(page.getByRole('dialog', { name: 'When shall it leave?' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog', { name: 'When shall it leave?' })).toHaveCount(0)
  await expect(composer(page)).toBeVisible()
})

test('the menu in the foot is reached by keys, and Escape closes it alone', async ({ gallery }) => {
  const { page } = gallery
  // A menu that goes away slowly is still there when the key reaches the composer.
  await page.emulateMedia({ reducedMotion: 'no-preference' })
  await gallery.open('composer', 'japanese')
  const button = composer(page).getByRole('button', { name: 'More for this mail' })
  await button.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('menuitem').first()).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('menuitem').nth(1)).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('menu')).toHaveCount(0)
  await expect(button).toBeFocused()
  await expect(composer(page)).toBeVisible()
})

test('words that could not be saved before another window took over are asked about, never saved over its text', async ({
  gallery,
}) => {
  const { page } = gallery
  await gallery.open('composer', 'last-words')
  await expect(composer(page)).toContainText('追伸：来週は木曜日に伺えます。')
  await page.evaluate(() =>
    window.gallery?.bridge.answer('drafts.save', { kind: 'conflict', what: 'draft', revision: 9 }),
  )
  await composer(page).getByRole('button', { name: 'Write here instead' }).click()
  await expect(page.getByRole('textbox', { name: 'Text' })).toContainText('追伸：来週は木曜日に伺えます。')
  await expect(composer(page)).toContainText('This draft was also changed in another window')
  const last = (await callsOf(page, 'drafts.save')).at(-1)
  expect(last?.[1]).toBe(1)
})

test('a file that was on its way when another window took over is named, as it is not in the draft', async ({
  gallery,
}) => {
  await gallery.open('composer', 'files-left')
  await expect(gallery.page.getByRole('alert').last()).toHaveText(
    '東側の写真.zip was still being attached here and is not in the draft.',
  )
})

test('500 pasted recipients become 500 chips, are asked about in one sheet, and go as one mail', async ({
  gallery,
}) => {
  const { page } = gallery
  await gallery.open('composer', 'empty')
  const list = Array.from({ length: 500 }, (_, at) => `😀 Reader ${at} <reader-${at}@newsletter.example>`)
  const field = composer(page).getByRole('combobox', { name: 'To', exact: true })
  await field.focus()
  await field.evaluate((element, clip) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', clip)
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  }, list.join(';\n'))
  await composer(page).getByRole('textbox', { name: 'Text' }).click()
  await page.keyboard.type('Hello everybody')
  await composer(page).getByRole('button', { name: 'Send', exact: true }).click()
  const sheet = page.getByRole('dialog')
  await expect(sheet.getByRole('listitem').first()).toContainText('500 people outside will see each other')
  await sheet.getByRole('button', { name: 'Send anyway', exact: true }).click()
  await expect.poll(() => callsOf(page, 'outbox.send')).toHaveLength(1)
  const saved = (await callsOf(page, 'drafts.save')).at(-1)?.[2]
  expect(saved).toMatchObject({
    to: list.map((_, at) => ({ name: `😀 Reader ${at}`, address: `reader-${at}@newsletter.example` })),
  })
})
