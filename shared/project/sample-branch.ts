import type { Catalogue, Counter, Queue, Service, Words } from '../domain/catalogue.ts'
import {
  PLAIN_AGENT,
  PLAIN_COUNTER,
  PLAIN_MESSAGES,
  PLAIN_QUEUE,
  PLAIN_SERVICE,
  PLAIN_SETTINGS,
} from '../domain/catalogue-defaults.ts'
import type { EventBody, LogEvent } from '../domain/events.ts'
import { evolve } from '../domain/evolve.ts'
import type {
  AgentId,
  BusinessDate,
  CounterId,
  DeviceId,
  Epoch,
  EpochMs,
  EventSeq,
  OutcomeId,
  PriorityClassId,
  QueueId,
  ReasonId,
  Series,
  ServiceId,
  Sha256,
  SteadyMs,
  TicketId,
  TicketNumber,
} from '../domain/ids.ts'
import type { Reservation } from '../domain/line.ts'
import type { BranchState } from '../domain/state.ts'
import { emptyState } from '../domain/state-json.ts'

/** Monday 23 November 2026, 10:00 in Dakar; the sample branch's steady time starts there at 0. */
export const SAMPLE_START_MS = Date.UTC(2026, 10, 23, 10, 0) as EpochMs
export const SAMPLE_DEVICE = 'caller-1' as DeviceId

const service = (id: string, prefix: string, icon: string, slaSeconds: number, name: Words): Service => ({
  ...PLAIN_SERVICE,
  id: id as ServiceId,
  name,
  prefix: prefix as Series,
  queueId: id as QueueId,
  slaSeconds,
  icon,
})

const queue = (id: string, name: Words, maxCapacity: number | null = null): Queue => ({
  ...PLAIN_QUEUE,
  id: id as QueueId,
  name,
  algorithm: 'priority',
  maxCapacity,
})

const counter = (place: number, queueIds: readonly string[]): Counter => ({
  ...PLAIN_COUNTER,
  id: `counter-${place}` as CounterId,
  name: { fr: `Guichet ${place}`, en: `Counter ${place}`, ar: `شباك ${place}` },
  queueIds: queueIds.map((id) => id as QueueId),
})

const CASH: Words = { fr: 'Retrait et dépôt', en: 'Cash in and out', ar: 'سحب وإيداع' }
const ACCOUNTS: Words = { fr: 'Ouverture de compte', en: 'Open an account', ar: 'فتح حساب' }
const TRANSFERS: Words = { fr: 'Virements et transferts', en: 'Transfers', ar: 'التحويلات' }
const LOANS: Words = { fr: 'Conseil et crédit', en: 'Advice and loans', ar: 'الاستشارة والقروض' }
const CARDS: Words = { fr: 'Cartes et chéquiers', en: 'Cards and cheque books', ar: 'البطاقات والشيكات' }

