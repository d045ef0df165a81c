import type { CallReason, CallRule } from './call-reason.ts'
import type { Counter, WorkProfile, WorkRule } from './catalogue.ts'
import type { CounterId, QueueId, TicketId } from './ids.ts'
import {
  compareArrivals,
  EMPTY_LINE,
  type LineEntry,
  leaveLine,
  oldestMsIn,
  orderMs,
  type Reservation,
  waitingCountIn,
} from './line.ts'
import { firstInLine, ruleBetween } from './order-in-line.ts'
import { no, type Refusal } from './refusals.ts'
import { ok, type Result } from './result.ts'
import {
  type BranchState,
  findAgent,
  findCounter,
  findService,
  lineOf,
  lineRulesOf,
  type OpenCounter,
  queueIdsOf,
  queueMode,
} from './state.ts'

/** How an offer came about: kept for this counter, by the n-th rule of its profile, or from one of its queues. */
type Road =
  | { readonly kind: 'reserved' }
  | { readonly kind: 'profile'; readonly index: number }
  | { readonly kind: 'queue' }

interface Offer {
  readonly entry: LineEntry
  readonly queueId: QueueId
  readonly road: Road
}

/** One counter that looks for somebody, at one instant. */
interface Seeker {
  readonly state: BranchState
  readonly counter: Counter
  readonly open: OpenCounter
  readonly nowMs: number
  /** What the agent has learned; null: everything. */
  readonly skills: ReadonlySet<string> | null
}

function seekerAt(state: BranchState, counterId: CounterId, nowMs: number): Seeker | null {
  const counter = findCounter(state, counterId)
  const open = state.openCounters.get(counterId)
  if (counter === undefined || open === undefined) return null
  const learned = findAgent(state, open.agentId)?.skills ?? null
  return { state, counter, open, nowMs, skills: learned === null ? null : new Set(learned) }
}

const isKeptFor = (reservedFor: Reservation, { counter, open }: Seeker): boolean =>
  reservedFor.kind === 'counter' ? reservedFor.counterId === counter.id : reservedFor.agentId === open.agentId

/** Whether this counter may serve an ordinary ticket, which is kept for nobody. */
function isOrdinary(seeker: Seeker, entry: LineEntry): boolean {
  if (entry.reservedFor !== null || entry.isTraining !== seeker.open.isTraining) return false
  const needed = findService(seeker.state, entry.serviceId)?.skill ?? null
  return needed === null || seeker.skills === null || seeker.skills.has(needed)
}

/** Staff have sent these to this very counter: they go before any queue, and no skill is asked for. */
function reservedOffer(seeker: Seeker, without: LineEntry | null): Offer | null {
  const { state, nowMs, open } = seeker
  let best: Offer | null = null
  for (const [queueId, line] of state.lines) {
    if (queueMode(state, queueId).isPaused) continue
    const isOffered = ({ reservedFor, isTraining }: LineEntry): boolean =>
      reservedFor !== null && isTraining === open.isTraining && isKeptFor(reservedFor, seeker)
    const entry = firstInLine(lineRulesOf(state, queueId, nowMs), line, isOffered, without)
    if (entry !== null && (best === null || compareReserved(entry, best.entry) < 0))
      best = { entry, queueId, road: { kind: 'reserved' } }
  }
  return best
}

/** Of several queues, whose rules are not each other's: only staff's own word and time order their heads. */
const compareReserved = (a: LineEntry, b: LineEntry): number =>
  Number(b.isFirst) - Number(a.isFirst) || compareArrivals(a, b)

function headOf(seeker: Seeker, queueId: QueueId, without: LineEntry | null): LineEntry | null {
  const { state, nowMs } = seeker
  if (queueMode(state, queueId).isPaused) return null
  const isOffered = (entry: LineEntry): boolean => isOrdinary(seeker, entry)
  return firstInLine(lineRulesOf(state, queueId, nowMs), lineOf(state, queueId), isOffered, without)
}

function firstOf(seeker: Seeker, queueIds: readonly QueueId[], road: Road, without: LineEntry | null): Offer | null {
  for (const queueId of queueIds) {
    const entry = headOf(seeker, queueId, without)
    if (entry !== null) return { entry, queueId, road }
  }
  return null
}

/** Whose wait is longest, measured against the target of the service. */
function longestOf(seeker: Seeker, queueIds: readonly QueueId[], without: LineEntry | null): Offer | null {
  let best: { readonly offer: Offer; readonly share: number } | null = null
  for (const queueId of queueIds) {
    const entry = headOf(seeker, queueId, without)
    if (entry === null) continue
    const targetMs = lineRulesOf(seeker.state, queueId, seeker.nowMs).targetMsOf(entry.serviceId)
    const share = (seeker.nowMs - orderMs(entry)) / targetMs
    if (best === null || share > best.share) best = { offer: { entry, queueId, road: { kind: 'queue' } }, share }
  }
  return best?.offer ?? null
}

/** Whether a rule of a work profile speaks now. */
function holds({ state, nowMs }: Seeker, { when }: WorkRule): boolean {
  if (when === null) return true
  const line = state.lines.get(when.queueId, EMPTY_LINE)
  if (when.waitingOver !== null && waitingCountIn(line) <= when.waitingOver) return false
  const oldestMs = oldestMsIn(line)
  const { waitOverMinutes } = when
  return waitOverMinutes === null || (oldestMs !== null && nowMs - oldestMs > waitOverMinutes * 60_000)
}

