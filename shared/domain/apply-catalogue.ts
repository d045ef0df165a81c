import type { Map as PersistentMap } from 'immutable'
import type { Catalogue, CatalogueShelf } from './catalogue.ts'
import type { LogEvent } from './events.ts'
import type { CounterId, QueueId } from './ids.ts'
import type { BranchState, CatalogueInForce, Retired, RetiredQueue } from './state.ts'
import { isLiving } from './ticket.ts'

type Applied = Extract<LogEvent, { type: 'CatalogueApplied' }>

/** Adds what the new list lacks to the retired, takes back what has returned, forgets what nobody needs. */
function retire<Id extends string, Definition extends { readonly id: Id }>(
  retired: PersistentMap<Id, Retired<Definition>>,
  before: readonly Definition[],
  after: readonly Definition[],
  version: number,
  isNeeded: (id: Id) => boolean,
): PersistentMap<Id, Retired<Definition>> {
  const offered = new Set(after.map(({ id }) => id))
  return retired.withMutations((draft) => {
    for (const definition of before) draft.set(definition.id, { definition, version })
    for (const id of draft.keySeq().toArray()) if (offered.has(id) || !isNeeded(id)) draft.delete(id)
  })
}

/** Who goes on draining a queue that is taken out: the counters that served it, also by their profile, as far as they live on. */
function drainers(
  before: CatalogueInForce | null,
  retired: RetiredQueue | undefined,
  queueId: QueueId,
): readonly CounterId[] {
  const body = before?.body
  const served = (body?.counters ?? []).filter(
    ({ queueIds, profileId }) =>
      queueIds.includes(queueId) ||
      body?.workProfiles.some(({ id, rules }) => id === profileId && rules.some((it) => it.queueIds.includes(queueId))),
  )
  return [...new Set([...served.map(({ id }) => id), ...(retired?.counterIds ?? [])])]
}

function retireAll(state: BranchState, body: Catalogue): BranchState['retired'] {
  const before = state.catalogue
  const old = before?.body
  const version = before?.version ?? 0
  const living = [...state.tickets.values()].filter(isLiving)
  const serviceIds = new Set(living.map(({ facts }) => facts.serviceId))
  const queueIds = new Set(living.map(({ facts }) => facts.queueId))
  const phases = living.map(({ phase }) => phase).filter((phase) => phase.status !== 'waiting')
  const counterIds = new Set([...state.openCounters.keys(), ...phases.map(({ counterId }) => counterId)])
  const agentIds = new Set([...state.openCounters.values(), ...phases].map(({ agentId }) => agentId))
  const { retired } = state
  return {
    services: retire(retired.services, old?.services ?? [], body.services, version, (id) => serviceIds.has(id)),
    queues: retire(retired.queues, old?.queues ?? [], body.queues, version, (id) => queueIds.has(id)).map(
      (queue, id): RetiredQueue => ({ ...queue, counterIds: drainers(before, retired.queues.get(id), id) }),
    ),
    counters: retire(retired.counters, old?.counters ?? [], body.counters, version, (id) => counterIds.has(id)),
    agents: retire(retired.agents, old?.agents ?? [], body.agents, version, (id) => agentIds.has(id)),
  }
}

/** Beyond so many suspensions, those of people who are in no catalogue any more are forgotten. */
export const SUSPENDED_MAX = 400

/**
 * Takes up a new catalogue while people wait. What it no longer offers retires as long as somebody needs it;
 * names, texts, targets and rules change at once, since lines are in no order but that of arrival; a prefix waits for the next business day.
 */
export function applyCatalogue(state: BranchState, event: Applied, shelf: CatalogueShelf): BranchState {
  const body = shelf(event.version)
  const queueIds = new Set(body.queues.map(({ id }) => id))
  const [message = null, coveredMessage = null] = [state.message, state.coveredMessage].filter(
    (shown) => shown !== null && body.messages.some(({ id }) => id === shown.messageId),
  )
  const offered = new Set(body.services.map(({ id }) => id))
  const retired = retireAll(state, body)
  return {
    ...state,
    catalogue: { version: event.version, hash: event.hash, body },
    retired,
    prefixByService: state.prefixByService
      .filter((_, id) => offered.has(id) || retired.services.has(id))
      .withMutations((draft) => {
        for (const { id, prefix } of body.services) if (!draft.has(id)) draft.set(id, prefix)
      }),
    managers: state.managers.filter((agentId) =>
      body.agents.some(({ id, role }) => id === agentId && role === 'manager'),
    ),
    // Out of a catalogue and in again is no answer to it.
    suspended:
      state.suspended.size <= SUSPENDED_MAX
        ? state.suspended
        : state.suspended.filter((_, agentId) => body.agents.some(({ id }) => id === agentId)),
    queueModes: state.queueModes.filter((_, id) => queueIds.has(id) || retired.queues.has(id)),
    passedArrivals: state.passedArrivals.filter((_, id) => queueIds.has(id) || retired.queues.has(id)),
    message,
    coveredMessage,
  }
}
