import { Map as PersistentMap } from 'immutable'
import type { CatalogueShelf } from './catalogue.ts'
import type {
  AgentId,
  CounterId,
  DeviceId,
  Epoch,
  EpochMs,
  EventSeq,
  Moment,
  QueueId,
  Series,
  ServiceId,
  Sha256,
  SteadyMs,
  TicketId,
  TicketNumber,
} from './ids.ts'
import { EMPTY_LINE, joinLine, type Line } from './line.ts'
import type {
  BranchState,
  BusinessDay,
  LastHeld,
  NumberFloor,
  OpenCounter,
  QueueMode,
  RetiredQueue,
  ShownMessage,
  Suspension,
} from './state.ts'
import { entryOf, type Ticket, takesNumber } from './ticket.ts'

/**
 * The shape of what is carried and stored. Raised with every change of it, so that a server folds its log anew once
 * instead of taking what an earlier version folded for damage. Tickets carried by an EpochStarted of an earlier
 * version lack what came later: a new field is read with that in mind.
 */
export const FOLD_VERSION = 9

/** Everything of a branch's state but its tickets, as JSON. Definitions are named by the catalogue that holds them. */
export interface CarriedRest {
  readonly clock: BranchState['clock']
  readonly day: BusinessDay | null
  readonly catalogue: { readonly version: number; readonly hash: Sha256 } | null
  readonly retired: {
    readonly services: readonly { readonly id: ServiceId; readonly version: number }[]
    readonly queues: readonly {
      readonly id: QueueId
      readonly version: number
      readonly counterIds: readonly CounterId[]
    }[]
    readonly counters: readonly { readonly id: CounterId; readonly version: number }[]
    readonly agents: readonly { readonly id: AgentId; readonly version: number }[]
  }
  readonly prefixes: readonly (readonly [ServiceId, Series])[]
  readonly lastOrdinals: readonly (readonly [Series, number])[]
  readonly numberFloor: NumberFloor | null
  readonly openCounters: readonly (readonly [CounterId, OpenCounter])[]
  /** Not carried by an epoch that began before the branch remembered it. */
  readonly lastHeld?: readonly (readonly [DeviceId, LastHeld])[]
  /** Not carried by an epoch that began before managers signed in without a counter. */
  readonly managers?: readonly (readonly [DeviceId, AgentId])[]
  /** Not carried by an epoch that began before anybody could be suspended. */
  readonly suspended?: readonly (readonly [AgentId, Suspension])[]
  readonly queueModes: readonly (readonly [QueueId, QueueMode])[]
  readonly passedArrivals: readonly (readonly [QueueId, readonly number[]])[]
  readonly isIntakeStopped: boolean
  readonly message: ShownMessage | null
  /** Not carried by an epoch that began when an emergency took the place of what was shown. */
  readonly coveredMessage?: ShownMessage | null
  /** Not carried by an epoch that began before the branch heard of its battery. */
  readonly isPowerLow?: boolean
  readonly sheet?: BranchState['sheet']
}

/** A whole state as JSON: what a new epoch carries on, what a snapshot holds. */
export interface CarriedState extends CarriedRest {
  readonly tickets: readonly Ticket[]
}

/** A state at a place in the log, with the catalogues it speaks of: where a reader starts. */
export interface Snapshot {
  readonly epoch: Epoch
  readonly seq: EventSeq
  readonly headHash: Sha256
  readonly now: Moment
  readonly carried: CarriedState
  readonly catalogues: { readonly [version: string]: ReturnType<CatalogueShelf> }
}

const byKey = <Key extends string>([a]: readonly [Key, unknown], [b]: readonly [Key, unknown]): number =>
  a < b ? -1 : a > b ? 1 : 0

/** Entries in the order of their keys, so that equal states give equal text. */
const sorted = <Key extends string, Value>(map: PersistentMap<Key, Value>): readonly (readonly [Key, Value])[] =>
  [...map.entries()].toSorted(byKey)

const references = <Id extends string>(
  map: PersistentMap<Id, { readonly version: number }>,
): readonly { readonly id: Id; readonly version: number }[] => sorted(map).map(([id, { version }]) => ({ id, version }))

/** By the map itself, which never changes: most commits leave all but one of them as they were. */
const sortedOnce = new WeakMap<object, readonly unknown[]>()

function sortedAsBefore<Key extends string, Value>(map: PersistentMap<Key, Value>): readonly (readonly [Key, Value])[] {
  const known = sortedOnce.get(map) as readonly (readonly [Key, Value])[] | undefined
  if (known !== undefined) return known
  const made = sorted(map)
  sortedOnce.set(map, made)
  return made
}

/** What has not changed is the same object again as in the rest carried before. */
export function carryRest(state: BranchState): CarriedRest {
  const { clock, day, catalogue, retired } = state
  return {
    clock,
    day,
    catalogue: catalogue === null ? null : { version: catalogue.version, hash: catalogue.hash },
    retired: {
      services: references(retired.services),
      queues: sorted(retired.queues).map(([id, { version, counterIds }]) => ({ id, version, counterIds })),
      counters: references(retired.counters),
      agents: references(retired.agents),
    },
    prefixes: sortedAsBefore(state.prefixByService),
    lastOrdinals: sortedAsBefore(state.lastOrdinal),
    numberFloor: state.numberFloor,
    openCounters: sortedAsBefore(state.openCounters),
    lastHeld: sortedAsBefore(state.lastHeld),
    managers: sortedAsBefore(state.managers),
    suspended: sortedAsBefore(state.suspended),
    queueModes: sortedAsBefore(state.queueModes),
    passedArrivals: sortedAsBefore(state.passedArrivals),
    isIntakeStopped: state.isIntakeStopped,
    message: state.message,
    coveredMessage: state.coveredMessage,
    isPowerLow: state.isPowerLow,
    sheet: state.sheet,
  }
}

