import { generateKeyPairSync } from 'node:crypto'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import type { Epoch, EventSeq } from '#shared/domain/ids.ts'
import { signRequest } from '#shared/network/signed-request.ts'
import { ANSWER_MS_MAX, openCloudDoor } from './cloud-door.ts'
import { createPresentSender } from './present-sender.ts'
import { comeAgainMs, turnedAway } from './turned-away.ts'
import { startUploader } from './uploader.ts'

const EPOCH = 'epoch' as Epoch
const log = pino({ level: 'silent' })
const { privateKey } = generateKeyPairSync('ed25519')

interface Asked {
  readonly path: string
  readonly atMs: number
}

/** A branch with one event behind, on a clock that nobody waits for. @param answer - of the cloud, by what was asked before */
async function branchThatAsks(
  answer: (path: string, before: readonly Asked[]) => Response,
  count: number,
): Promise<readonly Asked[]> {
  let nowMs = 0
  const asked: Asked[] = []
  const ending = new AbortController()
  const { promise, resolve } = Promise.withResolvers<void>()
  const line: typeof fetch = (url) => {
    const { pathname: path } = url as URL
    const answered = answer(path.split('/').at(-1) ?? '', asked)
    asked.push({ path: path.split('/').at(-1) ?? '', atMs: nowMs })
    if (asked.length >= count) resolve()
    return Promise.resolve(answered)
  }
  const never = new Promise<void>(() => {})
  /** What ends an answer that takes too long is of no use here. */
  const pause = async (ms: number, signal: AbortSignal): Promise<void> => {
    if (ms === ANSWER_MS_MAX || signal.aborted || asked.length >= count) return never
    nowMs += ms
  }
  const door = openCloudDoor({
    identity: { cloudUrl: 'http://cloud', tenantId: 'tenant', branchId: 'branch' },
    ...{ fetch: line, pause, ending: ending.signal, wallMs: () => nowMs },
    signRequest: (request) => signRequest(privateKey, request),
  })
  const present = createPresentSender({
    ...{ log, door, monotonicMs: () => nowMs },
    present: () => ({
      ...{ epoch: EPOCH, seq: 1, steadyMs: nowMs, atMs: 0, date: null, isClockDoubted: false, isIntakeStopped: false },
      ...{ queues: [], counters: [], devices: [{ deviceId: String(asked.length), kind: 'kiosk', isInContact: true }] },
    }),
  })
  const body = JSON.stringify({ type: 'PowerBack', seq: 1, epoch: EPOCH, v: 1, prev: '0'.repeat(64) })
  startUploader({
    ...{ log, door, present, pause, random: () => 0.5 },
    events: {
      epochs: () => [EPOCH],
      lastSeq: () => 1,
      after: (_, seq) => (seq === 0 ? [{ epoch: EPOCH, seq: 1 as EventSeq, body }] : []),
      catalogue: () => null,
    },
  })
  await promise
  return asked
}

const busy = (seconds: number): Response =>
  Response.json({ code: 'TooBusy' }, { status: 503, headers: { 'retry-after': String(seconds) } })
const kept = (path: string): Response => Response.json(path === 'events' ? { ackedSeq: 1 } : { isKept: true })

test('whoever is told to come again comes no earlier, and not at once with all others', () => {
  const told = turnedAway(503, '10')
  expect(told).toEqual({ kind: 'turned away', askedMs: 10_000 })
  if (told === null) return
  expect(comeAgainMs(told, () => 0)).toBe(10_000)
  expect(comeAgainMs(told, () => 1)).toBe(15_000)
  expect(turnedAway(429, '999999')?.askedMs).toBe(15 * 60_000)
  for (const unread of [null, '', '-1', 'Fri, 27 Nov 2026 09:00:00 GMT']) expect(turnedAway(503, unread)).toBeNull()
  expect(turnedAway(200, '10')).toBeNull()
})

test('a history that is turned away waits as long as it was told to, and how the branch is goes on being told', async () => {
  const isFirst = (before: readonly Asked[]): boolean => !before.some(({ path }) => path === 'events')
  const asked = await branchThatAsks(
    (path, before) => (path === 'events' && isFirst(before) ? busy(100) : kept(path)),
    14,
  )
  const [first, second] = asked.filter(({ path }) => path === 'events')
  expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(100_000)
  const between = asked.filter(({ path, atMs }) => path === 'now' && atMs > 0 && atMs < (second?.atMs ?? 0))
  expect(between.length).toBeGreaterThanOrEqual(5)
})

test('nothing goes before how the branch is, also while the cloud has no room for that', async () => {
  const asked = await branchThatAsks((path, before) => (before.length < 3 ? busy(5) : kept(path)), 5)
  expect(asked.map(({ path }) => path)).toEqual(['now', 'now', 'now', 'now', 'events'])
  expect(asked.map(({ atMs }) => atMs).slice(0, 4)).toEqual([0, 6_250, 12_500, 18_750])
})
