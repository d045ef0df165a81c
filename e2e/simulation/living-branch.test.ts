import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDeviceClient } from '../../branch-server/testing/client.ts'
import { eventsOf, followFeed } from '../../branch-server/testing/follow-feed.ts'
import type { StoredEvent } from '../../shared/domain/events.ts'
import type { CounterId } from '../../shared/domain/ids.ts'
import { assertInvariants } from '../../shared/domain/testing/invariants.ts'
import type { Pairing } from '../../shared/host/pairing.ts'
import { until } from '../world/world.ts'
import { openDesk } from './living/desk.ts'

const START = new URL('../../tools/start.ts', import.meta.url).pathname
const PROGRAM = new URL('./living-branch.ts', import.meta.url).pathname
const RUN_MS = 10_000
/** It builds first. */
const START_TRIES_MAX = 1_200
/** What people who cannot know the newest state may be told; by night the sample bank makes no cards. */
const ALLOWED_REFUSALS =
  /: (QueueEmpty|OutsideHours|BranchUnreachable|HostUnreachable|StorageUnavailable|TicketIs[A-Z][A-Za-z]+)$/

async function freePorts(count: number): Promise<number> {
  // Neighbours, because the callers take one port after the other.
  for (let first = 17_180; first + count <= 17_200; first += count) {
    const isFree = (port: number): Promise<boolean> =>
      new Promise((resolve) => {
        const server = createServer().once('error', () => resolve(false))
        server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
      })
    const free = await Promise.all(Array.from({ length: count }, (_, at) => isFree(first + at)))
    if (free.every(Boolean)) return first
  }
  throw new Error('No ports are free')
}

async function endOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)))
}

/** Runs a program to its end. */
async function run(file: string, words: readonly string[], environment: object = {}) {
  const child = spawn(process.execPath, [file, ...words], { env: { ...process.env, ...environment } })
  let text = ''
  child.stderr.on('data', (data) => {
    text += String(data)
  })
  return { code: await endOf(child), text }
}

const isThere = (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  )

/** The process that a program has started to run a file. */
function pidOf({ pid }: ChildProcess, file: string): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')
  const found = children.find((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes(file))
  if (found === undefined) throw new Error(`Nobody runs ${file}`)
  return Number(found)
}

/** The counters with somebody at them. */
function openAfter(log: readonly StoredEvent[]): ReadonlySet<CounterId> {
  const open = new Set<CounterId>()
  for (const event of log)
    if (event.type === 'CounterOpened') open.add(event.counterId)
    else if (event.type === 'CounterClosed') open.delete(event.counterId)
  return open
}

