import type { CatalogueShelf } from '../catalogue.ts'
import type { LogEvent } from '../events.ts'
import { evolve } from '../evolve.ts'
import type { QueueId, TicketId } from '../ids.ts'
import { isOfferedAlike, type Line, type LineEntry } from '../line.ts'
import { compareInLine } from '../order-in-line.ts'
import {
  type BranchState,
  counterHeldBy,
  findAgent,
  findCounter,
  findQueue,
  findService,
  lineRulesOf,
  positionOf,
  waitingIn,
} from '../state.ts'
import { carryState, emptyState, restoreState } from '../state-json.ts'
import type { Step } from '../step.ts'
import { entryOf, isLiving, type Ticket } from '../ticket.ts'
import { must } from './must.ts'

const atCounter = ({ phase }: Ticket): boolean => phase.status === 'called' || phase.status === 'serving'

/** I1, as far as one state can tell: per date among all it knows, and among the living whatever their date. */
function numbersAreUnique(state: BranchState): void {
  const seen = new Set<string>()
  for (const ticket of state.tickets.values()) {
    const { number, businessDate } = ticket.facts
    for (const key of [`${number} on ${businessDate}`, ...(isLiving(ticket) ? [`${number} among the living`] : [])]) {
      must(!seen.has(key), 'I1', () => `two tickets are ${key}`)
      seen.add(key)
    }
  }
}

function countersAndTicketsAgree(state: BranchState): void {
  const claimed = new Set<TicketId>()
  for (const [counterId, { ticketId }] of state.openCounters) {
    if (ticketId === null) continue
    must(!claimed.has(ticketId), 'I5', () => `${ticketId} is at two counters`)
    claimed.add(ticketId)
    const ticket = state.tickets.get(ticketId)
    const pointsBack = ticket !== undefined && atCounter(ticket) && 'counterId' in ticket.phase
    must(
      pointsBack && ticket.phase.counterId === counterId,
      'I2',
      () => `${counterId} shows ${ticketId}, which is not there`,
    )
  }
  for (const ticket of state.tickets.values())
    if (atCounter(ticket))
      must(claimed.has(ticket.facts.ticketId), 'I2', () => `no counter shows ${ticket.facts.ticketId}`)
}

/** I4, one queue: its lanes are in order, and each head is called before the rest of its lane, now and later. */
function lanesAreInOrder(state: BranchState, queueId: QueueId, line: Line): void {
  must(line.length > 0, 'I4', () => `${queueId} keeps an empty line`)
  for (const [index, { key, entries }] of line.entries()) {
    must(entries.length > 0, 'I4', () => `${queueId} keeps an empty lane`)
    must((line[index - 1]?.key ?? '') <= key, 'I4', () => `the lanes of ${queueId} are out of order`)
    for (const [rank, entry] of entries.entries()) {
      const before = entries[rank - 1]
      for (const laterMs of before === undefined ? [] : LATER_MS) {
        const rules = lineRulesOf(state, queueId, state.now.steadyMs + laterMs)
        must(compareInLine(rules, before ?? entry, entry) < 0, 'I4', () => `${queueId} is out of order`)
      }
    }
  }
}

/** Whether the head of a lane is the head later on, too. */
const LATER_MS = [0, 5 * 60_000, 3 * 3_600_000]

function linesHoldTheWaiting(state: BranchState): void {
  const standing = new Set<TicketId>()
  for (const [queueId, line] of state.lines) {
    lanesAreInOrder(state, queueId, line)
    for (const entry of waitingIn(state, queueId)) {
      const ticket = state.tickets.get(entry.ticketId)
      must(ticket?.phase.status === 'waiting', 'I4', () => `${entry.ticketId} stands in line but does not wait`)
      must(ticket?.facts.queueId === queueId, 'I4', () => `${entry.ticketId} stands in the wrong line`)
      const isSame = ticket !== undefined && isDeepEqual(entryOf(ticket.facts), entry)
      must(isSame, 'I4', () => `${entry.ticketId} stands at another place than it knows`)
      must(!standing.has(entry.ticketId), 'I4', () => `${entry.ticketId} stands in line twice`)
      standing.add(entry.ticketId)
    }
    positionsAreTold(state, queueId)
  }
  for (const { facts, phase } of state.tickets.values())
    if (phase.status === 'waiting') must(standing.has(facts.ticketId), 'I4', () => `${facts.ticketId} waits in no line`)
}

/** Plain data, whatever the order of its keys. */
function isDeepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const [ours, theirs] = [Object.entries(a), new Map<string, unknown>(Object.entries(b))]
  return ours.length === theirs.size && ours.every(([key, value]) => isDeepEqual(value, theirs.get(key)))
}

/** Whoever is offered to the same counters is told 1, 2, 3 … in the order of the rules. */
function positionsAreTold(state: BranchState, queueId: QueueId): void {
  const met: LineEntry[] = []
  for (const entry of waitingIn(state, queueId)) {
    met.push(entry)
    const wanted = met.filter((other) => isOfferedAlike(other, entry)).length
    const ticket = state.tickets.get(entry.ticketId)
    const told = ticket === undefined ? null : positionOf(state, ticket)
    must(told === wanted, 'I4', () => `${entry.ticketId} is told position ${told} instead of ${wanted}`)
  }
}

