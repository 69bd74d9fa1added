// Makes a fresh clone ready: packages, build, a browser and, for the tests, the mail servers. Does only what is missing.
// Plain JavaScript for Node 20 without any package, because it runs before there are any. Everything it says goes to
// stderr, so that a shell on stdin and stdout stays clean.

import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const inside = (...names) => join(root, ...names)
const isWindows = process.platform === 'win32'
const isRoot = !isWindows && process.getuid() === 0

/** What the tests need of Debian; `has` looks for the thing itself, as it may have come another way. */
export const TEST_PACKAGES = [
  { name: 'chromium', has: () => findBrowser() !== null },
  { name: 'xvfb', has: () => onPath('xvfb-run') },
  { name: 'xauth', has: () => onPath('xauth') },
  { name: 'fonts-noto-cjk', has: () => existsSync('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc') },
  { name: 'dovecot-imapd', has: () => existsSync('/usr/lib/dovecot/imap') },
  { name: 'dovecot-pop3d', has: () => existsSync('/usr/lib/dovecot/pop3') },
  { name: 'dovecot-submissiond', has: () => existsSync('/usr/lib/dovecot/submission') },
  { name: 'dovecot-lmtpd', has: () => existsSync('/usr/lib/dovecot/lmtp') },
  { name: 'postfix', has: () => onPath('postfix') },
  { name: 'openssl', has: () => onPath('openssl') },
  { name: 'strace', has: () => onPath('strace') },
]

/** The browser, and letters for it: what a start needs where there is no Electron. */
export const START_PACKAGES = TEST_PACKAGES.filter(({ name }) =>
  ['chromium', 'fonts-noto-cjk'].includes(name),
)

export function say(text) {
  process.stderr.write(`${text}\n`)
}

/** Ends the set-up with a sentence instead of a stack. */
export class SetupFailed extends Error {}

/** The Node 24 of the project; the running one where that is new enough and the package is not there. */
export function projectNode() {
  const own = inside('node_modules', 'node', 'bin', isWindows ? 'node.exe' : 'node')
  if (existsSync(own)) return own
  return Number(process.versions.node.split('.')[0]) >= 24 ? process.execPath : null
}

/** The project's own Node and tools come first, also when npm is not our parent. (On Windows it always is.) */
function ownTools() {
  return isWindows ? {} : { PATH: `${inside('node_modules', '.bin')}:${process.env.PATH ?? ''}` }
}

/** Runs a program with its output on our stderr (or, for tests, on its own streams). Gives its exit code. */
export function run(command, args, { env = {}, stdio = ['ignore', 2, 2] } = {}) {
  return new Promise((resolve, reject) => {
    // npm is a .cmd on Windows, which only the command interpreter can start; its arguments are all ours.
    const shell = isWindows && !/\.(exe|com)$/i.test(command)
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...ownTools(), ...env },
      stdio,
      shell,
    })
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(code ?? (signal ? 128 : 1)))
  })
}

export function runNpm(args, options) {
  const npm = process.env.npm_execpath
  if (npm?.endsWith('.js')) return run(process.execPath, [npm, ...args], options)
  return run(isWindows ? 'npm.cmd' : 'npm', args, options)
}

export function hashOf(...texts) {
  const hash = createHash('sha256')
  for (const text of texts) hash.update(text).update('\0')
  return hash.digest('hex')
}

function readOr(file, otherwise) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return otherwise
  }
}

// ---------------------------------------------------------------- packages

/** Whether what lies in node_modules is what package-lock.json says, by npm's own list of what it put there. */
export function isInstalled(directory = root) {
  try {
    const wanted = JSON.parse(readFileSync(join(directory, 'package-lock.json'), 'utf8')).packages
    const there = JSON.parse(
      readFileSync(join(directory, 'node_modules', '.package-lock.json'), 'utf8'),
    ).packages
    return Object.entries(wanted).every(([path, entry]) => {
      if (path === '' || entry.link) return true
      if (there[path] === undefined) return entry.optional === true || entry.peer === true
      return there[path].version === entry.version
    })
  } catch {
    return false
  }
}

async function installPackages() {
  const stampFile = inside('node_modules', '.todoke-installed')
  const stamp = hashOf(readFileSync(inside('package-lock.json'), 'utf8'), process.platform, process.arch)
  if (projectNode() !== null && readOr(stampFile, '') === stamp) return
  if (projectNode() === null || !isInstalled()) {
    say('Installing packages (npm ci) …')
    const code = await runNpm(['ci', '--no-audit', '--no-fund'], {
      env: { ELECTRON_SKIP_BINARY_DOWNLOAD: '1' },
    })
    if (code !== 0) throw new SetupFailed('npm ci failed; its words are above.')
    // A machine that forbids install scripts has the package of Node, but not yet its binary.
    if (projectNode() === null) await runNpm(['rebuild', 'node', '--ignore-scripts=false'])
    if (projectNode() === null) throw new SetupFailed('Todoke needs Node 24 and could not get it by npm.')
  }
  writeFileSync(stampFile, stamp)
}

