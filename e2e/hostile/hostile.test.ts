import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Desk, openDesk } from '../../branch-server/testing/desk.ts'
import { throwDice } from '../../branch-server/testing/dice.ts'
import { carryState } from '../../shared/domain/state-json.ts'
import { servedRoutes } from '../../shared/http/testing/served-routes.ts'
import { PROBLEM_CODES } from '../../shared/wire/problem.ts'
import { badFrames } from './bad-frames.ts'
import { badRequest, garbage } from './bad-requests.ts'
import { type Exchange, exchange } from './raw-line.ts'

const SEED = Number(process.env['HOSTILE_SEED'] ?? 20_261_123)
const COUNT = Number(process.env['HOSTILE_COUNT'] ?? 20_000)
const WIDTH = 16
const HEAP_GROWTH_BYTES_MAX = 48 * 1024 * 1024

let desk: Desk
let port: number
let before: ReturnType<typeof truth>
beforeAll(async () => {
  desk = await openDesk({ logLevel: 'warn' })
  for (const serviceId of ['cash', 'loans', 'cards']) await desk.waiting(serviceId)
  await desk.serving()
  port = Number(new URL(desk.branch.url).port)
  before = truth()
})
afterAll(() => desk[Symbol.asyncDispose]())

/** What the branch holds to be so. */
function truth() {
  const { state, head } = desk.branch.running.waist.branch()
  return { head, carried: carryState(state), devices: desk.branch.running.waist.branch().store.devices.all() }
}

function heapBytes(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().heapUsed
}

/** What is wrong with an answer; null when it is as it should be. */
function faultOf({ text, wasSilent }: Exchange): string | null {
  if (wasSilent) return 'the branch kept the line open and said nothing'
  const [, status = ''] = /^HTTP\/1\.1 (\d{3})/.exec(text) ?? []
  if (text === '') return null
  if (status === '') return `no status: ${text.slice(0, 80)}`
  if (status.startsWith('5') && status !== '503') return `unexpected ${status}: ${text.slice(0, 400)}`
  const [head = '', body = ''] = text.replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, '').split('\r\n\r\n')
  // Node answers an unknown Expect itself; an answer to HEAD has no body.
  if (!/^HTTP\/1\.1 [45]/.test(head) || status === '417' || body === '') return null
  const [, code = ''] = /"code":"(\w+)"/.exec(body) ?? []
  const isProblem = head.includes('application/problem+json') && PROBLEM_CODES.some((known) => known === code)
  return isProblem ? null : `not a problem: ${text.slice(0, 400)}`
}

/** Sends a number of bad things, some at once. @returns the faults, with what brought them about */
async function send(count: number, one: (index: number) => Promise<string | null>): Promise<readonly string[]> {
  const faults: string[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < count) {
      next += 1
      const fault = await one(next)
      if (fault !== null) faults.push(fault)
    }
  }
  await Promise.all(Array.from({ length: WIDTH }, worker))
  return faults
}

async function expectUnharmed(): Promise<void> {
  expect(truth()).toEqual(before)
  expect((await desk.branch.stranger.get('/api/v1/health')).body).toMatchObject({ status: 'ok' })
  const failures = desk.branch.logLines.filter((line) => line.includes('"level":50'))
  expect(failures.slice(0, 3).map((line) => line.slice(0, 300))).toEqual([])
}

test(`${COUNT} bad requests (seed ${SEED}) get an answer each, harm nothing and leave nothing behind`, async () => {
  const dice = throwDice(SEED)
  const [first = '', ...others] = servedRoutes(desk.branch.running.app)
  const { kiosk, agent, manager, display, branch } = desk
  const tokens = [kiosk, agent, manager, display, branch.installer].map(({ token }) => token ?? '')
  const statuses = new Map<string, number>()
  async function one(): Promise<string | null> {
    const { route, bytes } = badRequest(dice, [first, ...others], tokens)
    const isAborted = dice.isOneIn(50)
    const half = dice.roll(bytes.length + 1)
    const parts = dice.isOneIn(10) ? [bytes.subarray(0, half), bytes.subarray(half)] : [bytes]
    const answer = await exchange(port, parts, isAborted ? 'abort' : 'end')
    const status = answer.text.slice(9, 12) || 'none'
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
    const fault = faultOf(answer)
    return fault === null ? null : `${route}: ${fault}\n${bytes.toString('latin1').slice(0, 600)}`
  }
  expect((await send(Math.min(COUNT, 1_000), one)).slice(0, 3)).toEqual([])
  const heapBefore = heapBytes()
  expect((await send(COUNT - 1_000, one)).slice(0, 3)).toEqual([])
  await expectUnharmed()
  expect(heapBytes() - heapBefore).toBeLessThan(HEAP_GROWTH_BYTES_MAX)
  console.info('answers by status', Object.fromEntries([...statuses].toSorted()))
})

test('2,000 bursts of garbage on the bare line harm nothing', async () => {
  const dice = throwDice(SEED + 1)
  const faults = await send(2_000, async () => {
    const bytes = garbage(dice)
    return faultOf(await exchange(port, [bytes], dice.isOneIn(4) ? 'abort' : 'end'))
  })
  expect(faults.slice(0, 3)).toEqual([])
  await expectUnharmed()
})

test('1,000 feeds on which a device speaks nonsense harm nothing, and none stays open', async () => {
  const dice = throwDice(SEED + 2)
  const faults = await send(1_000, async () => {
    const { body } = await desk.display.post<{ ticket: string }>('/api/v1/feed-tickets', {})
    const key = dice.bytes(16).toString('base64')
    const head = `GET /api/v1/feed?after=0&ticket=${body.ticket} HTTP/1.1\r\nhost: 127.0.0.1\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: ${key}\r\n\r\n`
    const { text, wasSilent } = await exchange(
      port,
      [Buffer.from(head), badFrames(dice)],
      dice.isOneIn(4) ? 'abort' : 'end',
    )
    return wasSilent ? 'the feed stayed open' : text.includes(' 500 ') ? text.slice(0, 300) : null
  })
  expect(faults.slice(0, 3)).toEqual([])
  const { body } = await desk.branch.stranger.get<string>('/metrics')
  expect(body).toContain('smartqueue_feed_readers 0')
  await expectUnharmed()
})
