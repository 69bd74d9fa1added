/** The real program with the real page in the machine's Chromium, on an empty folder with an account and some drafts. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { openChromiumShell } from '../../main/shells/chromium.ts'
import type { Args, Method, Value } from '../../shared/api.ts'
import type { DraftContent } from '../../shared/model.ts'

export type WritingDesk = {
  page: Page
  /** Opened by a click on its row, as a person does. */
  openDraft(subject: string): Promise<Locator>
  call<M extends Method>(method: M, ...args: Args<M>): Promise<Value<M>>
  close(): Promise<void>
}

type Letter = Pick<DraftContent, 'subject' | 'text' | 'html' | 'to'>

export async function openWritingDesk(letters: readonly Letter[]): Promise<WritingDesk> {
  const dataDir = mkdtempSync(join(tmpdir(), 'todoke-bench-compose-'))
  const open = () => openChromiumShell({ dataDir, headless: true, systemLanguage: 'en-GB' })
  const first = await open()
  const callOf =
    (shell: Awaited<ReturnType<typeof open>>): WritingDesk['call'] =>
    async (method, ...args) => {
      const reply = await shell.app.door.call(method, args)
      if (!reply.ok) throw new Error(`${method}: ${JSON.stringify(reply.problem)}`)
      return reply.value as Value<typeof method>
    }
  const { id: accountId } = await callOf(first)('accounts.save', nobodysAccount)
  for (const letter of letters) {
    const { id, revision } = await callOf(first)('drafts.create', { kind: 'empty', accountId })
    await callOf(first)('drafts.save', id, revision, { accountId, cc: [], bcc: [], ...letter })
  }
  await first.close()
  // Everything is as on a morning: the program starts, the page is loaded for the first time, nothing was written yet.
  const shell = await open()
  return {
    page: shell.page,
    call: callOf(shell),
    async openDraft(subject) {
      await shell.page
        .getByRole('navigation')
        .getByRole('button', { name: /^Drafts/ })
        .click()
      await shell.page.getByText(subject, { exact: true }).first().click()
      return shell.page.locator('section[data-size]').last()
    },
    async close() {
      await shell.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

const server = {
  host: '127.0.0.1',
  port: 1,
  tls: 'none' as const,
  user: 'haruka@aoki.example',
  pinnedCertificate: null,
  plaintextConsent: true,
}

/** Its servers answer nothing: what is queued stays in the outbox. */
const nobodysAccount = {
  id: null,
  label: 'Haruka',
  color: 'indigo' as const,
  identity: { name: 'Haruka Aoki', address: 'haruka@aoki.example' },
  smtp: server,
  incoming: { kind: 'pop3' as const, ...server, leaveOnServer: true, deleteAfterDays: null },
  passwords: { smtp: 'x', incoming: 'x' },
}

/** Lines as people write them, an empty one after each six. */
export function linesOf(count: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    index % 7 === 6
      ? ''
      : `Line ${index}: the quick summary of what we said on the phone, and what is left for March`,
  )
}

export function letterOf(subject: string, lines: readonly string[], isRich: boolean): Letter {
  const html = lines.map(line => `<p>${line === '' ? '<br>' : line}</p>`).join('')
  const to = [{ name: 'Sara Lindqvist', address: 'sara@lindqvist.example' }]
  return { subject, text: lines.join('\n'), html: isRich ? html : null, to }
}
