// A server program of the system, run so that it never outlives us: a small shell keeps watch over it, and
// when our end of a pipe closes (we stop it, or we are killed) it ends the program and removes its folder.
// Refuses to know which program it is: dovecot.ts and postfix.ts do.

import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { eventually } from './wait.ts'

export type GuardedProcess = {
  hasExited(): boolean
  /** What the program itself printed. */
  output(): string
  /** Ends the program, waits until it is gone, removes its folder. */
  stop(): Promise<void>
}

export type GuardedCommand = {
  command: string[]
  /** Belongs to the program and goes with it. */
  folder: string
  /** Shell line that ends the program; `$child` is its pid, `$folder` its folder. */
  endWith?: string
  /** Shell line that ends it when ten seconds of asking did not. */
  forceWith?: string
}

const guard = `
umask 022
folder=$1; end=$2; force=$3; shift 3
exec 3<&0
"$@" 3<&- </dev/null 1>&2 &
child=$!
trap '' PIPE
(
  cat <&3 >/dev/null
  eval "$end"
  left=100
  while [ $left -gt 0 ] && kill -0 $child 2>/dev/null; do sleep 0.1; left=$((left - 1)); done
  kill -0 $child 2>/dev/null && eval "$force"
) 2>/dev/null &
watcher=$!
wait $child
echo exited
wait $watcher
rm -rf "$folder"
`

/** Starts the command under guard. */
export function startGuarded(options: GuardedCommand): GuardedProcess {
  const { command, folder, endWith = 'kill $child', forceWith = 'kill -9 $child' } = options
  const child = spawn('/bin/sh', ['-c', guard, 'guard', folder, endWith, forceWith, ...command], {
    // A session of its own, so that Ctrl-C at the terminal reaches only us and we end it in order.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, PATH: searchPath() },
  })
  let exited = false
  let output = ''
  const gone = new Promise<void>(resolve => {
    child.once('close', () => resolve())
    child.once('error', error => {
      output += error.message
      resolve()
    })
  })
  child.stdin.on('error', () => {})
  child.stdout.on('data', () => {
    exited = true
  })
  child.stderr.on('data', chunk => {
    output += chunk
  })
  void gone.then(() => {
    exited = true
  })
  return {
    hasExited: () => exited,
    output: () => output,
    stop: async () => {
      child.stdin.end()
      await gone
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Waits until the program is ready; on failure it is stopped, and the error shows its log. */
export async function untilReady(
  program: GuardedProcess,
  isReady: () => Promise<boolean>,
  log: () => string,
  deadlineMs = 20_000,
): Promise<void> {
  const answer = await eventually(
    async () => (program.hasExited() ? 'exited' : await isReady()),
    deadlineMs,
  ).catch((error: Error) => error.message)
  // The port of somebody else may have answered.
  if (answer === true && !portTaken.test(log())) return
  const message = `the server did not start (${answer})\n${program.output()}${log()}`
  await program.stop()
  throw new Error(message)
}

/** What a program says whose port was taken between our look and its bind: then try other ports. */
export const portTaken = /Address already in use/

/** Makes a folder with exactly these rights, whatever the umask is. */
export function makeFolder(path: string, mode = 0o755): string {
  mkdirSync(path)
  chmodSync(path, mode)
  return path
}

/** Writes a file that every user of a mail server may read, whatever the umask is. */
export function writePublic(path: string, text: string): void {
  writeFileSync(path, text)
  chmodSync(path, 0o644)
}

/** A folder in the system's temporary place that the users of mail servers may walk through. */
export function serverFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `todoke-${name}-`))
  chmodSync(folder, 0o755)
  return folder
}

/** PATH with the places of system servers, which is not everyone's. */
export function searchPath(): string {
  return [process.env.PATH, '/usr/sbin', '/usr/local/sbin', '/sbin'].filter(Boolean).join(delimiter)
}
