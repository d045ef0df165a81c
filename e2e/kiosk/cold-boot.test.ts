// The morning after: the branch server is dead, the kiosk gets its power. The real program on the data of the day before,
// a real browser, a finger on its page; the clock runs from the power to the paper.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { networkPrinter } from '../../kiosk/devices/network.ts'
import { decodePaper } from '../../kiosk/devices/paper.ts'
import { profileNamed } from '../../shared/slip/profile.ts'
import { showsNumber } from '../paper/read-paper.ts'
import { startTcpPrinter } from '../paper/tcp-printer.ts'
import { openBrowser } from '../world/browser.ts'
import { takeTicket } from '../world/people.ts'
import { openWorld, sampleBank, until } from '../world/world.ts'

const DAY_MS = 24 * 3_600_000
/** From the power to the paper: what the branch was promised. */
const POWER_TO_PAPER_MS_MAX = 45_000
const PROGRAM = join(import.meta.dirname, '../../kiosk/host-main.ts')
const profile = profileNamed('paper-80')

/** A day like any other at the branch, with a line that is full in the end. @returns the kiosk's folder, copied */
async function dayBefore(root: string): Promise<string> {
  await using world = await openWorld(Date.now() - DAY_MS)
  const open = { branch: { ...sampleBank.branch, openingHours: null } }
  const services = sampleBank.services.map((service) => ({ ...service, hours: null }))
  const queues = sampleBank.queues.map((queue) => ({ ...queue, maxCapacity: 1 }))
  const { status } = await world.branch.installer.send('PUT', '/api/v1/catalogue', {
    ...sampleBank,
    ...open,
    services,
    queues,
  })
  expect(status).toBe(200)
  const printer = await startTcpPrinter()
  const { host, port } = printer
  const kiosk = await world.kiosk('kiosk', networkPrinter({ host, port, receipt: 'none' }), profile)
  await until('the kiosk is in contact', () => kiosk.host.status().link === 'up')
  const tap = () =>
    fetch(`${kiosk.url}/local/v1/tickets`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ serviceId: services[0]?.id }),
    })
  expect((await tap()).status).toBe(201)
  expect((await tap()).status).toBe(409)
  await until('it has heard of the ticket', () => kiosk.host.store.seen()?.state.tickets.size === 1)
  await kiosk.close()
  await printer.close()
  const folder = join(root, 'kiosk')
  cpSync(join(world.folder, 'kiosk'), folder, { recursive: true })
  return folder
}

test('a kiosk that gets its power while the server is dead prints within 45 s, numbered for the new day', async () => {
  const root = mkdtempSync(join(tmpdir(), 'smartqueue-cold-'))
  const folder = await dayBefore(root)
  await using printer = Object.assign(await startTcpPrinter(), {
    async [Symbol.asyncDispose]() {
      await printer.close()
    },
  })
  const poweredMs = performance.now()
  const program = spawn(process.execPath, [PROGRAM], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, KIOSK_PORT: '0', KIOSK_DATA_DIR: folder, KIOSK_PRINTER: printer.address },
  })
  const exit = once(program, 'exit')
  try {
    await using faces = await openBrowser()
    let url = ''
    for await (const line of createInterface(program.stdout)) {
      const { msg, url: at } = JSON.parse(line) as { msg: string; url?: string }
      if (msg !== 'the kiosk is ready' || at === undefined) continue
      url = at
      break
    }
    const page = await faces.open('kiosk', url, { width: 1080, height: 1920 })
    const name = sampleBank.services[0]?.name.fr ?? ''
    const number = await takeTicket(page, 'fr', name)
    await until('its paper is out', () => printer.jobs().length === 1, 900)
    const tookMs = performance.now() - poweredMs
    console.info(`from the power to the paper: ${(tookMs / 1_000).toFixed(1)} s`)
    expect(number).toMatch(/^[A-Z]+1001$/)
    expect(showsNumber(decodePaper(printer.jobs()[0] ?? Buffer.alloc(0), profile), number)).toBe(true)
    expect(tookMs).toBeLessThan(POWER_TO_PAPER_MS_MAX)
    expect(faces.complaints).toEqual([])
  } finally {
    program.kill('SIGTERM')
    await exit
    rmSync(root, { recursive: true, force: true })
  }
})
