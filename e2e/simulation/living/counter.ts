import { unread } from '../../../shared/client/send-command.ts'
import type { Catalogue } from '../../../shared/domain/catalogue.ts'
import { chooseNext } from '../../../shared/domain/choose-next.ts'
import type { CounterId, DeviceId, TicketId } from '../../../shared/domain/ids.ts'
import { type BranchState, counterHeldBy, type OpenCounter } from '../../../shared/domain/state.ts'
import { type AgentAct, decideAgent, type Look } from '../../../shared/simulation/agent.ts'
import type { Shift } from '../../../shared/simulation/plan-day.ts'
import { type Days, shiftAt } from './days.ts'
import type { Desk } from './desk.ts'
import { countDone, countRefused, type Figures } from './figures.ts'
import type { Manners } from './manners.ts'
import { requestOf } from './request-of.ts'
import type { Session, Sessions } from './sessions.ts'

/** Real time, whatever the speed: as long as a human needs to do the next thing at the counter. */
const HANDS_OFF_MS = 30_000
const LOOK_AGAIN_MS = 2_000
const FOLLOW_MS_MAX = 5_000
const REFUSED_MS = 1_000
const PIN_REFUSED_MS = 65_000
const SIGN_OUT_TRIES = 3
const SIGN_OUT_LOOK_MS = 200
/** Of somebody whose hold this program did not see. */
const HELD_MS = 60_000

export interface CounterParts {
  readonly counterId: CounterId
  readonly desk: Desk
  readonly days: Days
  readonly speed: number
  readonly pins: Readonly<Record<string, string>>
  readonly manners: Manners
  readonly sessions: Sessions
  readonly figures: Figures
  readonly realMs: () => number
  readonly tell: (what: string) => void
}

/** What the loop remembers of its counter between two looks. */
interface Memory {
  /** The counter as it was when the agent last knew why; empty: not seen yet. */
  key: string
  keySinceMs: number
  calledSinceMs: number
  /** What happens next may be the late effect of an act whose answer was lost. */
  isUnsure: boolean
  handsOffUntilMs: number
  wasHuman: boolean
  readonly held: Map<TicketId, number>
}

interface Seen {
  readonly state: BranchState
  readonly catalogue: Catalogue
  readonly deviceId: DeviceId
  readonly open: OpenCounter | undefined
}

function see({ counterId, desk }: CounterParts): Seen | null {
  const { phase, link, state, device } = desk.view()
  const catalogue = state?.catalogue?.body
  if (phase !== 'following' || link === 'down' || state === null || device === null || catalogue === undefined)
    return null
  return { state, catalogue, deviceId: device.deviceId, open: state.openCounters.get(counterId) }
}

const isOurs = ({ open, deviceId }: Seen, session: Session | null): boolean =>
  open !== undefined &&
  !open.isTraining &&
  open.deviceId === deviceId &&
  open.agentId === session?.agentId &&
  open.sinceSteadyMs === session.sinceSteadyMs

function keyOf({ state, open }: Seen): string {
  if (open === undefined) return 'closed'
  const ticket = open.ticketId === null ? undefined : state.tickets.get(open.ticketId)
  return `${open.onBreak !== null} ${open.ticketId} ${ticket?.phase.status} ${ticket?.facts.recallCount}`
}

/** Notes how the counter stands now. @returns whether that is somebody else's doing */
function note(parts: CounterParts, memory: Memory, seen: Seen): boolean {
  const key = keyOf(seen)
  if (key === memory.key) return false
  const isForeign = memory.key !== '' && !memory.isUnsure
  const nowMs = parts.days.nowMs()
  const { state, open } = seen
  const ticket = open?.ticketId ? state.tickets.get(open.ticketId) : undefined
  if (ticket?.phase.status === 'called' && ticket.facts.recallCount === 0) memory.calledSinceMs = nowMs
  memory.key = key
  memory.keySinceMs = nowMs
  memory.isUnsure = false
  return isForeign
}

function nextHeld({ state }: Seen, memory: Memory): Look['held'] {
  let next: Look['held'] = null
  for (const [ticketId, dueMs] of memory.held) {
    if (state.tickets.get(ticketId)?.phase.status !== 'held') memory.held.delete(ticketId)
    else if (next === null || dueMs < next.dueMs) next = { ticketId, dueMs }
  }
  return next
}

