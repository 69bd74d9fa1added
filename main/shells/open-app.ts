/**
 * What the shells without Electron share: the private data directory, the one instance, settings by conf, secrets under
 * a key file, and the app over them. Knows no window.
 */

import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { ShellInfo } from '../../shared/model.ts'
import { ok, type Result } from '../../shared/problem.ts'
import type { App } from '../app.ts'
import { type Host, systemClock } from '../host.ts'
import { makePrivateDirectory } from './atomic-file.ts'
import { createKeyFileSeal } from './key-file.ts'
import { claimInstance, type SecondStart } from './one-instance.ts'
import { systemLanguage } from './options.ts'
import { downloadsDir, openOutside, unusedPath } from './outside.ts'
import { createSealedSecrets } from './sealed-secrets.ts'
import { openSettingsFile } from './settings-file.ts'

export type OpenAppOptions = {
  shell: ShellInfo['shell']
  isPractice: boolean
  /** Where saved files go; the person's Downloads folder where nothing is said. */
  savesTo?: string | undefined
  /** BCP 47; what the environment says where nothing is said. */
  systemLanguage?: string | undefined
  /** How the page ends the program, where it may. */
  quit?: (() => void) | undefined
  /** Another program on the same host, for tests. */
  createApp?: ((host: Host) => Promise<Result<App>>) | undefined
}

/** A data directory that is ours alone until it is released. */
export type Claim = { dataDir: string; release(): void }

export type OpenedApp = {
  app: App
  host: Host
  /** Stops the app (it may still wait for a server's last reply) and frees the directory. Does so once. */
  close(): Promise<void>
}

/** The root of the project, from here and from out/main alike. */
export const projectRoot = resolve(import.meta.dirname, '..', '..')

export function programVersion(): string {
  const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
    version: string
  }
  return version
}

/** Makes the directory and takes it. Answers `already-running`, `disk-full` or `disk`. */
export async function claimDataDir(
  directory: string,
  onSecondStart: (start: SecondStart) => void,
): Promise<Result<Claim>> {
  const dataDir = resolve(directory)
  const made = makePrivateDirectory(dataDir)
  if (!made.ok) return made
  const instance = await claimInstance(dataDir, onSecondStart)
  return instance.ok ? ok({ dataDir, release: instance.value.release }) : instance
}

/** The app over a claimed directory, which it frees at its end. It is not started yet. */
export async function openApp(claim: Claim, options: OpenAppOptions): Promise<Result<OpenedApp>> {
  const host = hostOf(options, claim.dataDir)
  // Loaded only now: most of the program lies behind it, and a browser can start meanwhile.
  const createApp = options.createApp ?? (await import('../app.ts')).createApp
  const app = await createApp(host)
  if (!app.ok) {
    claim.release()
    return app
  }
  let closing: Promise<void> | null = null
  const close = () => {
    closing ??= app.value.stop().finally(claim.release)
    return closing
  }
  return ok({ app: app.value, host, close })
}

function hostOf(options: OpenAppOptions, dataDir: string): Host {
  const { settings, problem } = openSettingsFile(dataDir, systemClock.now())
  return {
    info: {
      shell: options.shell,
      version: programVersion(),
      secrets: 'key-file',
      isPractice: options.isPractice,
      dataDir,
      systemLanguage: options.systemLanguage ?? systemLanguage(),
      settingsProblem: problem,
    },
    dataDir,
    clock: systemClock,
    secrets: createSealedSecrets(
      join(dataDir, 'secrets.json'),
      createKeyFileSeal(join(dataDir, 'secrets.key')),
    ),
    settings,
    sortingRoomUrl: new URL('../sorting-room/worker.ts', import.meta.url),
    openExternal: openOutside,
    quit: options.quit,
    saveAs: async suggestedName => unusedPath(options.savesTo ?? downloadsDir(), suggestedName),
  }
}
