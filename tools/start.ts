import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import {
  endPrograms,
  firstLinkOf,
  lastWordsOf,
  type Program,
  READY_MS_MAX,
  ROOT,
  runToEnd,
  startProgram,
  untilReady,
} from './programs.ts'
import { CLOUD_END_MS_MAX, cloudUrl, enrolmentCode, hasJoined } from './sample-cloud.ts'
import { readArguments, readBank, type Simulation, writeSettings } from './simulation.ts'

// The whole product on one machine with a sample bank: the cloud, one branch server, one kiosk with a pretend printer,
// one display, one caller. Speaks to the branch as an installer would, and to the cloud as an administrator, over HTTP.
// With --simulate there is a caller for each counter, and a program that plays customers and agents.

const WORDS = process.argv.slice(2)
const NO_CLOUD = '--no-cloud'
const simulation = argumentsOrEnd()
const DATA = process.env['SMARTQUEUE_DATA_DIR'] ?? join(ROOT, 'data')

function argumentsOrEnd(): Simulation | null {
  const read = readArguments(WORDS.filter((word) => word !== NO_CLOUD))
  if (typeof read !== 'string') return read
  console.error(read)
  process.exit(2)
}

function port(name: string, otherwise: number): number {
  const text = process.env[name] ?? String(otherwise)
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text)
  console.error(`${name} must be a whole number from 0 to 65535, not "${text}".`)
  process.exit(2)
}

const BRANCH_PORT = port('BRANCH_PORT', 7070)
const BRANCH_URL = `http://127.0.0.1:${BRANCH_PORT}`

const CLOUD = 'cloud'
const CLOUD_PORT = port('CLOUD_PORT', 7080)
const CLOUD_FOLDER = process.env['CLOUD_DATA_DIR'] ?? join(DATA, 'cloud')
/** Whoever names a cloud has one. */
const isCloudOurs = !WORDS.includes(NO_CLOUD) && process.env['CLOUD_URL'] === undefined

interface Face {
  readonly kind: 'kiosk' | 'display' | 'caller'
  readonly prefix: string
  readonly name: string
  readonly port: number
  /** Of its data and its log. */
  readonly folder: string
}

const bank = readBank(ROOT)
const CALLER_PORT = port('CALLER_PORT', 7073)

const callers = (simulation === null ? bank.counters.slice(0, 1) : bank.counters).map(
  (_, at): Face => ({
    kind: 'caller',
    prefix: 'CALLER',
    name: `Caller ${at + 1}`,
    port: CALLER_PORT + at,
    folder: at === 0 ? 'caller' : `caller-${at + 1}`,
  }),
)

const FACES: readonly Face[] = [
  { kind: 'kiosk', prefix: 'KIOSK', name: 'Kiosk 1', port: port('KIOSK_PORT', 7071), folder: 'kiosk' },
  {
    kind: 'display',
    prefix: 'DISPLAY_APP',
    name: 'Display 1',
    port: port('DISPLAY_APP_PORT', 7072),
    folder: 'display',
  },
  ...callers,
]

const urlOf = ({ port: facePort }: Face): string => `http://127.0.0.1:${facePort}`

/** Long enough to see what the others do meanwhile: the kiosk goes on, the lobby says since when. */
const AGAIN_MS = 10_000
const CATALOGUE_PAUSE_MS = 200
const STARTS_MAX = 20

const programs = new Map<string, Program>()
const startCounts = new Map<string, number>()
/** Why there is no cloud. */
let cloudFault: string | null = null
let isReady = false
let isEnding = false

async function end(code: number, sentence = ''): Promise<never> {
  isEnding = true
  if (sentence !== '') console.error(sentence)
  await endPrograms([...programs.values()].toReversed())
  process.exit(code)
}

