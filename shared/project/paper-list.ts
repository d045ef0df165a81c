import type { Words } from '../domain/catalogue.ts'
import type { DeviceId, EpochMs, QueueId, ServiceId, SteadyMs, TicketId, TicketNumber } from '../domain/ids.ts'
import { isFarAhead, isNumberHeld } from '../domain/printed-alone.ts'
import {
  type BranchState,
  counterHeldBy,
  findCounter,
  findQueue,
  findService,
  queueIdsOf,
  waitingIn,
} from '../domain/state.ts'
import { isLiving, type Ticket } from '../domain/ticket.ts'

/** More than anybody calls out loud in a day. */
export const PAPER_ROWS_MAX = 500

/** Somebody to be called out loud, or entered afterwards. */
export interface PaperRow {
  readonly ticketId: TicketId
  readonly number: TicketNumber
  readonly serviceId: ServiceId
  readonly serviceName: Words
  readonly isPriority: boolean
  readonly arrivedSteadyMs: SteadyMs
  readonly issuedAtMs: EpochMs
}

/** One queue's line; or those who have been called already, or are on hold; or who came after the list was printed. */
export interface PaperQueue {
  readonly kind: 'queue' | 'called' | 'later'
  readonly queueId: QueueId | null
  readonly name: Words
  readonly rows: readonly PaperRow[]
  /** Who stands here beyond those rows. */
  readonly leftOut: number
}

const capped = (queue: Omit<PaperQueue, 'leftOut'>): PaperQueue => ({
  ...queue,
  rows: queue.rows.slice(0, PAPER_ROWS_MAX),
  leftOut: Math.max(0, queue.rows.length - PAPER_ROWS_MAX),
})

function rowOf(state: BranchState, { facts }: Ticket): PaperRow {
  const { ticketId, number, serviceId, priorityValue, arrivedSteadyMs, issuedAtMs } = facts
  const serviceName = findService(state, serviceId)?.name ?? {}
  return { ticketId, number, serviceId, serviceName, isPriority: priorityValue > 0, arrivedSteadyMs, issuedAtMs }
}

/** The queues of this device's counter first, then the others, each in the order of the catalogue. */
function queueIdsFor(state: BranchState, deviceId: DeviceId | null): readonly QueueId[] {
  const all = [...new Set([...(state.catalogue?.body.queues ?? []).map(({ id }) => id), ...state.lines.keys()])]
  const held = deviceId === null ? undefined : counterHeldBy(state, deviceId)
  const counter = held === undefined ? undefined : findCounter(state, held[0])
  const own = counter === undefined ? [] : queueIdsOf(state, counter)
  return [...own, ...all.filter((queueId) => !own.includes(queueId))]
}

/** Called, served or on hold: at this device's counter, or anywhere when nobody is signed in at it. */
function calledRows(state: BranchState, deviceId: DeviceId | null): readonly PaperRow[] {
  const counterId = deviceId === null ? undefined : counterHeldBy(state, deviceId)?.[0]
  const isShown = ({ facts, phase }: Ticket): boolean =>
    !facts.isTraining &&
    (phase.status === 'held' ||
      ((phase.status === 'called' || phase.status === 'serving') &&
        (counterId === undefined || phase.counterId === counterId)))
  return [...state.tickets.values()]
    .filter((ticket) => isLiving(ticket) && isShown(ticket))
    .toSorted((a, b) => (a.facts.lastCalledSteadyMs ?? 0) - (b.facts.lastCalledSteadyMs ?? 0))
    .map((ticket) => rowOf(state, ticket))
}

/**
 * Everybody who is in the branch, in the order in which they are to be called.
 * @param deviceId - the caller whose queues come first; null: for everybody
 * @param sheetMs - on steady time, when the list was printed: whoever waits stands as on that sheet, and whoever came
 * later at the end; null: no sheet was printed
 */
export function paperList(
  state: BranchState,
  deviceId: DeviceId | null,
  sheetMs: number | null = null,
): readonly PaperQueue[] {
  const lines = queueIdsFor(state, deviceId).map((queueId) => {
    const rows = waitingIn(state, queueId, sheetMs ?? state.now.steadyMs).flatMap(({ ticketId, isTraining }) => {
      const ticket = state.tickets.get(ticketId)
      return ticket === undefined || isTraining ? [] : [rowOf(state, ticket)]
    })
    return { kind: 'queue' as const, queueId, name: findQueue(state, queueId)?.name ?? {}, rows }
  })
  const called = { kind: 'called', queueId: null, name: {}, rows: calledRows(state, deviceId) } as const
  const isLater = ({ arrivedSteadyMs }: PaperRow): boolean => sheetMs !== null && arrivedSteadyMs > sheetMs
  const listed = lines.map((line) => ({ ...line, rows: line.rows.filter((row) => !isLater(row)) }))
  const later = lines.flatMap((line) => line.rows).filter(isLater)
  return [called, ...listed, { kind: 'later', queueId: null, name: {}, rows: later } as const]
    .filter(({ rows }) => rows.length > 0)
    .map(capped)
}

/** Whether staff are asked if they mean a typed number: nobody has it, and no kiosk is known to have come so far. */
export function isNumberDoubted(state: BranchState, typed: string): boolean {
  const [number, date] = [typed as TicketNumber, state.day?.date]
  return date !== undefined && !isNumberHeld(state, number, date) && isFarAhead(state, number, date)
}

/** Which service a typed number speaks of, and whose it is; null where nobody has heard of it. */
export function typedNumber(
  state: BranchState,
  number: string,
): { readonly ticketId: TicketId | null; readonly serviceId: ServiceId | null } {
  const ticketId = state.ticketByNumber.get(number as TicketNumber)
  const ticket = ticketId === undefined ? undefined : state.tickets.get(ticketId)
  if (ticket !== undefined && isLiving(ticket))
    return { ticketId: ticket.facts.ticketId, serviceId: ticket.facts.serviceId }
  const series = /^\p{L}+/u.exec(number)?.[0]
  const service = state.catalogue?.body.services.find(
    ({ id, prefix }) => state.prefixByService.get(id, prefix) === series,
  )
  return { ticketId: null, serviceId: service?.id ?? null }
}
