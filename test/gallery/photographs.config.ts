import { defineConfig } from '@playwright/test'

/** The photographer, apart from the tests: it takes minutes. `GALLERY_ONLY=inbox,message` takes only these views. */
// biome-ignore lint/style/noDefaultExport: Playwright reads it so
export default defineConfig({
  testDir: '.',
  testMatch: 'photographs.ts',
  outputDir: '../../test-results/gallery-runs',
  workers: 2,
  fullyParallel: true,
  reporter: [['list']],
  use: { trace: 'off' },
})
