import type { Catalogue } from '../catalogue.ts'
import type { Command, Origin, PaperMark, PrintedAlone } from '../commands.ts'
import { startEpoch } from '../epoch.ts'
import type { LogEvent, Place } from '../events.ts'
import type {
  AgentId,
  BusinessDate,
  CounterId,
  DeviceId,
  Epoch,
  PriorityClassId,
  QueueId,
  ServiceId,
  Sha256,
  TicketId,
  TicketNumber,
} from '../ids.ts'
import type { SeenNumbers } from '../numbering.ts'
import type { RefusalCode } from '../refusals.ts'
import { type BranchState, waitingIn } from '../state.ts'
import { emptyState } from '../state-json.ts'
import { BRANCH_ORIGIN, record, type Step, step } from '../step.ts'
import type { Ticket, TicketStatus } from '../ticket.ts'
import { amadou, bank, callerAt, counter1, kiosk1 } from './bank.ts'
import { DAY, type FakeClock, fakeClock, HOUR, MINUTE } from './fake-clock.ts'
import { assertFoldsAlone, assertInvariants, assertStep } from './invariants.ts'

/** Monday 23 November 2026, midnight in Dakar. */
export const MONDAY = Date.UTC(2026, 10, 23)
export const NO_HASH = '0'.repeat(64) as Sha256

export const kioskOrigin = (deviceId: DeviceId = kiosk1): Origin => ({ kind: 'kiosk', deviceId })
export const callerOrigin = (counterId: CounterId): Origin => ({ kind: 'caller', deviceId: callerAt(counterId) })
export const installer: Origin = { kind: 'installer', deviceId: 'installer' as DeviceId }

/** `09:30` of a day counted from Monday 0, in Dakar, where local time is UTC. */
export function at(time: string, day = 0): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return MONDAY + day * DAY + hours * HOUR + minutes * MINUTE
}

/** One branch whose story a test tells; after every step all invariants are checked. */
export interface Story {
  readonly clock: FakeClock
  readonly state: () => BranchState
  /** Every event of the present epoch. */
  readonly log: () => readonly LogEvent[]
  readonly shelf: (version: number) => Catalogue
  readonly ask: (command: Command, origin?: Origin) => Step
  /** Asks what must succeed; gives the events. */
  readonly does: (command: Command, origin?: Origin) => readonly LogEvent[]
  /** Asks what must be refused; gives the code. */
  readonly refuses: (command: Command, origin?: Origin) => RefusalCode
  /** Time goes by until this time of day; the day is counted from Monday 0. */
  readonly until: (time: string, day?: number) => void
  readonly applies: (catalogue: Catalogue) => void
  readonly opens: (counterId: CounterId, agentId: AgentId) => void
  readonly takes: (serviceId: ServiceId, priority?: PriorityClassId | null, plan?: readonly ServiceId[]) => TicketId
  readonly callsNext: (counterId: CounterId) => TicketId
  /** `does` one of the commands that name only a ticket, from the device of a counter. */
  readonly acts: (type: SimpleAct, counterId: CounterId, ticketId: TicketId) => void
  readonly holds: (counterId: CounterId, ticketId: TicketId) => void
  readonly completes: (counterId: CounterId, ticketId: TicketId) => void
  readonly transfers: (counterId: CounterId, ticketId: TicketId, toQueueId: QueueId, place: Place) => void
  /** A kiosk hands over paper that it printed alone. */
  readonly adopts: (papers: readonly PrintedAlone[], deviceId?: DeviceId) => readonly LogEvent[]
  readonly restarts: () => void
  readonly begins: (reason: 'rewound' | 'salvaged', seen?: readonly SeenNumbers[], from?: BranchState) => void
  readonly ticket: (ticketId: TicketId) => Ticket
  readonly status: (ticketId: TicketId) => TicketStatus
  readonly number: (ticketId: TicketId) => TicketNumber
  readonly line: (queueId: QueueId) => readonly TicketNumber[]
  readonly today: () => BusinessDate | null
}

