/** The main job under Electron, where its binary is there: the flows beside this one run the same program in Chromium. */

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { _electron, expect, test } from '@playwright/test'
import { sendNow, write } from './desk.ts'

const root = resolve(import.meta.dirname, '../..')

/** The binary as the package records it; the package itself is not loaded, as that would download. */
function electronBinary(): string | null {
  const record = join(root, 'node_modules', 'electron', 'path.txt')
  if (!existsSync(record)) return null
  const binary = join(root, 'node_modules', 'electron', 'dist', readFileSync(record, 'utf8').trim())
  return existsSync(binary) ? binary : null
}

test('under Electron, a practice mail is written, handed over and answered', async () => {
  const executablePath = electronBinary()
  test.skip(
    executablePath === null,
    'Electron’s binary is not here: it is downloaded where the network allows it',
  )
  const dataDir = mkdtempSync(join(tmpdir(), 'todoke-electron-'))
  const app = await _electron.launch({
    executablePath: executablePath ?? '',
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      join(root, 'out', 'main', 'electron.js'),
      '--practice',
      '--data',
      dataDir,
    ],
  })
  try {
    const page = await app.firstWindow()
    const composer = await write(page, {
      to: ['echo@practice.invalid'],
      subject: 'Is anybody there',
      text: 'Hello',
    })
    await sendNow(page, composer)
    await expect(page.getByRole('option').filter({ hasText: 'Re: Is anybody there' })).toBeVisible()
  } finally {
    await app.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
})
