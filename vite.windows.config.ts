import { join, relative, sep } from 'node:path'
import { defineConfig, type Plugin } from 'vite'

// The Electron programs, each in few files: dist/windows/<face>.mjs. `tools/pack.ts` makes packages of them.

/** They bring machine code, or read files that lie beside their own: they stay in node_modules. */
export const EXTERNAL = ['@napi-rs/canvas', 'better-sqlite3', 'electron', 'serialport']

/**
 * Our files find others by their own place. Built, that is one folder for all: what they read is found from the root as
 * before, and what they start, a child of their own, is built as a program beside them.
 */
function keepPlaces(root: string): Plugin {
  return {
    name: 'keep-places',
    enforce: 'pre',
    transform(code, id) {
      const path = relative(root, id).split(sep).join('/')
      if (/^\.\.|\0|node_modules\//.test(path) || !code.includes('import.meta.url')) return null
      const found = code.replaceAll(
        /(?<!'\.\/[\w-]+\.ts', )import\.meta\.url/g,
        `new URL('../../${path}', import.meta.url).href`,
      )
      return found.replaceAll(/'\.\/([\w-]+)\.ts', import\.meta\.url/g, (_, name: string) => {
        const reference = this.emitFile({ type: 'chunk', id: join(id, '..', `${name}.ts`), name })
        return `import.meta.ROLLUP_FILE_URL_${reference}, import.meta.url`
      })
    },
  }
}

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
