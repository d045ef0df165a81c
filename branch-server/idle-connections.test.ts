// Whoever is on the LAN can open lines and say nothing. They must not take the places of kiosks.
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import type { IncomingMessage, Server } from 'node:http'
import { request } from 'node:https'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectSecurely } from 'node:tls'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { SILENT_MAX } from '#shared/http/guard-connections.ts'
import { startBranch } from './start-branch.ts'
import { openTestBranch } from './testing/test-branch.ts'
import { testClock } from './testing/test-clock.ts'
import { testConfig } from './testing/test-config.ts'

const HOST = '127.0.0.1'
/** More than all connections that the branch takes. */
const CROWD = 2_500
const POLL = { timeout: 20_000, interval: 200 }

interface Crowd {
  readonly openCount: () => number
  leave(): void
}

async function crowd(count: number, open: () => Socket): Promise<Crowd> {
  const sockets = new Set<Socket>()
  for (let opened = 0; opened < count; opened += 1) {
    const socket = open()
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    // As fast as a line can be opened, and not faster.
    if (opened % 50 === 0) await Promise.race([once(socket, 'connect'), once(socket, 'close')])
  }
  return {
    openCount: () => sockets.size,
    leave() {
      for (const socket of sockets) socket.destroy()
    },
  }
}

const connectionsOf = (server: Server): Promise<number> =>
  new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
  )

test('a crowd that connects and says nothing keeps nobody out, and is let go', async () => {
  await using branch = await openTestBranch()
  const kiosk = await branch.pair('kiosk')
  const port = Number(new URL(branch.url).port)
  const silent = await crowd(CROWD, () => connect(port, HOST))
  expect((await kiosk.issue('cash')).status).toBe(201)
  // Beside them there are the few of those who do say something.
  expect(await connectionsOf(branch.running.app.server)).toBeLessThan(SILENT_MAX + 50)
  await expect.poll(silent.openCount, POLL).toBe(0)
  expect((await kiosk.issue('cash')).status).toBe(201)
})

test('the same in front of TLS: before the handshake, in the middle of it, and after it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'smartqueue-idle-'))
  const branch = await startBranch({
    config: testConfig(folder, { host: '0.0.0.0' }),
    clocks: testClock(),
    logger: pino({ level: 'silent' }),
  })
  const port = Number(new URL(branch.url).port)
  try {
    const before = await crowd(CROWD, () => connect(port, HOST))
    const within = await crowd(20, () => {
      const socket = connect(port, HOST)
      socket.write(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00]))
      return socket
    })
    const after = await crowd(20, () => connectSecurely({ port, host: HOST, rejectUnauthorized: false }))
    const asked = request({ host: HOST, port, path: '/api/v1/health', rejectUnauthorized: false, agent: false })
    asked.end()
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    answer.resume()
    expect(answer.statusCode).toBe(200)
    await expect.poll(() => before.openCount() + within.openCount() + after.openCount(), POLL).toBe(0)
  } finally {
    await branch.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
