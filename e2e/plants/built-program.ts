import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, type Plugin } from 'vite'
import { EXTERNAL } from '../../vite.programs.ts'
import { CHECKOUT, sownCount } from './plant.ts'

// Where a test starts a program hundreds of times, half of what that costs is to find, read and link its three hundred
// files. Built into one as for a branch (decision 0027) it is the same program.

const FOLDER = join(CHECKOUT, 'node_modules/.cache/test-programs')
const KEPT_MS = 24 * 3_600_000

/** Its files find others by their own place, which stays that in the sources. */
const placesStay: Plugin = {
  name: 'places-stay',
  enforce: 'pre',
  transform(code, id) {
    if (/\0|node_modules\//.test(id) || !/import\.meta\.(url|dirname)/.test(code)) return null
    return code
      .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href))
      .replaceAll('import.meta.dirname', JSON.stringify(join(id, '..')))
  },
}

const builtByName = new Map<string, Promise<string>>()

/**
 * @param root - the checkout, or a copy of it with planted bugs
 * @param entry - the program's file, below the root
 * @returns the built file; the same as long as no other bug is planted
 */
export function builtProgram(root: string, entry: string): Promise<string> {
  const name = `${root} ${entry} ${sownCount()}`
  const built = builtByName.get(name) ?? buildProgram(root, entry)
  builtByName.set(name, built)
  return built
}

async function buildProgram(root: string, entry: string): Promise<string> {
  const built = await build({
    root,
    configFile: false,
    logLevel: 'error',
    plugins: [placesStay],
    ssr: { noExternal: true, external: EXTERNAL },
    build: { ssr: entry, write: false, target: 'node24', minify: false, chunkSizeWarningLimit: 4_000 },
  })
  if (!('output' in built)) throw new Error('One program is built at a time')
  const files = built.output.filter((file) => file.type === 'chunk')
  const hash = createHash('sha256')
  for (const { fileName, code } of files) hash.update(`${fileName}\n${code}`)
  const folder = join(FOLDER, hash.digest('hex').slice(0, 16))
  const main = join(folder, files.find(({ isEntry }) => isEntry)?.fileName ?? '')
  if (existsSync(folder)) return main
  mkdirSync(FOLDER, { recursive: true })
  tidyUp()
  const beside = mkdtempSync(join(FOLDER, 'new-'))
  for (const { fileName, code } of files) {
    mkdirSync(join(beside, fileName, '..'), { recursive: true })
    writeFileSync(join(beside, fileName), code)
  }
  try {
    // Whole or not at all, whoever else builds the same.
    renameSync(beside, folder)
  } catch {
    rmSync(beside, { recursive: true })
  }
  return main
}

function tidyUp(): void {
  for (const name of readdirSync(FOLDER)) {
    const folder = join(FOLDER, name)
    const { mtimeMs = Date.now() } = statSync(folder, { throwIfNoEntry: false }) ?? {}
    if (Date.now() - mtimeMs > KEPT_MS) rmSync(folder, { recursive: true, force: true })
  }
}
