import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { parseSync } from 'vite'
import { expect, test } from 'vitest'

/** Rules of the house, read from the syntax tree of every file: who may import whom, and how long anything may be. */

const ROOT = join(import.meta.dirname, '..')
const ROOMS = ['shared', 'branch-server', 'cloud-sync', 'kiosk', 'display', 'caller', 'e2e', 'tools'] as const
const SERVERS = ['branch-server', 'cloud-sync']
/** A face that lives in a server's room: it is served there, and the server imports nothing of it. */
const DASHBOARD = 'cloud-sync/dashboard/'
const PURE = ['access', 'domain', 'project', 'wire', 'slip', 'words', 'wait', 'simulation', 'voice']
const FACES_ONLY = ['client', 'ui', 'host', 'shell']
const FILE_LINES_MAX = 300
const TEST_FILE_LINES_MAX = 400
const FUNCTION_LINES_MAX = 60
const MAIN_LINES_MAX = 60
/** A test that tells a whole day. */
const STORY_LINES_MAX = 80

/** Where a program begins: the only places that read the clock or the environment and hand them on. */
const ENTRIES = [
  /^[^/]+\/(main|run|config|host-main)\.ts$/,
  /^(kiosk|display|caller)\/(app|page)\.tsx$/,
  /^shared\/host\/run-host\.ts$/,
  // A thread begins here, as a program does.
  /^branch-server\/background\/thread\.ts$/,
  // The pages' own clock: it says since when the branch is away.
  /^shared\/client\/(follow-branch|use-branch)\.ts$/,
  /^cloud-sync\/dashboard\/page\.tsx$/,
  /^(tools|e2e)\//,
  // A run of the tests begins here.
  /^cloud-sync\/testing\/postgres-of-run\.ts$/,
  /\.test\.tsx?$/,
  /^[^/]+\.config\.ts$/,
]

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [key: string]: unknown
}

interface Source {
  readonly path: string
  readonly text: string
  readonly room: string
  readonly isTest: boolean
  readonly nodes: readonly Node[]
  readonly comments: readonly string[]
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'

function* nodesIn(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const inner of value) yield* nodesIn(inner)
  else if (isNode(value)) {
    yield value
    for (const inner of Object.values(value)) if (typeof inner === 'object') yield* nodesIn(inner)
  }
}

function* pathsUnder(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.') || ['node_modules', 'dist', 'data'].includes(entry.name)) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* pathsUnder(path)
    else if (/\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts')) yield path
  }
}