type SimpleAct = 'RecallTicket' | 'StartService' | 'ReturnTicket' | 'MarkNoShow' | 'CancelTicket' | 'ReinstateTicket'

interface Heart {
  state: BranchState
  log: LogEvent[]
  catalogues: Catalogue[]
  ids: number
  epochs: number
}

function heartOf(clock: FakeClock): Heart {
  const { wallMs, steadyMs } = clock.read()
  const floor = { atMs: wallMs, steadyMs }
  return { state: emptyState(floor), log: [], catalogues: [], ids: 0, epochs: 0 }
}

/** A branch before its first catalogue. @param wallMs - what the wall clock shows at the first boot */
export function newBranch(wallMs: number = at('09:00'), floorMs: number = wallMs): Story {
  const clock = fakeClock(wallMs)
  const heart = heartOf(fakeClock(floorMs))
  const shelf = (version: number): Catalogue => {
    const body = heart.catalogues[version - 1]
    if (body === undefined) throw new Error(`No catalogue ${version}`)
    return body
  }
  const ask = (command: Command, origin: Origin = BRANCH_ORIGIN): Step => {
    const before = heart.state
    const done = step(before, command, origin, clock.read(), shelf)
    assertStep(before, done)
    assertInvariants(done.state)
    heart.state = done.state
    heart.log.push(...done.events)
    assertFoldsAlone(heart.log, shelf, heart.state)
    return done
  }
  const begins: Story['begins'] | ((reason: 'first-boot') => void) = (
    reason: 'first-boot' | 'rewound' | 'salvaged',
    seen: readonly SeenNumbers[] = [],
    from: BranchState = heart.state,
  ): void => {
    const { epoch, seq } = from
    const now = from.now
    const parent = epoch === null ? null : { epoch, seq, hash: NO_HASH }
    heart.epochs += 1
    const next = `epoch-${heart.epochs}` as Epoch
    const actor = { kind: 'branch', id: BRANCH_ORIGIN.deviceId } as const
    const body = startEpoch(from, reason, parent, seen, now)
    const begun = record(from, [body], { epoch: next, now, actor, shelf })
    heart.state = begun.state
    heart.log = [...begun.events]
    assertInvariants(heart.state)
    assertFoldsAlone(heart.log, shelf, heart.state)
  }
  ;(begins as (reason: 'first-boot') => void)('first-boot')
  return { clock, shelf, ask, begins: begins as Story['begins'], ...verbs(heart, clock, ask), ...looks(heart) }
}

type Ask = Story['ask']

function asserting(ask: Ask): Pick<Story, 'does' | 'refuses'> {
  return {
    does: (command, origin) => {
      const { answer } = ask(command, origin)
      if (!answer.ok) throw new Error(`${command.type} was refused: ${answer.refusal.code} ${answer.refusal.about}`)
      return answer.value
    },
    refuses: (command, origin) => {
      const { answer } = ask(command, origin)
      if (answer.ok) throw new Error(`${command.type} was not refused`)
      return answer.refusal.code
    },
  }
}

