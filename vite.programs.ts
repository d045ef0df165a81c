import { readdirSync, rmSync, statSync, utimesSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { EnvironmentOptions, Plugin } from 'vite'

// The programs that Node runs, each with what it needs in few files: dist/programs/<name>.js. Why: decision 0027.

const FOLDER = 'dist/programs'
const ENVIRONMENT = 'programs'

const ENTRIES = {
  'branch-server': 'branch-server/main.ts',
  'cloud-sync': 'cloud-sync/main.ts',
  kiosk: 'kiosk/host-main.ts',
  display: 'display/host-main.ts',
  caller: 'caller/host-main.ts',
}

/** They bring machine code, or read files that lie beside their own: they stay in node_modules. */
export const EXTERNAL = [
  '@fastify/swagger',
  '@fastify/swagger-ui',
  '@napi-rs/canvas',
  'better-sqlite3',
  'pdfkit',
  'serialport',
]

export const programs: Record<typeof ENVIRONMENT, EnvironmentOptions> = {
  [ENVIRONMENT]: {
    consumer: 'server',
    resolve: { noExternal: true, external: EXTERNAL },
    build: {
      outDir: FOLDER,
      // A program that runs loads its rarer parts late: those of the build before stay for a while.
      emptyOutDir: false,
      target: 'node24',
      // A stack in a log must name functions, and nobody carries a source map to a branch.
      minify: false,
      chunkSizeWarningLimit: 4_000,
      rolldownOptions: {
        input: ENTRIES,
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
}

const KEPT_MS = 24 * 3_600_000

/** Takes away what no program or page that is still open can be of: they load their rarer parts late. */
export function forgetOlder(folder: string, startedAtMs: number): void {
  for (const name of readdirSync(folder)) {
    const file = join(folder, name)
    if (startedAtMs - statSync(file).mtimeMs > KEPT_MS) rmSync(file, { recursive: true })
  }
}

/** What was built is as old as the beginning of its build, so that a source that changed meanwhile is newer for the launcher. */
export function endBuild(startedAtMs: number): void {
  forgetOlder(FOLDER, startedAtMs)
  for (const name of Object.keys(ENTRIES))
    utimesSync(join(FOLDER, `${name}.js`), startedAtMs / 1_000, startedAtMs / 1_000)
}

/**
 * Our files find others by their own place. Built, that is one folder for all: what they read is found from the root as
 * before, and what they start, a thread or a child of their own, is built as a program beside them.
 */
export function keepPlaces(root: string): Plugin {
  return {
    name: 'keep-places',
    enforce: 'pre',
    applyToEnvironment: ({ config }) => config.consumer === 'server',
    transform(code, id) {
      const path = relative(root, id).split(sep).join('/')
      const isOurs = !/^\.\.|\0|node_modules\//.test(path)
      if (!isOurs || !code.includes('import.meta.url')) return null
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
