import { Type } from 'typebox'
import type { Catalogue } from '../domain/catalogue.ts'
import {
  type AgentId,
  type CounterId,
  LANGUAGES,
  type Language,
  type OutcomeId,
  type PriorityClassId,
  type QueueId,
  type ReasonId,
  type Series,
  type ServiceId,
} from '../domain/ids.ts'
import { id, type ParsedBy, strict } from './schema.ts'

const LIST_MAX = 200
const TEXT_MAX = 200

/** Named in the contract, not built yet: only the value that asks for nothing is taken. */
const none = Type.Optional(Type.Null())
const noList = Type.Optional(Type.Array(Type.Unknown(), { maxItems: 0 }))

const text = Type.String({ minLength: 1, maxLength: TEXT_MAX })
const language = Type.Unsafe<Language>({ type: 'string', enum: [...LANGUAGES] })
const words = Type.Object(
  { fr: Type.Optional(text), en: Type.Optional(text), ar: Type.Optional(text) },
  { ...strict, minProperties: 1 },
)

const branch = Type.Object(
  {
    id: id(),
    name: text,
    timezone: Type.String({ minLength: 1, maxLength: 64 }),
    languages: Type.Array(language, { minItems: 1, maxItems: LANGUAGES.length, uniqueItems: true }),
    defaultLanguage: language,
    businessDayStartsAt: Type.Optional(Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' })),
    openingHours: none,
    guestBoard: Type.Optional(Type.Literal(false)),
    recallMax: Type.Optional(Type.Integer({ minimum: 0, maximum: 20 })),
    reinstateMinutes: Type.Optional(Type.Integer({ minimum: 0, maximum: 1440 })),
  },
  strict,
)

const service = Type.Object(
  {
    id: id(),
    name: words,
    prefix: Type.String({ pattern: '^[A-Z]{1,3}$' }),
    queueId: id(),
    slaSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 86_400 })),
    icon: Type.Optional(Type.Union([Type.Null(), Type.String({ pattern: '^[a-z-]{1,32}$' })])),
    category: none,
    hours: none,
    plan: noList,
  },
  strict,
)

const queue = Type.Object(
  {
    id: id(),
    name: words,
    algorithm: Type.Optional(Type.Union([Type.Literal('fifo'), Type.Literal('priority')])),
    maxCapacity: Type.Optional(Type.Union([Type.Null(), Type.Integer({ minimum: 1, maximum: 100_000 })])),
    overnight: Type.Optional(Type.Boolean()),
    aging: none,
  },
  strict,
)

const counter = Type.Object(
  { id: id(), name: words, queueIds: Type.Array(id(), { maxItems: LIST_MAX, uniqueItems: true }) },
  strict,
)

const agent = Type.Object(
  {
    id: id(),
    name: text,
    role: Type.Optional(Type.Union([Type.Literal('agent'), Type.Literal('manager')])),
    /** Four to twelve digits; left out for an agent whose PIN stays as it is. */
    skills: noList,
    pin: Type.Optional(Type.String({ pattern: '^\\d{4,12}$' })),
  },
  strict,
)

const named = Type.Object({ id: id(), name: words }, strict)
const priorityClass = Type.Object(
  {
    id: id(),
    name: words,
    value: Type.Integer({ minimum: 0, maximum: 1000 }),
    selfService: Type.Optional(Type.Boolean()),
  },
  strict,
)

/** What the installer sends. Everything optional has its default in `catalogueOf`. */
export const CatalogueBody = Type.Object(
  {
    branch,
    services: Type.Array(service, { minItems: 1, maxItems: LIST_MAX }),
    queues: Type.Array(queue, { minItems: 1, maxItems: LIST_MAX }),
    counters: Type.Array(counter, { maxItems: LIST_MAX }),
    agents: Type.Array(agent, { maxItems: LIST_MAX }),
    priorityClasses: Type.Optional(Type.Array(priorityClass, { maxItems: LIST_MAX })),
    reasons: Type.Optional(Type.Array(named, { maxItems: LIST_MAX })),
    outcomes: Type.Optional(Type.Array(named, { maxItems: LIST_MAX })),
    holidays: noList,
  },
  { ...strict, $id: 'CatalogueBody' },
)
export type CatalogueBody = ParsedBy<typeof CatalogueBody>

const DEFAULTS = { businessDayStartsAt: '04:00', recallMax: 3, reinstateMinutes: 30, slaSeconds: 600 } as const

/**
 * The catalogue with every default filled in and the PINs taken out.
 * @returns the PINs that were sent, to be hashed and kept beside the catalogue
 */
export function catalogueOf(body: CatalogueBody): { catalogue: Catalogue; pins: ReadonlyMap<AgentId, string> } {
  const pins = new Map<AgentId, string>()
  for (const { id: agentId, pin } of body.agents) if (pin !== undefined) pins.set(agentId as AgentId, pin)
  const { branch: settings } = body
  const catalogue: Catalogue = {
    branch: {
      id: settings.id,
      name: settings.name,
      timezone: settings.timezone,
      languages: settings.languages,
      defaultLanguage: settings.defaultLanguage,
      businessDayStartsAt: settings.businessDayStartsAt ?? DEFAULTS.businessDayStartsAt,
      openingHours: null,
      recallMax: settings.recallMax ?? DEFAULTS.recallMax,
      reinstateMinutes: settings.reinstateMinutes ?? DEFAULTS.reinstateMinutes,
    },
    services: body.services.map((it) => ({
      id: it.id as ServiceId,
      name: it.name,
      prefix: it.prefix as Series,
      queueId: it.queueId as QueueId,
      slaSeconds: it.slaSeconds ?? DEFAULTS.slaSeconds,
      icon: it.icon ?? null,
    })),
    queues: body.queues.map((it) => ({
      id: it.id as QueueId,
      name: it.name,
      algorithm: it.algorithm ?? 'fifo',
      maxCapacity: it.maxCapacity ?? null,
      overnight: it.overnight ?? false,
    })),
    counters: body.counters.map((it) => ({
      id: it.id as CounterId,
      name: it.name,
      queueIds: it.queueIds.map((queueId) => queueId as QueueId),
    })),
    agents: body.agents.map((it) => ({ id: it.id as AgentId, name: it.name, role: it.role ?? 'agent' })),
    priorityClasses: (body.priorityClasses ?? []).map((it) => ({
      id: it.id as PriorityClassId,
      name: it.name,
      value: it.value,
      selfService: it.selfService ?? false,
    })),
    reasons: (body.reasons ?? []).map((it) => ({ id: it.id as ReasonId, name: it.name })),
    outcomes: (body.outcomes ?? []).map((it) => ({ id: it.id as OutcomeId, name: it.name })),
  }
  return { catalogue, pins }
}
