/** The outbox through the real window: a refused address corrected, an unknown outcome decided, the way of a mail kept. */

import { readFileSync } from 'node:fs'
import { done, drop } from '../servers/acts.ts'
import { expect, outboxRow, place, sendNow, sendThrough, test, write } from './desk.ts'

test('a refused address is corrected in its row, and one mail goes to all', async ({ desk, post }) => {
  const server = await sendThrough(desk, post, 14, {
    recipients: { 'acounts@elsewhere.test': '550 5.1.1 No such person here' },
  })
  const { page } = desk
  await sendNow(
    page,
    await write(page, {
      to: ['weber@elsewhere.test', 'acounts@elsewhere.test'],
      subject: 'Corrected',
      text: 'To both of you',
    }),
  )
  await place(page, 'Outbox').click()
  await outboxRow(page, 'Corrected').getByRole('button').first().click()
  await expect(page.getByText('There is no such address').first()).toBeVisible()
  expect(server.messages).toEqual([])
  await page.getByRole('button', { name: 'Correct the address acounts@elsewhere.test' }).click()
  const field = page.getByRole('textbox', { name: /^Right address/ })
  await field.fill('accounts@elsewhere')
  await field.fill('accounts@elsewhere.test')
  await field.press('Enter')
  const sent = await server.nextMessage()
  expect(sent.to).toEqual(['weber@elsewhere.test', 'accounts@elsewhere.test'])
  expect(sent.data.toString()).not.toContain('acounts@')
  await expect(outboxRow(page, 'Corrected')).toContainText('Handed over')
  expect(server.messages).toHaveLength(1)
  await server.stop()
})

test('after the others have it, a corrected address gets the same bytes alone', async ({ desk, post }) => {
  const server = await sendThrough(desk, post, 14, {
    recipients: { 'acounts@elsewhere.test': '550 5.1.1 No such person here' },
  })
  const { page } = desk
  await sendNow(
    page,
    await write(page, {
      to: ['weber@elsewhere.test', 'acounts@elsewhere.test'],
      subject: 'Later',
      text: 'To both of you',
    }),
  )
  await place(page, 'Outbox').click()
  const row = outboxRow(page, 'Later')
  await row.getByRole('button').first().click()
  await page.getByRole('button', { name: 'Send to the other one' }).click()
  await server.nextMessage()
  await expect(row).toContainText('for 1 of 2')
  await page.getByRole('button', { name: 'Correct the address acounts@elsewhere.test' }).click()
  await expect(page.getByText('Only this address gets it. Nobody else gets it again.')).toBeVisible()
  await page.getByRole('textbox', { name: /^Right address/ }).fill('accounts@elsewhere.test')
  await page.getByRole('button', { name: 'Send to this one alone' }).click()
  const second = await server.nextMessage()
  expect(second.to).toEqual(['accounts@elsewhere.test'])
  expect(second.data.equals(server.messages[0]?.data ?? Buffer.alloc(0))).toBe(true)
  await expect(page.getByText('accounts@elsewhere.test takes its place, by a mail of its own.')).toBeVisible()
  await server.stop()
})

test('an unknown outcome says what is known, and goes once more with the same bytes', async ({
  desk,
  post,
}) => {
  const server = await sendThrough(desk, post, 14, { body: [done(drop())] })
  const { page } = desk
  await sendNow(
    page,
    await write(page, { to: ['weber@elsewhere.test'], subject: 'Doubt', text: 'Only once.' }),
  )
  await server.nextMessage()
  await place(page, 'Outbox').click()
  const row = outboxRow(page, 'Doubt')
  await expect(row).toContainText('Outcome unknown')
  await row.getByRole('button').first().click()
  const facts = page.getByRole('list', { name: 'What is known' })
  await expect(facts).toContainText('went to 127.0.0.1')
  await expect(facts).toContainText('Looked for once in Sent')
  await page.getByRole('button', { name: /^Send it again/ }).click()
  const second = await server.nextMessage()
  expect(second.data.equals(server.messages[0]?.data ?? Buffer.alloc(0))).toBe(true)
  await expect(row).toContainText('Handed over')
  await server.stop()
})

test('the way of a mail is saved as text and as JSON, without the password', async ({ desk, post }) => {
  const server = await sendThrough(desk, post, 14, {})
  const { page } = desk
  await sendNow(page, await write(page, { to: ['weber@elsewhere.test'], subject: 'Kept', text: 'Hello' }))
  await server.nextMessage()
  await place(page, 'Outbox').click()
  const row = outboxRow(page, 'Kept')
  await expect(row).toContainText('Handed over')
  await row.getByRole('button').first().click()
  const kept: string[] = []
  for (const item of ['Save as text', 'Save as JSON']) {
    await page.getByRole('button', { name: 'Copy or save this way' }).click()
    await page.getByRole('menuitem', { name: item }).click()
    const said = page.getByText(item === 'Save as text' ? /^Saved as .*\.txt$/ : /^Saved as .*\.json$/)
    await expect(said).toBeVisible()
    kept.push(readFileSync(((await said.textContent()) ?? '').replace('Saved as ', ''), 'utf8'))
  }
  const [text = '', json = ''] = kept
  expect(text).toContain('State: accepted')
  expect(text).toContain('RCPT TO:<weber@elsewhere.test>')
  expect(JSON.parse(json)).toMatchObject({ format: 'todoke-journey', state: 'accepted' })
  for (const one of kept) expect(one).not.toContain(post.user(14).password)
  await server.stop()
})
