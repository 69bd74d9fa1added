/** Passwords in Electron: sealed by the system's keychain through safeStorage, and said honestly where that is weak. */

import { join } from 'node:path'
import type { ShellInfo } from '../../shared/model.ts'
import type { Secrets } from '../host.ts'
import type { ElectronModule } from './electron-module.ts'
import { createKeyFileSeal } from './key-file.ts'
import { createSealedSecrets, type Seal } from './sealed-secrets.ts'

/** After `ready`: before it the system's keychain is not known. */
export function openElectronSecrets(
  { safeStorage }: Pick<ElectronModule, 'safeStorage'>,
  dataDir: string,
  platform: NodeJS.Platform,
): { secrets: Secrets; kept: ShellInfo['secrets'] } {
  if (!safeStorage.isEncryptionAvailable()) {
    // The same two files as in the Chromium shell.
    const seal = createKeyFileSeal(join(dataDir, 'secrets.key'))
    return { secrets: createSealedSecrets(join(dataDir, 'secrets.json'), seal), kept: 'key-file' }
  }
  const seal: Seal = {
    // The key goes in with the value: safeStorage itself would not notice two values that changed places.
    seal: (key, value) => safeStorage.encryptString(JSON.stringify([key, value])),
    unseal(key, sealed) {
      const [sealedKey, value] = JSON.parse(safeStorage.decryptString(sealed)) as [string, string]
      if (sealedKey !== key) throw new Error('this secret belongs to another key')
      return value
    },
  }
  const secrets = createSealedSecrets(join(dataDir, 'secrets-of-system.json'), seal)
  return { secrets, kept: isWeak(safeStorage, platform) ? 'os-weak' : 'os-keychain' }
}

/** Linux without a keyring: Chromium seals with a password that everybody knows. */
function isWeak(safeStorage: ElectronModule['safeStorage'], platform: NodeJS.Platform): boolean {
  if (platform !== 'linux') return false
  return ['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend())
}
