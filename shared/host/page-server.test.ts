import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { EpochMs, SteadyMs } from '../domain/ids.ts'
import type { LinkNews } from './branch-link.ts'
import { createDeviceHost, type DeviceHost } from './device-host.ts'
import { createPagePresses } from './page-presses.ts'
import { servePage } from './page-server.ts'
import { tellLog } from './testing/told-log.ts'

const NOW = { atMs: 2_000 as EpochMs, steadyMs: 200 as SteadyMs }
const BEFORE = { atMs: 1_000 as EpochMs, steadyMs: 100 as SteadyMs }
const logger = pino({ level: 'silent' })

let folder = ''
let host: DeviceHost
let page: Awaited<ReturnType<typeof servePage>>
const listeners = new Set<(news: LinkNews) => void>()
const tell = (news: LinkNews): void => {
  for (const listener of listeners) listener(news)
}

/** A host that knows a branch, and whose news are in the test's hands. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'smartqueue-page-'))
  const clocks = { wallMs: () => 0, monotonicMs: () => 0 }
  const config = { kind: 'display', port: 0, branchUrl: 'http://127.0.0.1:1', pairingCode: null, folder } as const
  host = createDeviceHost({ config, clocks, log: logger, random: () => 0 })
  host.store.begin(tellLog().snapshot)
  const onNews: DeviceHost['onNews'] = (listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  page = await servePage({
    presses: createPagePresses(),
    host: { ...host, now: () => NOW, onNews },
    pages: null,
    port: 0,
    folder: join(folder, 'none'),
    logger,
  })
})
afterEach(async () => {
  listeners.clear()
  await page.close()
  host.close()
  rmSync(folder, { recursive: true, force: true })
})

function openPage() {
  const { epoch, seq } = tellLog().snapshot
  const socket = new WebSocket(`${page.url.replace('http', 'ws')}/local/v1/feed?epoch=${epoch}&after=${seq}`)
  const heard: { readonly type: string; readonly atMs?: number }[] = []
  socket.on('message', (data) => heard.push(JSON.parse(String(data)) as (typeof heard)[number]))
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  const until = async (count: number): Promise<void> => {
    while (heard.length < count) await new Promise((resolve) => socket.once('message', resolve))
  }
  return { socket, heard, closed, until }
}

test('a page is told the time as it is now, not as it was before the events it had to wait for', async () => {
  const { socket, heard, until } = openPage()
  await until(3)
  tell({ type: 'time', ...BEFORE })
  await until(4)
  expect(heard.slice(2)).toEqual([
    { type: 'time', ...NOW },
    { type: 'time', ...NOW },
  ])
  socket.close()
})

test('a page that takes nothing any more is let go before what waits for it fills the memory', async () => {
  const { socket, heard, until, closed } = openPage()
  await until(3)
  socket.pause()
  const [text = ''] = tellLog().issues(1)
  const event = JSON.parse(text) as Extract<LinkNews, { type: 'event' }>['event']
  const large = JSON.stringify({ type: 'large', filling: 'x'.repeat(4 * 1024 * 1024) })
  let sentCount = 0
  for (; sentCount < 50 && listeners.size > 0; sentCount += 1) {
    tell({ type: 'event', text: large, event })
    await pause(5)
  }
  expect(sentCount).toBeLessThan(12)
  socket.resume()
  expect(await closed).toBe(1006)
  expect(heard.length).toBeLessThan(3 + sentCount)
})

test('a file of the branch comes to the page as it is, byte for byte, under its own name', async () => {
  const bytes = Buffer.from([0x25, 0x50, 0x44, 0x46, 0xff, 0x00, 0x80])
  const disposition = 'attachment; filename="day.pdf"'
  const file = { bytes, type: 'application/pdf', disposition }
  const ask: DeviceHost['ask'] = () => Promise.resolve({ status: 200, body: bytes.toString('utf8'), file })
  const files = await servePage({
    host: { ...host, ask },
    pages: null,
    presses: createPagePresses(),
    port: 0,
    folder: join(folder, 'none'),
    logger,
  })

  const answer = await fetch(`${files.url}/api/v1/reports/figures?format=pdf`)

  expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes)
  expect(answer.headers.get('content-type')).toBe('application/pdf')
  expect(answer.headers.get('content-disposition')).toBe(disposition)
  await files.close()
})

/** What a browser would tidy up before it sends it. */
const rawStatus = (address: string, path: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const { port } = new URL(address)
    request({ host: '127.0.0.1', port, path, method: 'POST' }, ({ statusCode = 0 }) => resolve(statusCode))
      .on('error', reject)
      .end()
  })

test('a page cannot show a bookmark to the branch in the name of its host, however it spells the address', async () => {
  const asked: string[] = []
  host.ask = (asking) => {
    asked.push(asking.path)
    return Promise.resolve({ status: 201, body: '{}' })
  }
  const own = await servePage({
    ...{ presses: createPagePresses(), host, pages: null, port: 0 },
    ...{ folder: join(folder, 'none'), logger },
  })
  for (const path of ['feed-tickets', 'feed-tickets?x=1', 'feed%2Dtickets', 'feed', '%66eed-tickets'])
    expect((await fetch(`${own.url}/api/v1/${path}`, { method: 'POST' })).status, path).toBe(404)
  for (const path of [
    'x\\..\\feed-tickets',
    '..\\v1\\feed-tickets',
    'x/..\\feed-tickets',
    'x/../feed-tickets',
    './feed',
  ])
    expect(await rawStatus(own.url, `/api/v1/${path}`), path).toBe(400)
  expect((await fetch(`${own.url}/api/v1/tickets`, { method: 'POST' })).status).toBe(201)
  await own.close()
  expect(asked).toEqual(['/api/v1/tickets'])
})
