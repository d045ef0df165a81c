import type { Agent, Catalogue, Counter, Queue, Service, WorkProfile } from '../../catalogue.ts'
import { PLAIN_MESSAGES } from '../../catalogue-defaults.ts'
import type { AgentId, CounterId, MessageId, QueueId, Series, ServiceId, SkillId } from '../../ids.ts'
import { bank } from '../bank.ts'
import { AGINGS, ALGORITHM_TURNS, HOLIDAYS, HOURS, PROFILES, TARGETS } from './catalogue-choices.ts'
import { STILL_ZONES } from './slow-day.ts'

const PREFIXES = ['A', 'C', 'L', 'K', 'Z']
const CUT_OVERS = ['00:00', '02:30', '04:00', '06:00', '23:00']
const GOLD = 'gold' as SkillId

const pick = <Value>(list: readonly Value[], choice: number): Value => list[choice % list.length] as Value

/** Takes one entry away, unless it is the last; brings back an old one when the choice says so. */
function toggle<Entry extends { readonly id: string }>(
  list: readonly Entry[],
  all: readonly Entry[],
  choice: number,
): readonly Entry[] {
  const entry = pick(all, choice)
  if (!list.some(({ id }) => id === entry.id)) return [...list, entry]
  return list.length > 1 ? list.filter(({ id }) => id !== entry.id) : list
}

/** A catalogue may not speak of what it does not hold. */
function mended(catalogue: Catalogue): Catalogue {
  const holds = (id: QueueId): boolean => catalogue.queues.some((queue) => queue.id === id)
  const services = catalogue.services.filter(({ queueId }) => holds(queueId))
  const offers = (id: ServiceId): boolean => services.some((service) => service.id === id)
  const workProfiles = catalogue.workProfiles.map((profile): WorkProfile => {
    const rules = profile.rules
      .map((rule) => ({ ...rule, queueIds: rule.queueIds.filter(holds) }))
      .filter(({ when }) => when === null || holds(when.queueId))
    return { ...profile, rules }
  })
  const isThere = (profileId: Counter['profileId']): boolean => workProfiles.some(({ id }) => id === profileId)
  return {
    ...catalogue,
    workProfiles,
    services: services.map((service) => ({ ...service, plan: service.plan.filter(offers) })),
    counters: catalogue.counters.map((counter) => ({
      ...counter,
      queueIds: counter.queueIds.filter(holds),
      profileId: isThere(counter.profileId) ? counter.profileId : null,
    })),
  }
}

const renew = <Entry extends { readonly id: string }>(
  list: readonly Entry[],
  choice: number,
  change: (entry: Entry, choice: number) => Entry,
): readonly Entry[] =>
  list.map((entry, index) => (index === choice % list.length ? change(entry, Math.floor(choice / list.length)) : entry))

type Change = (before: Catalogue, choice: number) => Catalogue

const editServices =
  (change: (service: Service, choice: number, before: Catalogue) => Partial<Service>): Change =>
  (before, choice) => ({
    ...before,
    services: renew(before.services, choice, (it, rest) => ({ ...it, ...change(it, rest, before) })),
  })
const editQueues =
  (change: (queue: Queue, choice: number) => Partial<Queue>): Change =>
  (before, choice) => ({
    ...before,
    queues: renew(before.queues, choice, (it, rest) => ({ ...it, ...change(it, rest) })),
  })
const editCounters =
  (change: (counter: Counter, choice: number) => Partial<Counter>): Change =>
  (before, choice) => ({
    ...before,
    counters: renew(before.counters, choice, (it, rest) => ({ ...it, ...change(it, rest) })),
  })
const editAgents =
  (change: (choice: number) => Partial<Agent>): Change =>
  (before, choice) => ({ ...before, agents: renew(before.agents, choice, (it, rest) => ({ ...it, ...change(rest) })) })
const editBranch =
  (change: (choice: number) => Partial<Catalogue['branch']>): Change =>
  (before, choice) => ({ ...before, branch: { ...before.branch, ...change(choice) } })

/** A counter gets a profile, or none; and now and then all but one of the profiles go. */
const editProfiles: Change = (before, choice) => ({
  ...before,
  workProfiles: choice % 4 === 3 ? PROFILES.slice(0, 1) : PROFILES,
  counters: renew(before.counters, choice, (it) => ({ ...it, profileId: pick(PROFILES, choice >> 3).id })),
})

