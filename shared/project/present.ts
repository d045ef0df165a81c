import type { DeviceId, SteadyMs } from '../domain/ids.ts'
import { type BranchState, lineOf, queueMode, waitingCountOf } from '../domain/state.ts'
import type { PresentBody } from '../wire/sync.ts'
import { floorOf } from './floor.ts'

export interface PresentDevice {
  readonly deviceId: string
  readonly kind: string
  readonly isInContact: boolean
  /** Left out where there is enough, or none that says so. */
  readonly paper?: 'near-end' | 'out'
}

const NOBODY = '' as DeviceId
/** As many of anything as the wire takes. */
const LIST_MAX = 500

function longestWaitMs(state: BranchState, queueId: Parameters<typeof lineOf>[1], steadyMs: number): number | null {
  const entered = lineOf(state, queueId)
    .flatMap(({ entries }) => entries)
    .filter(({ isTraining }) => !isTraining)
    .map(({ ticketId }) => state.tickets.get(ticketId)?.facts.enteredSteadyMs ?? null)
    .filter((since) => since !== null)
  return entered.length === 0 ? null : Math.max(0, steadyMs - Math.min(...entered))
}

/**
 * A branch as it is now, for head office: counts and ids, no name and no ticket. What learners do is in no count.
 * @returns null before the branch's first event
 */
export function presentOf(
  state: BranchState,
  devices: readonly PresentDevice[],
  now: { readonly steadyMs: SteadyMs; readonly wallMs: number },
): PresentBody | null {
  const { epoch, seq, day, clock, isIntakeStopped } = state
  if (epoch === null) return null
  const steadyMs = Math.max(now.steadyMs, state.now.steadyMs)
  const queueIds = (state.catalogue?.body.queues ?? []).map(({ id }) => id)
  return {
    ...{ epoch, seq, steadyMs, atMs: Math.max(0, now.wallMs), date: day?.date ?? null },
    ...{ isClockDoubted: clock.isDoubted, isIntakeStopped },
    queues: [...queueIds, ...state.retired.queues.keys()].slice(0, LIST_MAX).map((queueId) => ({
      queueId,
      waitingCount: waitingCountOf(state, queueId),
      longestWaitMs: longestWaitMs(state, queueId, steadyMs),
      ...queueMode(state, queueId),
    })),
    counters: floorOf(state, NOBODY)
      .slice(0, LIST_MAX)
      .map(({ counterId, status, agentId, isTraining }) => ({
        ...{ counterId, agentId },
        status: isTraining ? ('closed' as const) : status,
      })),
    devices: devices.slice(0, LIST_MAX).map(({ deviceId, kind, isInContact, paper }) => ({
      ...{ deviceId, kind, isInContact },
      ...(paper !== undefined && { paper }),
    })),
  }
}
