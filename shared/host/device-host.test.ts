import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createDeviceHost, type DeviceHost } from './device-host.ts'
import { openFeedStore } from './feed-store.ts'

const HOUR_MS = 3_600_000
const NINE_MS = Date.UTC(2026, 10, 23, 9)
const silent = { info: () => {}, warn: () => {}, error: () => {} }

let folder = ''
let wallMs = 0
let monotonicMs = 0
let host: DeviceHost | null = null
const clocks = { wallMs: () => wallMs, monotonicMs: () => monotonicMs }

/** Cold: its steady clock begins anew, and no branch answers. */
function boot(): DeviceHost {
  host?.close()
  monotonicMs = 0
  const config = { kind: 'kiosk', port: 0, branchUrl: 'http://127.0.0.1:1', pairingCode: null, folder } as const
  host = createDeviceHost({ config, clocks, log: silent, random: () => 0 })
  return host
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'smartqueue-host-'))
  wallMs = NINE_MS
  const store = openFeedStore(join(folder, 'feed.db'), clocks, silent)
  store.setMeta('contact', JSON.stringify({ atMs: NINE_MS, steadyMs: 5_000, wallMs: NINE_MS }))
  store.close()
})
afterEach(() => {
  host?.close()
  host = null
  rmSync(folder, { recursive: true, force: true })
})

test('a device that was off for a night knows the time of its branch by its own wall clock', () => {
  wallMs += 12 * HOUR_MS
  const at = boot().now()
  expect(at).toEqual({ atMs: NINE_MS + 12 * HOUR_MS, steadyMs: 5_000 + 12 * HOUR_MS })
})

test('a wall clock that says 2099, or last week, is not believed while the branch is away', () => {
  for (const wrongMs of [Date.UTC(2099, 0, 1), NINE_MS - 7 * 24 * HOUR_MS]) {
    wallMs = wrongMs
    const device = boot()
    expect(device.now()?.atMs).toBe(NINE_MS)
    wallMs += HOUR_MS
    monotonicMs += HOUR_MS
    expect(device.now()?.atMs).toBe(NINE_MS + HOUR_MS)
    host?.close()
    host = null
    const store = openFeedStore(join(folder, 'feed.db'), clocks, silent)
    store.setMeta('contact', JSON.stringify({ atMs: NINE_MS, steadyMs: 5_000, wallMs: NINE_MS }))
    store.close()
  }
})

test('many days without the branch are counted, however often the device is started on them', () => {
  for (let day = 1; day <= 4; day += 1) {
    wallMs = NINE_MS + day * 24 * HOUR_MS
    expect(boot().now()?.atMs).toBe(wallMs)
  }
  wallMs = NINE_MS + 5 * 24 * HOUR_MS
  monotonicMs = 24 * HOUR_MS
  expect(host?.now()?.atMs).toBe(wallMs)
})

test('time that was reckoned is no contact: papers are dated from when the branch was last heard', () => {
  wallMs += 12 * HOUR_MS
  boot()
  expect(boot().sinceContact()).toEqual({ lastContactSteadyMs: 5_000, sinceContactMs: 0 })
})
