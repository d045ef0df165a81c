// Nobody asks for the page that has rotted: the server itself must find it, heal it, and let its devices go on.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { CHECKOUT } from '../plants/plant.ts'
import { forge } from './damage.ts'
import { installerToken, isServer, pairDevice, type Server, startServer } from './server.ts'

const HEALED_MS_MAX = 60_000

test('a running server finds a silent change by itself within seconds, and its devices go on', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'power-served-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const bank = JSON.parse(readFileSync(join(CHECKOUT, 'tools/demo/bank.json'), 'utf8')) as object
  const first = await startServer({ folder })
  if (!isServer(first)) throw new Error(first.errors)
  const installer = installerToken(folder)
  await first.ask(installer, 'PUT', '/catalogue', { ...bank, agents: [] })
  const kiosk = await pairDevice(first, installer, 'kiosk', 'Kiosk')
  const issue = async (server: Server): Promise<unknown> =>
    (await server.ask(kiosk, 'POST', '/tickets', { serviceId: 'cash' })).json['number']
  for (let count = 0; count < 70; count += 1) await issue(first)
  await first.program.cut()
  forge(folder, 'delete from device')
  forge(folder, `update event set body = replace(body, '"kiosk"', '"kiosq"') where seq = 30`)
  const second = await startServer({ folder })
  if (!isServer(second)) throw new Error(second.errors)
  const startedMs = performance.now()
  expect((await second.ask(kiosk, 'GET', '/board')).status).toBe(401)
  while ((await second.ask(kiosk, 'GET', '/board')).status === 401) {
    if (performance.now() - startedMs > HEALED_MS_MAX) throw new Error('not healed')
    await new Promise((wake) => setTimeout(wake, 200))
  }
  console.info(`found and healed ${((performance.now() - startedMs) / 1000).toFixed(1)} s after the start`)
  expect(await issue(second)).toBe('A121')
  expect(readdirSync(join(folder, 'set-aside'))).toHaveLength(1)
  await second.program.cut()
})
