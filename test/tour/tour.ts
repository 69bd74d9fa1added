/**
 * Plays the main job without a screen: on the practice mailbox, in a headless window, a mail is written, sent, watched
 * and answered. Prints what happened, with the conversation of the servers, and photographs every view on the way.
 */

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { type ChromiumShell, openChromiumShell } from '../../main/shells/chromium.ts'
import type { Args, Method, Value } from '../../shared/api.ts'
import type { Language } from '../../shared/model.ts'

const ALBUM = resolve(import.meta.dirname, '../../test-results/tour')
const THEMES = ['light', 'dark'] as const
const LANGUAGES: readonly Language[] = ['en', 'ja']
const SIZES = { '1280x800': { width: 1280, height: 800 }, '900x640': { width: 900, height: 640 } } as const

const say = (line: string) => process.stdout.write(`${line}\n`)

async function call<M extends Method>(shell: ChromiumShell, method: M, ...args: Args<M>): Promise<Value<M>> {
  const reply = await shell.app.door.call(method, args)
  if (!reply.ok) throw new Error(`${method}: ${JSON.stringify(reply.problem)}`)
  return reply.value as Value<M>
}

/** Resolves when the look holds; asked again at every announcement of the program, so that nothing is slept away. */
function until(shell: ChromiumShell, what: string, look: () => Promise<boolean>): Promise<void> {
  return new Promise((resolve, reject) => {
    const deadline = setTimeout(() => end(new Error(`the tour waited in vain for: ${what}`)), 30_000)
    const end = (error?: Error) => {
      clearTimeout(deadline)
      stopListening()
      error === undefined ? resolve() : reject(error)
    }
    const check = () => void look().then(holds => holds && end(), end)
    const stopListening = shell.app.events.listen(check)
    check()
  })
}

/** One photograph of the view as it stands, in both themes, both languages and both sizes. */
async function photograph(shell: ChromiumShell, view: string, stage?: () => Promise<void>): Promise<void> {
  const { page } = shell
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport)
    for (const theme of THEMES) {
      for (const language of LANGUAGES) {
        await call(shell, 'settings.set', { theme, language })
        await page.locator(`html[lang=${language}][data-mantine-color-scheme=${theme}]`).waitFor()
        await stage?.()
        await page.screenshot({ path: join(ALBUM, `${view}-${theme}-${language}-${size}.png`) })
      }
    }
  }
  await page.setViewportSize(SIZES['1280x800'])
  await call(shell, 'settings.set', { theme: 'light', language: 'en' })
  await page.locator('html[lang=en][data-mantine-color-scheme=light]').waitFor()
  say(`  photographed: ${view}`)
}

async function write(page: Page, to: string, subject: string, text: string): Promise<Locator> {
  await page
    .getByRole('button', { name: /^Write a mail/ })
    .first()
    .click()
  const composer = page.locator('section[data-size]').last()
  const field = composer.getByRole('combobox', { name: 'To', exact: true })
  await field.fill(to)
  await field.press('Enter')
  await composer.getByLabel('Subject').fill(subject)
  await composer.getByRole('textbox', { name: 'Text' }).fill(text)
  return composer
}

const place = (page: Page, name: string) =>
  page.getByRole('navigation').getByRole('button', { name: new RegExp(`^${name}`) })

async function send(shell: ChromiumShell, to: string, subject: string, text: string): Promise<string> {
  const composer = await write(shell.page, to, subject, text)
  await composer.getByRole('button', { name: 'Send', exact: true }).click()
  await composer.waitFor({ state: 'detached' })
  const item = (await call(shell, 'outbox.list')).find(candidate => candidate.subject === subject)
  if (item === undefined) throw new Error(`"${subject}" is not in the outbox`)
  return item.id
}

const stateOf = async (shell: ChromiumShell, itemId: string) =>
  (await call(shell, 'outbox.get', itemId)).journey.state

async function printConversation(shell: ChromiumShell, itemId: string): Promise<void> {
  const sides = { client: '  C:', server: '  S:', note: '  --' } as const
  for (const line of await call(shell, 'outbox.transcript', itemId)) say(`${sides[line.side]} ${line.text}`)
}

