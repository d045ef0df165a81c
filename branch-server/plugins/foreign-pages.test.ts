import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DeviceClient } from '../testing/client.ts'
import { openTestBranch, type TestBranch } from '../testing/test-branch.ts'

let branch: TestBranch
let caller: DeviceClient
beforeAll(async () => {
  branch = await openTestBranch({ logLevel: 'fatal' })
  caller = await branch.pair('caller')
})
afterAll(() => branch[Symbol.asyncDispose]())

/** The status of the answer to a head that is written as it is. */
function knock(lines: readonly string[]): Promise<number> {
  const { hostname, port } = new URL(branch.url)
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const socket = connect(Number(port), hostname, () => socket.write(`${lines.join('\r\n')}\r\n\r\n`))
  let text = ''
  socket.on('data', (data) => {
    text += String(data)
    const match = /^HTTP\/1\.1 (\d{3})/.exec(text)
    if (match === null) return
    resolve(Number(match[1]))
    socket.destroy()
  })
  socket.on('error', reject)
  socket.on('close', () => resolve(0))
  return promise
}

const ticketOf = async (): Promise<string> =>
  (await caller.post<{ ticket: string }>('/api/v1/feed-tickets', {})).body.ticket

const upgrade = async (host: string, origin: string | null): Promise<number> =>
  knock([
    `GET /api/v1/feed?ticket=${await ticketOf()} HTTP/1.1`,
    `host: ${host}`,
    ...(origin === null ? [] : [`origin: ${origin}`]),
    'connection: upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
  ])

/** Names that somebody can make lead to this machine: what a page of another site is loaded by. */
const NAMES = ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '127.0.0.1.nip.io', 'branch.local']
const ODD = ['LOCALHOST.evil', '127.0.0.1@evil.example', '2130706433.evil', '0x7f.1', '127.1', 'localhost.', '[::1', '']
const HOSTS = [...NAMES, ...ODD].flatMap((name) => [name, `${name}:7070`])

test('no name but an address or localhost finds anything here, by HTTP or by a WebSocket', async () => {
  const { port } = new URL(branch.url)
  for (const host of HOSTS) {
    const head = [`host: ${host}`, `authorization: Bearer ${caller.token}`, 'connection: close']
    expect([host, await knock(['GET /api/v1/devices/self HTTP/1.1', ...head])]).not.toEqual([host, 200])
    expect([host, await upgrade(host, null)]).not.toEqual([host, 101])
  }
  expect(await upgrade(`127.0.0.1:${port}`, null)).toBe(101)
})

test('no page of another origin opens a feed, whatever ticket it was told', async () => {
  const { port } = new URL(branch.url)
  const host = `127.0.0.1:${port}`
  const origins = [
    ...NAMES.flatMap((name) => [`http://${name}`, `https://${name}:${port}`]),
    ...['null', 'file://', `https://${host}`, `http://127.0.0.1:${Number(port) + 1}`, `http://localhost:${port}`, ''],
    ...[
      `http://${host}/`,
      `HTTP://${host}`,
      `http://${host} http://evil.example`,
      `ws://${host}`,
      'chrome-extension://a',
    ],
  ]
  for (const origin of origins) expect([origin, await upgrade(host, origin)]).toEqual([origin, 403])
  expect(await upgrade(host, `http://${host}`)).toBe(101)
})