function currentOf(parts: CounterParts, memory: Memory, { state, catalogue, open }: Seen): Look['current'] {
  const ticket = open?.ticketId ? state.tickets.get(open.ticketId) : undefined
  const status = ticket?.phase.status
  if (ticket === undefined || (status !== 'called' && status !== 'serving')) return null
  const { ticketId, serviceId, queueId, legs, recallCount, serviceMs, transferCount } = ticket.facts
  return {
    status,
    queueId,
    leg: legs.length,
    recallCount,
    canRecall: status === 'called' && recallCount < catalogue.branch.recallMax,
    calledSinceMs: memory.calledSinceMs,
    wasBegun: serviceMs > 0,
    wasTransferred: transferCount > 0,
    manner: parts.manners.of(catalogue, ticketId, serviceId),
  }
}

/** The shift of whoever sits here: another agent's begins when this one has gone. */
function shiftFor(parts: CounterParts, seen: Seen): Shift | null {
  const shift = shiftAt(parts.days.today(seen.catalogue), parts.counterId)
  return seen.open !== undefined && shift?.agentId !== seen.open.agentId ? null : shift
}

function lookAt(parts: CounterParts, memory: Memory, seen: Seen): Look {
  const { open, state } = seen
  const shift = shiftFor(parts, seen)
  return {
    nowMs: parts.days.nowMs(),
    shift,
    status: open === undefined ? 'closed' : open.onBreak === null ? 'open' : 'break',
    sinceMs: memory.keySinceMs,
    current: currentOf(parts, memory, seen),
    canCallNext: open !== undefined && chooseNext(state, parts.counterId, state.now.steadyMs).ok,
    held: nextHeld(seen, memory),
  }
}

/** Waits until the feed has brought what was done, and takes it for our own doing. */
async function follow(parts: CounterParts, keyBefore: string): Promise<Seen | null> {
  const untilMs = parts.realMs() + FOLLOW_MS_MAX
  for (;;) {
    const seen = see(parts)
    const leftMs = untilMs - parts.realMs()
    if (leftMs <= 0 || (seen !== null && keyOf(seen) !== keyBefore)) return seen
    await parts.desk.change(leftMs)
  }
}

async function perform(parts: CounterParts, memory: Memory, seen: Seen, act: AgentAct): Promise<void> {
  const { desk, figures, sessions, counterId, manners, days } = parts
  const ticketId = seen.open?.ticketId ?? null
  const { path, body } = requestOf(parts, act, shiftFor(parts, seen), ticketId)
  const keyBefore = keyOf(seen)
  const answer = await desk.send(path, body, unread)
  memory.isUnsure = true
  if (!answer.ok) {
    countRefused(figures, act.type, answer.code)
    return desk.change(/^Pin/.test(answer.code) ? PIN_REFUSED_MS : REFUSED_MS)
  }
  countDone(figures, act.type)
  if (act.type === 'close') sessions.set(counterId, null)
  if (act.type === 'hold' && ticketId !== null) {
    const ticket = seen.state.tickets.get(ticketId)
    const restMs = ticket && manners.of(seen.catalogue, ticketId, ticket.facts.serviceId).hold?.restMs
    memory.held.set(ticketId, days.nowMs() + (restMs ?? HELD_MS))
  }
  const after = await follow(parts, keyBefore)
  if (after === null) return
  const { open, deviceId } = after
  if (act.type === 'open' && open?.deviceId === deviceId)
    sessions.set(counterId, { agentId: open.agentId, sinceSteadyMs: open.sinceSteadyMs })
  note(parts, memory, after)
  memory.isUnsure = false
}

