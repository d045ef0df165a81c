import { defineConfig } from 'vite'
import { keepPlaces } from './vite.programs.ts'

// The Electron programs, each in few files: dist/windows/<face>.mjs. `tools/pack.ts` makes packages of them.

/** They bring machine code, or read files that lie beside their own: they stay in node_modules. */
export const EXTERNAL = ['@napi-rs/canvas', 'better-sqlite3', 'electron', 'serialport']

export default defineConfig({
  plugins: [keepPlaces(import.meta.dirname)],
  ssr: { noExternal: true, external: EXTERNAL },
  build: {
    ssr: true,
    outDir: 'dist/windows',
    target: 'node24',
    minify: false,
    chunkSizeWarningLimit: 4_000,
    rolldownOptions: {
      input: { kiosk: 'kiosk/main.ts', display: 'display/main.ts', caller: 'caller/main.ts' },
      output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
    },
  },
})
