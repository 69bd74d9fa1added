/**
 * Keeps passwords as sealed values in one file. Who seals (the system's keychain or our key file) is the shell's;
 * nothing unsealed is ever written, logged or kept in memory here.
 */

import { existsSync, readFileSync } from 'node:fs'
import { fail, ok, type Result } from '../../shared/problem.ts'
import type { Secrets } from '../host.ts'
import { writeFileAtomically } from './atomic-file.ts'
import { messageOf } from './serve.ts'

/** Both may throw: then the secret is unavailable. `key` must be bound to the value, so that two cannot be swapped. */
export type Seal = {
  seal(key: string, value: string): Buffer
  unseal(key: string, sealed: Buffer): string
}

type SealedFile = { version: 1; values: Record<string, string> }

export function createSealedSecrets(file: string, seal: Seal): Secrets {
  return {
    get(key) {
      const values = readValues(file)
      if (!values.ok) return values
      const sealed = values.value[key]
      if (sealed === undefined) return ok(null)
      return attempt(() => seal.unseal(key, Buffer.from(sealed, 'base64')))
    },
    set(key, value) {
      const values = readValues(file)
      if (!values.ok) return values
      const sealed = attempt(() => seal.seal(key, value).toString('base64'))
      if (!sealed.ok) return sealed
      return writeValues(file, { ...values.value, [key]: sealed.value })
    },
    remove(key) {
      const values = readValues(file)
      if (!values.ok) return values
      const { [key]: removed, ...left } = values.value
      return removed === undefined ? ok(true) : writeValues(file, left)
    },
  }
}

function readValues(file: string): Result<Record<string, string>> {
  if (!existsSync(file)) return ok({})
  // A file that cannot be read is not replaced: somebody may still save what is in it.
  return attempt(() => {
    const content = JSON.parse(readFileSync(file, 'utf8')) as Partial<SealedFile>
    if (content.version !== 1 || typeof content.values !== 'object') throw new Error('unknown form of file')
    return content.values
  })
}

function writeValues(file: string, values: Record<string, string>): Result<true> {
  const content: SealedFile = { version: 1, values }
  return writeFileAtomically(file, JSON.stringify(content))
}

function attempt<T>(work: () => T): Result<T> {
  try {
    return ok(work())
  } catch (error) {
    return fail({ kind: 'secrets-unavailable', detail: messageOf(error) })
  }
}