/** A program that ended before it was ready will do so again; one that ends later is started anew. */
function start(name: string, file: string, environment: Record<string, string>): Program {
  const endMsMax = name === CLOUD ? CLOUD_END_MS_MAX : undefined
  const program = startProgram(name, file, environment, join(DATA, 'logs'), endMsMax)
  programs.set(name, program)
  program.child.once('exit', (code, signal) => {
    if (isEnding) return
    const how = signal === null ? `with code ${code}` : `by ${signal}`
    const starts = (startCounts.get(name) ?? 0) + 1
    startCounts.set(name, starts)
    if (!isReady || starts > STARTS_MAX) {
      const words = `The ${name} ended ${how}: ${lastWordsOf(program)}`
      // The branch needs nothing of it.
      if (name === CLOUD) noCloud(words)
      else void end(1, words)
      return
    }
    console.log(`The ${name} ended ${how} and is started again in ${AGAIN_MS / 1000} seconds.`)
    setTimeout(() => isEnding || start(name, file, environment), AGAIN_MS)
  })
  return program
}

function noCloud(why: string): void {
  cloudFault = why
  if (isReady) console.log(why)
}

/**
 * Starts the cloud. A branch that has joined it needs not wait for it; one that has not waits for a place there.
 * @returns what the branch server is told of it
 */
async function startCloud(): Promise<Record<string, string>> {
  const cloud = start(CLOUD, 'dist/programs/cloud-sync.js', {
    CLOUD_HOST: '127.0.0.1',
    CLOUD_PORT: String(CLOUD_PORT),
    CLOUD_DATA_DIR: CLOUD_FOLDER,
  })
  if (hasJoined(DATA)) return { CLOUD_URL: `http://127.0.0.1:${CLOUD_PORT}` }
  const url = await cloudUrl(cloud, READY_MS_MAX)
  if (url === null) return {}
  try {
    return { CLOUD_URL: url, BRANCH_ENROLMENT_CODE: await enrolmentCode(url, CLOUD_FOLDER, DATA, bank) }
  } catch (error) {
    noCloud(`The branch got no place at the cloud: ${error instanceof Error ? error.message : String(error)}`)
    return {}
  }
}

/** @returns the lines that tell of it */
async function cloudLines(): Promise<readonly string[]> {
  const cloud = programs.get(CLOUD)
  if (cloud === undefined) return []
  const url = await cloudUrl(cloud, READY_MS_MAX)
  if (cloudFault === null && url !== null)
    return [`  cloud    ${url}/docs`, `  head office  ${url}/dashboard`, ...firstLines(cloud)]
  const why = cloudFault ?? `The cloud is not ready after ${READY_MS_MAX / 1000} seconds: see ${cloud.logFile}`
  return ['', `  ${why}`, '  The branch works without it; it joins at a start at which the cloud does.']
}

/** Whoever has the link is let in, so it is for this terminal alone; a newer start makes a newer link. */
function firstLines(cloud: Program): readonly string[] {
  const link = firstLinkOf(cloud)
  return link === null
    ? []
    : [
        '',
        '  Nobody can sign in at the cloud yet. Make its first administrator here, once, within a day:',
        `    ${link}`,
      ]
}

async function readyOrEnd(url: string): Promise<void> {
  if (!(await untilReady(url))) await end(1, `${url} did not answer within ${READY_MS_MAX / 1000} seconds.`)
}

/** A stranger who answers on our port looks like our own branch: but then ours has written no token. */
async function installerToken(): Promise<string> {
  const file = join(DATA, 'branch/installer-token')
  if (process.env['BRANCH_INSTALLER_TOKEN'] !== undefined) return process.env['BRANCH_INSTALLER_TOKEN']
  if (!existsSync(file)) await end(1, `Port ${BRANCH_PORT} is taken by another program. Set BRANCH_PORT to a free one.`)
  return readFileSync(file, 'utf8').trim()
}