/** @returns why the counter is left alone for now; null when it is ours to work at */
function strangerAt(parts: CounterParts, memory: Memory, seen: Seen): string | null {
  const { counterId, sessions, realMs } = parts
  const session = sessions.get(counterId)
  if (isOurs(seen, session)) {
    if (note(parts, memory, seen)) memory.handsOffUntilMs = realMs() + HANDS_OFF_MS
    return realMs() < memory.handsOffUntilMs ? 'somebody works here by hand' : null
  }
  if (session !== null) {
    // Closed or taken over, and not by us.
    sessions.set(counterId, null)
    memory.handsOffUntilMs = realMs() + HANDS_OFF_MS
  }
  memory.key = ''
  const isTaken = seen.open !== undefined || counterHeldBy(seen.state, seen.deviceId) !== undefined
  if (memory.wasHuman && !isTaken) memory.handsOffUntilMs = realMs() + HANDS_OFF_MS
  memory.wasHuman = isTaken
  if (isTaken) return 'a human is signed in'
  if (realMs() < memory.handsOffUntilMs) return 'somebody has signed out'
  note(parts, memory, seen)
  const agentId = shiftAt(parts.days.today(seen.catalogue), counterId)?.agentId
  return seen.state.openCounters.some((open) => open.agentId === agentId) ? 'the agent is elsewhere' : null
}

async function turn(parts: CounterParts, memory: Memory): Promise<string> {
  const { desk, days, speed } = parts
  const seen = see(parts)
  if (seen === null) {
    // What comes after a cut may be an act of ours whose answer was lost.
    memory.isUnsure = true
    await desk.change(LOOK_AGAIN_MS)
    return 'no contact'
  }
  const stranger = strangerAt(parts, memory, seen)
  if (stranger !== null) {
    await desk.change(LOOK_AGAIN_MS)
    return stranger
  }
  const intent = decideAgent(lookAt(parts, memory, seen))
  const leftMs = intent === null ? LOOK_AGAIN_MS : (intent.atMs - days.nowMs()) / speed
  if (intent === null || leftMs > 0) await desk.change(Math.min(leftMs, LOOK_AGAIN_MS))
  else await perform(parts, memory, seen, intent.act)
  return 'simulated'
}

/** Tickets held at this counter before this program began. */
function recallHeld(parts: CounterParts, memory: Memory): void {
  const { state } = parts.desk.view()
  for (const { phase, facts } of state?.tickets.values() ?? [])
    if (phase.status === 'held' && phase.counterId === parts.counterId)
      memory.held.set(facts.ticketId, parts.days.nowMs() + HELD_MS)
}

/**
 * The agent goes home: whoever was called waits on, whoever is served is done. A counter left open would be counted as
 * one that serves, and only a device that nobody starts any more could close it.
 */
async function signOut(parts: CounterParts, memory: Memory): Promise<void> {
  const { counterId, desk, sessions } = parts
  for (let tries = 0; tries < SIGN_OUT_TRIES; tries += 1) {
    const seen = see(parts)
    if (seen === null || strangerAt(parts, memory, seen) !== null) return
    const { state, open } = seen
    if (open === undefined) return
    const ticket = open.ticketId === null ? undefined : state.tickets.get(open.ticketId)
    if (ticket !== undefined) {
      const act = ticket.phase.status === 'called' ? 'return' : 'complete'
      await desk.send(`/api/v1/tickets/${ticket.facts.ticketId}/${act}`, {}, unread)
    }
    const closed = await desk.send(`/api/v1/counters/${counterId}/close`, {}, unread)
    if (closed.ok) return sessions.set(counterId, null)
    // The last call was still on its way: it shows in a moment.
    memory.isUnsure = true
    await desk.change(SIGN_OUT_LOOK_MS)
  }
}

/**
 * One simulated agent after the other at one counter, for as long as `isRunning`, then the last one signs out; a human's
 * counter is left alone.
 */
export async function workAt(parts: CounterParts, isRunning: () => boolean): Promise<void> {
  const memory: Memory = {
    key: '',
    keySinceMs: parts.days.nowMs(),
    calledSinceMs: parts.days.nowMs(),
    isUnsure: true,
    handsOffUntilMs: 0,
    wasHuman: false,
    held: new Map(),
  }
  let told = ''
  while (parts.desk.view().state === null && isRunning()) await parts.desk.change(LOOK_AGAIN_MS)
  recallHeld(parts, memory)
  while (isRunning()) {
    const how = await turn(parts, memory)
    if (how !== told) parts.tell(`${parts.counterId}: ${how}`)
    told = how
  }
  await signOut(parts, memory)
}

/** Whether one of our agents is at the counter and works. */
export function isStaffed(parts: CounterParts): boolean {
  const seen = see(parts)
  return seen !== null && isOurs(seen, parts.sessions.get(parts.counterId))
}
