import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { openMessaging } from '../../cloud-sync/notify/messaging.ts'
import { openApp } from '../../cloud-sync/open-app.ts'
import { freePort } from '../../cloud-sync/postgres/free-port.ts'
import { addTenant } from '../../cloud-sync/store/branches.ts'
import type { Database } from '../../cloud-sync/store/database.ts'
import type { Pace } from '../../cloud-sync/store/message-claim.ts'
import { keepPolicy, NO_POLICY } from '../../cloud-sync/store/message-policy.ts'
import { stopRecipient } from '../../cloud-sync/store/message-stops.ts'
import { queueMessage } from '../../cloud-sync/store/messages.ts'
import { openTestStore, silent } from '../../cloud-sync/testing/test-database.ts'
import { random } from '../power/clients.ts'
import { openProvider, type ProviderStandIn } from './provider-stand-in.ts'
import type { WorkerOptions } from './worker.ts'

/**
 * Messages of some tenants, carried by two workers of which one is killed in the middle, to a provider on a bad day that
 * calls back too often, in any order, while somebody else makes reports up. What the provider has taken is the truth.
 */

const WORKER = join(import.meta.dirname, 'worker.ts')
const TENANTS = 3
const PRICE_MICROS = 40_000
/** Quick enough for a test; longer than the provider's lag, as ours is longer than a real one's. */
const PACE: Pace = { leaseMs: 5_000, settleMs: 3_000, askMs: 300, againMs: 100 }
/** Of all: too late before anybody takes them, to people who have said STOP, in the very words of another. */
const [LATE, STOPPED, SAME] = [0.05, 0.05, 0.1]
const STILL_MS_MAX = 240_000
const BATCH = 100
const twilio = { accountSid: `AC${'a'.repeat(32)}`, authToken: 'the token of the stand-in', from: '+15005550006' }

interface Expected {
  readonly tenantId: string
  readonly messageId: string
  readonly kind: 'usual' | 'late' | 'stopped'
}

export interface Figures {
  readonly messages: number
  readonly seconds: number
  readonly counts: ProviderStandIn['counts']
  readonly states: Readonly<Record<string, number>>
  /** Taken more than once, as the provider counts. */
  readonly duplicates: number
  /** Without a state in which it may stay. */
  readonly unsettled: number
  /** A state that says another thing than the provider. */
  readonly untrue: readonly string[]
  /** Tenants whose sums are another than what the provider has taken. */
  readonly wrongSums: readonly string[]
}

function startWorker(options: WorkerOptions): { readonly child: ChildProcess; readonly ready: Promise<unknown> } {
  const child = spawn(process.execPath, [WORKER, JSON.stringify(options)], { stdio: ['pipe', 'pipe', 'inherit'] })
  return { child, ready: once(child.stdout ?? child, 'data') }
}

async function addTenants(database: Database, count: number): Promise<readonly string[]> {
  const names = Array.from({ length: TENANTS }, () => `bank-${randomUUID().slice(0, 8)}`)
  return Promise.all(
    names.map(async (name) => {
      const tenantId = (await addTenant(database, name, { fr: 'Banque' })) ?? ''
      const caps = { numberDayMax: count, branchDayMax: count, tenantDayMax: count, callingCodes: ['+221'] }
      const money = { moneyDayMaxMicros: count * PRICE_MICROS, smsPriceMicros: PRICE_MICROS }
      await database.asTenant(tenantId, (db) =>
        keepPolicy(db, tenantId, { ...NO_POLICY, channels: ['sms'], ...caps, ...money }, Date.now()),
      )
      return tenantId
    }),
  )
}

/** Writes down so many messages; some people get several, some of them in the very same words. */
async function queueMany(database: Database, tenants: readonly string[], count: number, draw: () => number) {
  const expected: Expected[] = []
  const stopped = '+221709999999'
  await stopRecipient(database, { channel: 'sms', recipient: stopped }, Date.now())
  for (let at = 0; at < count; at += BATCH) {
    const tenantId = tenants[(at / BATCH) % tenants.length] ?? ''
    await database.asTenant(tenantId, async (db) => {
      for (let n = at; n < Math.min(count, at + BATCH); n += 1) {
        const drawn = draw()
        const kind = drawn < LATE ? 'late' : drawn < LATE + STOPPED ? 'stopped' : 'usual'
        const recipient = kind === 'stopped' ? stopped : `+22170${String(Math.floor(n / 2)).padStart(7, '0')}`
        const body = draw() < SAME ? 'Ticket A001 is called' : `Ticket A${n} is called`
        const nowMs = Date.now()
        const message = {
          ...{ about: `ticket ${n}`, event: 'called', branchId: null, ticketId: null, timeZone: 'Africa/Dakar' },
          ...{ routes: [{ channel: 'sms', recipient, subject: '', body }] as const },
          expiresAtMs: kind === 'late' ? nowMs - 1 : nowMs + 3_600_000,
        }
        const messageId = (await queueMessage(db, tenantId, message, nowMs)) ?? ''
        expected.push({ tenantId, messageId, kind })
      }
    })
  }
  return expected
}

interface Row {
  readonly [column: string]: unknown
  readonly message_id: string
  readonly state: string
  readonly provider_id: string | null
  readonly next_at: Date | null
}