/** A bank branch for tests and pictures. */
export const SAMPLE_CATALOGUE: Catalogue = {
  branch: {
    id: 'plateau',
    name: 'Agence Dakar Plateau',
    timezone: 'Africa/Dakar',
    languages: ['fr', 'en', 'ar'],
    defaultLanguage: 'fr',
    ...PLAIN_SETTINGS,
  },
  services: [
    service('cash', 'A', 'cash', 600, CASH),
    service('accounts', 'B', 'account', 900, ACCOUNTS),
    service('transfers', 'C', 'transfer', 600, TRANSFERS),
    service('loans', 'D', 'advice', 1_200, LOANS),
    service('cards', 'E', 'card', 900, CARDS),
  ],
  queues: [
    queue('cash', CASH),
    queue('accounts', ACCOUNTS),
    queue('transfers', TRANSFERS, 40),
    queue('loans', LOANS),
    queue('cards', CARDS),
  ],
  counters: [
    counter(1, ['cash', 'transfers']),
    counter(2, ['cash']),
    counter(3, ['accounts', 'cards']),
    counter(4, ['loans']),
  ],
  agents: [
    { ...PLAIN_AGENT, id: 'awa' as AgentId, name: 'Awa Ndiaye' },
    { ...PLAIN_AGENT, id: 'moussa' as AgentId, name: 'Moussa Diallo' },
    { ...PLAIN_AGENT, id: 'ousmane' as AgentId, name: 'Ousmane Ba' },
    { ...PLAIN_AGENT, id: 'fatou' as AgentId, name: 'Fatou Sow', role: 'manager' },
  ],
  priorityClasses: [
    {
      id: 'senior' as PriorityClassId,
      name: { fr: 'Personne âgée', en: 'Senior', ar: 'كبار السن' },
      value: 10,
      selfService: true,
    },
  ],
  reasons: [
    { id: 'papers' as ReasonId, name: { fr: 'Cherche un document', en: 'Fetches a document', ar: 'يحضر وثيقة' } },
    { id: 'copy' as ReasonId, name: { fr: 'Fait une photocopie', en: 'Makes a copy', ar: 'يصوّر نسخة' } },
  ],
  outcomes: [
    { id: 'done' as OutcomeId, name: { fr: 'Réglé', en: 'Settled', ar: 'تم' } },
    { id: 'papers' as OutcomeId, name: { fr: 'Pièce manquante', en: 'Paper missing', ar: 'وثيقة ناقصة' } },
    { id: 'follow-up' as OutcomeId, name: { fr: 'À suivre', en: 'To follow up', ar: 'للمتابعة' } },
  ],
  workProfiles: [],
  messages: PLAIN_MESSAGES,
  holidays: [],
}

/** An event before its place in the log, and when it happens, in minutes after SAMPLE_START_MS. */
export type SampleEvent = readonly [minute: number, body: EventBody]

function stamp([minute, body]: SampleEvent, seq: number): LogEvent {
  return {
    ...body,
    seq: seq as EventSeq,
    epoch: 'sample' as Epoch,
    v: 1,
    atMs: (SAMPLE_START_MS + minute * 60_000) as EpochMs,
    steadyMs: (minute * 60_000) as SteadyMs,
    actor: { kind: 'branch', id: 'sample' },
  }
}

/** A call says how long its customer has waited. */
function withWait([minute, body]: SampleEvent, story: readonly SampleEvent[]): SampleEvent {
  if (body.type !== 'TicketCalled') return [minute, body]
  const birth = story.find(([, born]) => born.type === 'TicketIssued' && born.ticketId === body.ticketId)
  const entered = story.findLast(
    ([entry, done]) => entry <= minute && done.type === 'LegCompleted' && done.ticketId === body.ticketId,
  )
  const since = (event: SampleEvent | undefined) => (event === undefined ? null : (minute - event[0]) * 60_000)
  return [minute, { ...body, waitMs: since(birth), legWaitMs: since(entered ?? birth) }]
}

/** The log of the sample branch: catalogue, day, then what the story tells. */
export function sampleLog(story: readonly SampleEvent[]): readonly LogEvent[] {
  const opening: readonly SampleEvent[] = [
    [0, { type: 'CatalogueApplied', version: 1, hash: 'sample' as Sha256 }],
    [
      0,
      {
        type: 'DayOpened',
        date: '2026-11-23' as BusinessDate,
        endsAtMs: (SAMPLE_START_MS + 18 * 3_600_000) as EpochMs,
      },
    ],
  ]
  return [...opening, ...story.map((event) => withWait(event, story))].map((event, index) => stamp(event, index + 1))
}

export function sampleState(story: readonly SampleEvent[], catalogue: Catalogue = SAMPLE_CATALOGUE): BranchState {
  const start = emptyState({ atMs: SAMPLE_START_MS, steadyMs: 0 as SteadyMs })
  return sampleLog(story).reduce((state, event) => evolve(state, event, () => catalogue), start)
}