function profileOf(state: BranchState, counter: Counter): WorkProfile | null {
  return state.catalogue?.body.workProfiles.find(({ id }) => id === counter.profileId) ?? null
}

/** Every queue a counter may call from: its own, and those its work profile names. */
export function servedQueueIds(state: BranchState, counter: Counter): readonly QueueId[] {
  const own = queueIdsOf(state, counter)
  const rules = profileOf(state, counter)?.rules ?? []
  return rules.length === 0 ? own : [...new Set([...own, ...rules.flatMap(({ queueIds }) => queueIds)])]
}

function profileOffer(seeker: Seeker, without: LineEntry | null): Offer | null {
  for (const [index, rule] of (profileOf(seeker.state, seeker.counter)?.rules ?? []).entries()) {
    if (!holds(seeker, rule)) continue
    const offer = firstOf(seeker, rule.queueIds, { kind: 'profile', index }, without)
    if (offer !== null) return offer
  }
  return null
}

/** From its own queues, whatever its work profile says. */
function ownOffer(seeker: Seeker, without: LineEntry | null): Offer | null {
  const { state, counter } = seeker
  const queueIds = queueIdsOf(state, counter)
  return counter.choosing === 'relative-wait'
    ? longestOf(seeker, queueIds, without)
    : firstOf(seeker, queueIds, { kind: 'queue' }, without)
}

const bestOffer = (seeker: Seeker, without: LineEntry | null = null): Offer | null =>
  reservedOffer(seeker, without) ?? profileOffer(seeker, without) ?? ownOffer(seeker, without)

function ruleFor({ state, counter, nowMs }: Seeker, chosen: Offer, runnerUp: Offer | null): CallRule {
  if (runnerUp === null) return 'only'
  const { road, entry, queueId } = chosen
  if (road.kind === 'reserved' && runnerUp.road.kind !== 'reserved') return 'reserved'
  if (queueId === runnerUp.queueId) return ruleBetween(lineRulesOf(state, queueId, nowMs), entry, runnerUp.entry)
  if (road.kind === 'reserved') return entry.isFirst === runnerUp.entry.isFirst ? 'arrival' : 'put-first'
  if (road.kind === 'profile') return 'profile'
  return counter.choosing === 'relative-wait' ? 'longest-wait' : 'queue-order'
}

/**
 * Whom an open counter calls next, and why. First those kept for it or its agent, then by the rules of its work
 * profile, then from its queues; training counters see training tickets alone.
 * @param nowMs - on steady time
 * @returns QueueIsPaused when those whom it may serve wait in paused queues; QueueEmpty when there are none
 */
export function chooseNext(
  state: BranchState,
  counterId: CounterId,
  nowMs: number,
): Result<{ readonly ticketId: TicketId; readonly why: CallReason }, Refusal> {
  const seeker = seekerAt(state, counterId, nowMs)
  if (seeker === null) return no('CounterIsClosed', counterId)
  const chosen = bestOffer(seeker)
  if (chosen === null) return no(...emptyReason(seeker))
  return ok({ ticketId: chosen.entry.ticketId, why: whyChosen(seeker, chosen) })
}

/** Where the work profile has changed the choice, it is what decided, whoever stands second in the same queue. */
function whyChosen(seeker: Seeker, chosen: Offer): CallReason {
  const { ticketId } = chosen.entry
  const without = chosen.road.kind === 'profile' ? ownOffer(seeker, null) : null
  if (without !== null && without.entry.ticketId !== ticketId)
    return { rule: 'profile', runnerUp: without.entry.ticketId }
  const runnerUp = bestOffer(seeker, chosen.entry)
  return { rule: ruleFor(seeker, chosen, runnerUp), runnerUp: runnerUp?.entry.ticketId ?? null }
}

/** Everybody a counter may call, in the order in which it would if nothing changed; at most `max`. */
export function callOrder(state: BranchState, counterId: CounterId, nowMs: number, max: number): readonly TicketId[] {
  const order: TicketId[] = []
  let left = state
  while (order.length < max) {
    const seeker = seekerAt(left, counterId, nowMs)
    const next = seeker === null ? null : bestOffer(seeker)
    if (next === null) break
    order.push(next.entry.ticketId)
    const line = leaveLine(lineOf(left, next.queueId), next.entry)
    left = { ...left, lines: left.lines.set(next.queueId, line) }
  }
  return order
}

/** Whether somebody could be called if no queue was paused. */
function emptyReason(seeker: Seeker): readonly ['QueueIsPaused' | 'QueueEmpty', string] {
  const { state, counter } = seeker
  const found = bestOffer({ ...seeker, state: { ...state, queueModes: state.queueModes.clear() } })
  return found === null ? ['QueueEmpty', counter.id] : ['QueueIsPaused', found.queueId]
}

/** Why an agent's own choice was called: the runner-up is whom call-next would have chosen, unless it is the same. */
export function whyPicked(state: BranchState, counterId: CounterId, ticketId: TicketId, nowMs: number): CallReason {
  const next = chooseNext(state, counterId, nowMs)
  const runnerUp = next.ok && next.value.ticketId !== ticketId ? next.value.ticketId : null
  return { rule: 'picked', runnerUp }
}

/** Whether a counter may call this ticket when its agent picks it: kept for nobody else, and of its own kind. */
export function mayPick(state: BranchState, counterId: CounterId, entry: LineEntry): boolean {
  const seeker = seekerAt(state, counterId, 0)
  if (seeker === null || entry.isTraining !== seeker.open.isTraining) return false
  return entry.reservedFor === null || isKeptFor(entry.reservedFor, seeker)
}
