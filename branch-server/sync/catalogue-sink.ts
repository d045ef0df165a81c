import { zoneExists } from '#shared/domain/business-day.ts'
import type { AgentId } from '#shared/domain/ids.ts'
import { CLOUD_ORIGIN } from '#shared/domain/step.ts'
import { CatalogueDocument } from '#shared/wire/down.ts'
import { faultsText, readSentCatalogue } from '#shared/wire/sent-catalogue.ts'
import { withThoseOfSite } from '../access/on-site.ts'
import { pepperAll } from '../access/pin-pepper.ts'
import type { Log } from '../log.ts'
import { catalogueChange, silencedEmergency } from '../waist/catalogue-change.ts'
import type { Waist } from '../waist/execute.ts'
import { createOlderCloud } from './older-cloud.ts'
import { type DocumentOwner, readDocument } from './read-document.ts'
import type { ShapeRow, Sink } from './shape-follower.ts'

export interface SinkParts {
  readonly waist: Waist
  readonly owner: DocumentOwner
  readonly log: Log
}

interface CatalogueSinkParts extends SinkParts {
  /** Writes the second copy of what was set up. */
  readonly keepSettings: () => void
  readonly pinPepper: string
  readonly wallMs: () => number
}

/**
 * Takes up the newest catalogue that is ours, whole or not at all. What is older than the one in force, signed by
 * somebody else or beyond us is left: the last good one stays.
 */
export function createCatalogueSink({ waist, owner, log, keepSettings, pinPepper, wallMs }: CatalogueSinkParts): Sink {
  let newest: CatalogueDocument | null = null
  /** Something was told that could not be taken: the cloud is asked for it again after a start, perhaps by a newer program. */
  let isRefused = false
  /** An emergency on the screens keeps it waiting. */
  let isWaiting = false
  let turn: Promise<boolean> = Promise.resolve(true)

  const versionInForce = (): number => waist.branch().store.cloud.stand('catalogue', owner.branchId).place

  const older = createOlderCloud(log, 'catalogue', versionInForce)

  function refuse(version: number | null, why: string): void {
    isRefused = true
    log.error({ version, why }, 'a catalogue from the cloud is not taken; the one before stays')
  }

  /** @returns whether it need not be tried again */
  async function apply({ version, body, pinHashes }: CatalogueDocument): Promise<boolean> {
    const { catalogue, faults } = readSentCatalogue(body, zoneExists)
    if (faults.length > 0) {
      refuse(version, faultsText(faults))
      return true
    }
    const waits = silencedEmergency(waist.branch().state, catalogue)
    isWaiting = waits.length > 0
    if (isWaiting) {
      log.warn({ version, why: faultsText(waits) }, 'a catalogue from the cloud waits')
      return false
    }
    const hashes = pepperAll(pinPepper, new Map(Object.entries(pinHashes)) as unknown as ReadonlyMap<AgentId, string>)
    const change = catalogueChange((state) => withThoseOfSite(state, catalogue), { from: 'cloud', hashes })
    const before = waist.branch().state.catalogue
    const { status } = await waist.execute({
      origin: CLOUD_ORIGIN,
      command: change.command,
      answer: () => ({ status: 200, body: {} }),
      idempotency: null,
      bookmark: null,
      writes(store) {
        change.writes(store)
        const actor = { kind: 'system', id: CLOUD_ORIGIN.deviceId } as const
        store.audit.append({ code: 'CatalogueApplied', actor, ...change.audit(before) }, wallMs())
        store.cloud.move('catalogue', owner.branchId, version)
      },
    })
    if (status !== 200) return false
    log.info({ version }, 'a catalogue from the cloud is in force')
    keepSettings()
    return true
  }

  async function settleOnce(): Promise<boolean> {
    older.settle()
    const taken = newest
    if (taken !== null && !(await apply(taken))) return false
    if (newest === taken) newest = null
    return newest === null && !isRefused
  }

  /** One after the other, so that nothing is applied twice. */
  function settle(): Promise<boolean> {
    turn = turn.then(settleOnce)
    return turn
  }

  waist.onCommit((_, events) => {
    if (isWaiting && events.some(({ type }) => type === 'MessageCleared' || type === 'MessageShown')) void settle()
  })

  return {
    reset() {
      newest = null
      isRefused = false
      older.reset()
    },
    note(row: ShapeRow) {
      const read = readDocument(CatalogueDocument, row, owner)
      if (typeof read === 'string') return refuse(null, read)
      older.note(read.version)
      if (read.version > Math.max(versionInForce(), newest?.version ?? 0)) newest = read
    },
    settle,
  }
}
