import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openCloudDoor } from '../../branch-server/sync/cloud-door.ts'
import { createPresentSender } from '../../branch-server/sync/present-sender.ts'
import { startUploader, type UploadedLog } from '../../branch-server/sync/uploader.ts'
import { hashOf } from '../../cloud-sync/inbox/read-upload.ts'
import { enrol } from '../../cloud-sync/store/branches.ts'
import { presentOf } from '../../cloud-sync/store/present-rows.ts'
import { silent } from '../../cloud-sync/testing/test-database.ts'
import type { Epoch, EventSeq } from '../../shared/domain/ids.ts'
import { signRequest } from '../../shared/network/signed-request.ts'
import { openTestCloud, type TestCloud } from './test-cloud.ts'

const BEHIND = 50_000
const EPOCH = 'a-month-long' as Epoch
/** 64 kbit/s. */
const BYTES_PER_MS = 8
const ROUND_TRIP_MS = 800
const HEADERS_BYTES = 500
const UPLOADS = 30
const PRESENT = '/api/v1/sync/now'

let cloud: TestCloud
beforeAll(async () => {
  cloud = await openTestCloud()
}, 120_000)
afterAll(() => cloud?.close())

/** A month of a branch that heard of its mains again and again. */
function longLog(): UploadedLog {
  let prev = '0'.repeat(64)
  const frames = Array.from({ length: BEHIND }, (_, index) => {
    const [seq, at] = [(index + 1) as EventSeq, index * 50_000]
    const actor = { kind: 'branch', id: 'branch' }
    const body = JSON.stringify({ type: 'PowerBack', seq, epoch: EPOCH, v: 1, atMs: at, steadyMs: at, actor, prev })
    prev = hashOf(body)
    return { epoch: EPOCH, seq, body }
  })
  return {
    epochs: () => [EPOCH],
    lastSeq: () => frames.length,
    after: (_, seq) => frames.slice(seq, seq + 500),
    catalogue: () => null,
  }
}

/** A branch that comes back after a month, on a slow line. @param via - what is at its other end */
async function comesBack(via: typeof fetch = fetch) {
  const { code, ...branch } = await cloud.newBranch()
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const key = publicKey.export({ format: 'jwk' }).x ?? ''
  await enrol(cloud.database, { code, publicKey: key }, Date.now())
  /** Time on the line alone: it is counted, and nobody waits for it. */
  let lineMs = 0
  const asked: { path: string; atMs: number; status: number }[] = []
  const slowLine: typeof fetch = async (url, init) => {
    const bytes = Buffer.from(init?.body as Uint8Array<ArrayBuffer>).length + HEADERS_BYTES
    lineMs += ROUND_TRIP_MS + Math.ceil(bytes / BYTES_PER_MS)
    const answer = await via(url as URL, init)
    asked.push({ path: (url as URL).pathname, atMs: lineMs, status: answer.status })
    return answer
  }
  const ending = new AbortController()
  const pause = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve())
      if (signal.aborted || ms === 0) resolve()
    })
  const door = openCloudDoor({
    ...{ identity: { cloudUrl: `http://127.0.0.1:${cloud.port}`, ...branch }, fetch: slowLine, pause },
    ...{ ending: ending.signal, signRequest: (request) => signRequest(privateKey, request) },
    // Its battery is dead.
    wallMs: () => 0,
  })
  const present = createPresentSender({
    ...{ log: silent, door, monotonicMs: () => lineMs, catalogueVersion: () => 1 },
    present: () => ({
      ...{ epoch: EPOCH, seq: BEHIND + asked.length, steadyMs: lineMs, atMs: 0, date: '2026-11-27' },
      ...{ isClockDoubted: false, isIntakeStopped: false, counters: [], devices: [] },
      queues: [{ queueId: 'teller', waitingCount: 7, longestWaitMs: 60_000, isPaused: false, isClosed: false }],
    }),
  })
  const uploader = startUploader({ log: silent, door, events: longLog(), present, random: Math.random, pause })
  const uploads = () => asked.filter(({ path, status }) => path === '/api/v1/sync/events' && status === 200)
  await expect.poll(() => uploads().length, { timeout: 60_000, interval: 20 }).toBeGreaterThanOrEqual(UPLOADS)
  ending.abort()
  await uploader.close()
  return { branch, asked }
}

test('of a branch with a month behind it on a slow line, head office sees the present first, and no more often than needed', async () => {
  const { branch, asked } = await comesBack()
  const told = asked.findIndex(({ path, status }) => path === PRESENT && status === 200)
  expect(told).toBeGreaterThanOrEqual(0)
  expect(asked.slice(0, told + 1).map(({ path }) => path)).toEqual(Array(told + 1).fill(PRESENT))
  expect(told).toBeLessThanOrEqual(1)
  expect(asked[told]?.atMs).toBeLessThan(30_000)
  expect((await presentOf(cloud.database, branch))?.present.queues[0]?.waitingCount).toBe(7)
  const times = asked.filter(({ path, status }) => path === PRESENT && status === 200).map(({ atMs }) => atMs)
  expect(times.length).toBeGreaterThan(1)
  for (const [index, atMs] of times.entries())
    if (index > 0) expect(atMs - (times[index - 1] ?? 0)).toBeGreaterThanOrEqual(15_000)
}, 120_000)

test('a cloud of the version before, that asks neither for the present nor for catalogues, is brought the log all the same', async () => {
  const before: typeof fetch = (url, init) =>
    /now|catalogues/.test((url as URL).pathname)
      ? Promise.resolve(Response.json({ code: 'RouteUnknown' }, { status: 404 }))
      : fetch(url as URL, init)
  const { branch, asked } = await comesBack(before)
  expect(await presentOf(cloud.database, branch)).toBeNull()
  expect(asked.filter(({ status }) => status === 404).length).toBeLessThan(UPLOADS)
}, 120_000)
