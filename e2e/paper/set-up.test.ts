import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { decodePaper, paperText } from '../../kiosk/devices/paper.ts'
import { pretendPrinter } from '../../kiosk/devices/pretend.ts'
import { neighboursOf } from '../../kiosk/staff/find-printers.ts'
import { readKeptPrinters } from '../../kiosk/staff/kept-printers.ts'
import type { RunningHost } from '../../shared/host/start-host.ts'
import { CODE_PAGE_CANDIDATES, codePageSample } from '../../shared/slip/code-page-check.ts'
import { profileNamed } from '../../shared/slip/profile.ts'
import type { SetUpTask, StaffOverview } from '../../shared/wire/staff.ts'
import { openWorld, sampleBank, until, type World } from '../world/world.ts'
import { readPaper } from './read-paper.ts'
import { startTcpPrinter, type TcpPrinter } from './tcp-printer.ts'
import { PRINTER_MODELS } from './virtual-printer.ts'

const PROFILE = profileNamed('paper-80')
const LOG = { info: () => {}, warn: () => {}, error: () => {} }
const FORGOTTEN_MS = 600_000
const IDLE_MS = 120_000

let folder = ''
let world: World
let host: RunningHost
let printer: TcpPrinter
let searchedPort = 0
let cookie = ''

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'smartqueue-set-up-'))
  for (const name of ['serial/by-id', 'usb']) mkdirSync(join(folder, 'dev', name), { recursive: true })
  for (const name of ['serial/by-id/usb-Printer_1', 'usb/lp0', 'usb/hiddev0'])
    writeFileSync(join(folder, 'dev', name), '')
  printer = await startTcpPrinter({}, PRINTER_MODELS.confirming)
  world = await openWorld(Date.UTC(2026, 10, 23, 9))
  searchedPort = printer.port
  const places = () => ({ hosts: ['127.0.0.1'], port: searchedPort, devices: join(folder, 'dev') })
  const pretend = pretendPrinter({ folder: join(folder, 'paper'), profile: PROFILE })
  host = await world.kiosk('Borne 1', pretend, PROFILE, places)
  await until('the kiosk is paired', () => host.host.pairing() !== null && host.host.store.seen() !== null)
}, 60_000)
afterAll(async () => {
  await world?.[Symbol.asyncDispose]()
  await printer?.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Answer<Body> {
  readonly status: number
  readonly body: Body & { readonly code?: string }
}

async function ask<Body = object>(method: string, path: string, body?: object, key?: string): Promise<Answer<Body>> {
  const response = await fetch(`${host.url}/local/v1${path}`, {
    method,
    headers: {
      cookie,
      ...(body && { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie
  return { status: response.status, body: (await response.json()) as Answer<Body>['body'] }
}

const enter = (agentId: string, pin: string) => ask('POST', '/staff/session', { agentId, pin })
const overview = async (): Promise<StaffOverview> => (await ask<StaffOverview>('GET', '/staff/overview')).body

/** Starts one step of the set-up and waits for what came of it. */
async function done(path: string, body?: object): Promise<SetUpTask> {
  expect((await ask('POST', `/staff/set-up/${path}`, body, crypto.randomUUID())).status).toBe(202)
  const task = async () => (await ask<SetUpTask>('GET', '/staff/set-up')).body
  await until('the step is done', async () => (await task()).type !== 'running')
  return task()
}

const place = () => ({ address: printer.address, paperMm: 80, language: 'fr' })
const CHOICE = {
  paperMm: 80,
  codePages: [0, 2],
  qr: 'native',
  receipt: 'process-id',
  automaticStatus: 'offered',
  stands: 'only',
}

test('nobody comes into the menu without a PIN, and an agent not into the set-up', async () => {
  const doors = [
    ['GET', '/staff/overview'],
    ['GET', '/staff/set-up'],
    ['POST', '/staff/set-up/search'],
    ['POST', '/staff/print-jobs/019ab0c7-7a7a-7000-8000-000000000001/reprint'],
    ['DELETE', '/staff/session'],
  ] as const
  for (const [method, path] of doors) expect([path, (await ask(method, path)).status]).toEqual([path, 401])
  expect((await enter('awa', '000000')).body.code).toBe('PinWrong')
  expect((await enter('nobody', '000000')).body.code).toBe('AgentUnknown')
  expect((await enter('awa', '271828')).status).toBe(201)
  expect((await overview()).source).toBe('none')
  // While she is there, nobody else is let in with her.
  const own = cookie
  for (const strange of ['', 'staff=', `staff=${'x'.repeat(32)}`]) {
    cookie = strange
    expect([strange, (await ask('GET', '/staff/overview')).status]).toEqual([strange, 401])
  }
  cookie = own
  expect((await ask('POST', '/staff/set-up/search')).body.code).toBe('NotAManager')
  const chosen = await ask('POST', '/staff/set-up/printer', { ...CHOICE, address: printer.address })
  expect(chosen.body.code).toBe('NotAManager')
})

test('the menu forgets who was there when nobody touches it, and when she leaves', async () => {
  for (let passedMs = 0; passedMs < IDLE_MS; passedMs += IDLE_MS / 4) {
    expect((await ask('GET', '/staff/overview')).status).toBe(200)
    world.clock.pass(IDLE_MS / 4)
  }
  expect((await ask('GET', '/staff/overview')).status).toBe(401)
  expect((await enter('awa', '271828')).status).toBe(201)
  for (let passedMs = 0; passedMs < IDLE_MS; passedMs += IDLE_MS / 4) {
    world.clock.pass(IDLE_MS / 4)
    expect((await ask('POST', '/staff/session/touch')).status).toBe(200)
  }
  const sent = await world.branch.installer.send('PUT', '/api/v1/catalogue', sampleBank)
  expect(sent.status).toBe(200)
  await until('who was in is asked for her PIN again', async () => (await ask('GET', '/staff/overview')).status === 401)
  expect((await enter('ibrahima', '141421')).status).toBe(201)
  const before = cookie
  expect((await ask('DELETE', '/staff/session')).status).toBe(200)
  cookie = before
  expect((await ask('GET', '/staff/overview')).status).toBe(401)
})

test('a manager finds the printer, tries it, and the kiosk prints there from then on, also after a restart', async () => {
  expect((await enter('ibrahima', '141421')).status).toBe(201)
  const found = await done('search')
  expect(found).toEqual({
    type: 'found',
    printers: [
      { type: 'network', address: printer.address },
      { type: 'serial', address: `serial:${folder}/dev/serial/by-id/usb-Printer_1` },
      { type: 'usb', address: `usb:${folder}/dev/usb/lp0` },
    ],
  })
  // Looking is not printing: not a byte was sent to whatever listens there.
  expect(printer.unfinished()).toHaveLength(0)

  const tried = await done('test-page', place())
  expect(tried).toMatchObject({
    type: 'tried',
    printer: { address: printer.address, outcome: 'confirmed', receipt: 'process-id', automaticStatus: 'offered' },
  })
  const page = await readPaper(printer.jobs().at(-1) ?? Buffer.alloc(0), PROFILE)
  expect([page.qr, page.faults, page.cutCount]).toEqual(['smartqueue:test', [], 1])

  expect(await done('code-pages', place())).toEqual({ type: 'lettered', outcome: 'sent' })
  const sheet = decodePaper(printer.jobs().at(-1) ?? Buffer.alloc(0), { ...PROFILE, codePages: CODE_PAGE_CANDIDATES })
  expect(sheet.faults).toEqual([])
  expect(paperText(sheet).split('\n')).toEqual(CODE_PAGE_CANDIDATES.map(codePageSample))

  const chosen = await ask('POST', '/staff/set-up/printer', { ...CHOICE, address: printer.address })
  expect(chosen.status).toBe(201)
  const file = join(world.folder, 'Borne-1', 'printers.json')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const { source, printers } = await overview()
  expect([source, printers.map(({ address }) => address)]).toEqual(['set-up', [printer.address]])

  const paperCount = printer.jobs().length
  await ask('POST', '/tickets', { serviceId: 'cash', language: 'fr' })
  await until('the ticket is out', () => printer.jobs().length > paperCount)
  await until('it is confirmed', async () => (await overview()).jobs[0]?.state === 'confirmed')
  const [again] = readKeptPrinters(join(world.folder, 'Borne-1'), LOG) ?? []
  expect(again?.profile).toMatchObject({
    paperMm: 80,
    receipt: 'process-id',
    codePages: [CODE_PAGE_CANDIDATES[0], CODE_PAGE_CANDIDATES[2]],
  })
  await again?.printer.close()
})

test('what cannot be a printer is not kept, and a file that was spoiled is not believed', async () => {
  const spoiledFile = join(folder, 'dev/usb/lp0')
  const wrong = [
    ['RequestInvalid', { codePages: [99] }],
    ['RequestInvalid', { paperMm: 70 }],
    ['PrinterAddressInvalid', { address: 'tcp://' }],
    ['PrinterAddressInvalid', { address: `${printer.address},os:x` }],
    ['PrinterAddressInvalid', { address: `pretend:${folder}/elsewhere` }],
    ['PrinterOutsideNetwork', { address: `tcp://203.0.113.9:${printer.port}` }],
    ['PrinterPortUnusual', { address: 'tcp://127.0.0.1:7070' }],
    ['PrinterDeviceMissing', { address: `serial:${join(world.folder, 'Borne-1', 'pairing.json')}` }],
    ['PrinterDeviceMissing', { address: `usb:${spoiledFile}` }],
  ] as const
  for (const [code, change] of wrong) {
    const body = { ...CHOICE, address: printer.address, ...change }
    expect([code, (await ask('POST', '/staff/set-up/printer', body)).body.code]).toEqual([code, code])
    if (code === 'RequestInvalid') continue
    for (const path of ['test-page', 'code-pages']) {
      const tried = await ask('POST', `/staff/set-up/${path}`, { ...place(), address: body.address })
      expect([path, tried.body.code]).toEqual([path, code])
    }
  }
  expect(readFileSync(spoiledFile, 'utf8')).toBe('')
  expect((await overview()).printers.map(({ address }) => address)).toEqual([printer.address])
  const spoiled = mkdtempSync(join(folder, 'spoiled-'))
  for (const text of ['', '{}', '{"printers":[]}', '{"printers":[{"address":"tcp://a","profile":{"name":"x"}}]}']) {
    writeFileSync(join(spoiled, 'printers.json'), text)
    expect([text, readKeptPrinters(spoiled, LOG)]).toEqual([text, null])
  }
})

test('a second printer is set up beside the first, and takes what the first surely did not', async () => {
  const other = await startTcpPrinter({}, PRINTER_MODELS.confirming)
  searchedPort = other.port
  const second = { ...CHOICE, address: other.address, stands: 'second' }
  expect((await ask('POST', '/staff/set-up/printer', second)).status).toBe(201)
  expect((await overview()).printers.map(({ address }) => address)).toEqual([printer.address, other.address])
  printer.become({ paper: 'out' })
  await until(
    'the first is known to be empty',
    async () => (await overview()).printers[0]?.status.hint === 'load-paper',
  )
  const paperCount = printer.jobs().length
  await ask('POST', '/tickets', { serviceId: 'cash', language: 'fr' })
  await until('the ticket is out', () => other.jobs().length === 1)
  expect(printer.jobs()).toHaveLength(paperCount)
  printer.become({ paper: 'ok' })
  const kept = readKeptPrinters(join(world.folder, 'Borne-1'), LOG) ?? []
  expect(kept.map(({ address }) => address)).toEqual([printer.address, other.address])
  for (const each of kept) await each.printer.close()

  searchedPort = printer.port
  const first = { ...CHOICE, address: printer.address }
  const twice = await ask('POST', '/staff/set-up/printer', { ...first, stands: 'second' })
  expect(twice.body.code).toBe('RequestInvalid')
  expect((await ask('POST', '/staff/set-up/printer', first)).status).toBe(201)
  expect((await overview()).printers.map(({ address }) => address)).toEqual([printer.address])
  await until('the printer is well', async () => (await overview()).printers[0]?.status.hint === 'ready')
  await other.close()
})

test('a paper in doubt is judged once by whoever looks, and printed again with its mark', async () => {
  world.clock.pass(1_000)
  printer.become({ paperBytes: 4_000 })
  await ask('POST', '/tickets', { serviceId: 'cash', language: 'fr' })
  await until('it is in doubt', async () => (await overview()).jobs[0]?.state === 'uncertain')
  const { id } = (await overview()).jobs[0] ?? { id: '' }
  expect((await ask('POST', `/staff/print-jobs/${id}/judge`, { judgement: 'perhaps' })).status).toBe(400)
  expect((await ask('POST', `/staff/print-jobs/${id}/judge`, { judgement: 'missing' })).status).toBe(200)
  expect((await ask('POST', `/staff/print-jobs/${id}/judge`, { judgement: 'came-out' })).body.code).toBe(
    'PrintJobNotInDoubt',
  )
  printer.become({ paper: 'ok', paperBytes: null })
  await until('the printer is well', async () => (await overview()).printers[0]?.status.hint === 'ready')
  world.clock.pass(1_000)
  // Another way to a copy, past the PIN, there is not.
  expect((await ask('POST', `/print-jobs/${id}/reprint`)).body.code).toBe('RouteUnknown')
  const copy = await ask<{ copy: number }>('POST', `/staff/print-jobs/${id}/reprint`)
  expect([copy.status, copy.body.copy]).toEqual([201, 2])
  await until('the copy is out', async () => (await overview()).jobs[0]?.state === 'confirmed')
  // Its own paper came out after all, when the roll was changed: what the printer says later stands beside what she said.
  expect((await overview()).jobs[1]).toMatchObject({ judgement: 'missing', state: 'confirmed' })
})

test('without the server nobody comes in, and is told why; wrong PINs close the menu for their name, then for all', async () => {
  await ask('DELETE', '/staff/session')
  world.clock.pass(FORGOTTEN_MS)
  for (const name of ['moussa', 'awa']) {
    for (let count = 0; count < 5; count += 1) expect((await enter(name, '000000')).status).toBe(403)
    expect((await enter(name, '271828')).body.code).toBe('StaffMenuLocked')
  }
  expect((await enter('ibrahima', '141421')).status).toBe(201)
  for (let count = 0; count < 5; count += 1) expect((await enter('fatou', '000000')).status).toBe(403)
  expect((await enter('ibrahima', '141421')).body.code).toBe('StaffMenuLocked')
  world.clock.pass(FORGOTTEN_MS)
  expect((await enter('ibrahima', '141421')).status).toBe(201)
  await world.branch.running.close()
  await vi.waitFor(async () => expect((await enter('ibrahima', '141421')).body.code).toBe('BranchUnreachable'), 10_000)
})

test('a search goes round the private networks of this kiosk, and no further', () => {
  const hosts = neighboursOf(['192.168.1.20', '8.8.8.8', '10.0.0.5', '172.20.1.1', '192.168.1.21'])
  expect(hosts).toHaveLength(252 + 253)
  expect(hosts.every((it) => it.startsWith('192.168.1.') || it.startsWith('10.0.0.'))).toBe(true)
  expect(neighboursOf(['8.8.8.8'])).toEqual([])
})
