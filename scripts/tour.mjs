// Sets up what is missing and plays the tour (test/tour/tour.ts) on the project's own Node.
// Plain JavaScript for Node 20 without any package.

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { orSay, projectNode, root, setUp, setUpBrowser } from './setup.mjs'

await orSay(async () => {
  await setUp()
  await setUpBrowser()
  const tour = spawn(projectNode(), [join(root, 'test', 'tour', 'tour.ts')], { stdio: 'inherit', cwd: root })
  tour.on('exit', code => {
    process.exitCode = code ?? 1
  })
})
