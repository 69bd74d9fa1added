/**
 * Seals with AES-256-GCM under a key that lies in a file of mode 0600. It keeps passwords from other users, backups of
 * the sealed file alone, and a glance; not from a program of the same user, which the settings say (decision 0003).
 */

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { chmodSync, existsSync, linkSync, readFileSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { syncDirectory, writeFileAtomically } from './atomic-file.ts'
import type { Seal } from './sealed-secrets.ts'

const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** The key is made at the first sealing. A key that is gone or cut makes the old secrets unavailable, never new ones. */
export function createKeyFileSeal(keyFile: string): Seal {
  return {
    seal(key, value) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(
        'aes-256-gcm',
        existsSync(keyFile) ? readKey(keyFile) : makeKey(keyFile),
        nonce,
      )
      cipher.setAAD(Buffer.from(key))
      const sealed = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed])
    },
    unseal(key, sealed) {
      const nonce = sealed.subarray(0, NONCE_BYTES)
      const decipher = createDecipheriv('aes-256-gcm', readKey(keyFile), nonce, { authTagLength: TAG_BYTES })
      decipher.setAAD(Buffer.from(key))
      decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
      const value = decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES))
      return Buffer.concat([value, decipher.final()]).toString('utf8')
    },
  }
}

function readKey(keyFile: string): Buffer {
  const key = readFileSync(keyFile)
  if (key.length !== KEY_BYTES) throw new Error('the key file is damaged')
  // Somebody may have copied it back from a backup with open rights.
  if (process.platform !== 'win32' && (statSync(keyFile).mode & 0o077) !== 0) chmodSync(keyFile, 0o600)
  return key
}

/** Whole or not at all, and never over a key that is there: link() refuses that. */
function makeKey(keyFile: string): Buffer {
  const draft = join(dirname(keyFile), `.key-${randomBytes(6).toString('hex')}`)
  const written = writeFileAtomically(draft, randomBytes(KEY_BYTES))
  if (!written.ok) throw new Error('the key file cannot be written')
  try {
    linkSync(draft, keyFile)
    syncDirectory(dirname(keyFile))
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'EEXIST') throw error
  } finally {
    rmSync(draft, { force: true })
  }
  return readKey(keyFile)
}