async function tour(dataDir: string): Promise<void> {
  say('A first start: no account yet.')
  const fresh = await openChromiumShell({
    dataDir: join(dataDir, 'fresh'),
    headless: true,
    systemLanguage: 'en-GB',
  })
  await fresh.page.getByRole('button', { name: 'Add an account' }).waitFor()
  await photograph(fresh, 'welcome')
  await fresh.page.getByRole('button', { name: 'Add an account' }).click()
  await fresh.page.locator('form').waitFor()
  await photograph(fresh, 'account-form')
  await fresh.close()

  say('The practice mailbox: SMTP and IMAP servers on this machine.')
  const shell = await openChromiumShell({
    dataDir,
    isPractice: true,
    headless: true,
    systemLanguage: 'en-GB',
  })
  const { page } = shell
  await page.setViewportSize(SIZES['1280x800'])
  await call(shell, 'settings.set', { undoSeconds: 0 })
  await page.getByRole('option').first().waitFor()
  await page.getByRole('option').first().click()
  await page.getByRole('article').waitFor()
  await photograph(shell, 'inbox')

  say('Writes to echo@practice.invalid.')
  await write(
    page,
    'echo@practice.invalid',
    'Photos for the catalogue',
    'Hello,\n\nthe photos you asked for are on their way.\n\nYuki',
  )
  await photograph(shell, 'composer')
  await page.locator('section[data-size]').getByRole('button', { name: 'Send', exact: true }).click()
  await until(shell, 'a mail in the outbox', async () => (await call(shell, 'outbox.list')).length === 1)
  const [echoed] = await call(shell, 'outbox.list')
  const echoId = echoed?.id ?? ''
  await until(shell, 'the 250', async () => (await stateOf(shell, echoId)) === 'accepted')
  say('Handed over. What was said:')
  await printConversation(shell, echoId)

  await until(shell, 'the Sent copy', async () => {
    const { journey } = await call(shell, 'outbox.get', echoId)
    return journey.sentCopy.state === 'filed'
  })
  say('The copy lies in Sent.')
  await place(page, 'Sent').click()
  await page.getByRole('option').filter({ hasText: 'Photos for the catalogue' }).click()
  await page.getByRole('region', { name: 'The way of this mail' }).waitFor()
  await photograph(shell, 'sent')

  say('Writes to correspondents who make trouble.')
  const troubles = ['greylist', 'nobody', 'drop', 'bounce'] as const
  for (const name of troubles) {
    const itemId = await send(shell, `${name}@practice.invalid`, `A letter to ${name}`, 'May it arrive.')
    await until(shell, `an end for ${name}`, async () =>
      ['queued', 'refused', 'paused', 'uncertain', 'accepted'].includes(await stateOf(shell, itemId)),
    )
    say(`  ${name}: ${await stateOf(shell, itemId)}`)
  }
  await place(page, 'Outbox').click()
  await page.locator('li').filter({ hasText: 'A letter to drop' }).getByRole('button').first().click()
  await photograph(shell, 'outbox')

  await until(shell, 'the answer of echo', async () => {
    const rows = await call(shell, 'mailbox.page', { kind: 'unified', role: 'inbox' }, 0, 50)
    return rows.some(row => row.subject.includes('Photos for the catalogue'))
  })
  say('echo has answered; the answer is in the inbox.')
  await place(page, 'Inbox').click()
  await page.getByRole('option').filter({ hasText: 'Photos for the catalogue' }).click()
  await photograph(shell, 'answer')

  await write(page, 'echo@practice.invalid', 'Not finished yet', 'Dear')
  await page.getByText(/^Draft saved/).waitFor()
  await page.getByRole('button', { name: 'Close and keep the draft' }).click()
  await place(page, 'Drafts').click()
  await page.getByText('Not finished yet').first().waitFor()
  await photograph(shell, 'drafts')

  await place(page, 'Settings').click()
  await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor()
  await photograph(shell, 'settings')
  await page.getByRole('button', { name: 'Manage accounts' }).first().click()
  await page.getByText('you@practice.invalid').first().waitFor()
  await photograph(shell, 'accounts')
  await shell.close()
}

mkdirSync(ALBUM, { recursive: true })
const dataDir = mkdtempSync(join(tmpdir(), 'todoke-tour-'))
try {
  await tour(dataDir)
  say('The tour is over. The pictures are in test-results/tour/.')
} finally {
  rmSync(dataDir, { recursive: true, force: true })
}
