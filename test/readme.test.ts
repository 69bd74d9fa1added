/** The README's script is run as a reader would run it, against real Dovecot and Postfix. */

import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type MailServers, startMailServers } from './support/mail-servers.ts'

const root = resolve(import.meta.dirname, '..')
const run = promisify(execFile)
let servers: MailServers
let folder: string

beforeAll(async () => {
  servers = await startMailServers()
  folder = mkdtempSync(join(tmpdir(), 'todoke-readme-'))
})
afterAll(async () => {
  await servers.stop()
  rmSync(folder, { recursive: true })
})

test('the script of the README adds an account, sends and lists by JSON lines', async () => {
  const script = /```js\n(.*?)```/s.exec(readFileSync(join(root, 'README.md'), 'utf8'))?.[1] ?? ''
  expect(script.trim().split('\n').length).toBeLessThanOrEqual(20)
  const authority = join(folder, 'ca.pem')
  writeFileSync(authority, servers.ca.caPem)
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: root,
    env: {
      ...process.env,
      NODE_EXTRA_CA_CERTS: authority,
      HOST: 'localhost',
      SMTP_PORT: String(servers.postfix.ports.submission),
      IMAP_PORT: String(servers.dovecot.ports.imap),
      MAIL_USER: servers.haruka.user,
      PASSWORD: servers.haruka.password,
      TO: servers.weber.user,
      DATA: join(folder, 'data'),
    },
  })
  expect(stdout).toMatch(/^Sent by a script accepted [0-9A-Za-z]+$/m)
})
