import type {
  Agent,
  BranchSettings,
  Catalogue,
  Counter,
  DisplaySettings,
  Queue,
  Service,
  SlipLayout,
  Words,
  WorkProfile,
} from '../domain/catalogue.ts'
import {
  PLAIN_AGENT,
  PLAIN_BREAK_REASONS,
  PLAIN_CONSENT,
  PLAIN_COUNTER,
  PLAIN_DISPLAY,
  PLAIN_MESSAGES,
  PLAIN_QUEUE,
  PLAIN_SERVICE,
  PLAIN_SETTINGS,
  PLAIN_SLIP_LAYOUT,
  PLAIN_VOICE,
} from '../domain/catalogue-defaults.ts'
import type {
  AgentId,
  CounterId,
  MediaId,
  MessageId,
  OutcomeId,
  PriorityClassId,
  ProfileId,
  QueueId,
  ReasonId,
  Series,
  ServiceId,
  SkillId,
} from '../domain/ids.ts'
import type { CatalogueBody } from './catalogue-body.ts'

/** What is said in one text is said in the branch's default language. */
const wordsOf =
  ({ branch }: CatalogueBody) =>
  (name: Words | string): Words =>
    typeof name === 'string' ? { [branch.defaultLanguage]: name } : name

/** Kept with the catalogue wherever it is asked for, so that a version always tells which words were agreed to. */
function consentOf({ branch, services }: CatalogueBody): Pick<BranchSettings, 'consent'> {
  if (branch.consent !== undefined) return { consent: branch.consent }
  return services.some(({ asks = [] }) => asks.length > 0) ? { consent: PLAIN_CONSENT } : {}
}

/** Left out where nothing is said: such a catalogue reads as it always has. */
const lobbyOf = (body: CatalogueBody): Pick<BranchSettings, 'ticker' | 'guestBoard'> => ({
  ...(body.branch.ticker !== undefined && { ticker: body.branch.ticker.map(wordsOf(body)) }),
  ...(body.branch.guestBoard !== undefined && { guestBoard: body.branch.guestBoard }),
})

const slipOf = (body: CatalogueBody): SlipLayout => {
  const { parts, message = null, furtherLanguages } = body.branch.slip ?? {}
  return {
    parts: parts ?? PLAIN_SLIP_LAYOUT.parts,
    message: message === null ? PLAIN_SLIP_LAYOUT.message : wordsOf(body)(message),
    furtherLanguages: furtherLanguages ?? PLAIN_SLIP_LAYOUT.furtherLanguages,
  }
}

const settingsOf = (body: CatalogueBody, sent = body.branch): BranchSettings => ({
  id: sent.id,
  name: sent.name,
  timezone: sent.timezone,
  languages: sent.languages,
  defaultLanguage: sent.defaultLanguage,
  ...(sent.textLanguages !== undefined && { textLanguages: sent.textLanguages }),
  businessDayStartsAt: sent.businessDayStartsAt ?? PLAIN_SETTINGS.businessDayStartsAt,
  openingHours: sent.openingHours ?? PLAIN_SETTINGS.openingHours,
  recallMax: sent.recallMax ?? PLAIN_SETTINGS.recallMax,
  reinstateMinutes: sent.reinstateMinutes ?? PLAIN_SETTINGS.reinstateMinutes,
  appointmentLateMinutes: sent.appointmentLateMinutes ?? PLAIN_SETTINGS.appointmentLateMinutes,
  kioskPlans: sent.kioskPlans ?? PLAIN_SETTINGS.kioskPlans,
  logo: sent.logo ?? null,
  slip: slipOf(body),
  kioskCheckIn: sent.kioskCheckIn ?? PLAIN_SETTINGS.kioskCheckIn,
  ...(sent.voice !== undefined && {
    voice: {
      speaks: sent.voice.speaks ?? PLAIN_VOICE.speaks,
      furtherLanguages: sent.voice.furtherLanguages ?? PLAIN_VOICE.furtherLanguages,
      repeats: sent.voice.repeats ?? PLAIN_VOICE.repeats,
    },
  }),
})

const servicesOf = (body: CatalogueBody): readonly Service[] =>
  body.services.map((it) => ({
    id: it.id as ServiceId,
    name: wordsOf(body)(it.name),
    prefix: it.prefix as Series,
    queueId: it.queueId as QueueId,
    slaSeconds: it.slaSeconds ?? PLAIN_SERVICE.slaSeconds,
    icon: it.icon ?? PLAIN_SERVICE.icon,
    colour: it.colour ?? PLAIN_SERVICE.colour,
    category: it.category ?? PLAIN_SERVICE.category,
    hours: it.hours ?? PLAIN_SERVICE.hours,
    plan: (it.plan ?? PLAIN_SERVICE.plan).map((serviceId) => serviceId as ServiceId),
    skill: (it.skill ?? PLAIN_SERVICE.skill) as SkillId | null,
    ...(it.hidden !== undefined && { hidden: it.hidden }),
    ...(it.asks !== undefined && { asks: it.asks }),
  }))

