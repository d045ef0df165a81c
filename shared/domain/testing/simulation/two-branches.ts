import type { Catalogue } from '../../catalogue.ts'
import type { PrintedAlone } from '../../commands.ts'
import { startEpoch } from '../../epoch.ts'
import type { LogEvent } from '../../events.ts'
import type { Epoch, TicketId } from '../../ids.ts'
import type { SeenNumbers } from '../../numbering.ts'
import { unreachable } from '../../result.ts'
import type { BranchState } from '../../state.ts'
import { carryState, emptyState, restoreState } from '../../state-json.ts'
import { BRANCH_ORIGIN, record, step } from '../../step.ts'
import { amadou, bank, callerAt } from '../bank.ts'
import { type FakeClock, fakeClock } from '../fake-clock.ts'
import { assertFoldsAlone, assertInvariants, assertStep } from '../invariants.ts'
import { BrokenInvariant } from '../must.ts'
import { NO_HASH } from '../story.ts'
import { editCatalogue, RENAMED, ruleEdit } from './catalogue-edits.ts'
import { seenOf, slowlySeen, toldBy } from './portraits.ts'
import type { Cast, Turn } from './random-parts.ts'
import { turnOf } from './random-turn.ts'
import { type SlowBranch, slowBranch } from './slow-branch.ts'
import { slowAsk } from './slow-commands.ts'
import { slowEpoch } from './slow-day.ts'
import { newTally, type Tally, tallyStep } from './tally.ts'

/** The part of the domain that is put to the test; a planted bug replaces one of these. */
export interface Core {
  readonly step: typeof step
  readonly startEpoch: typeof startEpoch
}

export const soundCore: Core = { step, startEpoch }

/** A copy of the disk, as a backup or a cloned machine would hold it. */
interface Copy {
  readonly state: BranchState
  readonly slow: SlowBranch
  readonly printed: number
  readonly epochs: number
}

/** The branch and its slow twin, side by side in one world. */
export interface World {
  readonly core: Core
  readonly clock: FakeClock
  state: BranchState
  slow: SlowBranch
  readonly catalogues: Catalogue[]
  log: LogEvent[]
  epochs: number
  readonly everyone: TicketId[]
  /** Every number that is on paper, in the order of printing. */
  readonly printed: {
    readonly key: string
    readonly ticketId: TicketId
    readonly isOffline: boolean
    readonly event: LogEvent
  }[]
  readonly copies: Copy[]
  readonly told: Turn[]
  readonly tally: Tally
}

const START = Date.UTC(2026, 10, 23, 9)

function newWorld(core: Core = soundCore, tally: Tally = newTally()): World {
  const clock = fakeClock(START)
  const { wallMs, steadyMs } = clock.read()
  const world: World = {
    ...{ core, clock, tally, log: [], catalogues: [], everyone: [], printed: [], copies: [], told: [], epochs: 0 },
    state: emptyState({ atMs: wallMs, steadyMs }),
    slow: slowBranch(wallMs, steadyMs),
  }
  beginEpoch(world, 'first-boot', [])
  return world
}

const shelfOf =
  ({ catalogues }: World) =>
  (version: number): Catalogue => {
    const body = catalogues[version - 1]
    if (body === undefined) throw new Error(`No catalogue ${version}`)
    return body
  }

function beginEpoch(world: World, reason: 'first-boot' | 'rewound', seen: readonly SeenNumbers[]): void {
  const { epoch, seq, now } = world.state
  const parent = epoch === null ? null : { epoch, seq, hash: NO_HASH }
  const body = world.core.startEpoch(world.state, reason, parent, seen, now)
  world.epochs += 1
  const actor = { kind: 'branch', id: BRANCH_ORIGIN.deviceId } as const
  const begun = record(world.state, [body], {
    epoch: `epoch-${world.epochs}` as Epoch,
    now,
    actor,
    shelf: shelfOf(world),
  })
  world.state = begun.state
  world.log = [...begun.events]
}

function mustAgree(what: string, fast: string, slow: string): void {
  if (fast !== slow)
    throw new Error(`The branch and its slow twin disagree about ${what}:\n  branch ${fast}\n  twin   ${slow}`)
}

