import type { FastifyBaseLogger } from 'fastify'
import type { FleetBranch } from '#shared/wire/draft.ts'
import type { Database } from '../store/database.ts'
import { fleetOf } from '../store/fleet.ts'
import type { BranchIdentity } from '../store/inbox.ts'
import { LISTED_MAX } from '../store/listing.ts'
import { alertsOf, floorOf } from '../store/live.ts'
import { createHub, type Hub } from './hub.ts'
import { LIVE_CHANNEL, rightsChanged } from './rights-changed.ts'

/** What changed is told together: a branch that brings its log would say so with each upload. */
const GATHER_MS = 500
const TICK_MS = 250
/** Branches that changed within that time; of more it is told that all of the tenant's may have. */
const CHANGED_MAX = 2_000
const ALL = '*'

/** What is seen live, on this cloud and on others beside it. */
export interface Live extends Pick<Hub, 'follow' | 'leave' | 'heard' | 'count'> {
  /** A branch has said how it is, or brought something of its log. In memory: it is only told, and told again soon. */
  changed(branch: BranchIdentity): void
  /** Something else of a tenant is to be looked at, as its alerts. */
  changedIn(tenantId: string): void
  /** Tells other clouds what has changed here, and hears them. */
  flush(): Promise<void>
  tick(): Promise<void>
  /** Begins to tell by itself. @returns stops it */
  start(): () => void
  close(): void
}

interface LiveParts {
  readonly database: Database
  readonly nowMs: () => number
  readonly log: FastifyBaseLogger
}

/** @param branchIds - null: all of them */
async function branchesOf(database: Database, tenantId: string, branchIds: readonly string[] | null) {
  const found: FleetBranch[] = []
  for (let after: string | null = null; ; after = found.at(-1)?.branchId ?? null) {
    const page = await fleetOf(database, tenantId, { after, branchIds })
    found.push(...page)
    if (page.length < LISTED_MAX) return found
  }
}

export function openLive({ database, nowMs, log }: LiveParts): Live {
  const hub = createHub({
    ...{ nowMs, log },
    reader: {
      branches: (tenantId, branchIds) => branchesOf(database, tenantId, branchIds),
      floor: (branch) => database.asTenant(branch.tenantId, (db) => floorOf(db, branch)),
      alerts: (tenantId) => database.asTenant(tenantId, (db) => alertsOf(db, tenantId)),
    },
  })
  const changed = new Set<string>()

  async function flush(): Promise<void> {
    const texts = [...changed]
    changed.clear()
    if (texts.length === 0) return
    try {
      await database.asNobody((db) =>
        db.query('select pg_notify($1, it) from unnest($2::text[]) as it', [LIVE_CHANNEL, texts]),
      )
    } catch (error) {
      log.warn({ err: error }, 'other clouds could not be told what has changed')
      // Here it is known all the same.
      for (const text of texts) heard(text)
    }
  }
  function heard(text: string): void {
    const asker = rightsChanged(text)
    const [tenantId = '', branchId = ''] = text.split(' ')
    if (asker !== undefined) hub.proveAgain(asker)
    else if (branchId === ALL) hub.noteAll(tenantId)
    else hub.note(tenantId, branchId === '' ? null : branchId)
  }

  return {
    ...hub,
    changed: ({ tenantId, branchId }) => void changed.add(`${tenantId} ${changed.size < CHANGED_MAX ? branchId : ALL}`),
    changedIn: (tenantId) => void changed.add(tenantId),
    flush,
    start() {
      // What was said while nobody listened is not known: everything may be otherwise, and so may anybody's rights.
      const listening = (): void => {
        hub.noteAll()
        hub.proveAgain(null)
      }
      const notices = database.listen(LIVE_CHANNEL, { heard, listening })
      const timers = [setInterval(() => void hub.tick(), TICK_MS), setInterval(() => void flush(), GATHER_MS)]
      return () => {
        for (const timer of timers) clearInterval(timer)
        void notices.close()
      }
    },
  }
}
