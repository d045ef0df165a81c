import { setTimeout as wait } from 'node:timers/promises'
import { openDatabase } from '../../../cloud-sync/store/database.ts'
import { asAdministrator, openTestDatabase, silent } from '../../../cloud-sync/testing/test-database.ts'
import { openManyClock } from '../../simulation/return/clock.ts'
import { type CloudBeside, startCloudBeside } from '../../simulation/return/cloud-beside.ts'
import { addBranches, type KnownBranch, startBranch } from '../../simulation/return/many-branches.ts'
import { bringUp, chiefOf, doorTo, postgresUsedMs } from '../../simulation/return/measure-capacity.ts'
import { type ToldHistory, tellHistory } from '../../simulation/return/told-history.ts'
import { goals } from '../goals.ts'
import type { Measured } from '../report.ts'
import type { Line } from './context.ts'

// What a cloud and its Postgres have used of a processor is counted, not the time that went by: whatever else the machine
// does, changes little.

const FEW = { branches: 10, events: 100_000 }
const MANY = { branches: 1_000, events: 10_000_000 }
const MANY_QUICK = { branches: 200, events: 1_000_000 }
/** The batch that is taken in, at each round by a new branch. */
const BATCH_EVENTS = 450
const BATCHES_EACH = 3
const FILL_ROWS = 500_000
const SETTLE_MS = 15_000
const IDLE_MS = 60_000
const IDLE_MS_QUICK = 20_000
const MINUTE_MS = 60_000

/** What a branch that waits may take. */
const MEMORY_KB_MAX = 150
/** A hundredth of a core for each ten branches. */
const IDLE_MS_MAX = 60

interface Target {
  readonly administratorUrl: string
  readonly cloud: CloudBeside
  /** Each for one batch. */
  readonly fresh: KnownBranch[]
  close(): Promise<void>
}

/** Rows as uploads leave them, written by SQL: what they cost was paid by nobody. */
async function fill(administratorUrl: string, branches: readonly KnownBranch[], eventCount: number): Promise<void> {
  const each = Math.ceil(eventCount / branches.length)
  await asAdministrator(administratorUrl, async (client) => {
    // No trigger looks whether each row's branch is there: it is.
    await client.query('set session_replication_role = replica')
    const per = Math.max(1, Math.floor(FILL_ROWS / each))
    for (let at = 0; at < branches.length; at += per) {
      const some = branches.slice(at, at + per)
      await client.query(
        `insert into smartqueue.event (tenant_id, branch_id, epoch, seq, version, type, hash, body)
         select it.tenant, it.branch, 'filled', seq, 1, 'TicketIssued', decode(md5(seq::text) || md5(seq::text), 'hex'),
           convert_to(repeat(md5(seq::text), 6), 'UTF8')
         from unnest($1::uuid[], $2::uuid[]) it (tenant, branch), generate_series(1, $3::int) seq`,
        [some.map(({ tenantId }) => tenantId), some.map(({ branchId }) => branchId), each],
      )
    }
    await client.query('set session_replication_role = origin')
    await client.query('vacuum analyze smartqueue.event')
  })
}

async function openTarget(server: string, size: typeof FEW, batches: number): Promise<Target> {
  const { administratorUrl, close } = await openTestDatabase(server)
  const database = await openDatabase({ administratorUrl, log: silent })
  const branches = await addBranches(database, size.branches)
  const fresh = [...(await addBranches(database, batches))]
  await database.close()
  await fill(administratorUrl, branches, size.events)
  const cloud = await startCloudBeside({ administratorUrl, admission: null })
  return {
    ...{ administratorUrl, cloud, fresh },
    async close() {
      await cloud.close()
      await close()
    },
  }
}

/** Milliseconds of a processor, of the cloud and its Postgres. */
type Used = () => Promise<number>