describe('a branch that lives by itself', () => {
  const folder = mkdtempSync(join(tmpdir(), 'smartqueue-living-'))
  // The cloud's Postgres must come through, whose user may do little.
  chmodSync(folder, 0o711)
  let starter: ChildProcess
  let said = ''
  let port = 0
  const urlOf = (offset: number): string => `http://127.0.0.1:${port + offset}`
  const simulationLog = (): string => readFileSync(join(folder, 'logs/simulation.log'), 'utf8')

  async function ask(url: string, path: string, body: object = {}): Promise<number> {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })
    return response.status
  }

  /** The whole log, read by the display's own right. */
  async function wholeLog(): Promise<readonly StoredEvent[]> {
    const pairing = JSON.parse(readFileSync(join(folder, 'caller/pairing.json'), 'utf8')) as Pairing
    const device = createDeviceClient(urlOf(0), pairing)
    const { body } = await device.get<{ seq: number }>('/api/v1/snapshot')
    const feed = await followFeed(device, { after: 0 })
    await feed.until(body.seq)
    await feed.close()
    return eventsOf(feed)
  }

  /** Until it has told its addresses. */
  async function start(words: readonly string[]): Promise<void> {
    const ports = { BRANCH_PORT: port, KIOSK_PORT: port + 1, DISPLAY_APP_PORT: port + 2, CALLER_PORT: port + 3 }
    const named = Object.fromEntries(
      Object.entries({ ...ports, CLOUD_PORT: port + 6 }).map(([name, value]) => [name, String(value)]),
    )
    const env = { ...process.env, ...named, SMARTQUEUE_DATA_DIR: folder }
    said = ''
    starter = spawn(process.execPath, [START, ...words], { env })
    starter.stdout?.on('data', (data) => {
      said += String(data)
    })
    await until('the starter has told its addresses', () => said.includes('Ctrl-C'), START_TRIES_MAX)
  }

  const cloudOfBranch = async (): Promise<unknown> => {
    const answer = await fetch(`${urlOf(0)}/api/v1/health`)
    return ((await answer.json()) as { cloud?: unknown }).cloud
  }

  beforeAll(async () => {
    port = await freePorts(7)
    await start(['--simulate', '--speed', '60', '--seed', '29'])
  })

  afterAll(async () => {
    starter.kill('SIGTERM')
    await endOf(starter)
    rmSync(folder, { recursive: true, force: true })
  })

  test('whoever starts it is told that the people are simulated, and where each screen is', () => {
    expect(said).toMatch(/SIMULATED \(seed 29, speed 60, load 0\.9\)/)
    expect(said.match(/^ {2}caller {3}http/gm)).toHaveLength(3)
  })

  test('customers take numbers, are called, served, or do not come', async () => {
    await new Promise((resolve) => setTimeout(resolve, RUN_MS))
    const wanted: Partial<Record<StoredEvent['type'], number>> = {
      ...{ CounterOpened: 3, TicketIssued: 9, TicketCalled: 6, ServiceStarted: 5, TicketCompleted: 4, TicketNoShow: 1 },
    }
    // A slow machine needs longer than the quarter of a minute.
    await until(`there is all of ${JSON.stringify(wanted)}`, async () => {
      const log = await wholeLog()
      return Object.entries(wanted).every(([type, least]) => log.filter((event) => event.type === type).length >= least)
    })
  })

  test('when the branch server is killed customers take numbers of the kiosk’s own, and all goes on when it is back', async () => {
    const before = (await wholeLog()).length
    process.kill(pidOf(starter, 'dist/programs/branch-server.js'), 'SIGKILL')
    await until('the branch is away', async () => !(await isThere(`${urlOf(0)}/api/v1/health`)))
    await until('it is back', () => isThere(`${urlOf(0)}/api/v1/health`))
    await until('customers are called again', async () => {
      const since = (await wholeLog()).slice(before)
      const adopted = since.filter(({ type }) => type === 'TicketAdopted').length
      return adopted > 0 && since.filter(({ type }) => type === 'TicketCalled').length > 1
    })
  })

  test('a human who takes a counter is left alone; up to then each number was given once', async () => {
    const url = urlOf(3)
    // Nothing that the simulation did itself was taken for a human's hand, not even across the cut.
    expect(simulationLog()).not.toContain('by hand')
    const desk = openDesk(url)
    const counter = 'counter-1' as CounterId
    const open = () => desk.view().state?.openCounters.get(counter)
    await until('the counter is known', () => open() !== undefined)
    // Returns the customer, ends the service, or nothing: until nobody is at the counter, as a human would by hand.
    await until('the counter is free', async () => {
      const ticketId = open()?.ticketId ?? null
      if (ticketId !== null) await ask(url, `/api/v1/tickets/${ticketId}/complete`)
      if (ticketId !== null) await ask(url, `/api/v1/tickets/${ticketId}/return`)
      return (await ask(url, `/api/v1/counters/${counter}/close`)) === 200
    })
    const signIn = { agentId: 'ibrahima', pin: '141421' }
    expect(await ask(url, `/api/v1/counters/${counter}/open`, signIn)).toBe(200)
    const { length } = await wholeLog()
    let since: readonly StoredEvent[] = []
    await new Promise((resolve) => setTimeout(resolve, 5_000))
    await until('somebody is called elsewhere', async () => {
      since = (await wholeLog()).slice(length)
      return since.some(({ type }) => type === 'TicketCalled')
    })
    expect(since.filter((event) => 'counterId' in event && event.counterId === counter)).toEqual([])
    expect(open()?.agentId).toBe('ibrahima')
    expect(simulationLog()).toContain('counter-1: a human is signed in')
    expect(await ask(url, `/api/v1/counters/${counter}/call-next`)).toBeLessThan(410)
    const numbers = (await wholeLog()).flatMap((event) =>
      event.type === 'TicketIssued' || event.type === 'TicketAdopted' ? [event.number] : [],
    )
    expect(new Set(numbers).size).toBe(numbers.length)
    const { state } = desk.view()
    if (state !== null) assertInvariants(state)
    desk.stop()
  })

  test('when the simulation ends its agents sign out, and the human stays', async () => {
    process.kill(pidOf(starter, 'living-branch.ts'), 'SIGTERM')
    let log: readonly StoredEvent[] = []
    await until('both counters are closed', async () => {
      log = await wholeLog()
      return openAfter(log).size < 2
    })
    expect([...openAfter(log)]).toEqual(['counter-1'])
  })

  test('the cloud of the sample holds the whole log of its branch', async () => {
    expect(said).toContain(`cloud    ${urlOf(6)}`)
    // The branch server was killed meanwhile: it finds its place by itself.
    await expect.poll(cloudOfBranch, { timeout: 30_000 }).toEqual({ state: 'up to date', behind: 0 })
  })

  test('nothing was refused that should not be, and the end comes at once', async () => {
    starter.kill('SIGTERM')
    expect(await endOf(starter)).toBe(0)
    // The database has ended in order, with all others.
    expect(existsSync(join(folder, 'cloud/postgres/postmaster.pid'))).toBe(false)
    const lines = simulationLog().trim().split('\n')
    const { done, refused } = JSON.parse(lines.at(-1) ?? '{}') as Record<'done' | 'refused', Record<string, number>>
    expect(done['complete']).toBeGreaterThan(0)
    expect(Object.keys(refused).filter((name) => !ALLOWED_REFUSALS.test(name))).toEqual([])
  })

  test('where the cloud cannot start the branch does, and a sentence says why', async () => {
    const taken = createServer().listen(port + 6, '127.0.0.1')
    await start([])
    expect(said).toContain(`The cloud ended with code 2: Port ${port + 6} is taken`)
    expect(await (await fetch(`${urlOf(0)}/api/v1/health`)).json()).toMatchObject({ status: 'ok' })
    starter.kill('SIGINT')
    expect(await endOf(starter)).toBe(0)
    taken.close()
  })
})

