/** A desk for a flow: the real program in the Chromium shell on an empty data folder, with hands for what a user does. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { test as base, expect, type Locator, type Page } from '@playwright/test'
import { createApp } from '../../main/app.ts'
import { isLoopback } from '../../main/network.ts'
import { type ChromiumShell, openChromiumShell } from '../../main/shells/chromium.ts'
import type { Args, Method, Value } from '../../shared/api.ts'
import type { Account, AccountInput } from '../../shared/model.ts'
import {
  type ScriptedSmtp,
  type SmtpOptions,
  type SmtpScript,
  startScriptedSmtp,
} from '../servers/scripted-smtp.ts'
import { type PostOffice, postOffice } from '../support/flow-servers.ts'
import { openSecondWindow, type SecondWindow } from './second-window.ts'

export type Desk = {
  page: Page
  dataDir: string
  /** Where "save" puts files. */
  savesTo: string
  /** A call of the same contract that the page uses; throws the problem. */
  call<M extends Method>(method: M, ...args: Args<M>): Promise<Value<M>>
  addAccount(number: number, kind?: 'imap' | 'pop3', change?: Partial<AccountInput>): Promise<Account>
  /** Another window on the same program. */
  openWindow(): Promise<Page>
  /** Closes the program and opens it again on the same folder. */
  reopen(): Promise<void>
}

type Fixtures = {
  isPractice: boolean
  post: PostOffice
  desk: Desk
}

export function accountInput(post: PostOffice, number: number, kind: 'imap' | 'pop3' = 'imap'): AccountInput {
  const { user, password } = post.user(number)
  const server = {
    host: post.host,
    user,
    tls: 'implicit' as const,
    pinnedCertificate: null,
    plaintextConsent: false,
  }
  return {
    id: null,
    label: user,
    color: 'indigo',
    identity: { name: `Person ${number}`, address: user },
    smtp: { ...server, port: post.smtp.submissions },
    incoming:
      kind === 'imap'
        ? { kind, ...server, port: post.imap.imaps }
        : { kind, ...server, port: post.imap.pop3s, leaveOnServer: true, deleteAfterDays: null },
    passwords: { smtp: password, incoming: null },
  }
}

export const test = base.extend<Fixtures>({
  isPractice: [false, { option: true }],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from here
  post: async ({}, use) => use(postOffice()),
  desk: async ({ isPractice, post }, use) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'todoke-flow-'))
    const savesTo = join(dataDir, 'saved')
    const open = (): Promise<ChromiumShell> =>
      openChromiumShell({
        dataDir,
        savesTo,
        isPractice,
        headless: true,
        systemLanguage: 'en-GB',
        // The servers of pictures are on this machine too.
        createApp: host => createApp({ ...host, mayConnectTo: isLoopback }),
      })
    let shell = await open()
    const windows: SecondWindow[] = []
    const call: Desk['call'] = async (method, ...args) => {
      const reply = await shell.app.door.call(method, args)
      if (!reply.ok) throw new Error(JSON.stringify(reply.problem))
      return reply.value as Value<typeof method>
    }
    await use({
      get page() {
        return shell.page
      },
      dataDir,
      savesTo,
      call,
      addAccount: (number, kind = 'imap', change = {}) =>
        call('accounts.save', { ...accountInput(post, number, kind), ...change }),
      async openWindow() {
        const window = await openSecondWindow(shell.app)
        windows.push(window)
        return window.page
      },
      async reopen() {
        await shell.close()
        shell = await open()
      },
    })
    for (const window of windows) await window.close()
    await shell.close()
    rmSync(dataDir, { recursive: true, force: true })
  },
})

/** An account that sends through a scripted server on this machine and receives from Dovecot. */
export async function sendThrough(
  desk: Desk,
  post: PostOffice,
  number: number,
  script: SmtpScript,
  options: SmtpOptions = {},
): Promise<ScriptedSmtp> {
  const { user, password } = post.user(number)
  const server = await startScriptedSmtp(script, { users: { [user]: password }, ...options })
  const input = accountInput(post, number)
  await desk.call('accounts.save', {
    ...input,
    smtp: { ...input.smtp, host: '127.0.0.1', port: server.port, tls: 'none' },
  })
  return server
}

export type Letter = {
  to: string[]
  cc?: string[]
  bcc?: string[]
  subject: string
  text: string
  files?: string[]
}

/** What a user does to write: the composer with its fields filled and its files attached. Returns the composer. */
export async function write(page: Page, letter: Letter): Promise<Locator> {
  await page
    .getByRole('button', { name: /^Write a mail/ })
    .first()
    .click()
  const composer = page.locator('section[data-size]').last()
  await fillRecipients(composer, 'To', letter.to)
  for (const [label, addresses] of [
    ['Cc', letter.cc],
    ['Bcc', letter.bcc],
  ] as const) {
    if (addresses === undefined) continue
    await composer.getByRole('button', { name: label, exact: true }).click()
    await fillRecipients(composer, label, addresses)
  }
  await composer.getByLabel('Subject').fill(letter.subject)
  await composer.getByRole('textbox', { name: 'Text' }).fill(letter.text)
  if (letter.files !== undefined) {
    await composer.locator('input[type=file]:not([data-folder])').setInputFiles(letter.files)
    for (const file of letter.files) {
      await expect(
        composer.getByRole('button', { name: `Remove ${basename(file).normalize('NFC')}` }),
      ).toBeVisible({ timeout: 45_000 })
    }
  }
  return composer
}

/** A small picture pasted where the cursor is. */
export async function pastePicture(text: Locator): Promise<void> {
  await text.evaluate(async element => {
    const canvas = new OffscreenCanvas(8, 8)
    canvas.getContext('2d')?.fillRect(0, 0, 8, 8)
    const transfer = new DataTransfer()
    transfer.items.add(new File([await canvas.convertToBlob()], 'logo.png', { type: 'image/png' }))
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true }))
  })
}

/** Presses Send and, where it is held, does not wait for its time. */
export async function sendNow(page: Page, composer: Locator): Promise<void> {
  await composer.getByRole('button', { name: 'Send', exact: true }).click()
  await page.getByRole('button', { name: 'Send now' }).click()
}

async function fillRecipients(composer: Locator, label: string, addresses: string[]): Promise<void> {
  const field = composer.getByRole('combobox', { name: label, exact: true })
  for (const address of addresses) {
    await field.fill(address)
    await field.press('Enter')
  }
}

/** A place in the list on the left, by its name. */
export function place(page: Page, name: string): Locator {
  return page.getByRole('navigation').getByRole('button', { name: new RegExp(`^${name}`) })
}

/** A row of the Outbox, by what it says. */
export function outboxRow(page: Page, text: string): Locator {
  return page
    .getByRole('region', { name: 'Mails in the outbox' })
    .getByRole('listitem')
    .filter({ hasText: text })
}

/** A mail without the lines that servers put on top: from the first header that Todoke wrote. */
export function withoutTrace(raw: Buffer): Buffer {
  const text = raw.toString('latin1')
  const start = text.search(/^(From|MIME-Version|Message-ID|Date|Subject): /m)
  return Buffer.from(text.slice(start), 'latin1')
}

export { expect }
