import type { FastifyBaseLogger } from 'fastify'
import { PRESENT_READING } from '../fold/fold-step.ts'
import type { Database } from '../store/database.ts'
import { FoldMemory } from '../store/fold-memory.ts'
import { foldOn } from '../store/fold-on.ts'
import { branchesBehind } from '../store/fold-rows.ts'
import { type BranchIdentity, holdBranch } from '../store/inbox.ts'
import { strangeLogs } from '../store/strange-log.ts'

/** What staff of head office must know of: events whose meaning could not be had, and logs that are not read to their end. */
export interface FoldHealth {
  readonly setAsideCount: number
  readonly behindCount: number
  /** Branches whose log could not be read at all when it was last tried. */
  readonly failedCount: number
  /** Boxes that began from nothing though their branch's log is held; what they bring is kept aside. */
  readonly strangeCount: number
}

/** Reads on what uploads have left behind: a long log, one that must be read again, one whose reading failed. */
export interface FoldKeeper {
  readonly memory: FoldMemory
  /** Something of this branch is to be read; at once, and beside whatever else is done. */
  wake(branch: BranchIdentity, why?: { readonly hasNewCatalogue: boolean }): void
  /** The effects of an upload failed: it is tried again with the next sweep. */
  noteFailure(branch: BranchIdentity, error: unknown): void
  /** Looks through all tenants for what is behind, and counts what was set aside. */
  sweep(): Promise<void>
  health(): FoldHealth
  /** Events that an upload has brought. */
  noteUpload(eventCount: number): void
  /** Since the start. */
  counts(): { readonly uploadCount: number; readonly eventCount: number }
  /** Settles when nothing is left to be read. */
  idle(): Promise<void>
  close(): Promise<void>
}

interface Waiting {
  readonly branch: BranchIdentity
  readonly hasNewCatalogue: boolean
}

/** Branches that wait to be read; more of them are found by the next sweep. */
const WAITING_MAX = 10_000

export function createFoldKeeper({ database, log }: { database: Database; log: FastifyBaseLogger }): FoldKeeper {
  const memory = new FoldMemory()
  const waiting = new Map<string, Waiting>()
  const failed = new Map<string, BranchIdentity>()
  let [setAsideCount, behindCount, strangeCount] = [0, 0, 0]
  let [uploadCount, eventCount] = [0, 0]
  let sweeping: Promise<void> | null = null
  let isClosed = false
  let running: Promise<void> | null = null

  /** One step of bounded work in a transaction of its own, so that the branch's uploads come in between. */
  const step = ({ branch, hasNewCatalogue }: Waiting): Promise<boolean> =>
    database.asTenant(branch.tenantId, async (db) => {
      await holdBranch(db, branch)
      return (await foldOn(db, branch, { memory, hasNewCatalogue })).isBehind
    })

  async function readAll(): Promise<void> {
    for (const [branchId, next] of waiting) {
      if (isClosed) return
      waiting.delete(branchId)
      try {
        if (await step(next)) waiting.set(branchId, { ...next, hasNewCatalogue: false })
        failed.delete(branchId)
      } catch (error) {
        keeper.noteFailure(next.branch, error)
      }
    }
  }

  function start(): void {
    running ??= readAll().finally(() => {
      running = null
      if (waiting.size > 0 && !isClosed) start()
    })
  }

  const tenantIds = async (): Promise<readonly string[]> => {
    const rows = await database.asNobody((db) =>
      db.query<{ tenant_id: string }>('select tenant_id from tenant_directory'),
    )
    return rows.map(({ tenant_id: tenantId }) => tenantId)
  }

  const lookAt = (tenantId: string) =>
    database.asTenant(tenantId, async (db) => {
      const branchIds = await branchesBehind(db, tenantId, PRESENT_READING.name)
      const [aside] = await db.query<{ count: string }>('select count(*) from set_aside where tenant_id = $1', [
        tenantId,
      ])
      const strange = (await strangeLogs(db, tenantId)).length
      return { branchIds, aside: Number(aside?.count ?? 0), strange }
    })

  async function sweepOnce(): Promise<void> {
    let [aside, behind, strange] = [0, 0, 0]
    for (const branch of failed.values()) keeper.wake(branch)
    for (const tenantId of await tenantIds()) {
      if (isClosed) return
      const found = await lookAt(tenantId)
      aside += found.aside
      strange += found.strange
      behind += found.branchIds.length
      for (const branchId of found.branchIds) keeper.wake({ tenantId, branchId })
    }
    if (aside > setAsideCount) log.warn({ count: aside }, 'events were set aside: their tickets are in no figure')
    ;[setAsideCount, behindCount, strangeCount] = [aside, behind, strange]
  }

  const keeper: FoldKeeper = {
    memory,
    wake(branch, { hasNewCatalogue } = { hasNewCatalogue: false }) {
      const before = waiting.get(branch.branchId)
      if (isClosed || (before === undefined && waiting.size >= WAITING_MAX)) return
      waiting.set(branch.branchId, { branch, hasNewCatalogue: hasNewCatalogue || before?.hasNewCatalogue === true })
      start()
    },
    noteFailure(branch, error) {
      failed.set(branch.branchId, branch)
      log.error({ err: error, ...branch }, 'the log of a branch is kept and could not be read; it is tried again')
    },
    // One that takes longer than to the next is not joined by it.
    sweep() {
      sweeping ??= sweepOnce().finally(() => {
        sweeping = null
      })
      return sweeping
    },
    noteUpload(count) {
      uploadCount += 1
      eventCount += count
    },
    counts: () => ({ uploadCount, eventCount }),
    health: () => ({ setAsideCount, behindCount, failedCount: failed.size, strangeCount }),
    async idle() {
      while (running !== null) await running
    },
    async close() {
      isClosed = true
      await running
    },
  }
  return keeper
}