const SERIES: Record<string, string> = { A: 'cash', B: 'accounts', C: 'transfers', D: 'loans', E: 'cards' }

/** A ticket is born; its letter decides the service. @param number - as `A042` */
export function issued(
  minute: number,
  number: string,
  priority: 'senior' | null = null,
  plan: readonly string[] = [],
): SampleEvent {
  const home = SERIES[number.charAt(0)] ?? 'cash'
  return [
    minute,
    {
      type: 'TicketIssued',
      ticketId: number as TicketId,
      number: number as TicketNumber,
      serviceId: home as ServiceId,
      queueId: home as QueueId,
      channel: 'kiosk',
      priority: priority as PriorityClassId | null,
      priorityValue: priority === null ? 0 : 10,
      language: 'fr',
      businessDate: '2026-11-23' as BusinessDate,
      plan: plan.map((id) => id as ServiceId),
      bookedSteadyMs: null,
      told: null,
      isTraining: number.startsWith('TEST'),
      series: number.charAt(0) as Series,
      ordinal: Number(number.slice(1)),
    },
  ]
}

const at = (number: string, place: number) => ({
  ticketId: number as TicketId,
  number: number as TicketNumber,
  counterId: `counter-${place}` as CounterId,
  agentId: 'awa' as AgentId,
})

export const opened = (
  minute: number,
  place: number,
  device: DeviceId = SAMPLE_DEVICE,
  agent: 'awa' | 'moussa' | 'ousmane' | 'fatou' = 'awa',
  isTraining = false,
): SampleEvent => [
  minute,
  {
    type: 'CounterOpened',
    counterId: `counter-${place}` as CounterId,
    agentId: agent as AgentId,
    deviceId: device,
    isTraining,
  },
]

/** The agent goes on a break. */
export const visitedBy = (minute: number, agentId: string): SampleEvent => [
  minute,
  { type: 'ManagerSignedIn', deviceId: SAMPLE_DEVICE, agentId: agentId as AgentId },
]

export const pausedFrom = (minute: number, place: number, reason: string | null): SampleEvent => [
  minute,
  {
    type: 'BreakStarted',
    counterId: `counter-${place}` as CounterId,
    agentId: 'awa' as AgentId,
    reason: reason as ReasonId | null,
  },
]

/** Kept in its own queue for somebody. */
export const keptFor = (minute: number, number: string, reservedFor: Reservation): SampleEvent => {
  const queueId = (SERIES[number.charAt(0)] ?? 'cash') as QueueId
  const to = { fromQueueId: queueId, toQueueId: queueId, place: 'arrival', reservedFor, serviceMs: 0 } as const
  return [minute, { type: 'TicketTransferred', ticketId: number as TicketId, ...to }]
}

export const called = (minute: number, number: string, place: number): SampleEvent => [
  minute,
  {
    type: 'TicketCalled',
    ...at(number, place),
    queueId: (SERIES[number.charAt(0)] ?? 'cash') as QueueId,
    waitMs: null,
    legWaitMs: null,
    why: { rule: 'arrival', runnerUp: null },
  },
]

export const recalled = (minute: number, number: string, place: number): SampleEvent => [
  minute,
  { type: 'TicketRecalled', ...at(number, place) },
]

export const started = (minute: number, number: string, place: number): SampleEvent => [
  minute,
  { type: 'ServiceStarted', ...at(number, place) },
]

export const held = (minute: number, number: string, place: number, reason: string | null): SampleEvent => [
  minute,
  { type: 'TicketHeld', ...at(number, place), reason: reason as ReasonId | null, serviceMs: 60_000 },
]

export const missed = (minute: number, number: string): SampleEvent => [
  minute,
  { type: 'TicketNoShow', ticketId: number as TicketId, reason: null },
]

export const completed = (minute: number, number: string): SampleEvent => [
  minute,
  { type: 'TicketCompleted', ticketId: number as TicketId, outcome: null, serviceMs: 120_000, reason: null },
]
