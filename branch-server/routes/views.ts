import type { BranchState } from '#shared/domain/state.ts'
import { findQueue, queueMode, waitingCountOf } from '#shared/domain/state.ts'
import { carryState, type Snapshot, versionsIn } from '#shared/domain/state-json.ts'
import { lobbyBoard } from '#shared/project/lobby-board.ts'
import type { App, Parts } from '../parts.ts'
import { ALL_DEVICES } from '../plugins/doors.ts'
import type { Branch } from '../waist/execute.ts'
import type { Waits } from '../waits/waits.ts'

const MANAGEMENT = { doors: ['caller', 'installer'] } as const

/** The committed state and the place it is true at: where a device starts to follow. */
export function snapshotOf({ state, head, store }: Branch): Snapshot {
  const carried = carryState(state)
  const catalogues = Object.fromEntries(
    versionsIn(carried).map((version) => [version, store.catalogues.shelf(version)]),
  )
  return { epoch: head.epoch, seq: head.seq, headHash: head.hash, now: state.now, carried, catalogues }
}

/** Live figures of one queue. Waits are measured on steady time, as of the last event. */
function queueStats(state: BranchState, queueId: Parameters<typeof waitingCountOf>[1], steadyMs: number): object {
  const tickets = [...state.tickets.values()].filter(({ facts }) => facts.queueId === queueId)
  const count = (...statuses: string[]): number => tickets.filter(({ phase }) => statuses.includes(phase.status)).length
  const waits = tickets
    .filter(({ phase }) => phase.status === 'waiting')
    .map(({ facts }) => steadyMs - facts.arrivedSteadyMs)
  return {
    queueId,
    name: findQueue(state, queueId)?.name ?? {},
    ...queueMode(state, queueId),
    waitingCount: waitingCountOf(state, queueId),
    calledCount: count('called'),
    servingCount: count('serving'),
    heldCount: count('held'),
    completedCount: count('completed'),
    noShowCount: count('no_show'),
    cancelledCount: count('cancelled'),
    longestWaitMs: waits.length === 0 ? null : Math.max(0, ...waits),
  }
}

/** What to expect in each queue, over all its services: the lobby knows of queues, not of who came for what. */
function queueWaits({ catalogue }: BranchState, { services }: Waits): readonly object[] {
  return (catalogue?.body.queues ?? []).map(({ id: queueId }) => {
    const serviceIds = catalogue?.body.services.filter((service) => service.queueId === queueId).map(({ id }) => id)
    const ranges = services.filter(({ serviceId }) => serviceIds?.includes(serviceId)).map(({ estimate }) => estimate)
    const known = ranges.filter((range) => range !== null)
    const estimate =
      known.length === 0 || known.length < ranges.length
        ? null
        : {
            lowMs: Math.min(...known.map(({ lowMs }) => lowMs)),
            highMs: Math.max(...known.map(({ highMs }) => highMs)),
          }
    return { queueId, estimate }
  })
}

export function registerViewRoutes(app: App, parts: Parts): void {
  const { waist, worker, waits } = parts
  app.get('/api/v1/board', { config: { doors: ALL_DEVICES } }, () => ({
    ...lobbyBoard(waist.branch().state),
    waits: queueWaits(waist.branch().state, waits.now()),
  }))
  app.get('/api/v1/snapshot', { config: { doors: ['kiosk', 'caller', 'display'] } }, () => snapshotOf(waist.branch()))
  app.get('/api/v1/stats', { config: MANAGEMENT }, () => {
    const { state } = waist.branch()
    const { steadyMs } = parts.readClock()
    return {
      seq: state.seq,
      businessDate: state.day?.date ?? null,
      openCounterCount: state.openCounters.size,
      servingCounterCount: [...state.openCounters.values()].filter(({ ticketId }) => ticketId !== null).length,
      queues: (state.catalogue?.body.queues ?? []).map(({ id }) => queueStats(state, id, steadyMs)),
    }
  })
  app.post('/api/v1/backups', { config: { doors: ['installer'], audit: 'BackupMade' } }, async (_request, reply) =>
    reply.code(201).send(await worker.backup()),
  )
  app.post('/api/v1/checks', { config: { doors: ['installer'], audit: 'FileChecked' } }, () => worker.check())
}
