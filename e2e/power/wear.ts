// What a ticket costs the disks: the real branch server and a real kiosk, with its printer, on disks that count bytes.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { PIN, sentBank } from '../../branch-server/testing/bank-catalogue.ts'
import { amadou, counter1 } from '../../shared/domain/testing/bank.ts'
import { startTcpPrinter } from '../paper/tcp-printer.ts'
import { CHECKOUT } from '../plants/plant.ts'
import { type PoweredProgram, startUnderShim } from './program.ts'
import { COMPILED } from './run-branch.ts'
import { installerToken, isServer, keyed, pairDevice, type Server, startServer } from './server.ts'
import { countOperations, type OperationCounts } from './shim.ts'

/** Tickets before counting begins: files have their size then, and the log has been carried over once. */
const WARM_UP_TICKETS = 20
const TRIES_MAX = 600

export interface Wear {
  readonly tickets: number
  /** A ticket's share of what was written, and of the flushes. */
  readonly branch: { readonly bytes: number; readonly flushes: number }
  readonly kiosk: { readonly bytes: number; readonly flushes: number }
}

async function untilReady(kiosk: PoweredProgram): Promise<string> {
  for (let count = 1; ; count += 1) {
    await kiosk.untilLines(count)
    const line = kiosk.lines[count - 1]
    if (line === undefined) throw new Error(`The kiosk ended: ${kiosk.errors}`)
    const { msg, url } = JSON.parse(line) as { msg: string; url?: string }
    if (msg === 'the kiosk is ready' && url !== undefined) return url
  }
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    if (await isSo()) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`It never came about that ${what}`)
}

const json = async (url: string, init?: RequestInit): Promise<Record<string, unknown>> =>
  (await (await fetch(url, init)).json()) as Record<string, unknown>

/** One customer from the tap to the end of the service. */
async function serveOne(server: Server, kioskUrl: string, caller: string, place: number): Promise<void> {
  const headers = { 'content-type': 'application/json', ...keyed(`tap-${place}`) }
  const body = JSON.stringify({ serviceId: 'cash' })
  const taken = await json(`${kioskUrl}/local/v1/tickets`, { method: 'POST', headers, body })
  const { ticketId } = taken['ticket'] as { readonly ticketId: string }
  const ask = async (path: string): Promise<void> => {
    const answer = await server.ask(caller, 'POST', path, {}, keyed(`${place}-${path}`))
    if (answer.status !== 200) throw new Error(`${path}: ${answer.text}`)
  }
  let tries = 0
  // On a busy machine the kiosk may have printed a number of its own, which is handed over soon.
  await until('the customer can be called', async () => {
    tries += 1
    const key = keyed(`${place}-${tries}`)
    return (await server.ask(caller, 'POST', `/counters/${counter1}/call`, { ticketId }, key)).status === 200
  })
  await ask(`/tickets/${ticketId}/start`)
  await ask(`/tickets/${ticketId}/complete`)
}

const share = (before: OperationCounts, after: OperationCounts, tickets: number) => ({
  bytes: Math.round((after.writtenBytes - before.writtenBytes) / tickets),
  flushes: Math.round((10 * (after.fsync - before.fsync)) / tickets) / 10,
})

/** @param own - an empty folder */
export async function measureWear(own: string, tickets: number, root = CHECKOUT): Promise<Wear> {
  const plans = ['branch', 'kiosk'].map((name) => ({ folder: join(own, name), control: join(own, `${name}-control`) }))
  const [ofBranch, ofKiosk] = plans
  if (ofBranch === undefined || ofKiosk === undefined) throw new Error('There are two disks')
  for (const { folder } of plans) mkdirSync(folder)
  const printer = await startTcpPrinter()
  const server = await startServer(ofBranch, root)
  if (!isServer(server)) throw new Error(server.errors)
  const installer = installerToken(ofBranch.folder)
  const put = await server.ask(installer, 'PUT', '/catalogue', sentBank)
  if (put.status !== 200) throw new Error(put.text)
  const caller = await pairDevice(server, installer, 'caller', 'desk')
  await server.ask(caller, 'POST', `/counters/${counter1}/open`, { agentId: amadou, pin: PIN })
  const { json: invited } = await server.ask(installer, 'POST', '/pairings', { kind: 'kiosk', name: 'kiosk' })
  const kiosk = startUnderShim([join(root, 'kiosk/host-main.ts')], ofKiosk, {
    ...process.env,
    NODE_COMPILE_CACHE: COMPILED,
    KIOSK_PORT: '0',
    KIOSK_DATA_DIR: ofKiosk.folder,
    KIOSK_BRANCH_URL: server.url,
    KIOSK_PAIRING_CODE: String(invited['code']),
    KIOSK_PRINTER: printer.address,
  })
  try {
    const url = await untilReady(kiosk)
    await until('the kiosk is in contact', async () => (await json(`${url}/local/v1/state`))['link'] === 'up')
    for (let place = 0; place < WARM_UP_TICKETS; place += 1) await serveOne(server, url, caller, place)
    const before = plans.map(({ control }) => countOperations(control))
    for (let place = 0; place < tickets; place += 1) await serveOne(server, url, caller, WARM_UP_TICKETS + place)
    await until('all slips are printed', async () => {
      const jobs = (await (await fetch(`${url}/local/v1/print-jobs`)).json()) as readonly { readonly state: string }[]
      return jobs.every(({ state }) => state !== 'queued' && state !== 'sending')
    })
    const after = plans.map(({ control }) => countOperations(control))
    const [branch, own] = plans.map((_, index) =>
      share(before[index] as OperationCounts, after[index] as OperationCounts, tickets),
    )
    if (branch === undefined || own === undefined) throw new Error('There are two disks')
    return { tickets, branch, kiosk: own }
  } finally {
    await kiosk.cut()
    await server.program.cut()
    await printer.close()
  }
}
