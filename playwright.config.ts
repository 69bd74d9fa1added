import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: 'test',
  testMatch: ['flows/**/*.spec.ts', 'gallery/**/*.spec.ts'],
  outputDir: 'test-results/flows',
  globalSetup: './test/support/flow-servers.ts',
  timeout: 60_000,
  expect: { timeout: 15_000 },
  // Much of a flow is waiting for servers, so a third worker pays on two cores.
  workers: 3,
  fullyParallel: false,
  reporter: [['list'], ['json', { outputFile: 'test-results/flows.json' }]],
  use: { trace: 'off' },
})