const queuesOf = (body: CatalogueBody): readonly Queue[] =>
  body.queues.map((it) => ({
    id: it.id as QueueId,
    name: wordsOf(body)(it.name),
    algorithm: it.algorithm ?? PLAIN_QUEUE.algorithm,
    maxCapacity: it.maxCapacity ?? PLAIN_QUEUE.maxCapacity,
    overnight: it.overnight ?? PLAIN_QUEUE.overnight,
    aging:
      it.aging === undefined || it.aging === null
        ? PLAIN_QUEUE.aging
        : { minutesPerPoint: it.aging.minutesPerPoint ?? null, passedMax: it.aging.passedMax ?? null },
  }))

const countersOf = (body: CatalogueBody): readonly Counter[] =>
  body.counters.map((it) => ({
    id: it.id as CounterId,
    name: wordsOf(body)(it.name),
    queueIds: it.queueIds.map((queueId) => queueId as QueueId),
    choosing: it.choosing ?? PLAIN_COUNTER.choosing,
    profileId: (it.profileId ?? PLAIN_COUNTER.profileId) as ProfileId | null,
  }))

const agentsOf = ({ agents }: CatalogueBody): readonly Agent[] =>
  agents.map((it) => ({
    id: it.id as AgentId,
    name: it.name,
    role: it.role ?? PLAIN_AGENT.role,
    skills: (it.skills ?? PLAIN_AGENT.skills) as readonly SkillId[] | null,
  }))

const workProfilesOf = (body: CatalogueBody): readonly WorkProfile[] =>
  (body.workProfiles ?? []).map((it) => ({
    id: it.id as ProfileId,
    name: wordsOf(body)(it.name),
    rules: it.rules.map(({ queueIds, when }) => ({
      queueIds: queueIds.map((queueId) => queueId as QueueId),
      when:
        when === undefined || when === null
          ? null
          : {
              queueId: when.queueId as QueueId,
              waitOverMinutes: when.waitOverMinutes ?? null,
              waitingOver: when.waitingOver ?? null,
            },
    })),
  }))

const displaysOf = ({ displays = [] }: CatalogueBody): readonly DisplaySettings[] =>
  displays.map((it) => ({
    name: it.name,
    zone: it.zone ?? PLAIN_DISPLAY.zone,
    queueIds: (it.queueIds ?? PLAIN_DISPLAY.queueIds) as readonly QueueId[] | null,
    theme: it.theme ?? PLAIN_DISPLAY.theme,
    layout: { ...PLAIN_DISPLAY.layout, ...it.layout },
    playlist: (it.playlist ?? PLAIN_DISPLAY.playlist).map(({ mediaId, seconds }) => ({
      mediaId: mediaId as MediaId,
      ...(seconds !== undefined && { seconds }),
    })),
  }))

/**
 * The catalogue with every default filled in and the PINs taken out.
 * @returns the PINs that were sent, to be hashed and kept beside the catalogue
 */
export function catalogueOf(body: CatalogueBody): { catalogue: Catalogue; pins: ReadonlyMap<AgentId, string> } {
  const pins = new Map<AgentId, string>()
  const said = wordsOf(body)
  for (const { id: agentId, pin } of body.agents) if (pin !== undefined) pins.set(agentId as AgentId, pin)
  const catalogue: Catalogue = {
    branch: { ...settingsOf(body), ...consentOf(body), ...lobbyOf(body) },
    services: servicesOf(body),
    queues: queuesOf(body),
    counters: countersOf(body),
    agents: agentsOf(body),
    priorityClasses: (body.priorityClasses ?? []).map((it) => ({
      id: it.id as PriorityClassId,
      name: said(it.name),
      value: it.value,
      selfService: it.selfService ?? false,
      icon: it.icon ?? null,
    })),
    reasons: (body.reasons ?? []).map((it) => ({ id: it.id as ReasonId, name: said(it.name) })),
    breakReasons:
      body.breakReasons?.map((it) => ({ id: it.id as ReasonId, name: said(it.name) })) ?? PLAIN_BREAK_REASONS,
    outcomes: (body.outcomes ?? []).map((it) => ({ id: it.id as OutcomeId, name: said(it.name) })),
    workProfiles: workProfilesOf(body),
    messages:
      body.messages?.map((it) => ({ id: it.id as MessageId, kind: it.kind ?? 'information', text: it.text })) ??
      PLAIN_MESSAGES,
    holidays: (body.holidays ?? []).map((it) => ({ date: it.date, name: said(it.name), hours: it.hours ?? [] })),
    ...(body.displays !== undefined && { displays: displaysOf(body) }),
  }
  return { catalogue, pins }
}
