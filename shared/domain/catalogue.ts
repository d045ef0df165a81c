import type {
  AgentId,
  CounterId,
  Language,
  OutcomeId,
  PriorityClassId,
  QueueId,
  ReasonId,
  Series,
  ServiceId,
} from './ids.ts'

/** A text in each language the branch shows; the branch's default language is always there. */
export type Words = { readonly [language in Language]?: string }

/** `fifo`: by arrival. `priority`: by priority class, then by arrival. */
export type Algorithm = 'fifo' | 'priority'

export interface BranchSettings {
  readonly id: string
  readonly name: string
  /** IANA zone, as `Africa/Dakar`. */
  readonly timezone: string
  readonly languages: readonly Language[]
  readonly defaultLanguage: Language
  /** Cut-over in local time, as `04:00`. */
  readonly businessDayStartsAt: string
  /** null = always open. Weekly hours come with the work on opening hours. */
  readonly openingHours: null
  /** How often one call may be repeated. */
  readonly recallMax: number
  /** How long after a no-show the ticket may come back. */
  readonly reinstateMinutes: number
}

export interface Service {
  readonly id: ServiceId
  readonly name: Words
  readonly prefix: Series
  readonly queueId: QueueId
  /** Target for the wait. */
  readonly slaSeconds: number
  readonly icon: string | null
}

export interface Queue {
  readonly id: QueueId
  readonly name: Words
  readonly algorithm: Algorithm
  /** Most waiting tickets; null = no limit. */
  readonly maxCapacity: number | null
  /** Keeps its waiting and held tickets when the business day rolls. */
  readonly overnight: boolean
}

export interface Counter {
  readonly id: CounterId
  readonly name: Words
  /** Queues this counter calls from, in order. */
  readonly queueIds: readonly QueueId[]
}

export interface Agent {
  readonly id: AgentId
  readonly name: string
  readonly role: 'agent' | 'manager'
}

export interface PriorityClass {
  readonly id: PriorityClassId
  readonly name: Words
  /** Higher is called earlier; 0 is everybody. */
  readonly value: number
  readonly selfService: boolean
}

export interface Reason {
  readonly id: ReasonId
  readonly name: Words
}

export interface Outcome {
  readonly id: OutcomeId
  readonly name: Words
}

/** The configuration a branch runs on. Holds no secret: PINs are kept beside it. */
export interface Catalogue {
  readonly branch: BranchSettings
  readonly services: readonly Service[]
  readonly queues: readonly Queue[]
  readonly counters: readonly Counter[]
  readonly agents: readonly Agent[]
  readonly priorityClasses: readonly PriorityClass[]
  readonly reasons: readonly Reason[]
  readonly outcomes: readonly Outcome[]
}

/** The catalogue bodies that lie beside the log, by version. @throws when a version is missing */
export type CatalogueShelf = (version: number) => Catalogue

/** One fault of a catalogue: where, and what to mend. `path` is a JSON pointer. */
export interface CatalogueFault {
  readonly path: string
  readonly message: string
}

type Named = { readonly id: string }

function repeats(list: readonly Named[], path: string): CatalogueFault[] {
  const seen = new Set<string>()
  const faults: CatalogueFault[] = []
  for (const [index, { id }] of list.entries()) {
    if (seen.has(id)) faults.push({ path: `${path}/${index}/id`, message: `the id ${id} is used twice` })
    seen.add(id)
  }
  return faults
}

/**
 * What a schema cannot see: ids used twice, references that lead nowhere, a zone nobody knows.
 * @param zoneExists - whether an IANA zone name is known on this machine
 * @returns every fault, an empty list when the catalogue can be applied
 */
export function catalogueFaults(catalogue: Catalogue, zoneExists: (timezone: string) => boolean): CatalogueFault[] {
  const { branch, services, queues, counters, agents, priorityClasses, reasons, outcomes } = catalogue
  const faults = [
    ...repeats(services, '/services'),
    ...repeats(queues, '/queues'),
    ...repeats(counters, '/counters'),
    ...repeats(agents, '/agents'),
    ...repeats(priorityClasses, '/priorityClasses'),
    ...repeats(reasons, '/reasons'),
    ...repeats(outcomes, '/outcomes'),
  ]
  const queueIds = new Set<QueueId>(queues.map((queue) => queue.id))
  for (const [index, service] of services.entries())
    if (!queueIds.has(service.queueId))
      faults.push({ path: `/services/${index}/queueId`, message: `there is no queue ${service.queueId}` })
  for (const [index, counter] of counters.entries())
    for (const queueId of counter.queueIds)
      if (!queueIds.has(queueId))
        faults.push({ path: `/counters/${index}/queueIds`, message: `there is no queue ${queueId}` })
  if (!zoneExists(branch.timezone))
    faults.push({ path: '/branch/timezone', message: `there is no time zone ${branch.timezone}` })
  if (!branch.languages.includes(branch.defaultLanguage))
    faults.push({ path: '/branch/defaultLanguage', message: 'the default language is not among the languages' })
  return faults
}

/** A text in the language asked for, else in the branch's default language, else any there is. */
export function wordsIn(words: Words, language: Language, defaultLanguage: Language): string {
  return words[language] ?? words[defaultLanguage] ?? Object.values(words)[0] ?? ''
}
