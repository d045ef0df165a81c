import type { Catalogue, Counter, Queue, Service } from '../../catalogue.ts'
import type { AgentId, CounterId, QueueId, Series, ServiceId } from '../../ids.ts'
import { bank } from '../bank.ts'
import { STILL_ZONES } from './slow-day.ts'

const PREFIXES = ['A', 'C', 'L', 'K', 'Z']
const CUT_OVERS = ['00:00', '02:30', '04:00', '06:00', '23:00']

const pick = <Value>(list: readonly Value[], choice: number): Value | undefined => list[choice % list.length]

/** Takes one entry away, unless it is the last; brings back an old one when the choice says so. */
function toggle<Entry extends { readonly id: string }>(
  list: readonly Entry[],
  all: readonly Entry[],
  choice: number,
): readonly Entry[] {
  const entry = pick(all, choice)
  if (entry === undefined) return list
  if (!list.some(({ id }) => id === entry.id)) return [...list, entry]
  return list.length > 1 ? list.filter(({ id }) => id !== entry.id) : list
}

/** A catalogue may not speak of queues it does not hold. */
function mended(catalogue: Catalogue): Catalogue {
  const holds = (id: QueueId): boolean => catalogue.queues.some((queue) => queue.id === id)
  const counters = catalogue.counters.map(
    (counter): Counter => ({ ...counter, queueIds: counter.queueIds.filter(holds) }),
  )
  return { ...catalogue, counters, services: catalogue.services.filter(({ queueId }) => holds(queueId)) }
}

const renew = <Entry extends { readonly id: string }>(
  list: readonly Entry[],
  choice: number,
  change: (entry: Entry) => Entry,
): readonly Entry[] => list.map((entry, index) => (index === choice % list.length ? change(entry) : entry))

/** One random edit of a catalogue by its owner; always without faults. */
export function editCatalogue(before: Catalogue, kind: number, choice: number): Catalogue {
  const { services, queues, counters, agents, branch } = before
  switch (kind % 10) {
    case 0:
      return mended({ ...before, services: toggle<Service>(services, bank.services, choice) })
    case 1:
      return mended({ ...before, queues: toggle<Queue>(queues, bank.queues, choice) })
    case 2:
      return mended({ ...before, counters: toggle<Counter>(counters, bank.counters, choice) })
    case 3:
      return { ...before, agents: toggle(agents, bank.agents, choice) }
    case 4: {
      const prefix = (PREFIXES[(choice >> 3) % PREFIXES.length] ?? 'A') as Series
      return { ...before, services: renew(services, choice, (service) => ({ ...service, prefix })) }
    }
    case 5: {
      const swap = (queue: Queue): Queue => ({ ...queue, algorithm: queue.algorithm === 'fifo' ? 'priority' : 'fifo' })
      return { ...before, queues: renew(queues, choice, swap) }
    }
    case 6: {
      const timezone = pick(Object.keys(STILL_ZONES), choice) ?? 'Africa/Dakar'
      return { ...before, branch: { ...branch, timezone } }
    }
    case 7:
      return { ...before, branch: { ...branch, businessDayStartsAt: pick(CUT_OVERS, choice) ?? '04:00' } }
    case 8:
      return { ...before, queues: renew(queues, choice, (queue) => ({ ...queue, overnight: !queue.overnight })) }
    default:
      return { ...before, branch: { ...branch, name: `renamed ${choice % 7}`, recallMax: choice % 3 } }
  }
}

export const SERVICE_IDS: readonly ServiceId[] = bank.services.map(({ id }) => id)
export const QUEUE_IDS: readonly QueueId[] = bank.queues.map(({ id }) => id)
export const COUNTER_IDS: readonly CounterId[] = bank.counters.map(({ id }) => id)
export const AGENT_IDS: readonly AgentId[] = bank.agents.map(({ id }) => id)
