import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import wordsForNode from '../../tools/node-words.json' with { type: 'json' }
import { agentIdOf, benchCatalogue, counterIds, PIN } from './bench-catalogue.ts'
import { openConnection, post } from './raw-http.ts'

const MAIN = fileURLToPath(new URL('../../dist/programs/branch-server.js', import.meta.url))
/** As the product starts it. */
const WORDS_FOR_NODE = wordsForNode['dist/programs/branch-server.js']
const INSTALLER_TOKEN = 'installer-of-the-bench'
const POLL_MS = 1
const PORT_MIN = 20_000
const PORT_MAX = 30_000
const CLAIMS_PER_ADDRESS = 15
const KIND_ADDRESSES = { kiosk: 1, display: 2, caller: 3 } as const
const START_MS_MAX = 30_000
const CHECK_MS_MAX = 300_000

/** The devices that were paired with a branch; they outlive its restarts. */
export interface Devices {
  readonly kioskToken: string
  readonly displayTokens: readonly string[]
  readonly callers: readonly { readonly token: string; readonly counterId: string }[]
}

/** A real branch server in a process of its own, its log in a file. */
export interface Branch {
  readonly port: number
  readonly pid: number
  /** What it has logged so far. */
  log(): string
  /** SIGTERM; waits for its end. */
  stop(): Promise<void>
  /** SIGKILL; waits for its end. */
  kill(): Promise<void>
}

/**
 * A port that was free a moment ago. Not one of those that the system gives to outgoing connections: whoever tries such
 * a port again and again until somebody listens may at last be connected to itself.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(PORT_MIN, PORT_MAX)
    const server = createServer().listen(port, '127.0.0.1')
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    )
    if (!isFree) continue
    server.close()
    await once(server, 'close')
    return port
  }
}

/** A bench that is cut off leaves nothing running. */
const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill(signal)
  await exit
}

/** Starts it and does not wait. @param words - further words for node, such as --cpu-prof */
export async function launchBranch(
  folder: string,
  words: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<Branch> {
  mkdirSync(folder, { recursive: true })
  const port = await freePort()
  const logFile = join(folder, 'server.log')
  const output = openSync(logFile, 'w')
  const child = spawn(process.execPath, [...WORDS_FOR_NODE, ...words, MAIN], {
    stdio: ['ignore', output, output],
    env: {
      ...process.env,
      ...environment,
      BRANCH_DATA_DIR: folder,
      BRANCH_PORT: String(port),
      BRANCH_INSTALLER_TOKEN: INSTALLER_TOKEN,
      // One kiosk stands for all: what it may ask for is not what is measured.
      BRANCH_DEVICE_REQUESTS: '100000000',
    },
  })
  closeSync(output)
  running.add(child)
  child.once('exit', () => running.delete(child))
  return {
    port,
    pid: child.pid ?? 0,
    log: () => readFileSync(logFile, 'utf8'),
    stop: () => end(child, 'SIGTERM'),
    kill: () => end(child, 'SIGKILL'),
  }
}

/** Tries until it takes place. @throws when it takes too long, with what the server said */
export async function until<Value>(branch: Branch, attempt: () => Promise<Value>): Promise<Value> {
  const startedMs = performance.now()
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (performance.now() - startedMs > START_MS_MAX)
        throw new Error(`The branch does not answer: ${branch.log().slice(-2_000)}`, { cause: error })
      await pause(POLL_MS)
    }
  }
}

export async function startBranch(...how: Parameters<typeof launchBranch>): Promise<Branch> {
  const branch = await launchBranch(...how)
  await until(branch, () => fetch(`http://127.0.0.1:${branch.port}/api/v1/health`))
  return branch
}

/** Asks the branch. @throws when it refuses */
export async function askBranch<Answer>(
  { port }: Branch,
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  body: object | null = null,
  token: string = INSTALLER_TOKEN,
): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body === null ? {} : { 'content-type': 'application/json' }) },
    ...(body === null ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
  return JSON.parse(text) as Answer
}

/** Pairs devices; each address may claim only so many codes in a minute, so they come from several. */
async function pair(branch: Branch, kind: 'kiosk' | 'display' | 'caller', names: readonly string[]): Promise<string[]> {
  const tokens: string[] = []
  for (let index = 0; index < names.length; index += 1) {
    const { code } = await askBranch<{ code: string }>(branch, 'POST', '/api/v1/pairings', { kind, name: names[index] })
    const address = `127.0.${KIND_ADDRESSES[kind]}.${1 + Math.floor(index / CLAIMS_PER_ADDRESS)}`
    const connection = await openConnection(branch.port, address)
    const { status, body } = await connection.exchange(post('/api/v1/pairings/claim', '', JSON.stringify({ code })))
    connection.close()
    if (status !== 201) throw new Error(`No device: ${status} ${body}`)
    tokens.push((JSON.parse(body) as { token: string }).token)
  }
  return tokens
}

/** Sets the branch up as an installer does: catalogue, devices, an agent with a PIN at each counter. */
export async function furnish(branch: Branch, displayCount = 1): Promise<Devices> {
  const agents = benchCatalogue.agents.map((agent) => ({ ...agent, pin: PIN }))
  await askBranch(branch, 'PUT', '/api/v1/catalogue', { ...benchCatalogue, agents })
  // A history that ended days ago leaves the clock in doubt.
  const { status } = await askBranch<{ status: string }>(branch, 'GET', '/api/v1/health')
  if (status === 'clock-unsure') await askBranch(branch, 'POST', '/api/v1/day/confirm-clock', {})
  const callerTokens = await pair(branch, 'caller', counterIds)
  const callers = counterIds.map((counterId, index) => ({ counterId, token: callerTokens[index] ?? '' }))
  for (const { counterId, token } of callers) {
    const agentId = agentIdOf(counterId)
    await askBranch(branch, 'POST', `/api/v1/counters/${counterId}/open`, { agentId, pin: PIN }, token)
  }
  const [kioskToken = ''] = await pair(branch, 'kiosk', ['kiosk'])
  const displayNames = Array.from({ length: displayCount }, (_, index) => `display ${index}`)
  return { callers, kioskToken, displayTokens: await pair(branch, 'display', displayNames) }
}

/** Waits for the server's own check of its file, which would share the two cores with what is measured. */
export async function settled(branch: Branch): Promise<void> {
  const startedMs = performance.now()
  while (performance.now() - startedMs < CHECK_MS_MAX) {
    const log = branch.log()
    if (log.includes('the log and the state agree')) return
    if (log.includes('contradicts itself') || log.includes('could not be checked'))
      throw new Error(`The file does not pass the server's check: ${log.slice(-2_000)}`)
    await pause(100)
  }
  throw new Error('The branch does not come to the end of its check')
}
