/**
 * What the shells without Electron share: the private data directory, the one instance, settings by conf, secrets under
 * a key file, and the app over them. Knows no window.
 */

import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { ShellInfo } from '../../shared/model.ts'
import { ok, type Result } from '../../shared/problem.ts'
import { type App, createApp } from '../app.ts'
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
  dataDir: string
  isPractice: boolean
  /** Where saved files go; the person's Downloads folder where nothing is said. */
  savesTo?: string | undefined
  /** BCP 47; what the environment says where nothing is said. */
  systemLanguage?: string | undefined
  onSecondStart: (start: SecondStart) => void
  /** Another program on the same host, for tests. */
  createApp?: ((host: Host) => Promise<Result<App>>) | undefined
}

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

/** Answers `already-running`, or why the data cannot be opened. The app is not started yet. */
export async function openApp(options: OpenAppOptions): Promise<Result<OpenedApp>> {
  const dataDir = resolve(options.dataDir)
  const made = makePrivateDirectory(dataDir)
  if (!made.ok) return made
  const instance = await claimInstance(dataDir, options.onSecondStart)
  if (!instance.ok) return instance
  const host = hostOf(options, dataDir)
  const app = await (options.createApp ?? createApp)(host)
  if (!app.ok) {
    instance.value.release()
    return app
  }
  let closing: Promise<void> | null = null
  const close = () => {
    closing ??= app.value.stop().finally(() => instance.value.release())
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
    saveAs: async suggestedName => unusedPath(options.savesTo ?? downloadsDir(), suggestedName),
  }
}
