import type { CatalogueShelf } from '../domain/catalogue.ts'
import type { LogEvent } from '../domain/events.ts'
import { evolve } from '../domain/evolve.ts'
import type { TicketLogEvent } from '../domain/evolve-ticket.ts'
import type { ServiceId } from '../domain/ids.ts'
import { type BranchState, findService } from '../domain/state.ts'
import type { Ticket, TicketFacts } from '../domain/ticket.ts'
import type { TicketRow } from './figures.ts'
import { hourAt } from './hour-at.ts'
import { followTicket, type Ground, NO_WAY, type Pass, type Way } from './passes.ts'

/** A ticket's row of figures from its events: the branch keeps it by this, and its cloud, which takes the events in other batches. */

export const isTicketEvent = (event: LogEvent): event is TicketLogEvent => 'ticketId' in event

export const isBirth = (event: LogEvent): event is TicketLogEvent & { type: 'TicketIssued' | 'TicketAdopted' } =>
  event.type === 'TicketIssued' || event.type === 'TicketAdopted'

/** A number that staff had typed turned out to be on the paper of somebody else: the ticket begins anew as that one's. */
export const isBornAgain = (event: LogEvent): boolean => event.type === 'TicketAdopted' && event.printedAs !== undefined

/** What figures ask of the state, a target, a zone, a date, changes with these alone. */
const CHANGES_GROUND: ReadonlySet<LogEvent['type']> = new Set<LogEvent['type']>([
  'CatalogueApplied',
  'DayOpened',
  'EpochStarted',
])

/**
 * The state after each event of a batch, as far as figures ask for it: a call just before an edit of the catalogue
 * counts by the former target, whether both shared a commit or not.
 */
export function statesAlong(
  before: BranchState,
  events: readonly LogEvent[],
  after: BranchState,
  shelf: CatalogueShelf,
): (index: number) => BranchState {
  if (!events.some(({ type }) => CHANGES_GROUND.has(type))) return () => after
  const states: BranchState[] = []
  let state = before
  for (const event of events) {
    state = evolve(state, event, shelf)
    states.push(state)
  }
  return (index) => states[index] ?? after
}

const issuedFor = ({ legs, serviceId }: TicketFacts): ServiceId => legs?.[0]?.serviceId ?? serviceId

function groundOf(state: BranchState, { facts }: Ticket): Ground {
  const { waitMs, arrivedSteadyMs, queueId } = facts
  return {
    queueId,
    // Who came when nobody looked (a paper typed in by hand) has no wait, and so no arrival.
    arrivedSteadyMs: (waitMs ?? null) === null ? null : arrivedSteadyMs,
    targetMsOf(serviceId) {
      const service = findService(state, (serviceId ?? issuedFor(facts)) as ServiceId)
      return service === undefined ? null : service.slaSeconds * 1_000
    },
  }
}

/** Of a ticket whose row and way are lost, as far as its last state tells it. */
function wayOf({ facts, phase }: Ticket): Way {
  const { queueId, serviceMs } = facts
  const { counterId, agentId } = 'counterId' in phase ? phase : { counterId: null, agentId: null }
  const ends = { completed: 'completed', no_show: 'no_show', cancelled: 'cancelled' } as const
  const end: Pass['end'] = phase.status in ends ? ends[phase.status as keyof typeof ends] : 'open'
  const waitMs = facts.waitMs ?? null
  const pass = {
    serviceId: null,
    queueId,
    counterId,
    agentId,
    waitMs,
    targetMs: null,
    toServiceMs: null,
    serviceMs,
    end,
  }
  return { ...NO_WAY, passes: [{ ...pass, isEntry: true }] }
}

/** What was noted once stays: the catalogue and the zone may change later, and the sums must not notice. */
function rowFor(state: BranchState, { facts, phase }: Ticket, before: TicketRow | null, way: Way): TicketRow {
  const timezone = state.catalogue?.body.branch.timezone
  const earlierMs = (facts.legs ?? []).reduce((sum, { serviceMs }) => sum + serviceMs, 0)
  return {
    businessDate: before?.businessDate ?? facts.businessDate,
    serviceId: before?.serviceId ?? issuedFor(facts),
    status: phase.status,
    waitMs: before?.waitMs ?? facts.waitMs ?? null,
    toServiceMs: way.toServiceMs,
    serviceMs: earlierMs + facts.serviceMs,
    issuedHour: before?.issuedHour ?? (timezone === undefined ? null : hourAt(facts.issuedAtMs, timezone)),
    targetMs: before?.targetMs ?? way.passes.find(({ targetMs }) => targetMs !== null)?.targetMs ?? null,
    ending: way.ending,
    isTraining: facts.isTraining ?? false,
    passes: way.passes,
  }
}

/**
 * A ticket's row after one of its events.
 * @param before - null: it has none
 * @param ticket - as this event left it, or a later one
 * @param state - just after the event
 */
export function rowAfter(
  before: TicketRow | null,
  event: TicketLogEvent,
  ticket: Ticket,
  state: BranchState,
): TicketRow {
  const known = isBirth(event) ? null : before
  return rowFor(state, ticket, known, followTicket(known ?? NO_WAY, event, groundOf(state, ticket)))
}

/** The row of a ticket that a new epoch carries on, or whose row was lost. */
export const rowAsCarried = (before: TicketRow | null, ticket: Ticket, state: BranchState): TicketRow =>
  rowFor(state, ticket, before, before ?? wayOf(ticket))
