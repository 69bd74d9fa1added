import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: 'test',
  testMatch: ['flows/**/*.spec.ts', 'gallery/**/*.spec.ts'],
  outputDir: 'test-results/flows',
  globalSetup: './test/support/flow-servers.ts',
  timeout: 60_000,
  expect: { timeout: 15_000 },
  // Two cores, real servers: a second worker gains little and costs steadiness.
  workers: 2,
  fullyParallel: false,
  reporter: [['list'], ['json', { outputFile: 'test-results/flows.json' }]],
  use: { trace: 'off' },
})
