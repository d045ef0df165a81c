import type { Agent, Catalogue, Counter, Queue, Service } from '../../catalogue.ts'

/**
 * A branch told a second time, in the plainest way there is: arrays that are changed in place, searched from end to end
 * and sorted whenever somebody asks. It shares only types with the domain, so that both must be wrong alike to agree.
 */
export interface SlowTicket {
  readonly id: string
  readonly number: string
  readonly date: string
  readonly isTyped: boolean
  /** When staff noted it without the server; and the paper it was given to instead. */
  readonly typedAt?: number
  readonly printedAs?: string
  readonly isTraining: boolean
  readonly arrived: number
  service: string
  queue: string
  /** Services still to come, and those that are over. */
  plan: readonly string[]
  readonly legs: { readonly service: string; readonly wait: number | null; readonly served: number }[]
  /** When it came into its queue; null when nobody can know. */
  entered: number | null
  /** From issue, and from coming into the queue, to the first call. */
  wait: number | null
  legWait: number | null
  wasCalled: boolean
  /** The latest call or recall. */
  calledAt: number
  wasCalledHere: boolean
  status: string
  counter: string | null
  agent: string | null
  /** Place in line: put first, class, arrival, and the order in which places were given. */
  isFirst: boolean
  readonly rank: number
  since: number
  order: number
  booked: number | null
  keptFor: { readonly kind: 'counter' | 'agent'; readonly id: string } | null
  recalls: number
  transfers: number
  wasStarted: boolean
  wasReinstated: boolean
  servedMs: number
  servingFrom: number
  endedAt: number
}

export interface SlowCounter {
  readonly id: string
  agent: string
  device: string
  ticket: string | null
  isTraining: boolean
  breakSince: number | null
}

interface SlowMessage {
  readonly id: string
  readonly minutes: number | null
}

export interface SlowBranch {
  /** Who came last to each device, and where. */
  desks: { readonly device: string; readonly counter: string; readonly agent: string; readonly isTraining: boolean }[]
  label: number
  steady: number
  isDoubted: boolean
  keepsSince: number | null
  day: { date: string; ends: number; isClosed: boolean } | null
  catalogue: Catalogue | null
  tickets: SlowTicket[]
  open: SlowCounter[]
  /** Who steers, and from which device. */
  bosses: { readonly device: string; readonly agent: string }[]
  suspended: { readonly agent: string; readonly by: 'site' | 'cloud' }[]
  paused: string[]
  closed: string[]
  gone: {
    services: Service[]
    queues: { queue: Queue; drainedBy: string[] }[]
    counters: Counter[]
    agents: Agent[]
  }
  prefixes: [service: string, prefix: string][]
  given: [series: string, ordinal: number][]
  floor: { until: string; otherwise: number; series: [string, number][] } | null
  orders: number
  /** Who was called by call-next ahead of somebody who waits still, and when that one had come. */
  passes: { readonly queue: string; readonly came: number }[]
  isStopped: boolean
  isLow: boolean
  /** When, and by which kiosk, the list was printed. */
  sheet: string | null
  message: SlowMessage | null
  covered: SlowMessage | null
  /** What the last command did that shows in events alone. */
  told: string[]
  /** Counts what has happened, apart from the command itself. */
  news: number
}

export const slowBranch = (label: number, steady: number): SlowBranch => ({
  label,
  steady,
  desks: [],
  isDoubted: false,
  keepsSince: null,
  day: null,
  catalogue: null,
  tickets: [],
  open: [],
  bosses: [],
  suspended: [],
  paused: [],
  closed: [],
  gone: { services: [], queues: [], counters: [], agents: [] },
  prefixes: [],
  given: [],
  floor: null,
  orders: 0,
  passes: [],
  isStopped: false,
  message: null,
  covered: null,
  isLow: false,
  sheet: null,
  told: [],
  news: 0,
})

/** Everybody is to leave, or to do as staff say. */
export const isEmergency = ({ catalogue, message }: SlowBranch): boolean =>
  catalogue?.messages.find(({ id }) => id === message?.id)?.kind === 'emergency'

export const isAlive = ({ status }: SlowTicket): boolean => ['waiting', 'called', 'serving', 'held'].includes(status)

export const serviceIn = (branch: SlowBranch, id: string): Service | undefined =>
  [...(branch.catalogue?.services ?? []), ...branch.gone.services].find((service) => service.id === id)

export const queueIn = (branch: SlowBranch, id: string): Queue | undefined =>
  [...(branch.catalogue?.queues ?? []), ...branch.gone.queues.map(({ queue }) => queue)].find(
    (queue) => queue.id === id,
  )

export const counterIn = (branch: SlowBranch, id: string): Counter | undefined =>
  [...(branch.catalogue?.counters ?? []), ...branch.gone.counters].find((counter) => counter.id === id)

export const agentIn = (branch: SlowBranch, id: string): Agent | undefined =>
  [...(branch.catalogue?.agents ?? []), ...branch.gone.agents].find((agent) => agent.id === id)

export function endTicket(branch: SlowBranch, ticket: SlowTicket, status: string): void {
  branch.news += 1
  ticket.status = status
  ticket.endedAt = branch.steady
  freeCounterOf(branch, ticket)
}

export function freeCounterOf(branch: SlowBranch, ticket: SlowTicket): void {
  for (const counter of branch.open) if (counter.ticket === ticket.id) counter.ticket = null
}
