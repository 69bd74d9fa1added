/** Builds the program for Electron and, with the same preload and page, for the Chromium shell: out/{main,preload,renderer}. */

import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const from = (path: string) => resolve(import.meta.dirname, path)

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      rollupOptions: {
        input: {
          electron: from('main/shells/electron.ts'),
          'sorting-room': from('main/sorting-room/worker.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      rollupOptions: {
        input: { preload: from('main/shells/preload.ts') },
        // A sandboxed preload is CommonJS and one file.
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
  },
  renderer: {
    root: from('renderer'),
    plugins: [react()],
    build: {
      outDir: from('out/renderer'),
      // The page is served from memory and disk of this machine: no source is ever fetched from elsewhere.
      assetsInlineLimit: 4096,
      rollupOptions: { input: { index: from('renderer/index.html') } },
    },
  },
})
