import type { Catalogue } from '#shared/domain/catalogue.ts'
import {
  PLAIN_AGENT,
  PLAIN_COUNTER,
  PLAIN_QUEUE,
  PLAIN_SERVICE,
  PLAIN_SETTINGS,
} from '#shared/domain/catalogue-defaults.ts'
import type { AgentId, CounterId, QueueId, Series, ServiceId } from '#shared/domain/ids.ts'

/** Each service has a line and a series of its own: lines stay short and no series runs out. */
export const SERVICE_COUNT = 8
const COUNTER_COUNT = 16
export const PIN = '271828'

const indexes = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index)
const queueIdOf = (index: number): QueueId => `queue-${index}` as QueueId

export const serviceIds = indexes(SERVICE_COUNT).map((index) => `service-${index}` as ServiceId)
export const counterIds = indexes(COUNTER_COUNT).map((index) => `counter-${index}` as CounterId)
export const agentIdOf = (counterId: CounterId): AgentId => `agent-at-${counterId}` as AgentId

/** A big branch: every counter calls from every queue, each beginning with another one. */
export const benchCatalogue: Catalogue = {
  branch: {
    id: 'bench',
    name: 'Bench',
    timezone: 'Africa/Dakar',
    languages: ['fr', 'en', 'ar'],
    defaultLanguage: 'fr',
    ...PLAIN_SETTINGS,
    recallMax: 2,
    reinstateMinutes: 15,
  },
  services: serviceIds.map((id, index) => ({
    id,
    name: { fr: `Service ${index}` },
    prefix: String.fromCharCode(65 + index) as Series,
    queueId: queueIdOf(index),
    ...PLAIN_SERVICE,
  })),
  queues: indexes(SERVICE_COUNT).map((index) => ({
    id: queueIdOf(index),
    name: { fr: `File ${index}` },
    ...PLAIN_QUEUE,
  })),
  counters: counterIds.map((id, counter) => ({
    ...PLAIN_COUNTER,
    id,
    name: { fr: id },
    queueIds: indexes(SERVICE_COUNT).map((index) => queueIdOf((counter + index) % SERVICE_COUNT)),
  })),
  agents: counterIds.map((id) => ({ ...PLAIN_AGENT, id: agentIdOf(id), name: id })),
  priorityClasses: [],
  reasons: [],
  outcomes: [],
  workProfiles: [],
  messages: [],
  holidays: [],
}