export function carryState(state: BranchState): CarriedState {
  return { ...carryRest(state), tickets: sorted(state.tickets).map(([, ticket]) => ticket) }
}

/** The catalogue versions a reader must have on its shelf to restore what is carried. */
export function versionsIn(rest: CarriedRest): readonly number[] {
  const { services, queues, counters, agents } = rest.retired
  const versions = [...services, ...queues, ...counters, ...agents].map(({ version }) => version)
  return [...new Set([...(rest.catalogue === null ? [] : [rest.catalogue.version]), ...versions])]
}

/** Nothing has happened yet. @param now - the floor below which no clock is believed */
export function emptyState(now: Moment): BranchState {
  return {
    epoch: null,
    seq: 0 as EventSeq,
    now,
    clock: { isDoubted: false, keepsTicketsSince: null },
    day: null,
    catalogue: null,
    retired: {
      services: PersistentMap(),
      queues: PersistentMap(),
      counters: PersistentMap(),
      agents: PersistentMap(),
    },
    prefixByService: PersistentMap(),
    lastOrdinal: PersistentMap(),
    numberFloor: null,
    tickets: PersistentMap(),
    ticketByNumber: PersistentMap(),
    lines: PersistentMap(),
    openCounters: PersistentMap(),
    lastHeld: PersistentMap(),
    managers: PersistentMap(),
    suspended: PersistentMap(),
    queueModes: PersistentMap(),
    passedArrivals: PersistentMap(),
    isIntakeStopped: false,
    message: null,
    coveredMessage: null,
    isPowerLow: false,
    sheet: null,
  }
}

function restoreRetired(carried: CarriedRest, shelf: CatalogueShelf): BranchState['retired'] {
  function find<Id extends string, Definition extends { readonly id: Id }>(
    list: readonly Definition[],
    { id, version }: { readonly id: Id; readonly version: number },
  ): Definition {
    const definition = list.find((candidate) => candidate.id === id)
    if (definition === undefined) throw new Error(`Catalogue ${version} does not hold ${id}`)
    return definition
  }
  const { services, queues, counters, agents } = carried.retired
  return {
    services: PersistentMap(
      services.map((it) => [it.id, { version: it.version, definition: find(shelf(it.version).services, it) }]),
    ),
    queues: PersistentMap(
      queues.map((it): [QueueId, RetiredQueue] => [
        it.id,
        { version: it.version, counterIds: it.counterIds, definition: find(shelf(it.version).queues, it) },
      ]),
    ),
    counters: PersistentMap(
      counters.map((it) => [it.id, { version: it.version, definition: find(shelf(it.version).counters, it) }]),
    ),
    agents: PersistentMap(
      agents.map((it) => [it.id, { version: it.version, definition: find(shelf(it.version).agents, it) }]),
    ),
  }
}

function restoreLines(state: BranchState): BranchState['lines'] {
  return PersistentMap<QueueId, Line>().withMutations((lines) => {
    for (const { facts, phase } of state.tickets.values())
      if (phase.status === 'waiting')
        lines.set(facts.queueId, joinLine(lines.get(facts.queueId, EMPTY_LINE), entryOf(facts)))
  })
}

/** Whom each number speaks of. */
export function numbersOf(tickets: Iterable<Ticket>): BranchState['ticketByNumber'] {
  const holders = new Map<TicketNumber, Ticket>()
  for (const ticket of tickets)
    if (takesNumber(holders.get(ticket.facts.number), ticket.facts)) holders.set(ticket.facts.number, ticket)
  return PersistentMap([...holders].map(([number, { facts }]) => [number, facts.ticketId]))
}

/**
 * The state that was carried; the lines are drawn up again from the tickets that wait.
 * @throws when the shelf lacks a version that is spoken of
 */
export function restoreState(carried: CarriedState, shelf: CatalogueShelf): BranchState {
  const { clock, day, catalogue } = carried
  const bare: BranchState = {
    ...emptyState({ atMs: 0 as EpochMs, steadyMs: 0 as SteadyMs }),
    clock,
    day,
    catalogue: catalogue === null ? null : { ...catalogue, body: shelf(catalogue.version) },
    retired: restoreRetired(carried, shelf),
    prefixByService: PersistentMap(carried.prefixes),
    lastOrdinal: PersistentMap(carried.lastOrdinals),
    numberFloor: carried.numberFloor,
    tickets: PersistentMap(carried.tickets.map((ticket): [TicketId, Ticket] => [ticket.facts.ticketId, ticket])),
    ticketByNumber: numbersOf(carried.tickets),
    openCounters: PersistentMap(carried.openCounters),
    lastHeld: PersistentMap(carried.lastHeld ?? []),
    managers: PersistentMap(carried.managers ?? []),
    suspended: PersistentMap(carried.suspended ?? []),
    queueModes: PersistentMap(carried.queueModes),
    passedArrivals: PersistentMap(carried.passedArrivals),
    isIntakeStopped: carried.isIntakeStopped,
    message: carried.message,
    coveredMessage: carried.coveredMessage ?? null,
    isPowerLow: carried.isPowerLow ?? false,
    sheet: carried.sheet ?? null,
  }
  return { ...bare, lines: restoreLines(bare) }
}

/** The state a snapshot stands for, at its place in the log. */
export function stateOfSnapshot(snapshot: Snapshot): BranchState {
  const shelf: CatalogueShelf = (version) => {
    const body = snapshot.catalogues[version]
    if (body === undefined) throw new Error(`The snapshot lacks catalogue ${version}`)
    return body
  }
  const { epoch, seq, now } = snapshot
  return { ...restoreState(snapshot.carried, shelf), epoch, seq, now }
}
