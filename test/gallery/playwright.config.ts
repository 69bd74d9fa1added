import { defineConfig } from '@playwright/test'

/** The gallery alone, without the mail servers of the flows: `playwright test --config test/gallery`. */
// biome-ignore lint/style/noDefaultExport: Playwright reads it so
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../test-results/gallery-runs',
  timeout: 120_000,
  workers: 2,
  fullyParallel: true,
  reporter: [['list']],
  use: { trace: 'off' },
})
