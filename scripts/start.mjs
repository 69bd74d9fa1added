// Opens Todoke: sets up what is missing, then picks the shell: Electron where its binary is there or can be downloaded,
// else the machine's Chromium. Plain JavaScript for Node 20 without any package.
//
//   npm start                      npm start -- --practice       npm start -- --data DIR
//   TODOKE_SHELL=electron|chromium|headless npm start            npm start -- --headless

import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { orSay, projectNode, root, SetupFailed, say, setUp, setUpBrowser } from './setup.mjs'

const PROBE_MS = 2_500
const DOWNLOAD_MS = 180_000
const DAY_MS = 24 * 60 * 60 * 1000
/** An Electron that ends sooner, by a signal, has not opened: a sandbox the system forbids, a missing library. */
const OPENS_WITHIN_MS = 8_000

const isRoot = process.platform !== 'win32' && process.getuid() === 0
const inside = (...names) => join(root, ...names)

/** en or ja, by the environment or the system. */
export function isJapanese(env = process.env) {
  const named = env.LC_ALL || env.LC_MESSAGES || env.LANG || Intl.DateTimeFormat().resolvedOptions().locale
  return named.toLowerCase().startsWith('ja')
}

/** What the command line asks for. A relative --data is meant from where the person stands, not from here. */
export function readArguments(argv, env = process.env) {
  const args = [...argv]
  const at = args.findIndex(word => word === '--data' || word.startsWith('--data='))
  const standsIn = env.INIT_CWD ?? process.cwd()
  if (at !== -1 && args[at].startsWith('--data=')) args[at] = `--data=${resolve(standsIn, args[at].slice(7))}`
  else if (at !== -1 && args[at + 1] !== undefined) args[at + 1] = resolve(standsIn, args[at + 1])
  const shell = args.includes('--headless') ? 'headless' : (env.TODOKE_SHELL ?? 'auto')
  return { args, shell }
}

export function hasDisplay(env = process.env, platform = process.platform) {
  return platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY)
}

function refuseWithoutDisplay() {
  const line = 'xvfb-run -a npm start'
  throw new SetupFailed(
    isJapanese()
      ? `画面がありません(DISPLAY も WAYLAND_DISPLAY も設定されていません)。画面のないマシンでは次を実行してください: ${line}`
      : `There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set). Without a screen, run: ${line}`,
  )
}

// ---------------------------------------------------------------- Electron

/** The path of Electron's binary, or null. Never loads the package: that would download. */
function electronBinary() {
  try {
    const file = inside(
      'node_modules',
      'electron',
      'dist',
      readFileSync(inside('node_modules', 'electron', 'path.txt'), 'utf8'),
    )
    return existsSync(file) ? file : null
  } catch {
    return null
  }
}

/** Tries to get the binary once a day, and gives up quickly on a closed network. */
function downloadElectron({ isForced }) {
  const memory = inside('node_modules', '.cache', 'todoke', 'electron-not-available')
  const failedAt = existsSync(memory) ? Number(readFileSync(memory, 'utf8')) : 0
  if (!isForced && Date.now() - failedAt < DAY_MS) return null
  const isReachable = canReach(
    process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror ?? 'https://github.com/',
  )
  if (isReachable) {
    say('Downloading Electron …')
    spawnSync(projectNode(), [inside('node_modules', 'electron', 'install.js')], {
      cwd: root,
      stdio: ['ignore', 2, 2],
      timeout: DOWNLOAD_MS,
      killSignal: 'SIGKILL',
      env: { ...process.env, ELECTRON_GET_USE_PROXY: '1' },
    })
  }
  const binary = electronBinary()
  if (binary === null) {
    mkdirSync(dirname(memory), { recursive: true })
    writeFileSync(memory, String(Date.now()))
  }
  return binary
}

/** A process of its own looks, since a name server that never answers cannot be cancelled in this one. */
function canReach(address) {
  const env = process.env
  const proxy = env.HTTPS_PROXY || env.https_proxy || env.npm_config_https_proxy || env.npm_config_proxy
  const { hostname, port, protocol } = new URL(proxy || address)
  const script = `require('net').connect(${Number(port) || (protocol === 'http:' ? 80 : 443)}, ${JSON.stringify(hostname)})
    .on('connect', () => process.exit(0)).on('error', () => process.exit(1))`
  const probe = spawnSync(process.execPath, ['-e', script], {
    timeout: PROBE_MS,
    killSignal: 'SIGKILL',
    stdio: 'ignore',
  })
  return probe.status === 0
}

// ------------------------------------------------------------------ shells

/** Runs a shell until it ends; Ctrl-C reaches it by the terminal, a SIGTERM to us is passed on. */
function runShell(command, args) {
  return new Promise((resolve, reject) => {
    const startedAt = Date.now()
    const child = spawn(command, args, { cwd: root, stdio: 'inherit' })
    const pass = signal => child.kill(signal)
    const ignore = () => {}
    process.on('SIGTERM', pass).on('SIGHUP', pass).on('SIGINT', ignore)
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      process.off('SIGTERM', pass).off('SIGHUP', pass).off('SIGINT', ignore)
      resolve({ code: code ?? 1, hasCrashed: signal !== null || code > 128, ranMs: Date.now() - startedAt })
    })
  })
}

async function openElectron(binary, args, { mayFallBack }) {
  const { code, hasCrashed, ranMs } = await runShell(binary, [
    ...(isRoot ? ['--no-sandbox'] : []),
    root,
    ...args,
  ])
  if (mayFallBack && hasCrashed && ranMs < OPENS_WITHIN_MS) {
    say('Electron does not start on this system; opening in Chromium.')
    return openFromSource('chromium', args)
  }
  return code
}

async function openFromSource(shell, args) {
  if (shell === 'chromium') await setUpBrowser()
  return (await runShell(projectNode(), [inside('main', 'shells', `${shell}.ts`), ...args])).code
}

async function start() {
  const { args, shell } = readArguments(process.argv.slice(2))
  if (!['auto', 'electron', 'chromium', 'headless'].includes(shell)) {
    throw new SetupFailed(`TODOKE_SHELL is "${shell}"; it can be electron, chromium or headless.`)
  }
  if (shell !== 'headless' && !hasDisplay()) refuseWithoutDisplay()
  await setUp()
  if (shell === 'chromium' || shell === 'headless') return openFromSource(shell, args)
  const binary = electronBinary() ?? downloadElectron({ isForced: shell === 'electron' })
  if (binary !== null) return openElectron(binary, args, { mayFallBack: shell === 'auto' })
  if (shell === 'electron') throw new SetupFailed('Electron is not here and could not be downloaded.')
  return openFromSource('chromium', args)
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await orSay(start)
}
