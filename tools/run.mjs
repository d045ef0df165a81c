// Starts a file or a package's command on Node 24: the host's own when it is new enough, else the one that npm installed.
// Plain JavaScript, because it must run on the Node that the host happens to have.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const NODE_MIN = [24, 7]
const ROOT = dirname(import.meta.dirname)
const require = createRequire(import.meta.url)

function nodeProgram() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1])) return process.execPath
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  try {
    const folder = dirname(require.resolve(`${name}/package.json`))
    return join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  } catch {
    console.error(
      `SmartQueue needs Node ${NODE_MIN.join('.')} or newer; this is ${process.version} and the package ${name} is not installed. Run npm ci, or install a newer Node.`,
    )
    process.exit(2)
  }
}

/** `vite` → the file behind its bin entry; a path stays a path. */
function programFile(name) {
  if (/\.(ts|js|mjs)$/.test(name)) return name
  const manifestFile = require.resolve(`${name}/package.json`)
  const { bin } = require(manifestFile)
  return join(dirname(manifestFile), typeof bin === 'string' ? bin : bin[name])
}

/** What `vite build` makes pages and programs of. A folder is newer when a file of it came or went. */
const BUILT_OF = ['shared', 'branch-server', 'cloud-sync', 'kiosk', 'display', 'caller', 'package-lock.json']
const CONFIGS = ['vite.config.ts', 'vite.programs.ts']
/** They start what was built. */
const NEEDS_BUILT = /^(dist\/programs\/|tools\/face\.ts$|e2e\/bench\/main\.ts$)/

/** @returns whether what was built is what the sources say; a packed product has no sources */
function isBuilt() {
  if (!existsSync(join(ROOT, CONFIGS[0]))) return true
  const builtMs = statSync(join(ROOT, 'dist/programs/branch-server.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0
  const isOlder = (path) => statSync(path).mtimeMs < builtMs
  const isWholeOlder = (path) =>
    isOlder(path) &&
    (!statSync(path).isDirectory() || readdirSync(path, { recursive: true }).every((name) => isOlder(join(path, name))))
  return [...BUILT_OF, ...CONFIGS].every((name) => isWholeOlder(join(ROOT, name)))
}

/** Never starts an older checkout's program: what is not built, or no longer, is built first. */
function buildWhatIsStale(node) {
  if (isBuilt()) return
  const words = [programFile('vite'), 'build', '--logLevel', 'error']
  // The program's own output is read by others: nothing of this gets into it.
  if (spawnSync(node, words, { cwd: ROOT, stdio: ['ignore', 2, 2] }).status === 0) return
  console.error('SmartQueue could not be built from its sources: see above.')
  process.exit(2)
}

const [program, ...words] = process.argv.slice(2)
if (program === undefined) {
  console.error('usage: node tools/run.mjs FILE-OR-COMMAND [ARGUMENT ...]')
  process.exit(2)
}
// A start leaves much behind; unasked, node keeps twice this for garbage to come, and the branch server is no larger.
const wordsForNode = require('./node-words.json')[program] ?? []
const node = nodeProgram()
if (NEEDS_BUILT.test(program)) buildWhatIsStale(node)
// What was stripped of its types and compiled once is only read the next time, by every program of ours. It must be known
// before the first file: stripping just one file costs the program 15 MB for as long as it runs.
const compiled = process.env.NODE_COMPILE_CACHE ?? join(ROOT, 'node_modules', '.cache', 'compiled')
const child = spawn(node, [...wordsForNode, programFile(program), ...words], {
  stdio: 'inherit',
  env: { ...process.env, PATH: `${dirname(node)}:${process.env.PATH ?? ''}`, NODE_COMPILE_CACHE: compiled },
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))