function read(path: string): Source {
  const text = readFileSync(path, 'utf8')
  const { program, comments, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path} cannot be read: ${errors[0]?.message}`)
  const name = relative(ROOT, path)
  return {
    path: name,
    text,
    room: name.includes('/') ? (name.split('/')[0] ?? '') : '',
    isTest: /\.test\.tsx?$/.test(name),
    nodes: [...nodesIn(program)],
    comments: comments.map(({ value }) => value),
  }
}

const sources = [...ROOMS.map((room) => join(ROOT, room))].flatMap((folder) => [...pathsUnder(folder)]).map(read)

const lineOf = ({ text }: Source, offset: number): number => text.slice(0, offset).split('\n').length

/** What a file imports: a package's name, or a path from the root of the house. */
function importsOf({ path, nodes }: Source): readonly string[] {
  const named = nodes.flatMap(({ type, source }) =>
    /^(Import|ExportNamed|ExportAll)(Declaration|Expression)$/.test(type) &&
    isNode(source) &&
    typeof source['value'] === 'string'
      ? [source['value']]
      : [],
  )
  return named.map((name) => {
    if (name.startsWith('#shared/')) return name.slice(1)
    return name.startsWith('.') ? join(dirname(path), name) : `package:${name}`
  })
}

const roomOf = (imported: string): string => (imported.startsWith('package:') ? '' : (imported.split('/')[0] ?? ''))
const isPure = ({ path, isTest }: Source): boolean =>
  !isTest && (PURE.some((room) => path.startsWith(`shared/${room}/`)) || /^[^/]+\/model\.ts$/.test(path))

/** Every fault, as `file: what`; tests expect none. */
const faultsOf = (check: (source: Source) => readonly string[]): readonly string[] =>
  sources.flatMap((source) => check(source).map((fault) => `${source.path}: ${fault}`))

const eachImport = (isFault: (source: Source, imported: string) => boolean): readonly string[] =>
  faultsOf((source) => importsOf(source).filter((imported) => isFault(source, imported)))

test('every room has been walked through', () => {
  expect(sources.length).toBeGreaterThan(100)
  for (const room of ['shared', 'branch-server', 'kiosk', 'display', 'caller'])
    expect(
      sources.some((source) => source.room === room),
      room,
    ).toBe(true)
})

test('the shared room imports no other room', () => {
  expect(eachImport(({ room }, it) => room === 'shared' && !['', 'shared'].includes(roomOf(it)))).toEqual([])
})

test('every other room imports only its own files and the shared room; tests of the whole house may open all doors', () => {
  expect(eachImport(({ room }, it) => room !== 'e2e' && !['', 'shared', room].includes(roomOf(it)))).toEqual([])
})

test('other rooms name the shared room as #shared', () => {
  const sharedByPath = ({ room, nodes }: Source): readonly string[] =>
    nodes.flatMap(({ source }) =>
      !['shared', 'e2e'].includes(room) &&
      isNode(source) &&
      typeof source['value'] === 'string' &&
      source['value'].includes('../shared/')
        ? [source['value']]
        : [],
    )
  expect(faultsOf(sharedByPath)).toEqual([])
})

test('servers import nothing that was made for faces', () => {
  const isForFaces = (it: string): boolean => FACES_ONLY.some((folder) => it.startsWith(`shared/${folder}/`))
  const isServer = ({ room, path }: Source): boolean => SERVERS.includes(room) && !path.startsWith(DASHBOARD)
  expect(eachImport((source, it) => isServer(source) && !source.isTest && isForFaces(it))).toEqual([])
})

test('the cloud and its dashboard meet on the wire alone', () => {
  const isOfDashboard = (path: string): boolean => path.startsWith(DASHBOARD)
  expect(
    eachImport(
      ({ path, room }, it) => room === 'cloud-sync' && roomOf(it) === room && isOfDashboard(path) !== isOfDashboard(it),
    ),
  ).toEqual([])
})

test('tools import no room', () => {
  expect(eachImport(({ room }, it) => room === 'tools' && !['', 'tools'].includes(roomOf(it)))).toEqual([])
})

test('the pure rooms, and each model, import nothing of the machine and no impure room', () => {
  const isImpure = (it: string): boolean => {
    if (it.startsWith('package:'))
      return isBuiltin(it.slice(8)) || /^package:(react|ws|fastify|better-sqlite3)/.test(it)
    return it.startsWith('shared/') && !PURE.some((room) => it.startsWith(`shared/${room}/`))
  }
  expect(eachImport((source, it) => isPure(source) && isImpure(it))).toEqual([])
})

test('the pure rooms, and each model, name nothing of a browser or of Node', () => {
  const machine = new Set([
    'window',
    'document',
    'navigator',
    'localStorage',
    'fetch',
    'process',
    'setTimeout',
    'setInterval',
    'crypto',
  ])
  const named = (source: Source): readonly string[] => {
    if (!isPure(source)) return []
    const members = new Set(
      source.nodes.flatMap((node) =>
        node.type === 'MemberExpression' && node['computed'] === false ? [node['property']] : [],
      ),
    )
    const keys = new Set(source.nodes.flatMap((node) => (/Property/.test(node.type) ? [node['key']] : [])))
    return source.nodes
      .filter(
        (node) =>
          node.type === 'Identifier' && machine.has(String(node['name'])) && !members.has(node) && !keys.has(node),
      )
      .map((node) => `${String(node['name'])} in line ${lineOf(source, node.start)}`)
  }
  expect(faultsOf(named)).toEqual([])
})

test('only where a program begins is the clock or the environment read', () => {
  const reads = (source: Source): readonly string[] => {
    if (ENTRIES.some((entry) => entry.test(source.path))) return []
    return source.nodes
      .filter((node) => node.type === 'MemberExpression' || node.type === 'NewExpression')
      .filter((node) => {
        const text = source.text.slice(node.start, node.end)
        return /^(Date\.now|performance\.now|process\.env|new Date\(\))$/.test(text)
      })
      .map((node) => `${source.text.slice(node.start, node.end)} in line ${lineOf(source, node.start)}`)
  }
  expect(faultsOf(reads)).toEqual([])
})

test('no file outgrows its room', () => {
  const tooLong = ({ text, isTest }: Source): readonly string[] => {
    const lines = text.trimEnd().split('\n').length
    return lines > (isTest ? TEST_FILE_LINES_MAX : FILE_LINES_MAX) ? [`${lines} lines`] : []
  }
  expect(faultsOf(tooLong)).toEqual([])
})

const isFunction = ({ type }: Node): boolean =>
  ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'].includes(type)

/** The functions that stand right inside a node, not inside another function of it. */
function* functionsWithin(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const inner of value) yield* functionsWithin(inner)
  else if (isNode(value)) {
    if (isFunction(value)) yield value
    else for (const inner of Object.values(value)) if (typeof inner === 'object') yield* functionsWithin(inner)
  }
}

test('no function is longer than a page, not counting the functions it is made of', () => {
  const linesOf = ({ text }: Source, { start, end }: Node): number => text.slice(start, end).split('\n').length
  const ownLines = (source: Source, node: Node): number =>
    [...functionsWithin(Object.values(node))].reduce(
      (sum, inner) => sum - linesOf(source, inner) + 1,
      linesOf(source, node),
    )
  const tooLong = (source: Source): readonly string[] =>
    source.nodes
      .filter(
        (node) => isFunction(node) && ownLines(source, node) > (source.isTest ? STORY_LINES_MAX : FUNCTION_LINES_MAX),
      )
      .map((node) => `a function of ${ownLines(source, node)} lines of its own in line ${lineOf(source, node.start)}`)
  expect(faultsOf(tooLong)).toEqual([])
})

test('nothing is any, an enum or taken for granted, and nothing is exported without a name', () => {
  const banned = ['TSAnyKeyword', 'TSEnumDeclaration', 'TSNonNullExpression', 'ExportDefaultDeclaration']
  const used = (source: Source): readonly string[] =>
    source.nodes
      .filter(({ type }) => banned.includes(type))
      .map((node) => `${node.type} in line ${lineOf(source, node.start)}`)
  expect(faultsOf(used)).toEqual([])
})

test('imports name the file with its ending', () => {
  const bare = ({ nodes }: Source): readonly string[] =>
    nodes.flatMap(({ type, source }) => {
      const name = isNode(source) && type.startsWith('Import') ? source['value'] : null
      return typeof name === 'string' &&
        /^(\.|#shared\/)/.test(name) &&
        !/\.(tsx?|css|json|sql|html)(\?.*)?$/.test(name)
        ? [name]
        : []
    })
  expect(faultsOf(bare)).toEqual([])
})

test('what is left to do has a number', () => {
  const unnumbered = ({ comments }: Source): readonly string[] =>
    comments.filter((it) => /\b(TODO|FIXME|XXX)\b(?!\s*\(?#\d+)/.test(it))
  expect(faultsOf(unnumbered)).toEqual([])
})

test('files are named in small letters and dashes', () => {
  expect(faultsOf(({ path }) => (/^[a-z0-9.-]+$/.test(basename(path)) ? [] : ['is not']))).toEqual([])
})

test('Electron is met in each main file alone, of at most sixty lines; the rest knows its types, and nobody else makes windows', () => {
  const isMain = ({ path }: Source): boolean => /^(kiosk|display|caller)\/main\.ts$/.test(path)
  const takes = (source: Source): readonly string[] =>
    source.nodes
      .filter(({ type, source: from, importKind, callee, end, start }) => {
        const isImport = type.startsWith('Import') && isNode(from) && from['value'] === 'electron'
        if (isImport && importKind !== 'type') return !isMain(source)
        const made = type === 'NewExpression' && isNode(callee) ? source.text.slice(start, end) : ''
        return (
          /^new [\w.]*(BrowserWindow|WebContentsView|BaseWindow)\(/.test(made) &&
          !source.path.endsWith('shell/secure-window.ts')
        )
      })
      .map((node) => `${node.type} in line ${lineOf(source, node.start)}`)
  expect(faultsOf((source) => (source.isTest || source.room === 'e2e' ? [] : takes(source)))).toEqual([])
  expect(faultsOf((it) => (isMain(it) && it.text.split('\n').length > MAIN_LINES_MAX ? ['is too long'] : []))).toEqual(
    [],
  )
})