const rowsOf = async (database: Database, tenants: readonly string[]): Promise<readonly Row[]> =>
  (
    await Promise.all(
      tenants.map((tenantId) =>
        database.asTenant(tenantId, (db) =>
          db.query<Row>('select message_id, state, provider_id, next_at from message'),
        ),
      ),
    )
  ).flat()

/** What the state of one must be, by what the provider knows of it. */
function statesAllowed(kind: Expected['kind'], taken: ProviderStandIn['taken']): readonly string[] {
  if (kind === 'late') return ['expired']
  if (kind === 'stopped') return ['suppressed']
  const [one] = taken
  if (one === undefined) return ['failed']
  return one.fate === null ? ['accepted'] : [one.fate === 'delivered' ? 'delivered' : 'failed']
}

function judge(expected: readonly Expected[], rows: readonly Row[], provider: ProviderStandIn) {
  const takenOf = new Map<string, ProviderStandIn['taken']>()
  for (const one of provider.taken) {
    const messageId = one.callbackUrl.split('/').at(-1) ?? ''
    takenOf.set(messageId, [...(takenOf.get(messageId) ?? []), one])
  }
  const rowOf = new Map(rows.map((row) => [row.message_id, row]))
  const states: Record<string, number> = {}
  const untrue: string[] = []
  for (const { messageId, kind } of expected) {
    const state = rowOf.get(messageId)?.state ?? 'none'
    states[state] = (states[state] ?? 0) + 1
    const taken = takenOf.get(messageId) ?? []
    if (!statesAllowed(kind, taken).includes(state))
      untrue.push(`${kind} ${messageId} is ${state}, and was taken ${taken.length} times as ${taken[0]?.fate}`)
  }
  const isUnsettled = ({ state, next_at: at }: Row): boolean =>
    at !== null || ['queued', 'sending', 'unknown'].includes(state)
  return {
    ...{ states, untrue },
    duplicates: [...takenOf.values()].reduce((sum, all) => sum + all.length - 1, 0),
    unsettled: rows.filter(isUnsettled).length + (expected.length - rows.length),
  }
}

/** What was reserved of the day is what the provider has taken, no more and no less. */
async function wrongSums(database: Database, tenants: readonly string[], provider: ProviderStandIn) {
  const wrong: string[] = []
  for (const tenantId of tenants) {
    const rows = await database.asTenant(tenantId, (db) =>
      db.query<{ cost: string; count: string }>(
        "select sum(cost_micros) as cost, sum(sent_count) as count from message_spend where kind = 'tenant'",
      ),
    )
    const takenCount = provider.taken.filter(({ callbackUrl }) => callbackUrl.includes(tenantId)).length
    const { cost, count } = rows[0] ?? { cost: 0, count: 0 }
    if (Number(count) !== takenCount || Number(cost) !== takenCount * PRICE_MICROS)
      wrong.push(`${tenantId}: ${count} for ${cost}, and ${takenCount} were taken`)
  }
  return wrong
}

export async function sendMany(count: number, seed: number, given?: string): Promise<Figures> {
  const server = await openTestStore(given)
  const { database, administratorUrl } = server
  const provider = await openProvider({ seed, ...twilio })
  const port = await freePort()
  const publicUrl = `http://127.0.0.1:${port}`
  const whole = { ...twilio, baseUrl: provider.url }
  const messaging = openMessaging({ twilio: whole, mail: null }, publicUrl)
  const app = await openApp({ database, version: '0', nowMs: () => Date.now(), messaging }, silent)
  const workers: ChildProcess[] = []
  const beginWorker = async (): Promise<ChildProcess> => {
    const { child, ready } = startWorker({ administratorUrl, twilio: whole, publicUrl, pace: PACE })
    workers.push(child)
    await ready
    return child
  }
  try {
    await app.listen({ host: '127.0.0.1', port })
    const tenants = await addTenants(database, count)
    const [doomed] = await Promise.all([beginWorker(), beginWorker()])
    const beganMs = Date.now()
    const expected = await queueMany(database, tenants, count, random(seed + 1))
    while (provider.taken.length < count / 3 && Date.now() < beganMs + STILL_MS_MAX) await pause(20)
    // With messages on their way: some have left it, some have not.
    doomed.kill('SIGKILL')
    await beginWorker()
    let stillSinceMs = Date.now()
    for (let seen = ''; Date.now() < stillSinceMs + STILL_MS_MAX; ) {
      const rows = await rowsOf(database, tenants)
      if (rows.length === count && rows.every((row) => row.next_at === null)) break
      const now = JSON.stringify(rows)
      if (now !== seen) stillSinceMs = Date.now()
      seen = now
      await pause(1_000)
    }
    await provider.told()
    const seconds = Math.round((Date.now() - beganMs) / 100) / 10
    const judged = judge(expected, await rowsOf(database, tenants), provider)
    const sums = await wrongSums(database, tenants, provider)
    return { messages: count, seconds, counts: provider.counts, ...judged, wrongSums: sums }
  } finally {
    for (const child of workers) child.kill('SIGKILL')
    await Promise.all(workers.map(async (child) => child.exitCode ?? child.signalCode ?? once(child, 'exit')))
    await app.close()
    await provider.close()
    await server.close()
  }
}
