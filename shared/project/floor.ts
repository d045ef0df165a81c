import type { Words } from '../domain/catalogue.ts'
import { breakReasonNamed } from '../domain/catalogue-defaults.ts'
import type { AgentId, CounterId, DeviceId, SteadyMs, TicketId, TicketNumber } from '../domain/ids.ts'
import { type BranchState, findAgent, findCounter, findService, type OpenCounter } from '../domain/state.ts'

export type SeatStatus = 'closed' | 'free' | 'calling' | 'serving' | 'break'

/** One counter as its colleagues and its manager see it. */
export interface FloorSeat {
  readonly counterId: CounterId
  readonly counterName: Words
  readonly status: SeatStatus
  /** Who is there; null at a closed counter. */
  readonly agentId: AgentId | null
  readonly agentName: string
  readonly isTraining: boolean
  /** Held by the device that looks. */
  readonly isMine: boolean
  /** Since when the status is so, on the branch's steady time; null where nobody can say. */
  readonly sinceSteadyMs: SteadyMs | null
  /** Time in this service before that, holds left out. */
  readonly serviceMs: number
  readonly signedInSteadyMs: SteadyMs | null
  readonly ticketId: TicketId | null
  readonly number: TicketNumber | null
  readonly serviceName: Words | null
  readonly breakReason: Words | null
}

type Doing = Pick<
  FloorSeat,
  'status' | 'sinceSteadyMs' | 'serviceMs' | 'ticketId' | 'number' | 'serviceName' | 'breakReason'
>

const IDLE: Omit<Doing, 'status'> = {
  sinceSteadyMs: null,
  serviceMs: 0,
  ticketId: null,
  number: null,
  serviceName: null,
  breakReason: null,
}

function doingOf(state: BranchState, { ticketId, onBreak }: OpenCounter): Doing {
  if (onBreak !== null) {
    const reason = breakReasonNamed(state.catalogue?.body, onBreak.reason)
    return { ...IDLE, status: 'break', sinceSteadyMs: onBreak.sinceSteadyMs, breakReason: reason?.name ?? null }
  }
  const ticket = ticketId === null ? undefined : state.tickets.get(ticketId)
  if (ticket === undefined) return { ...IDLE, status: 'free' }
  const { facts, phase } = ticket
  const { number, serviceId } = facts
  const about = { ...IDLE, ticketId, number, serviceName: findService(state, serviceId)?.name ?? null }
  return phase.status === 'serving'
    ? { ...about, status: 'serving', sinceSteadyMs: phase.sinceSteadyMs, serviceMs: facts.serviceMs }
    : { ...about, status: 'calling', sinceSteadyMs: facts.lastCalledSteadyMs }
}

/** Every counter: who serves whom, and for how long. Those of the catalogue in its order, then retired ones still open. */
export function floorOf(state: BranchState, deviceId: DeviceId): readonly FloorSeat[] {
  const listed = (state.catalogue?.body.counters ?? []).map(({ id }) => id)
  const ids = new Set([...listed, ...[...state.openCounters.keys()].toSorted()])
  return [...ids].map((counterId) => {
    const open = state.openCounters.get(counterId)
    return {
      counterId,
      counterName: findCounter(state, counterId)?.name ?? {},
      agentId: open?.agentId ?? null,
      agentName: open === undefined ? '' : (findAgent(state, open.agentId)?.name ?? ''),
      isTraining: open?.isTraining ?? false,
      isMine: open?.deviceId === deviceId,
      signedInSteadyMs: open?.sinceSteadyMs ?? null,
      ...(open === undefined ? ({ ...IDLE, status: 'closed' } as const) : doingOf(state, open)),
    }
  })
}