// ------------------------------------------------------------------- build

const SOURCES = ['shared', 'main', 'renderer', 'electron.vite.config.ts', 'package.json', 'package-lock.json']

/** Changes when a source is changed, added or removed. */
export function sourcesStamp(directory = root) {
  const facts = []
  const visit = path => {
    const stat = statSync(join(directory, path), { throwIfNoEntry: false })
    if (stat === undefined) return
    if (!stat.isDirectory()) facts.push(`${path} ${stat.size} ${Math.floor(stat.mtimeMs)}`)
    else for (const name of readdirSync(join(directory, path)).sort()) visit(`${path}/${name}`)
  }
  for (const source of SOURCES) visit(source)
  return hashOf(...facts)
}

async function buildProgram() {
  const stampFile = inside('out', '.built')
  const stamp = sourcesStamp()
  const parts = ['main/electron.js', 'preload/preload.cjs', 'renderer/index.html']
  if (readOr(stampFile, '') === stamp && parts.every(part => existsSync(inside('out', part)))) return
  say('Building …')
  const builder = inside('node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  const code = await run(projectNode(), [builder, 'build', '--logLevel', 'warn'])
  if (code !== 0) throw new SetupFailed('the build failed; its words are above.')
  mkdirSync(inside('out'), { recursive: true })
  writeFileSync(stampFile, stamp)
}

// ---------------------------------------------------- browsers and servers

export function onPath(command) {
  const folders = (process.env.PATH ?? '').split(isWindows ? ';' : ':')
  // The servers' programs are not on everyone's PATH.
  if (!isWindows) folders.push('/usr/sbin', '/usr/local/sbin', '/sbin')
  return folders.some(folder => folder !== '' && existsSync(join(folder, command)))
}

/** Asks the program's own search (main/shells/find-chromium.ts), so that there is one; mostly a look is enough. */
export function findBrowser() {
  const named = process.env.TODOKE_CHROMIUM
  if (!named && !isWindows && onPath('chromium')) return 'chromium'
  const node = projectNode()
  if (node === null) return null
  const script = "import('./main/shells/find-chromium.ts').then(f => console.log(f.findChromium() ?? ''))"
  const found = spawnSync(node, ['--input-type=module', '-e', script], { cwd: root, encoding: 'utf8' })
  return found.stdout?.trim() || null
}

/** Gives the names that are missing after having tried: as root on Debian it installs them. */
async function installSystemPackages(packages) {
  const missingOf = () => packages.filter(one => !one.has()).map(one => one.name)
  const missing = missingOf()
  if (missing.length === 0 || !isRoot || !onPath('apt-get')) return missing
  say(`Installing ${missing.join(', ')} (apt-get) …`)
  const env = { DEBIAN_FRONTEND: 'noninteractive', DEBCONF_NONINTERACTIVE_SEEN: 'true' }
  if (missing.includes('postfix') && onPath('debconf-set-selections')) {
    spawnSync('debconf-set-selections', {
      input: 'postfix postfix/main_mailer_type select No configuration\n',
    })
  }
  await run('apt-get', ['-q', 'update'], { env })
  await run('apt-get', ['-q', 'install', '-y', '--no-install-recommends', ...missing], { env })
  return missingOf()
}

/** The one line that a person runs where we may not. */
export function installLine(missing) {
  if (onPath('apt-get')) return `sudo apt-get install -y --no-install-recommends ${missing.join(' ')}`
  if (process.platform === 'darwin')
    return `brew install ${missing
      .map(name => (name === 'chromium' ? '--cask chromium' : name.replace(/^dovecot-.*/, 'dovecot')))
      .filter((name, at, all) => all.indexOf(name) === at)
      .join(' ')}`
  return `install these with your system's packages: ${missing.join(' ')}`
}

/** Packages and build; what every start and every test needs. */
export async function setUp() {
  await installPackages()
  await buildProgram()
}

/** The browser for a start without Electron. What it cannot get, the shell says itself. */
export async function setUpBrowser() {
  if (findBrowser() === null) await installSystemPackages(START_PACKAGES)
}

/** Everything for the tests, or `SetupFailed` with the line to run. */
export async function setUpTests() {
  await installPackages()
  const missing = await installSystemPackages(TEST_PACKAGES)
  if (missing.length > 0)
    throw new SetupFailed(`The tests need more of this system. Run:\n  ${installLine(missing)}`)
  await buildProgram()
}

/** Runs `work` and turns a `SetupFailed` into its sentence and exit code 1. */
export async function orSay(work) {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof SetupFailed)) throw error
    say(error.message)
    return 1
  }
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await orSay(async () => {
    await (process.argv.includes('--test') ? setUpTests() : setUp())
    return 0
  })
}