/** I16: what is kept for somebody is kept for somebody who is there. */
function reservationsHaveAHolder(state: BranchState): void {
  for (const ticket of state.tickets.values()) {
    const { ticketId, place } = ticket.facts
    const { reservedFor } = place
    if (reservedFor === null || !isLiving(ticket)) continue
    const isHere = [...state.openCounters.entries()].some(([counterId, { agentId }]) =>
      reservedFor.kind === 'counter' ? reservedFor.counterId === counterId : reservedFor.agentId === agentId,
    )
    must(isHere, 'I16', () => `${ticketId} is kept for somebody who has left`)
  }
}

/** I17: whoever learns and whoever works never meet. */
function trainingIsApart(state: BranchState): void {
  for (const [counterId, { ticketId, isTraining }] of state.openCounters) {
    const ticket = ticketId === null ? undefined : state.tickets.get(ticketId)
    const isApart = ticket === undefined || ticket.facts.isTraining === isTraining
    must(isApart, 'I17', () => `${counterId} and its ticket are not of one kind`)
  }
}

/** I19: whoever is suspended is nowhere. */
function suspendedAreOut({ suspended, openCounters, managers }: BranchState): void {
  for (const agentId of [...[...openCounters.values()].map((open) => open.agentId), ...managers.values()])
    must(!suspended.has(agentId), 'I19', () => `${agentId} is suspended and signed in`)
}

/** I18: on a break nobody is in front of the agent. */
function breaksAreEmpty(state: BranchState): void {
  for (const [counterId, { ticketId, onBreak }] of state.openCounters)
    must(onBreak === null || ticketId === null, 'I18', () => `${counterId} serves on a break`)
}

function durationsAreNotNegative(state: BranchState): void {
  for (const { facts, phase } of state.tickets.values()) {
    must(facts.serviceMs >= 0, 'I9', () => `${facts.ticketId} was served for ${facts.serviceMs} ms`)
    must(facts.arrivedSteadyMs <= state.now.steadyMs, 'I9', () => `${facts.ticketId} arrives in the future`)
    if (phase.status === 'serving')
      must(phase.sinceSteadyMs <= state.now.steadyMs, 'I9', () => `${facts.ticketId} is served from a future instant`)
  }
}

function everythingCanBeFound(state: BranchState): void {
  for (const ticket of state.tickets.values()) {
    const { facts, phase } = ticket
    if (!isLiving(ticket)) continue
    must(findService(state, facts.serviceId) !== undefined, 'I11', () => `nobody knows service ${facts.serviceId}`)
    must(findQueue(state, facts.queueId) !== undefined, 'I11', () => `nobody knows queue ${facts.queueId}`)
    if (phase.status === 'waiting' || phase.counterId === null || phase.agentId === null) continue
    const { counterId, agentId } = phase
    must(findCounter(state, counterId) !== undefined, 'I11', () => `nobody knows counter ${counterId}`)
    must(findAgent(state, agentId) !== undefined, 'I11', () => `nobody knows agent ${agentId}`)
  }
}

function numbersFindTheirTickets(state: BranchState): void {
  const latest = new Map<string, Ticket>()
  for (const ticket of state.tickets.values()) {
    const other = latest.get(ticket.facts.number)
    if (other === undefined || other.facts.businessDate < ticket.facts.businessDate)
      latest.set(ticket.facts.number, ticket)
  }
  must(
    latest.size === state.ticketByNumber.size,
    'I12',
    () => 'a number is listed that no ticket bears, or one is missing',
  )
  for (const [number, ticketId] of state.ticketByNumber)
    must(latest.get(number)?.facts.ticketId === ticketId, 'I12', () => `${number} does not lead to its ticket`)
}

function agentsAreInOnePlace(state: BranchState): void {
  const places = [
    ...[...state.openCounters.values()].flatMap((it) => [`agent ${it.agentId}`, `device ${it.deviceId}`]),
    ...[...state.managers.values()].map((agentId) => `manager ${agentId}`),
  ]
  must(new Set(places).size === places.length, 'I13', () => `somebody is in two places: ${places}`)
  for (const [deviceId, id] of state.managers) {
    const isOther = counterHeldBy(state, deviceId)?.[1].agentId !== id
    must(isOther && findAgent(state, id)?.role === 'manager', 'I13', () => `${id} steers`)
  }
}

function theRetiredLeave(state: BranchState): void {
  const { catalogue, retired } = state
  for (const list of ['services', 'queues', 'counters', 'agents'] as const) {
    const offered = catalogue?.body[list] ?? []
    for (const { id } of offered)
      must(!retired[list].some((_, retiredId) => retiredId === id), 'I14', () => `${id} is offered and retired`)
  }
  for (const [counterId, { agentId, ticketId }] of state.openCounters) {
    const isRetired = retired.counters.has(counterId) || retired.agents.has(agentId)
    must(!isRetired || ticketId !== null, 'I14', () => `${counterId} is retired and idle, yet open`)
  }
}

