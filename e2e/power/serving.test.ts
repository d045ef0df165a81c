// The whole server, over HTTP, with real clocks: several devices ask at once, the plug is pulled, and what was answered
// with 2xx must be known afterwards.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CHECKOUT } from '../plants/plant.ts'
import { type Answer, installerToken, isServer, keyed, pairDevice, type Server, startServer } from './server.ts'
import { restoreDurable } from './shim.ts'

const CUTS = Number(process.env['POWER_SERVING_CUTS'] ?? 7)
const KIOSKS = 3
const LOAD_MS_MAX = 300
const REPEATED = 20
const COUNTERS = [
  ['counter-1', 'awa', '271828'],
  ['counter-3', 'fatou', '161803'],
] as const

let root = ''
let folder = ''
let durable = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'power-serving-'))
  folder = join(root, 'data')
  durable = join(root, 'durable')
  mkdirSync(folder)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

interface Asked {
  readonly token: string
  readonly path: string
  readonly body: object
  readonly key: string
}

/** What the devices of one branch remember through all its cuts. */
class Branch {
  readonly answered: (Asked & { readonly first: Answer })[] = []
  readonly unanswered = new Set<Asked>()
  readonly ownerByNumber = new Map<string, string>()
  kiosks: string[] = []
  callers: string[] = []
  installer = ''
  #keys = 0

  async setUp(server: Server): Promise<void> {
    this.installer = installerToken(folder)
    const bank = JSON.parse(readFileSync(join(CHECKOUT, 'tools/demo/bank.json'), 'utf8')) as object
    expect((await server.ask(this.installer, 'PUT', '/catalogue', bank)).status).toBe(200)
    for (let each = 0; each < KIOSKS; each += 1)
      this.kiosks.push(await pairDevice(server, this.installer, 'kiosk', `Kiosk ${each}`))
    for (const [name] of COUNTERS) this.callers.push(await pairDevice(server, this.installer, 'caller', name))
  }

  /** @returns null when the server went away */
  async send(server: Server, asked: Asked): Promise<Answer | null> {
    const { token, path, body, key } = asked
    this.unanswered.add(asked)
    const first = await server.ask(token, 'POST', path, body, keyed(key)).catch(() => null)
    if (first === null || first.status >= 500) return first
    this.unanswered.delete(asked)
    this.answered.push({ ...asked, first })
    if (path === '/tickets' && first.status === 201) this.#note(first)
    return first
  }

  ask(server: Server, token: string, path: string, body: object = {}): Promise<Answer | null> {
    this.#keys += 1
    return this.send(server, { token, path, body, key: `key-${this.#keys}` })
  }

  #note({ json }: Answer): void {
    const [number, ticketId] = [`${json['number']} of ${json['businessDate']}`, String(json['ticketId'])]
    expect(this.ownerByNumber.get(number) ?? ticketId, `${number} is given once`).toBe(ticketId)
    this.ownerByNumber.set(number, ticketId)
  }
}

async function kiosk(branch: Branch, server: Server, token: string): Promise<void> {
  const services = ['cash', 'loan', 'transfer']
  for (let count = 0; ; count += 1) {
    const done = await branch.ask(server, token, '/tickets', { serviceId: services[count % services.length] })
    if (done === null) return
  }
}

/** Opens the counter, calls, starts, holds or completes; whatever is refused is an answer, too. */
async function caller(branch: Branch, server: Server, at: number): Promise<void> {
  const [counterId, agentId, pin] = COUNTERS[at] ?? COUNTERS[0]
  const ask = (path: string, body: object = {}) => branch.ask(server, branch.callers[at] ?? '', path, body)
  if ((await ask(`/counters/${counterId}/open`, { agentId, pin })) === null) return
  for (let count = 0; ; count += 1) {
    const called = await ask(`/counters/${counterId}/call-next`)
    if (called === null) return
    const base = `/tickets/${called.json['ticketId'] ?? 'none'}`
    if ((await ask(`${base}/start`)) === null) return
    const ends = [`${base}/complete`, `${base}/hold`, `${base}/transfer`]
    const body = count % 3 === 2 ? { toQueueId: 'cards', place: 'arrival' } : {}
    if ((await ask(ends[count % 3] ?? '', body)) === null) return
  }
}

/** After the cut: every number is somebody's as it was said, keys give their first answers, the file tells one story. */
async function prove(branch: Branch, server: Server): Promise<void> {
  for (const asked of [...branch.unanswered]) await branch.send(server, asked)
  for (const { token, path, body, key, first } of branch.answered.slice(-REPEATED)) {
    const again = await server.ask(token, 'POST', path, body, keyed(key))
    expect([again.status, again.text], path).toEqual([first.status, first.text])
  }
  for (const [number, ticketId] of branch.ownerByNumber) {
    const { json } = await server.ask(branch.kiosks[0] ?? '', 'GET', `/tickets/${ticketId}`)
    expect(`${json['number']} of ${json['businessDate']}`).toBe(number)
  }
  const check = await server.ask(branch.installer, 'POST', '/checks')
  expect(check.json['fault'], check.text).toBeNull()
}

test.each(['power', 'kill'] as const)('the whole server forgets nothing that it answered (%s)', async (kind) => {
  const branch = new Branch()
  for (let cut = 0; cut <= CUTS; cut += 1) {
    const server = await startServer({ folder, ...(kind === 'power' && { durable }) })
    if (!isServer(server)) throw new Error(server.errors)
    if (cut === 0) await branch.setUp(server)
    else await prove(branch, server)
    const clients = [
      ...branch.kiosks.map((token) => kiosk(branch, server, token)),
      ...COUNTERS.map((_, at) => caller(branch, server, at)),
    ]
    await new Promise((wake) => setTimeout(wake, Math.random() * LOAD_MS_MAX))
    await server.program.cut()
    await Promise.all(clients)
    if (kind === 'power') restoreDurable(durable, folder, cut % 2 === 0 ? () => Math.random() < 0.5 : undefined)
  }
  console.info(
    `${CUTS} cuts (${kind}) over HTTP, ${branch.answered.length} answers, ${branch.ownerByNumber.size} tickets`,
  )
  expect(branch.ownerByNumber.size).toBeGreaterThan(CUTS)
})
