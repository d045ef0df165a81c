import { renameSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyBaseLogger } from 'fastify'
import { writeWholeBehind } from '#shared/disk/write-whole.ts'
import type { Database } from '../store/database.ts'
import { auditChains } from './chains.ts'
import { AUDIT_CHANNEL } from './entries.ts'
import { HEADS_FILE, headsText, type KeptLife, lookAtChain, readHeadsFile } from './kept-heads.ts'

/** A chain that was written to is looked at within this time. */
const SOON_MS = 1_000
/** All of them, also those of which nobody says anything. */
const ALL_MS = 600_000

/** Keeps in the cloud's folder where each chain stands, and sees when one is not what is kept of it. */
export interface HeadKeeper {
  /** Of how many chains what is kept is not there. */
  doubtedCount(): number
  /** Looks at all of them, and keeps it. */
  look(): Promise<void>
  close(): Promise<void>
}

export interface HeadKeeperParts {
  readonly database: Database
  readonly folder: string
  readonly log: FastifyBaseLogger
  /** Left out: as a cloud that stands open does. */
  readonly soonMs?: number
}

function readKept(file: string, log: FastifyBaseLogger): Map<string, readonly KeptLife[]> {
  const kept = readHeadsFile(file)
  if (kept !== 'damaged') return new Map(kept ?? [])
  const aside = `${file}.damaged`
  renameSync(file, aside)
  log.error({ file, aside }, 'where the audit stood last cannot be read: it is kept aside, and kept anew from now on')
  return new Map()
}

export function startHeadKeeper({ database, folder, log, soonMs = SOON_MS }: HeadKeeperParts): HeadKeeper {
  const file = join(folder, HEADS_FILE)
  const kept = readKept(file, log)
  const doubted = new Set<string>()
  const toLookAt = new Set<string>()
  /** Looked at in vain the last time; said once. */
  const unseen = new Set<string>()
  let isUnwritten = false

  async function lookAt(tenantId: string): Promise<void> {
    const lives = kept.get(tenantId) ?? []
    const looked = await lookAtChain(database, tenantId, lives)
    if (looked.kind === 'doubted') {
      // What is kept stays as it is: whatever is written after, it is missed.
      if (!doubted.has(tenantId))
        log.error({ tenantId, ...looked.held }, 'the audit of this chain is not what this cloud has kept of it')
      doubted.add(tenantId)
      return
    }
    doubted.delete(tenantId)
    if (looked.kind === 'same') return
    if (looked.isLost)
      log.error(
        { tenantId, lost: lives.at(-1) },
        'this chain of the audit goes on under a new name without what was kept',
      )
    kept.set(tenantId, looked.lives)
    isUnwritten = true
  }

  async function write(): Promise<void> {
    if (!isUnwritten) return
    isUnwritten = false
    await writeWholeBehind(file, headsText(kept), () => true).catch((error: unknown) => {
      isUnwritten = true
      throw error
    })
  }

  /** One that cannot be looked at hides no other, and is looked at again soon. */
  async function lookAtEach(tenantIds: Iterable<string>): Promise<void> {
    try {
      for (const tenantId of tenantIds) {
        // Before: what is said of it meanwhile is not lost.
        toLookAt.delete(tenantId)
        try {
          await lookAt(tenantId)
          unseen.delete(tenantId)
        } catch (error) {
          toLookAt.add(tenantId)
          if (!unseen.has(tenantId))
            log.error({ err: error, tenantId }, 'where this chain of the audit stands cannot be seen')
          unseen.add(tenantId)
        }
      }
    } finally {
      await write()
    }
  }

  /** What was kept of a tenant that is listed no more is missed, too. */
  async function lookAtAll(): Promise<void> {
    const all = new Set(kept.keys())
    try {
      for await (const [, tenantId] of auditChains(database)) all.add(tenantId)
    } finally {
      await lookAtEach(all)
    }
  }

  const lookAtChanged = (): Promise<void> => lookAtEach([...toLookAt])

  /** One after the other: each goes on from what the one before has kept. */
  let last: Promise<void> = Promise.resolve()
  function then(work: () => Promise<void>): Promise<void> {
    last = last.then(work).catch((error: unknown) => {
      log.error({ err: error }, 'where the audit stands could not be kept; it is tried again')
    })
    return last
  }

  const notices = database.listen(AUDIT_CHANNEL, {
    heard: (tenantId) => void toLookAt.add(tenantId),
    // What was said before was not heard.
    listening: () => void then(lookAtAll),
  })
  const soon = setInterval(() => void (toLookAt.size > 0 && then(lookAtChanged)), soonMs)
  const all = setInterval(() => void then(lookAtAll), ALL_MS)
  return {
    doubtedCount: () => doubted.size,
    look: () => then(lookAtAll),
    async close() {
      clearInterval(soon)
      clearInterval(all)
      await notices.close()
      await then(lookAtChanged)
    },
  }
}