/** @throws BrokenInvariant when a state breaks a rule that one state alone can show */
export function assertInvariants(state: BranchState): void {
  numbersAreUnique(state)
  countersAndTicketsAgree(state)
  linesHoldTheWaiting(state)
  durationsAreNotNegative(state)
  everythingCanBeFound(state)
  numbersFindTheirTickets(state)
  agentsAreInOnePlace(state)
  theRetiredLeave(state)
  reservationsHaveAHolder(state)
  trainingIsApart(state)
  breaksAreEmpty(state)
  suspendedAreOut(state)
}

const sortedEntries = <Key extends string, Value>(
  map: Iterable<readonly [Key, Value]>,
): readonly (readonly [Key, Value])[] => [...map].toSorted(([a], [b]) => (a < b ? -1 : 1))

/** Everything of a state as plain data: equal states, and only they, have equal portraits. */
export function portrait(state: BranchState): object {
  const { epoch, seq, now, lines, ticketByNumber } = state
  const drawn = { carried: carryState(state), lines: sortedEntries(lines), numbers: sortedEntries(ticketByNumber) }
  return { epoch, seq, now, ...drawn }
}

/** The same, without what time alone changes: the place in the log, the clock, the day and its numbers. */
export function stillPortrait(state: BranchState): string {
  const { tickets, openCounters, queueModes, retired, catalogue } = carryState(state)
  return JSON.stringify({ tickets, openCounters, queueModes, retired, catalogue, lines: sortedEntries(state.lines) })
}

/** What an event may hold as text: ids, codes and numbers of a ticket; never a sentence. */
const CODE = /^[\p{L}\p{N}][\p{L}\p{N}_.:+/-]*$/u

function assertNoFreeText(value: unknown, path: string): void {
  if (typeof value === 'string') must(value === '' || CODE.test(value), 'I10', () => `${path} holds text: ${value}`)
  else if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value)) {
      must(!/name|phone|note|pin$/i.test(key), 'I10', () => `${path}.${key} could hold personal data`)
      assertNoFreeText(inner, `${path}.${key}`)
    }
}

/** @throws BrokenInvariant when an event claims a negative duration, or text that people wrote */
function assertEvent(event: LogEvent): void {
  if ('waitMs' in event) must(event.waitMs === null || event.waitMs >= 0, 'I9', () => `a wait of ${event.waitMs} ms`)
  if ('serviceMs' in event) must(event.serviceMs >= 0, 'I9', () => `a service of ${event.serviceMs} ms`)
  assertNoFreeText(event, event.type)
}

/** @throws BrokenInvariant when one step breaks a rule about what may change, and how */
export function assertStep(before: BranchState, { state, events, tickets, answer }: Step): void {
  for (const [index, event] of events.entries()) {
    must(event.seq === before.seq + index + 1, 'I3', () => `${event.seq} follows ${before.seq + index}`)
    assertEvent(event)
    if (!('ticketId' in event)) continue
    const told = tickets.get(event.ticketId)
    const kept = state.tickets.get(event.ticketId)
    must(
      told !== undefined && (kept === undefined || kept === told),
      'I15',
      () => `${event.ticketId} is not told as it is`,
    )
  }
  must(state.seq === before.seq + events.length, 'I3', () => `the state is at ${state.seq}`)
  must(state.now.steadyMs >= before.now.steadyMs, 'I7', () => 'steady time went back')
  must(
    before.day === null || (state.day !== null && state.day.date >= before.day.date),
    'I7',
    () => 'the day went back',
  )
  if (answer.ok) return
  if (events.length === 0) must(state === before, 'I6', () => `${answer.refusal.code} changed the state`)
  const isOfTime = (event: LogEvent): boolean => event.actor.kind === 'branch'
  must(events.every(isOfTime), 'I6', () => `${answer.refusal.code} left events behind`)
}

/** I8: the events of one epoch, written down and read again, give the state; and so does the state itself. */
export function assertFoldsAlone(events: readonly LogEvent[], shelf: CatalogueShelf, state: BranchState): void {
  const written = events.map((event) => JSON.parse(JSON.stringify(event)) as LogEvent)
  const folded = written.reduce((sum, event) => evolve(sum, event, shelf), emptyState(state.now))
  const wanted = JSON.stringify(portrait(state))
  must(JSON.stringify(portrait(folded)) === wanted, 'I8', () => 'folding the log gives another state')
  const carried = JSON.parse(JSON.stringify(carryState(state))) as ReturnType<typeof carryState>
  const restored = { ...restoreState(carried, shelf), epoch: state.epoch, seq: state.seq, now: state.now }
  must(JSON.stringify(portrait(restored)) === wanted, 'I8', () => 'what was carried gives another state')
}