/** I1, for ever: whatever was printed once on a date is never printed again for somebody else. */
function keepNumbers(world: World, events: readonly LogEvent[]): void {
  for (const event of events) {
    if (event.type !== 'TicketIssued' && event.type !== 'TicketAdopted') continue
    const { ticketId, number, businessDate } = event
    const key = `${number} on ${businessDate}`
    const isOffline = event.type === 'TicketAdopted'
    // Staff who type a number do not tell its date: what a kiosk dated ahead may be there already.
    const isTyped = isOffline && event.kioskId === null
    const other = world.printed.find((it) => it.key === key && it.ticketId !== ticketId && !isTyped)
    if (other !== undefined) throw new BrokenInvariant(`I1: ${ticketId} and ${other.ticketId} are both ${key}`)
    world.printed.push({ key, ticketId, isOffline, event })
    world.everyone.push(ticketId)
  }
}

/** What the server finds in its tables, whose memory is longer than the state's. */
function lookedUp({ printed }: World, paper: PrintedAlone): PrintedAlone {
  const key = `${paper.number} on ${paper.businessDate}`
  const isKnown = paper.isKnown || printed.some((it) => it.ticketId === paper.ticketId && it.key === key)
  const isTaken = printed.some((it) => it.key === key && it.ticketId !== paper.ticketId)
  return { ...paper, isKnown, isNumberTaken: paper.isNumberTaken || isTaken }
}

function ask(world: World, command: Parameters<typeof step>[1], origin: Parameters<typeof step>[2]): void {
  const reading = world.clock.read()
  const shelf = shelfOf(world)
  const before = world.state
  const asked =
    command.type === 'AdoptTickets'
      ? { ...command, tickets: command.tickets.map((it) => lookedUp(world, it)) }
      : command
  const stepped = world.core.step(before, asked, origin, reading, shelf)
  const slowly = slowAsk(world.slow, asked, origin, reading, shelf)
  const { answer, state, events } = stepped
  mustAgree('the answer', answer.ok ? 'done' : answer.refusal.code, slowly ?? 'done')
  const told = [...world.slow.told].sort().join('\n  ')
  mustAgree('what happened', [...toldBy(events)].sort().join('\n  '), told)
  assertStep(before, stepped)
  tallyStep(world.tally, asked, stepped)
  world.state = state
  world.log.push(...events)
  keepNumbers(world, events)
  if (state === before) return
  // Whom the step has touched is compared at once, everybody now and then: there it takes longest.
  const looked = world.told.length % 6 === 0 ? null : new Set(stepped.tickets.keys())
  mustAgree('what there is to see', seenOf(state, looked), slowlySeen(world.slow, looked))
  assertInvariants(state)
}

/** The highest ordinals of the numbers that an older copy knows nothing of. */
function lostTail(world: World, from: number): readonly SeenNumbers[] {
  const byDate = new Map<string, Map<string, number>>()
  for (const { event } of world.printed.slice(from)) {
    if (event.type !== 'TicketIssued') continue
    const ordinals = byDate.get(event.businessDate) ?? new Map<string, number>()
    ordinals.set(event.series, Math.max(ordinals.get(event.series) ?? 0, event.ordinal))
    byDate.set(event.businessDate, ordinals)
  }
  return [...byDate].map(([date, ordinals]) => ({ date, lastOrdinals: [...ordinals] }) as never)
}

function rewind(world: World, isSeen: boolean): void {
  const copy = world.copies.pop()
  if (copy === undefined) return
  const tail = lostTail(world, copy.printed)
  world.state = copy.state
  world.slow = copy.slow
  world.clock.restart(copy.state.now)
  // A jump of 50 with no witness makes up for fewer than 50 numbers of the present day; more takes somebody who saw them.
  const isPlain = copy.epochs === world.epochs && tail.every(({ date }) => date === copy.state.day?.date)
  const seen = isSeen || !isPlain ? tail : []
  slowEpoch(
    world.slow,
    seen.map(({ date, lastOrdinals }) => ({ date, ordinals: lastOrdinals })),
  )
  beginEpoch(world, 'rewound', seen)
  // The kiosks hand the paper of the lost time over again, or it stays unknown: its numbers are no longer the branch's.
  for (const [index, it] of world.printed.entries())
    if (index >= copy.printed && it.isOffline) world.printed[index] = { ...it, key: `${it.key} (lost)` }
}