function verbs(
  heart: Heart,
  clock: FakeClock,
  ask: Ask,
): Omit<Story, 'clock' | 'shelf' | 'ask' | 'begins' | keyof ReturnType<typeof looks>> {
  const { does, refuses } = asserting(ask)
  const from = callerOrigin
  const takes: Story['takes'] = (serviceId, priority = null, plan = []) => {
    heart.ids += 1
    const ticketId = `ticket-${heart.ids}` as TicketId
    const issue = {
      type: 'IssueTicket',
      ticketId,
      serviceId,
      channel: 'kiosk',
      priority,
      language: null,
      plan,
    } as const
    does(issue, kioskOrigin())
    return ticketId
  }
  return {
    does,
    refuses,
    takes,
    until: (time, day = 0) => {
      const ms = at(time, day) - clock.read().wallMs
      if (ms < 0) throw new Error(`It is later than ${time} already`)
      clock.pass(ms)
      ask({ type: 'KeepTime' })
    },
    applies: (catalogue) => {
      heart.catalogues.push(catalogue)
      does({ type: 'ApplyCatalogue', version: heart.catalogues.length, hash: NO_HASH }, installer)
      ask({ type: 'KeepTime' })
    },
    opens: (counterId, agentId) => does({ type: 'OpenCounter', counterId, agentId }, from(counterId)),
    callsNext: (counterId) => {
      does({ type: 'CallNext', counterId }, from(counterId))
      const ticketId = heart.state.openCounters.get(counterId)?.ticketId
      if (ticketId === undefined || ticketId === null) throw new Error(`${counterId} called nobody`)
      return ticketId
    },
    acts: (type, counterId, ticketId) => does({ type, ticketId }, from(counterId)),
    holds: (counterId, ticketId) => does({ type: 'HoldTicket', ticketId, reason: null }, from(counterId)),
    completes: (counterId, ticketId) => does({ type: 'CompleteTicket', ticketId, outcome: null }, from(counterId)),
    transfers: (counterId, ticketId, toQueueId, place) =>
      does({ type: 'TransferTicket', ticketId, toQueueId, place }, from(counterId)),
    adopts: (tickets, deviceId = kiosk1) => does({ type: 'AdoptTickets', tickets }, kioskOrigin(deviceId)),
    restarts: () => clock.restart(heart.state.now),
  }
}

function looks(heart: Heart): Pick<Story, 'state' | 'log' | 'ticket' | 'status' | 'number' | 'line' | 'today'> {
  const ticket = (ticketId: TicketId): Ticket => {
    const found = heart.state.tickets.get(ticketId)
    if (found === undefined) throw new Error(`The branch does not know ${ticketId}`)
    return found
  }
  const number = (ticketId: TicketId): TicketNumber => ticket(ticketId).facts.number
  return {
    state: () => heart.state,
    log: () => heart.log,
    ticket,
    status: (ticketId) => ticket(ticketId).phase.status,
    number,
    line: (queueId) => waitingIn(heart.state, queueId).map(({ ticketId }) => number(ticketId)),
    today: () => heart.state.day?.date ?? null,
  }
}

/** A bank on Monday at nine, with these agents at these counters. */
export function openBranch(
  catalogue: Catalogue = bank,
  agents: readonly (readonly [CounterId, AgentId])[] = [],
): Story {
  const story = newBranch()
  story.applies(catalogue)
  for (const [counterId, agentId] of agents) story.opens(counterId, agentId)
  return story
}

const ALWAYS = { fromSteadyMs: 0, toSteadyMs: Number.MAX_SAFE_INTEGER } as PrintedAlone['absences'][number]

/** A paper that kiosk 1 printed alone. */
export function paper(
  id: string,
  number: string,
  serviceId: ServiceId,
  more: Partial<PrintedAlone> = {},
): PrintedAlone {
  return {
    ticketId: id as TicketId,
    number: number as TicketNumber,
    serviceId,
    language: 'fr',
    priority: null,
    businessDate: '2026-11-23' as BusinessDate,
    lastContactSteadyMs: 5_000 as PrintedAlone['lastContactSteadyMs'],
    sinceContactMs: 0,
    ghostId: null,
    isKnown: false,
    isNumberTaken: false,
    // The branch knows that it was away all the time.
    absences: [ALWAYS],
    ...more,
  }
}

/** What staff noted of A001 at counter 1 while the server was away. */
export const mark = (status: PaperMark['status'], more: Partial<PaperMark> = {}): PaperMark => ({
  ticketId: null,
  number: 'A001' as TicketNumber,
  serviceId: null,
  status,
  counterId: counter1,
  agentId: amadou,
  businessDate: '2026-11-23' as BusinessDate,
  noted: null,
  newTicketId: 'typed-1' as TicketId,
  isNumberTaken: false,
  former: null,
  isTooLate: false,
  absences: [],
  ...more,
})