async function asInstaller(method: string, path: string, body?: unknown): Promise<Response> {
  const token = await installerToken()
  return fetch(`${BRANCH_URL}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

async function setUpBranch(): Promise<void> {
  if ((await asInstaller('GET', '/api/v1/catalogue')).ok) return
  const answer = await asInstaller('PUT', '/api/v1/catalogue', bank)
  if (answer.ok) return
  const words = await answer.text()
  if (!words.includes('CatalogueManagedByCloud')) await end(1, `The sample catalogue was refused: ${words}`)
  for (let waitedMs = 0; waitedMs < READY_MS_MAX; waitedMs += CATALOGUE_PAUSE_MS) {
    if ((await asInstaller('GET', '/api/v1/catalogue')).ok) return
    await pause(CATALOGUE_PAUSE_MS)
  }
  await end(1, 'The cloud has not sent the branch its catalogue.')
}

async function pairingCode(kind: string, name: string): Promise<string> {
  const answer = await asInstaller('POST', '/api/v1/pairings', { kind, name })
  if (!answer.ok) await end(1, `No pairing code for the ${kind}: ${await answer.text()}`)
  return ((await answer.json()) as { code: string }).code
}

async function startFace(face: Face): Promise<void> {
  const { kind, prefix, name } = face
  const folder = join(DATA, face.folder)
  const isPaired = existsSync(join(folder, 'pairing.json'))
  start(face.folder, `dist/programs/${kind}.js`, {
    [`${prefix}_PORT`]: String(face.port),
    [`${prefix}_DATA_DIR`]: folder,
    [`${prefix}_BRANCH_URL`]: BRANCH_URL,
    ...(isPaired ? {} : { [`${prefix}_PAIRING_CODE`]: await pairingCode(kind, name) }),
  })
  await readyOrEnd(`${urlOf(face)}/local/v1/state`)
}

function startSimulation(asked: Simulation): void {
  const urls = { kiosk: FACES.filter(({ kind }) => kind === 'kiosk').map(urlOf)[0] ?? '', callers: callers.map(urlOf) }
  const file = writeSettings(join(DATA, 'simulation'), asked, bank, urls)
  start('simulation', 'e2e/simulation/living-branch.ts', { SIMULATION_FILE: file })
}

function simulationLines({ speed, seed, load }: Simulation): readonly string[] {
  return [
    `  Customers and agents are SIMULATED (seed ${seed}, speed ${speed}, load ${load}); every screen works by hand as well.`,
    '  To take a counter yourself, end what its agent is doing, sign her out and sign in: she leaves it to you.',
    '',
  ]
}

function tell(ofCloud: readonly string[]): void {
  const isPlayed = (role: string): boolean => simulation !== null && role === 'agent'
  const agents = bank.agents.map(
    ({ name, role, pin }) => `    ${name.padEnd(16)} PIN ${pin}  ${role}${isPlayed(role) ? ', simulated' : ''}`,
  )
  const lines = [
    '',
    'SmartQueue is running with a sample bank branch.',
    '',
    ...FACES.map((face) => `  ${face.kind.padEnd(8)} ${urlOf(face)}/`),
    `  branch   ${BRANCH_URL}/docs`,
    ...ofCloud,
    '',
    ...(simulation === null ? [] : simulationLines(simulation)),
    '  Agents of the sample, to sign in at the caller:',
    ...agents,
    '',
    `  The printer is simulated: the paper is painted to ${join(DATA, 'kiosk/paper')}`,
    `  Everything is kept in ${DATA}; remove it to begin again.`,
    '',
    'Ctrl-C ends all. End one program alone, and see what the others do until it is started again.',
  ]
  console.log(lines.join('\n'))
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void (isEnding || end(0)))
// Built anew each time, which takes seconds: an older checkout would be shown for the present one.
if (!(await runToEnd(['vite', 'build', '--logLevel', 'error'])))
  await end(1, 'The pages and programs could not be built.')
const ofCloud = isCloudOurs ? await startCloud() : {}
start('branch server', 'dist/programs/branch-server.js', {
  ...ofCloud,
  // One machine: whoever wants several starts each program by itself.
  BRANCH_HOST: '127.0.0.1',
  BRANCH_PORT: String(BRANCH_PORT),
  BRANCH_DATA_DIR: join(DATA, 'branch'),
})
await readyOrEnd(`${BRANCH_URL}/api/v1/health`)
await setUpBranch()
for (const face of FACES) await startFace(face)
if (simulation !== null) startSimulation(simulation)
const lines = await cloudLines()
isReady = true
tell(lines)
