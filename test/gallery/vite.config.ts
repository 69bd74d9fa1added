import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** `vite --config test/gallery/vite.config.ts` serves the gallery; the specs build it. */
// biome-ignore lint/style/noDefaultExport: vite reads it so
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react()],
  build: {
    outDir: resolve(import.meta.dirname, '../../test-results/gallery-page'),
    emptyOutDir: true,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 4000,
  },
  logLevel: 'warn',
})
