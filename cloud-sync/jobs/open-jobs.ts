import type { FastifyBaseLogger } from 'fastify'
import type { PgBoss } from 'pg-boss'
import type { Database } from '../store/database.ts'
import { JOBS_SCHEMA, prepareRoles } from '../store/roles.ts'

/**
 * Periodic work of all clouds on one database, each piece done by one of them. pg-boss keeps what is to be done in a schema
 * of its own, by a role that sees no row of any tenant; so a job is a name and a tenant's id, and nothing else. The work
 * itself is done as that tenant, by whoever takes the job.
 */
export interface Work {
  /** How often. */
  readonly everySeconds: number
  /** Once for each tenant. */
  readonly doFor: (tenantId: string) => Promise<void>
  /**
   * What cannot wait for that: it is told how a tenant's part is called for at once, and ends when it is told to. Of such
   * work a tenant's part may be at several clouds at the same time, so that none that dies holds it up.
   */
  readonly hurry?: (wake: Wake) => () => void
}

/** Calls for one tenant's part now. */
export type Wake = (tenantId: string) => Promise<void>

export interface Jobs {
  /** Looks whether anything is due, on this cloud. */
  tick(): Promise<void>
  close(): Promise<void>
}

interface TenantJob {
  readonly tenantId: string
}

const CONNECTIONS_MAX = 2
const TICK_MS = 5_000
/** Jobs that one cloud takes and does at once of a kind, and how often it looks for them; at once while there are more. */
const BATCH_SIZE = 4
const POLL_SECONDS = 2
const HURRIED_POLL_SECONDS = 0.5
/** A job that takes longer was left by a cloud that died. */
const EXPIRE_SECONDS = 10 * 60
/** What was done is forgotten: the tables say what came of it. Longer than the longest interval, which is kept by it. */
const KEPT_SECONDS = 2 * 24 * 3_600
/** One that was not taken by then is not waited for: the next is there already. */
const WAITING_SECONDS = 3_600
/** Jobs of tenants that are written in one statement. */
const INSERTED_MAX = 1_000
const STOP_MS_MAX = 10_000

const tenantIds = async (database: Database): Promise<readonly string[]> => {
  const rows = await database.asNobody((db) =>
    db.query<{ tenant_id: string }>('select tenant_id from tenant_directory'),
  )
  return rows.map(({ tenant_id: tenantId }) => tenantId)
}

interface JobsParts {
  readonly database: Database
  readonly administratorUrl: string
  readonly log: FastifyBaseLogger
  readonly work: Readonly<Record<string, Work>>
}

/** One waits while others are done: who is woken while she works is not forgotten. */
const HURRIED = { policy: 'short' } as const

/** Each kind has two queues: that it is time, and each tenant's part. At most one of each is there, whoever asks. */
async function openQueues(boss: PgBoss, { database, log, work }: JobsParts): Promise<void> {
  const queue = { policy: 'exclusive', retryLimit: 0, expireInSeconds: EXPIRE_SECONDS } as const
  const kept = { deleteAfterSeconds: KEPT_SECONDS, retentionSeconds: WAITING_SECONDS }
  for (const [name, { doFor, hurry }] of Object.entries(work)) {
    await boss.createQueue(`every-${name}`, { ...queue, ...kept })
    await boss.createQueue(name, {
      ...{ ...queue, deleteAfterSeconds: WAITING_SECONDS, retentionSeconds: WAITING_SECONDS },
      ...(hurry !== undefined && HURRIED),
    })
    await boss.work(`every-${name}`, { pollingIntervalSeconds: POLL_SECONDS }, async () => {
      const ids = await tenantIds(database)
      for (let at = 0; at < ids.length; at += INSERTED_MAX)
        await boss.insert(
          name,
          ids.slice(at, at + INSERTED_MAX).map((tenantId) => ({ data: { tenantId }, singletonKey: tenantId })),
        )
    })
    const pollingIntervalSeconds = hurry === undefined ? POLL_SECONDS : HURRIED_POLL_SECONDS
    const taking = { batchSize: BATCH_SIZE, burstWhenBatchFull: true, pollingIntervalSeconds }
    await boss.work<TenantJob>(name, taking, async (jobs) => {
      // One tenant's trouble is no other's; what was not done is tried with the next turn.
      await Promise.all(
        jobs.map(({ data }) =>
          doFor(data.tenantId).catch((error: unknown) =>
            log.error({ err: error, tenantId: data.tenantId, name }, 'periodic work was not done; it is tried again'),
          ),
        ),
      )
    })
  }
}

/** @throws PostgresError */
export async function openJobs(parts: JobsParts): Promise<Jobs> {
  const { administratorUrl, log, work } = parts
  const { jobs: connectionString } = await prepareRoles(administratorUrl)
  // A cloud is there before its periodic work is: what that needs is read when it is.
  const { PgBoss } = await import('pg-boss')
  const boss = new PgBoss({
    ...{ connectionString, schema: JOBS_SCHEMA, createSchema: false, max: CONNECTIONS_MAX },
    // Its own schedules are by the minute, and its table of instances names machines: neither is needed.
    ...{ schedule: false, registerInstance: false, openTelemetry: { enabled: false } },
    application_name: 'smartqueue-jobs',
  })
  boss.on('error', (error) =>
    log.warn({ err: error }, 'the table of periodic work could not be asked; it is tried again'),
  )
  const stop = () => boss.stop({ graceful: true, timeout: STOP_MS_MAX })
  try {
    await boss.start()
    await openQueues(boss, parts)
  } catch (error) {
    await stop()
    throw error
  }
  async function tick(): Promise<void> {
    try {
      // Of all clouds that say so within one interval, one is heard.
      for (const [name, { everySeconds }] of Object.entries(work))
        await boss.send(`every-${name}`, null, { singletonSeconds: everySeconds })
    } catch (error) {
      log.warn({ err: error }, 'periodic work could not be called for; it is tried again')
    }
  }
  const ends = Object.entries(work).flatMap(([name, { hurry }]) => {
    const wake: Wake = async (tenantId) => {
      await boss
        .send(name, { tenantId }, { singletonKey: tenantId })
        .catch((error: unknown) => log.warn({ err: error, name }, 'work could not be called for; it is done later'))
    }
    return hurry === undefined ? [] : [hurry(wake)]
  })
  const ticking = setInterval(() => void tick(), TICK_MS)
  void tick()
  return {
    tick,
    async close() {
      clearInterval(ticking)
      for (const end of ends) end()
      await stop()
    },
  }
}