function play(world: World, turn: Turn): void {
  switch (turn.type) {
    case 'ask':
      ask(world, turn.command, turn.origin)
      break
    case 'edit': {
      const before = world.catalogues.at(-1) ?? bank
      world.catalogues.push(turn.edits.reduce((body, [kind, choice]) => editCatalogue(body, kind, choice), before))
      const command = { type: 'ApplyCatalogue', version: world.catalogues.length, hash: NO_HASH } as const
      ask(world, command, { kind: 'installer', deviceId: 'installer' as never })
      break
    }
    case 'pass':
    case 'jump':
      world.clock[turn.type](turn.ms)
      ask(world, { type: 'KeepTime' }, BRANCH_ORIGIN)
      break
    case 'restart': {
      const { epoch, seq, now } = world.state
      const written = JSON.parse(JSON.stringify(carryState(world.state))) as ReturnType<typeof carryState>
      world.state = { ...restoreState(written, shelfOf(world)), epoch, seq, now }
      world.clock.restart(now)
      ask(world, { type: 'KeepTime' }, BRANCH_ORIGIN)
      break
    }
    case 'rewind':
      rewind(world, turn.isSeen)
      break
    default:
      unreachable(turn)
  }
}

/** What the twin changes in place is copied, all else is shared. */
const copyOf = (slow: SlowBranch): SlowBranch => ({
  ...slow,
  day: slow.day === null ? null : { ...slow.day },
  floor: slow.floor === null ? null : { ...slow.floor },
  tickets: slow.tickets.map((ticket) => ({ ...ticket, legs: [...ticket.legs] })),
  open: slow.open.map((counter) => ({ ...counter })),
})

/** What a story begins with, most of the time: the bank is open and somebody stands at each counter. */
const opening = ([, , b, c]: Cast): readonly Turn[] => [
  // Each story is told of another bank, so that its rules meet in ever new ways.
  { type: 'edit', edits: [[RENAMED, 2], ...Array.from({ length: b % 9 }, (_, index) => ruleEdit(b, c, index))] },
  ...bank.counters.map(({ id }, index): Turn => {
    const agentId = bank.agents[index + 1]?.id ?? amadou
    const origin = { kind: 'caller', deviceId: callerAt(id) } as const
    return { type: 'ask', command: { type: 'OpenCounter', counterId: id, agentId }, origin }
  }),
]

/**
 * Plays one random story against the branch and its slow twin.
 * @throws when they disagree or an invariant breaks; the message tells the story
 */
export function playStory(casts: readonly Cast[], core: Core = soundCore, tally: Tally = newTally()): void {
  const world = newWorld(core, tally)
  let ids = 0
  const newId = (): TicketId => {
    ids += 1
    return `t${ids}` as TicketId
  }
  const tell = (turn: Turn): void => {
    world.told.push(turn)
    play(world, turn)
  }
  try {
    const isPrepared = (casts[0]?.[1] ?? 0) % 32 !== 31
    if (isPrepared) opening(casts[0] ?? [0, 0, 0, 0]).forEach(tell)
    for (const [index, cast] of casts.entries()) {
      const { state, everyone } = world
      if (index % 7 === 3)
        world.copies.push({ state, slow: copyOf(world.slow), printed: world.printed.length, epochs: world.epochs })
      tell(turnOf({ state, everyone, steadyMs: world.clock.read().steadyMs, newId }, cast))
    }
    mustAgree('what there is to see', seenOf(world.state, null), slowlySeen(world.slow, null))
    // Folding all of it anew takes as long as the story: each third does.
    if (casts.length % 3 === 0) assertFoldsAlone(world.log, shelfOf(world), world.state)
  } catch (error) {
    const story = world.told.map((turn, index) => `${index}. ${JSON.stringify(turn)}`).join('\n')
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${story}`, { cause: error })
  }
}
