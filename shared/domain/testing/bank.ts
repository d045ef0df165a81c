import type { Agent, Catalogue, Counter, Queue, Service } from '../catalogue.ts'
import {
  PLAIN_AGENT,
  PLAIN_COUNTER,
  PLAIN_MESSAGES,
  PLAIN_QUEUE,
  PLAIN_SERVICE,
  PLAIN_SETTINGS,
} from '../catalogue-defaults.ts'
import type {
  AgentId,
  CounterId,
  DeviceId,
  OutcomeId,
  PriorityClassId,
  QueueId,
  ReasonId,
  Series,
  ServiceId,
} from '../ids.ts'

/** A small bank in Dakar: the branch that the tests tell about. */
export const cash = 'cash' as ServiceId
export const transfers = 'transfers' as ServiceId
export const cards = 'cards' as ServiceId
export const loans = 'loans' as ServiceId
export const accounts = 'accounts' as ServiceId

export const tellerLine = 'teller-line' as QueueId
export const cardLine = 'card-line' as QueueId
export const adviceLine = 'advice-line' as QueueId

export const counter1 = 'counter-1' as CounterId
export const counter2 = 'counter-2' as CounterId
export const counter3 = 'counter-3' as CounterId

export const amadou = 'amadou' as AgentId
export const binta = 'binta' as AgentId
export const chloe = 'chloe' as AgentId
/** The manager. */
export const djeneba = 'djeneba' as AgentId

export const senior = 'senior' as PriorityClassId
/** Given by staff only. */
export const privilege = 'privilege' as PriorityClassId
export const missingPaper = 'missing-paper' as ReasonId
export const solved = 'solved' as OutcomeId

export const kiosk1 = 'kiosk-1' as DeviceId
export const kiosk2 = 'kiosk-2' as DeviceId
/** The caller device that stands at each counter. */
export const callerAt = (counterId: CounterId): DeviceId => `caller-of-${counterId}` as DeviceId

const service = (id: ServiceId, prefix: string, queueId: QueueId): Service => ({
  id,
  name: { fr: id, en: id },
  prefix: prefix as Series,
  queueId,
  ...PLAIN_SERVICE,
})

const queue = (id: QueueId, algorithm: Queue['algorithm'], maxCapacity: number | null = null): Queue => ({
  ...PLAIN_QUEUE,
  id,
  name: { fr: id, en: id },
  algorithm,
  maxCapacity,
})

const counter = (id: CounterId, ...queueIds: QueueId[]): Counter => ({
  ...PLAIN_COUNTER,
  id,
  name: { fr: id },
  queueIds,
})
const agent = (id: AgentId, role: Agent['role'] = 'agent'): Agent => ({ ...PLAIN_AGENT, id, name: id, role })

/** Five services in three lines, three counters, four agents of whom one is the manager. */
export const bank: Catalogue = {
  branch: {
    id: 'dakar-plateau',
    name: 'Dakar Plateau',
    timezone: 'Africa/Dakar',
    languages: ['fr', 'en', 'ar'],
    defaultLanguage: 'fr',
    ...PLAIN_SETTINGS,
    recallMax: 2,
    reinstateMinutes: 15,
  },
  services: [
    service(cash, 'A', tellerLine),
    // Shares its series with cash.
    service(transfers, 'A', tellerLine),
    service(cards, 'C', cardLine),
    service(loans, 'L', adviceLine),
    service(accounts, 'K', adviceLine),
  ],
  queues: [queue(tellerLine, 'fifo'), queue(cardLine, 'fifo', 6), queue(adviceLine, 'priority')],
  counters: [
    counter(counter1, tellerLine, cardLine),
    counter(counter2, cardLine, tellerLine),
    counter(counter3, adviceLine),
  ],
  agents: [agent(amadou), agent(binta), agent(chloe), agent(djeneba, 'manager')],
  priorityClasses: [
    { id: senior, name: { fr: 'Senior' }, value: 10, selfService: true },
    { id: privilege, name: { fr: 'Privilège' }, value: 20, selfService: false },
  ],
  reasons: [{ id: missingPaper, name: { fr: 'Pièce manquante' } }],
  outcomes: [{ id: solved, name: { fr: 'Résolu' } }],
  workProfiles: [],
  messages: PLAIN_MESSAGES,
  holidays: [],
}

type Listed = 'services' | 'queues' | 'counters' | 'agents'

/** The catalogue without the named entries. */
export function without(catalogue: Catalogue, list: Listed, ...ids: readonly string[]): Catalogue {
  const keep = <Entry extends { readonly id: string }>(entries: readonly Entry[]): readonly Entry[] =>
    entries.filter(({ id }) => !ids.includes(id))
  return { ...catalogue, [list]: keep<{ readonly id: string }>(catalogue[list]) }
}

/** The catalogue with one service changed. */
export function withService(catalogue: Catalogue, id: ServiceId, change: Partial<Service>): Catalogue {
  const services = catalogue.services.map((entry) => (entry.id === id ? { ...entry, ...change } : entry))
  return { ...catalogue, services }
}

/** The catalogue with one queue changed. */
export function withQueue(catalogue: Catalogue, id: QueueId, change: Partial<Queue>): Catalogue {
  const queues = catalogue.queues.map((entry) => (entry.id === id ? { ...entry, ...change } : entry))
  return { ...catalogue, queues }
}

/** The catalogue with other settings. */
export const withSettings = (catalogue: Catalogue, change: Partial<Catalogue['branch']>): Catalogue => ({
  ...catalogue,
  branch: { ...catalogue.branch, ...change },
})

/** The bank as a clinic: the advice line runs through the night. */
export const nightBank: Catalogue = withQueue(bank, adviceLine, { overnight: true })
