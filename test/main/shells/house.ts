// A built house for shell tests: the real preload bundle, a page of our own, and an app whose every move a test sees.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { build } from 'vite'
import type { App } from '../../../main/app.ts'
import { createEventHub, type EventHub } from '../../../main/events.ts'
import type { Host } from '../../../main/host.ts'
import type { Store, StoreOptions } from '../../../main/shells/settings-file.ts'
import { ok, type Result } from '../../../shared/problem.ts'

const root = resolve(import.meta.dirname, '..', '..', '..')

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'todoke-shell-'))
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
}

/** Writes files of the given texts; the key is the path. */
export function writeFiles(folder: string, files: Record<string, string>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

/** Builds the preload as electron.vite.config.ts does and gives its file. */
export async function buildPreload(folder: string): Promise<string> {
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    build: {
      outDir: folder,
      emptyOutDir: false,
      lib: { entry: join(root, 'main/shells/preload.ts'), formats: ['cjs'], fileName: () => 'preload.cjs' },
      rollupOptions: { external: ['electron'] },
    },
  })
  return join(folder, 'preload.cjs')
}

export type FakeApp = Omit<App, 'events'> & {
  events: EventHub
  calls: [unknown, unknown][]
  steps: string[]
  host: Host | null
  unfinishedMails: { sending: number; held: number; files?: number }
  /** Set before stop: it resolves only when this does. */
  lastReply: Promise<void>
  create(host: Host): Promise<Result<App>>
}

/** Answers every call with what it was asked; remembers the order of what happened to it. */
export function fakeApp(): FakeApp {
  const app: FakeApp = {
    calls: [],
    steps: [],
    host: null,
    unfinishedMails: { sending: 0, held: 0 },
    lastReply: Promise.resolve(),
    events: createEventHub(),
    door: {
      async call(method, args) {
        app.calls.push([method, args])
        if (method === 'test.throw') throw new Error('a bug')
        return JSON.parse(JSON.stringify(ok({ method, args })))
      },
    },
    async start() {
      app.steps.push('start')
    },
    async stop() {
      app.steps.push('stop')
      await app.lastReply
      app.steps.push('stopped')
    },
    unfinished: () => ({ files: 0, ...app.unfinishedMails }),
    async create(host) {
      app.host = host
      return ok(app)
    },
  }
  return app
}

/** A store like electron-store, without its Electron: the same file, whole values only. */
export function fakeStore({ cwd, name, clearInvalidConfig }: StoreOptions): Store {
  if (clearInvalidConfig) throw new Error('a store must never clear a file')
  const file = join(cwd, `${name}.json`)
  return {
    get store() {
      return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
    },
    set store(values) {
      writeFileSync(file, JSON.stringify(values))
    },
  }
}
