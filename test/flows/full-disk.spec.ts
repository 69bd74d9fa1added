/** A disk that is really full while somebody writes, seen in the real window. */

import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openChromiumShell } from '../../main/shells/chromium.ts'
import { accountInput, expect, test, write } from './desk.ts'

/** The browser keeps its profile there too. */
const DISK = '96m'

/** Fills the disk to the last byte. */
function fill(file: string): void {
  const ballast = openSync(file, 'a')
  for (const piece of [Buffer.alloc(1_048_576), Buffer.alloc(4_096), Buffer.alloc(1)]) {
    try {
      for (;;) writeSync(ballast, piece)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    }
  }
  closeSync(ballast)
}

test('a full disk while typing is said, the text stays in the window, and is saved once there is space', async ({
  post,
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'todoke-full-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK}`, 'tmpfs', folder])
  test.skip(mounted.status !== 0, 'a small disk can be mounted by root only')
  const shell = await openChromiumShell({
    dataDir: join(folder, 'data'),
    headless: true,
    systemLanguage: 'en-GB',
  })
  try {
    const { page, app } = shell
    await app.door.call('accounts.save', [accountInput(post, 24)])
    await write(page, { to: [], subject: 'Precious', text: 'On the disk.' })
    await expect(page.getByText(/^Draft saved/)).toBeVisible()
    const ballast = join(folder, 'ballast')
    fill(ballast)
    const text = page.getByRole('textbox', { name: 'Text' })
    await text.press('End')
    // More than fits into what is left of pages that are there already.
    const more = 'Not on the disk. '.repeat(4_000)
    await text.press('Enter')
    await page.keyboard.insertText(more)
    await expect(page.getByText('Not saved, tries again')).toBeVisible()
    await expect(page.getByText('The disk is full')).toBeVisible()
    await expect(text).toContainText(more.trim())
    // Closing would lose it, so the composer stays.
    await page.getByRole('button', { name: 'Close and keep the draft' }).click()
    await expect(text).toContainText(more.trim())
    rmSync(ballast)
    await expect(page.getByText(/^Draft saved/)).toBeVisible({ timeout: 40_000 })
    const listed = await app.door.call('drafts.list', [])
    const [head] = listed.ok ? (listed.value as { id: string }[]) : []
    expect(JSON.stringify(await app.door.call('drafts.get', [head?.id ?? '']))).toContain(more.trim())
  } finally {
    await shell.close()
    spawnSync('umount', ['-l', folder])
    rmSync(folder, { recursive: true, force: true })
  }
})
