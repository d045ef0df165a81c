import { AsyncLocalStorage } from 'node:async_hooks'
import { createTurns, type Turns } from '../../../cloud-sync/admission/turns.ts'
import { openApp } from '../../../cloud-sync/open-app.ts'
import type { AdmissionLimits } from '../../../cloud-sync/plugins/admission.ts'
import type { Database } from '../../../cloud-sync/store/database.ts'
import { silent } from '../../../cloud-sync/testing/test-database.ts'
import type { ManyClock } from './clock.ts'

/** What a cloud of one instance and its Postgres need of a processor, in milliseconds. */
export interface Costs {
  readonly now: number
  readonly side: number
  readonly upload: number
  /** More for each KiB of an upload as it travels. */
  readonly uploadKib: number
}

export interface Capacity extends Costs {
  readonly cores: number
}

/** As many as the cloud's pool has. */
const CONNECTIONS = 10
/** Who asks is proven in one piece of work, and what is asked done in another. */
const WORKS = 2
const NOW_AT_START_MS = Date.UTC(2026, 10, 27, 6)
/** Turns of the event loop in which a request that waits for no database comes to rest. */
const TURNS = 8

const costOf = ({ now, side, upload, uploadKib }: Costs, path: string, bytes: number): number => {
  if (path.endsWith('/now')) return now
  return path.endsWith('/side') ? side : upload + (uploadKib * bytes) / 1024
}

/** The real database behind so many connections and so many cores, on simulated time. */
function behind(database: Database, cores: Turns, clock: ManyClock, costMs: () => number) {
  const connections = createTurns(CONNECTIONS)
  const never = new AbortController().signal
  let [working, waiting] = [0, 0]
  async function work<Result>(real: () => Promise<Result>): Promise<Result> {
    waiting += 1
    await connections.take()
    waiting -= 1
    await cores.take()
    working += 1
    try {
      return await real()
    } finally {
      working -= 1
      await clock.pause(costMs() / WORKS, never)
      cores.give()
      connections.give()
    }
  }
  const busy: Database = {
    ...database,
    asTenant: (tenantId, does) => work(() => database.asTenant(tenantId, does)),
    waitingCount: () => waiting,
  }
  return { busy, workingCount: () => working }
}

/** The real cloud, asked by many at once, that can do no more in a second than was measured. */
export async function openBusyCloud(
  database: Database,
  clock: ManyClock,
  capacity: Capacity,
  admission: AdmissionLimits | null,
) {
  const nowMs = (): number => NOW_AT_START_MS + Math.floor(clock.nowMs())
  const asking = new AsyncLocalStorage<number>()
  const cores = createTurns(capacity.cores)
  const { busy, workingCount } = behind(database, cores, clock, () => asking.getStore() ?? capacity.now)
  const app = await openApp(
    {
      ...{ database: busy, version: 'simulated' },
      nowMs,
      ...(admission !== null && { admission }),
    },
    silent,
  )
  return {
    nowMs,
    fetch: (async (input, init) => {
      const { pathname, search } = input as URL
      const url = pathname + search
      const payload = Buffer.from(init?.body as Uint8Array)
      const headers = init?.headers as Record<string, string>
      // Not begun before somebody waits for it.
      const asked = async () => await app.inject({ method: 'POST', url, headers, payload })
      const answer = await asking.run(costOf(capacity, url, payload.length), asked)
      const said = Object.entries(answer.headers).map(([name, value]) => [name, String(value)] as [string, string])
      return new Response(answer.body, { status: answer.statusCode, headers: said })
    }) as typeof globalThis.fetch,
    async rest() {
      do for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve))
      while (workingCount() > 0)
    },
    close: () => app.close(),
  }
}
