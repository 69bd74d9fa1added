// The sorting room of the program with a watch on its thread: what it stalled at most is left in a file when it ends.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { workerData } from 'node:worker_threads'
import { STALL_FILE } from './stall-file.ts'

const delay = monitorEventLoopDelay({ resolution: 1 })
delay.enable()
process.on('exit', () => writeFileSync(join(workerData.dataDir, STALL_FILE), String(delay.max / 1e6)))

await import('../../main/sorting-room/worker.ts')