async function batchCost({ cloud, fresh }: Target, history: ToldHistory, postgresMs: () => number): Promise<number> {
  const used: Used = async () => (await cloud.needs()).cpuMs + postgresMs()
  const before = await used()
  for (let each = 0; each < BATCHES_EACH; each += 1) {
    const branch = fresh.pop()
    if (branch === undefined) throw new Error('There are too few branches')
    await bringUp(doorTo(cloud.port, branch), history)
  }
  return (((await used()) - before) * 1_000) / (BATCHES_EACH * history.bodies.length)
}

/** Branches that wait at their cloud for what comes down, tell how they are and ask what to erase. */
async function idleCosts(server: string, branchCount: number, idleMs: number, postgresMs: () => number) {
  const { administratorUrl, close } = await openTestDatabase(server)
  const database = await openDatabase({ administratorUrl, log: silent })
  const branches = await addBranches(database, branchCount)
  await database.close()
  const cloud = await startCloudBeside({ administratorUrl, admission: null })
  const before = await cloud.needs()
  const history = tellHistory(12)
  const clock = openManyClock()
  clock.goOn()
  const ending = new AbortController()
  for (const [index, branch] of branches.entries()) {
    // As branches are: each somewhere in its minute.
    await wait(SETTLE_MS / branchCount)
    startBranch({
      ...{ branch, history, clock, wallMs: Date.now, fetch, random: Math.random, ending: ending.signal },
      ...{ isFollowing: true, cloudUrl: `http://127.1.${index >> 8}.${index & 255 || 1}:${cloud.port}` },
    })
  }
  await wait(SETTLE_MS)
  const there = await cloud.needs()
  const [cpuMs, databaseMs] = [there.cpuMs, postgresMs()]
  await wait(idleMs)
  const after = await cloud.needs()
  const usedMs = after.cpuMs - cpuMs + postgresMs() - databaseMs
  ending.abort()
  await cloud.close()
  await close()
  return {
    kilobytes: (after.rssBytes - before.rssBytes) / branchCount / 1024,
    connections: after.connections / branchCount,
    msAMinute: (usedMs * MINUTE_MS) / idleMs / branchCount,
  }
}

export const growth: Line = async ({ roundCount }) => {
  const isQuick = roundCount < 7
  const many = isQuick ? MANY_QUICK : MANY
  const batches = BATCHES_EACH * (roundCount + 1)
  const server = await openTestDatabase(process.env['TEST_DATABASE_URL'])
  const backend = await asAdministrator(server.administratorUrl, async (client) => {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    const chief = chiefOf(rows[0]?.pid ?? 0)
    return () => postgresUsedMs(chief)
  })
  const targets = {
    few: await openTarget(server.administratorUrl, FEW, batches),
    branches: await openTarget(server.administratorUrl, { ...FEW, branches: many.branches }, batches),
    events: await openTarget(server.administratorUrl, { ...FEW, events: many.events }, batches),
  }
  const history = tellHistory(BATCH_EVENTS)
  const branches: { ours: number; limit: number }[] = []
  const events: { ours: number; limit: number }[] = []
  for (let round = -1; round < roundCount; round += 1) {
    const [few, ofBranches, ofEvents] = [
      await batchCost(targets.few, history, backend),
      await batchCost(targets.branches, history, backend),
      await batchCost(targets.events, history, backend),
    ]
    if (round < 0) continue
    branches.push({ ours: ofBranches, limit: few })
    events.push({ ours: ofEvents, limit: few })
  }
  for (const target of Object.values(targets)) await target.close()
  const idleMs = isQuick ? IDLE_MS_QUICK : IDLE_MS
  const idle = await idleCosts(server.administratorUrl, many.branches, idleMs, backend)
  await server.close()
  console.error(`${many.branches} branches wait: ${idle.connections.toFixed(1)} connections each`)
  const told = (goal: Measured['goal'], ours: number, limit: number): Measured => ({ goal, rounds: [{ ours, limit }] })
  return [
    { goal: goals.growthBranches, rounds: branches },
    { goal: goals.growthEvents, rounds: events },
    told(goals.growthMemory, idle.kilobytes, MEMORY_KB_MAX),
    told(goals.growthIdle, idle.msAMinute, IDLE_MS_MAX),
  ]
}
