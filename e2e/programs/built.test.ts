// The programs as they are built and as `npm run` starts them: all other tests run the sources.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sentBank } from '../../branch-server/testing/bank-catalogue.ts'
import { createClient } from '../../branch-server/testing/client.ts'
import { INSTALLER_TOKEN } from '../../branch-server/testing/test-branch.ts'
import type { TicketJson } from '../../shared/project/ticket-json.ts'
import { startPtyPrinter } from '../paper/pty-printer.ts'
import { CHECKOUT } from '../plants/plant.ts'
import { until } from '../world/world.ts'

const TRIES_MAX = 1_200
const LAUNCHER = join(CHECKOUT, 'tools/run.mjs')
const always = { ...sentBank, branch: { ...sentBank.branch, openingHours: null } }
const catalogue = { ...always, services: always.services.map((service) => ({ ...service, hours: null })) }

const folder = mkdtempSync(join(tmpdir(), 'smartqueue-built-'))
const children: ChildProcess[] = []

/** @returns the address it tells when it is ready */
async function start(name: string, environment: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [join(CHECKOUT, 'dist/programs', `${name}.js`)], {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...environment },
  })
  children.push(child)
  let said = ''
  for (const output of [child.stdout, child.stderr])
    output.on('data', (chunk: Buffer) => {
      said += String(chunk)
    })
  const url = (): string | undefined => /"url":"([^"]+)"/.exec(said)?.[1]
  await until(`the ${name} is ready`, () => url() !== undefined || child.exitCode !== null, TRIES_MAX)
  const address = url()
  if (address === undefined) throw new Error(said)
  return { child, url: address }
}

const startBranch = () =>
  start('branch-server', {
    BRANCH_DATA_DIR: join(folder, 'branch'),
    BRANCH_PORT: '0',
    BRANCH_INSTALLER_TOKEN: INSTALLER_TOKEN,
  })

async function pairingCode(url: string, kind: string): Promise<string> {
  const { body } = await createClient(url, INSTALLER_TOKEN).post<{ code: string }>('/api/v1/pairings', {
    kind,
    name: kind,
  })
  return body.code
}

// The launcher builds what is stale; a command that only says how it is used is enough for that.
beforeAll(() => {
  const env = { PATH: process.env['PATH'], BRANCH_DATA_DIR: join(folder, 'unused') }
  const words = [LAUNCHER, 'dist/programs/branch-server.js', 'power']
  expect(() => execFileSync(process.execPath, words, { cwd: CHECKOUT, env, stdio: 'pipe' })).toThrow('usage: npm run')
})
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

test('the built branch server keeps a ticket through a kill, and finds all that it loads late', async () => {
  const first = await startBranch()
  const installer = createClient(first.url, INSTALLER_TOKEN)
  expect((await installer.send('PUT', '/api/v1/catalogue', catalogue)).status).toBe(200)
  const claim = { code: await pairingCode(first.url, 'kiosk') }
  const { body } = await createClient(first.url, null).post<{ token: string }>('/api/v1/pairings/claim', claim)
  const [service] = catalogue.services
  const issue = (url: string) =>
    createClient(url, body.token).post<TicketJson>('/api/v1/tickets', { serviceId: service?.id })
  const { status, body: ticket } = await issue(first.url)
  expect(status).toBe(201)
  first.child.kill('SIGKILL')
  await once(first.child, 'exit')

  const { child, url } = await startBranch()
  const again = createClient(url, INSTALLER_TOKEN)
  const kept = await createClient(url, body.token).get<TicketJson>(`/api/v1/tickets/${ticket.ticketId}`)
  expect(kept).toMatchObject({ status: 200, body: { number: ticket.number } })
  expect((await issue(url)).body.number).not.toBe(ticket.number)
  // A thread with its own program, machine code, fonts and pages from node_modules.
  expect((await again.post('/api/v1/backups')).status).toBe(201)
  const day = ticket.businessDate
  const pdf = await again.get<string>(`/api/v1/reports/figures?from=${day}&to=${day}&format=pdf&language=ar`)
  expect(pdf.body.slice(0, 5)).toBe('%PDF-')
  expect((await again.get<object>('/openapi.json')).body).toHaveProperty('paths')
  expect((await again.get<string>('/docs/')).body).toContain('swagger-ui')
  expect((await again.get<string>('/metrics')).body).toContain('nodejs')
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
})

test('the built kiosk prints through its child program, and paints Arabic', async () => {
  const { url } = await startBranch()
  const printer = await startPtyPrinter()
  const kiosk = await start('kiosk', {
    KIOSK_PORT: '0',
    KIOSK_DATA_DIR: join(folder, 'kiosk'),
    KIOSK_BRANCH_URL: url,
    KIOSK_PAIRING_CODE: await pairingCode(url, 'kiosk'),
    KIOSK_PRINTER: `usb:${printer.path}`,
  })
  const client = createClient(kiosk.url, null)
  const isLinked = async () => (await client.get<{ link: string }>('/local/v1/state')).body.link === 'up'
  await until('the kiosk is linked', isLinked, TRIES_MAX)
  const tap = { serviceId: catalogue.services[0]?.id, plan: null, priority: null, language: 'ar', details: null }
  expect((await client.post('/local/v1/tickets', tap)).status).toBe(201)
  await until('the paper is out', () => printer.jobs().length > 0, TRIES_MAX)
  await printer.close()
})

for (const [kind, prefix] of [
  ['display', 'DISPLAY_APP'],
  ['caller', 'CALLER'],
] as const)
  test(`the built ${kind} serves its page`, async () => {
    const own = { [`${prefix}_PORT`]: '0', [`${prefix}_DATA_DIR`]: join(folder, kind) }
    const { url } = await start(kind, own)
    const page = await createClient(url, null).get<string>('/')
    expect(page.body).toBe(readFileSync(join(CHECKOUT, 'dist', kind, 'index.html'), 'utf8'))
  })
