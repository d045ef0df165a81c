import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

// What goes into one app, and nothing else: what was built, what it reads, and packages that bring machine code.

export const FACES = ['kiosk', 'display', 'caller'] as const
export type Face = (typeof FACES)[number]

interface Manifest {
  readonly name: string
  readonly version: string
  readonly license: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/** Roots of what stays in node_modules; vite.windows.config.ts leaves out the same. */
const PACKAGES: Readonly<Record<Face, readonly string[]>> = {
  kiosk: ['better-sqlite3', 'serialport', '@napi-rs/canvas'],
  display: ['better-sqlite3'],
  caller: ['better-sqlite3', 'serialport'],
}
/** It is needed to compile what is compiled already. */
const FOR_COMPILERS = 'node-addon-api'
const MIGRATIONS: Readonly<Record<Face, readonly string[]>> = {
  kiosk: ['shared/host/migrations', 'kiosk/migrations'],
  display: ['shared/host/migrations'],
  caller: ['shared/host/migrations', 'caller/migrations'],
}
/** As kiosk/devices/fonts.ts reads them. */
const FONTS = [500, 700, 900].flatMap((weight) => [
  `@fontsource/noto-sans/files/noto-sans-latin-${weight}-normal.woff2`,
  `@fontsource/noto-sans/files/noto-sans-latin-ext-${weight}-normal.woff2`,
  `@fontsource/noto-sans-arabic/files/noto-sans-arabic-arabic-${weight}-normal.woff2`,
])

const readManifest = (file: string): Manifest => JSON.parse(readFileSync(file, 'utf8')) as Manifest

/** Sources, tests, papers and other systems' machine code are of no use in a package. */
function isOfUse(path: string, platform: string): boolean {
  if (/\/(better-sqlite3\/(deps|src)|docs?|tests?|examples|node-addon-api)(\/|$)/.test(path)) return false
  if (/\.(ts|mts|cts|map|md|gyp|gypi|[ch]pp|[ch]|yml)$/.test(path)) return false
  const built = /\/prebuilds\/((?:android|darwin|linux|linuxmusl|win32)[^/]*)/.exec(path)?.[1]
  return built === undefined || built.startsWith(`${platform}-${process.arch}`)
}

/** The packages that one needs, itself among them, as far as they are installed here. */
function withNeeds(root: string, names: readonly string[], found = new Set<string>()): ReadonlySet<string> {
  for (const name of names) {
    const file = join(root, 'node_modules', name, 'package.json')
    if (found.has(name) || !existsSync(file)) continue
    found.add(name)
    const { dependencies = {}, optionalDependencies = {} } = readManifest(file)
    withNeeds(root, [...Object.keys(dependencies), ...Object.keys(optionalDependencies)], found)
  }
  return found
}

/** Only what this program imports, from its beginning. */
function partsOf(folder: string, name: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(name)) return found
  found.add(name)
  const text = readFileSync(join(folder, name), 'utf8')
  for (const [, part] of text.matchAll(/["']\.\/([\w.-]+\.mjs)["']/g))
    if (part && existsSync(join(folder, part))) partsOf(folder, part, found)
  for (const [, part] of text.matchAll(/["']([\w-]+-[\w-]{8}\.mjs)["']/g))
    if (part && existsSync(join(folder, part))) partsOf(folder, part, found)
  return found
}

/** @returns the folder that is the app */
export function stageApp(root: string, face: Face, into: string, platform: string): string {
  rmSync(into, { recursive: true, force: true })
  const copy = (path: string): void => {
    mkdirSync(dirname(join(into, path)), { recursive: true })
    cpSync(join(root, path), join(into, path), {
      recursive: true,
      filter: (from) => isOfUse(from.slice(root.length), platform),
    })
  }
  copy(`dist/${face}`)
  for (const part of partsOf(join(root, 'dist/windows'), `${face}.mjs`)) copy(`dist/windows/${part}`)
  for (const folder of MIGRATIONS[face]) copy(folder)
  const needed = withNeeds(root, PACKAGES[face])
  for (const name of needed) if (name !== FOR_COMPILERS) copy(`node_modules/${name}`)
  if (face === 'kiosk')
    for (const file of FONTS) {
      copy(`node_modules/${file}`)
      copy(`node_modules/${file.split('/').slice(0, 2).join('/')}/package.json`)
    }
  const { version, license } = readManifest(join(root, 'package.json'))
  const dependencies = Object.fromEntries(
    [...PACKAGES[face], ...(face === 'kiosk' ? ['@fontsource/noto-sans', '@fontsource/noto-sans-arabic'] : [])].map(
      (name) => [name, readManifest(join(root, 'node_modules', name, 'package.json')).version],
    ),
  )
  const manifest = {
    ...{
      name: `smartqueue-${face}`,
      productName: `SmartQueue ${face}`,
      version,
      license,
      private: true,
      type: 'module',
    },
    ...{
      description: 'A face of a queue appliance',
      author: 'SmartQueue <maintainers@example.org>',
      homepage: 'https://example.org',
    },
    ...{ main: `dist/windows/${face}.mjs`, imports: { '#shared/*': './shared/*' }, dependencies },
  }
  writeFileSync(join(into, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  return into
}