/** Who and what there is. */
const plainChanges: readonly Change[] = [
  (before, choice) => ({ ...before, services: toggle(before.services, bank.services, choice) }),
  (before, choice) => ({ ...before, queues: toggle(before.queues, bank.queues, choice) }),
  (before, choice) => ({ ...before, counters: toggle(before.counters, bank.counters, choice) }),
  (before, choice) => ({ ...before, agents: toggle(before.agents, bank.agents, choice) }),
  editServices((_, choice) => ({ prefix: pick(PREFIXES, choice) as Series })),
  editQueues(({ algorithm }, choice) => ({ algorithm: pick(ALGORITHM_TURNS[algorithm], choice) })),
  editBranch((choice) => ({ timezone: pick(Object.keys(STILL_ZONES), choice) })),
  editBranch((choice) => ({ businessDayStartsAt: pick(CUT_OVERS, choice) })),
  editQueues(({ overnight }) => ({ overnight: !overnight })),
  editBranch((choice) => ({ name: `renamed ${choice % 7}`, recallMax: choice % 3 })),
]

/** By what rules they work. */
const ruleChanges: readonly Change[] = [
  editQueues((_, choice) => ({ algorithm: 'sla', aging: pick(AGINGS, choice) })),
  editQueues((_, choice) => ({ algorithm: 'priority', aging: pick(AGINGS, choice) })),
  editQueues((_, choice) => ({ aging: pick(AGINGS, choice) })),
  (before, choice) => ({
    ...before,
    queues: before.queues.map((it) => ({ ...it, algorithm: 'priority', aging: pick(AGINGS, choice) })),
  }),
  (before, choice) => ({
    ...before,
    queues: before.queues.map((it) => ({ ...it, algorithm: 'sla', aging: pick(AGINGS, choice) })),
    services: before.services.map((it) => ({ ...it, slaSeconds: pick(TARGETS, choice >> 3) })),
  }),
  editServices((_, choice, { services }) => ({
    plan: services.filter((_it, index) => (choice >> index) % 2 === 1).map(({ id }) => id),
  })),
  editServices((_, choice) => ({ skill: choice % 3 === 0 ? null : GOLD })),
  editAgents((choice) => ({ skills: pick([null, [], [GOLD]], choice) })),
  editCounters(({ choosing }) => ({ choosing: choosing === 'order' ? 'relative-wait' : 'order' })),
  editCounters((_, choice) => ({ queueIds: pick([QUEUE_IDS, QUEUE_IDS.toReversed()], choice) })),
  editProfiles,
  editProfiles,
  editBranch((choice) => ({ openingHours: pick(HOURS, choice) })),
  editServices((_, choice) => ({ hours: pick(HOURS, choice), slaSeconds: pick(TARGETS, choice >> 3) })),
  (before, choice) => ({ ...before, holidays: HOLIDAYS.filter((_, index) => (choice >> index) % 2 === 1) }),
  (before, choice) => ({ ...before, messages: toggle(before.messages, PLAIN_MESSAGES, choice) }),
  editBranch((choice) => ({ appointmentLateMinutes: pick([0, 5, 15, 60], choice) })),
  editServices((_, choice) => ({ slaSeconds: pick(TARGETS, choice) })),
]

const changes = [...plainChanges, ...ruleChanges]

/** The edit that changes least. */
export const RENAMED = 9

/** The n-th of the edits that make of the bank another bank. */
export const ruleEdit = (a: number, b: number, index: number): readonly [kind: number, choice: number] => [
  plainChanges.length + (Math.floor(a / 5 ** index) % ruleChanges.length),
  Math.floor(b / 3 ** index),
]

/** One random edit of a catalogue by its owner; always without faults. */
export const editCatalogue = (before: Catalogue, kind: number, choice: number): Catalogue =>
  mended(pick(changes, kind)(before, choice))

export const SERVICE_IDS: readonly ServiceId[] = bank.services.map(({ id }) => id)
export const QUEUE_IDS: readonly QueueId[] = bank.queues.map(({ id }) => id)
export const COUNTER_IDS: readonly CounterId[] = bank.counters.map(({ id }) => id)
export const AGENT_IDS: readonly AgentId[] = bank.agents.map(({ id }) => id)
export const MESSAGE_IDS: readonly MessageId[] = PLAIN_MESSAGES.map(({ id }) => id)