test.each([
  [['--simulate', '--speed', '61'], '--speed must be a number from 1 to 60, not "61".'],
  [['--simulate', '--seed', '1.5'], '--seed must be a whole number from 0 to 4294967295, not "1.5".'],
  [['--simulate', '--load'], '--load must be a number from 0.1 to 3, not "".'],
  [['--speed', '20'], '--speed goes with --simulate'],
  [['--fast'], 'There is no argument --fast'],
])('npm start -- %j is refused in a sentence', async (words, sentence) => {
  const { code, text } = await run(START, words)
  expect(code).toBe(2)
  expect(text).toContain(sentence)
  expect(text.trim().split('\n')).toHaveLength(1)
})

test('the simulation without its settings, or with wrong ones, says so and ends', async () => {
  expect(await run(PROGRAM, [], { SIMULATION_FILE: undefined })).toMatchObject({ code: 2 })
  const folder = mkdtempSync(join(tmpdir(), 'smartqueue-living-'))
  const file = join(folder, 'settings.json')
  const settings = { speed: 100, seed: 1, load: 0.9, kioskUrl: 'http://127.0.0.1:1', counters: [], pins: {} }
  writeFileSync(file, JSON.stringify(settings))
  const { code, text } = await run(PROGRAM, [], { SIMULATION_FILE: file })
  expect(code).toBe(2)
  expect(text).toContain('SIMULATION_FILE holds something wrong at /speed')
  rmSync(folder, { recursive: true })
})
