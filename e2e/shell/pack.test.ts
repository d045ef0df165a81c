// The package of a kiosk as electron-builder makes it, on a stand-in for Electron's binary, which is not to be had here: what is
// in it, how its fuses are set, how large it is; and its program started from the packed files alone.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { extractAll, listPackage } from '@electron/asar'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { afterAll, beforeAll, expect, test } from 'vitest'

const CHECKOUT = join(import.meta.dirname, '../..')
const FACES = ['kiosk', 'display', 'caller']
/** By this mark Electron's binary is known to hold fuses; then their version, their number, their states. */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
/** The sign of a fuse that is on: `1`. */
const FUSE_ON = 49
const FUSES_AS_SHIPPED = '101001110'
/** A kiosk's own part of its package, machine code that draws paper among it. */
const APP_MB_MAX = 80

const folder = mkdtempSync(join(tmpdir(), 'smartqueue-pack-'))
const unpacked = (face: string): string => join(folder, 'out', face, 'made', 'linux-unpacked')
const asar = (face: string): string => join(unpacked(face), 'resources', 'app.asar')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function standIn(into: string): string {
  mkdirSync(join(into, 'locales'), { recursive: true })
  mkdirSync(join(into, 'resources'))
  const fuses = Buffer.from([1, FUSES_AS_SHIPPED.length])
  writeFileSync(join(into, 'electron'), Buffer.concat([Buffer.from(SENTINEL), fuses, Buffer.from(FUSES_AS_SHIPPED)]), {
    mode: 0o755,
  })
  for (const file of ['LICENSE', 'LICENSES.chromium.html', 'version', 'locales/fr.pak', 'locales/de.pak'])
    writeFileSync(join(into, file), file)
  return into
}

beforeAll(() => {
  const words = ['tools/pack.ts', '--dir', '--out', join(folder, 'out'), ...FACES]
  const env = { ...process.env, ELECTRON_DIST: standIn(join(folder, 'electron')) }
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd: CHECKOUT, env, encoding: 'utf8' })
  expect(status, stdout + stderr).toBe(0)
})

test.each(FACES)('the package of a %s holds what was built and what it reads, and nothing else', (face) => {
  const files = listPackage(asar(face), { isPack: false }).filter((path) => /\.\w+$/.test(path))
  const unwanted = files.filter((path) =>
    /\.(tsx?|mts|cts|map|[ch]pp|gypi?)$|\.test\.|\/(e2e|tools|testing|\.git|\.ci|data)\/|\/\.env|token|secret|\.pem$|\.key$/.test(
      path,
    ),
  )
  expect(unwanted).toEqual([])
  const isExpected = new RegExp(
    `^/(package\\.json$|dist/(windows|${face})/|(shared/host|${face})/migrations/\\d+[\\w-]*\\.sql$|node_modules/)`,
  )
  expect(files.filter((path) => !isExpected.test(path))).toEqual([])
  expect(files).toContain(`/dist/${face}/index.html`)
  // Machine code lies beside it, of this system alone.
  const machine = files.filter((path) => path.endsWith('.node'))
  expect(machine.length).toBeGreaterThan(0)
  expect(machine.filter((path) => /darwin|win32|android/.test(path))).toEqual([])
})

test.each(FACES)(
  'the fuses of a %s are set: it is no Node, takes no orders from outside, and runs its own package alone',
  async (face) => {
    const wire = await getCurrentFuseWire(join(unpacked(face), `smartqueue-${face}`))
    const isOn = (fuse: FuseV1Options): boolean => Number(wire[fuse]) === FUSE_ON
    expect({
      runAsNode: isOn(FuseV1Options.RunAsNode),
      nodeOptions: isOn(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
      inspect: isOn(FuseV1Options.EnableNodeCliInspectArguments),
      onlyAsar: isOn(FuseV1Options.OnlyLoadAppFromAsar),
      integrity: isOn(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
      fileRights: isOn(FuseV1Options.GrantFileProtocolExtraPrivileges),
    }).toEqual({
      runAsNode: false,
      nodeOptions: false,
      inspect: false,
      onlyAsar: true,
      integrity: true,
      fileRights: false,
    })
  },
)

const sizeOf = (path: string): number =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce(
      (sum, { parentPath, name }) => sum + Number(spawnSync('stat', ['-c', '%s', join(parentPath, name)]).stdout),
      0,
    )

test.each(FACES)('the program of a %s starts from its package alone, and its page is there', async (face) => {
  const alone = join(folder, 'alone', face)
  extractAll(asar(face), alone)
  const megabytes = sizeOf(alone) / 1_000_000
  console.info(`the ${face}’s own part of its package: ${megabytes.toFixed(1)} MB`)
  expect(megabytes).toBeLessThan(APP_MB_MAX)
  const stub = join(folder, 'electron-stub.mjs')
  cpSync(join(import.meta.dirname, 'electron-stub.mjs'), stub)
  const hook = `import { registerHooks } from 'node:module'; registerHooks({ resolve: (name, context, next) =>
    name === 'electron' ? { url: ${JSON.stringify(`file://${stub}`)}, shortCircuit: true } : next(name, context) })`
  const words = ['--import', `data:text/javascript,${encodeURIComponent(hook)}`, `dist/windows/${face}.mjs`]
  const names = { kiosk: 'KIOSK', display: 'DISPLAY_APP', caller: 'CALLER' } as Record<string, string>
  const env = { ...process.env, [`${names[face]}_PORT`]: '0', [`${names[face]}_DATA_DIR`]: join(folder, 'data', face) }
  const program = spawn(process.execPath, words, { cwd: alone, env, stdio: ['ignore', 'pipe', 'inherit'] })
  const gone = once(program, 'exit')
  try {
    let url = ''
    for await (const line of createInterface(program.stdout)) {
      const [, loaded] = /^LOADED (\S+)$/.exec(line) ?? []
      if (loaded === undefined) continue
      url = loaded
      break
    }
    const page = await fetch(url)
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('<div id="root">')
  } finally {
    program.kill('SIGKILL')
    await gone
  }
})
