import type { Detail } from './customer-details.ts'
import type {
  AgentId,
  CounterId,
  Language,
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
} from './ids.ts'
import type { SpecialDate, WeeklyHours } from './opening-hours.ts'

/** A text in each language the branch shows; the branch's default language is always there. */
export type Words = { readonly [language in Language]?: string }

export const ALGORITHMS = ['fifo', 'priority', 'sla'] as const
/**
 * `fifo`: by arrival. `priority`: by priority class, then by arrival. `sla`: those who have waited longer than their
 * service's target first, then by priority class, then by arrival.
 */
export type Algorithm = (typeof ALGORITHMS)[number]

/** What a ticket's paper may show beside its number, which is always there. */
export const SLIP_PARTS = ['logo', 'branch', 'sign', 'service', 'ahead', 'range', 'qr', 'message', 'time'] as const
export type SlipPart = (typeof SLIP_PARTS)[number]

/** How a branch wants its paper. */
export interface SlipLayout {
  readonly parts: readonly SlipPart[]
  /** Said to every customer; null = nothing. */
  readonly message: Words | null
  /** Printed after the customer's own language, smaller, for whoever comes along and reads another. */
  readonly furtherLanguages: readonly Language[]
}

/** How a branch is heard when it calls. */
export interface VoiceSettings {
  /** Calls are spoken; else the chime alone. */
  readonly speaks: boolean
  /** Said after the ticket's own language: languages of the product, or tags of recorded packs, as `wo`. */
  readonly furtherLanguages: readonly string[]
  /** A call is said twice while nothing else waits. */
  readonly repeats: boolean
}

export interface BranchSettings {
  readonly id: string
  readonly name: string
  /** IANA zone, as `Africa/Dakar`. */
  readonly timezone: string
  readonly languages: readonly Language[]
  readonly defaultLanguage: Language
  /** Others that its texts are written in, by tag, as `wo`; left out: none. */
  readonly textLanguages?: readonly { readonly tag: string; readonly name: string }[]
  /** Cut-over in local time, as `04:00`. */
  readonly businessDayStartsAt: string
  /** null = always open. Outside them kiosks give no tickets; staff may. */
  readonly openingHours: WeeklyHours | null
  /** How often one call may be repeated. */
  readonly recallMax: number
  /** How long after a no-show the ticket may come back. */
  readonly reinstateMinutes: number
  /** Whoever comes later than this for an appointment waits like everybody. */
  readonly appointmentLateMinutes: number
  /** At a kiosk a customer may choose several services for one number; left out: may not. */
  readonly kioskPlans?: boolean
  /** A PNG as a data URL, for paper; null or left out: none. */
  readonly logo?: string | null
  /** Left out: everything there is, in the customer's language. */
  readonly slip?: SlipLayout
  /** At a kiosk a customer may say by a code that she has come for her appointment; left out: may not. */
  readonly kioskCheckIn?: boolean
  /** What customers agree to when they say who they are; there wherever a service asks. */
  readonly consent?: Words
  /** Left out: as `PLAIN_VOICE` says. */
  readonly voice?: VoiceSettings
  /** Short texts that lobby displays show in turn below the calls; left out: none. */
  readonly ticker?: readonly Words[]
  /** Television sets that have only a browser may show the board without being paired; left out: may not. */
  readonly guestBoard?: boolean
}

/** Each has a form of its own beside it, so that paper can show it and nobody has to tell colours apart. */
export const SERVICE_COLOURS = ['blue', 'green', 'red', 'orange', 'violet', 'brown'] as const
export type ServiceColour = (typeof SERVICE_COLOURS)[number]

export interface Service {
  readonly id: ServiceId
  readonly name: Words
  readonly prefix: Series
  readonly queueId: QueueId
  /** Target for the wait. */
  readonly slaSeconds: number
  readonly icon: string | null
  /** What it is known by beside its pictogram; null or left out: nothing. */
  readonly colour?: ServiceColour | null
  /** Services of one category stand together at the kiosk; a plain text reads alike in every language. */
  readonly category: Words | string | null
  /** Narrower than the branch's hours; null = as the branch. */
  readonly hours: WeeklyHours | null
  /** The services that follow in the same visit, under the same number. */
  readonly plan: readonly ServiceId[]
  /** What an agent must have learned to serve it; null = nothing. */
  readonly skill: SkillId | null
  /** Kiosks do not offer it: staff give it, plans lead to it, or it is booked; left out: they do. */
  readonly hidden?: boolean
  /** What a kiosk asks of whoever takes a ticket for it, who need not answer; left out: nothing. */
  readonly asks?: readonly Detail[]
}

export interface Queue {
  readonly id: QueueId
  readonly name: Words
  readonly algorithm: Algorithm
  /** Most waiting tickets; null = no limit. */
  readonly maxCapacity: number | null
  /** Keeps its waiting and held tickets when the business day rolls. */
  readonly overnight: boolean
  readonly aging: Aging | null
}

/** What keeps a stream of priority from starving the others; null: that bound is not set. */
export interface Aging {
  /** One point of priority counts as this many minutes of waiting, and no more. */
  readonly minutesPerPoint: number | null
  /** No ticket is passed more often than this by call-next. */
  readonly passedMax: number | null
}

export interface Counter {
  readonly id: CounterId
  readonly name: Words
  /** Queues this counter calls from, in order. */
  readonly queueIds: readonly QueueId[]
  /** `order`: the first of its queues in which somebody waits. `relative-wait`: whose wait is longest for its target. */
  readonly choosing: 'order' | 'relative-wait'
  /** Rules that go before its own queues; null = none. */
  readonly profileId: ProfileId | null
}

/** One rule of a work profile: the queues to call from, and when it speaks. */
export interface WorkRule {
  readonly queueIds: readonly QueueId[]
  /** null = always. All that is set must hold: somebody waits longer than, more wait than. */
  readonly when: {
    readonly queueId: QueueId
    readonly waitOverMinutes: number | null
    readonly waitingOver: number | null
  } | null
}

/** Ordered rules; the first that holds and finds somebody is followed. */
export interface WorkProfile {
  readonly id: ProfileId
  readonly name: Words
  readonly rules: readonly WorkRule[]
}

/** A catalogue names no more. */
export const AGENTS_MAX = 200

export interface Agent {
  readonly id: AgentId
  readonly name: string
  readonly role: 'agent' | 'manager'
  /** null = everything. */
  readonly skills: readonly SkillId[] | null
  /** A manager has added her at the branch, and head office has not taken her over yet; left out: she is theirs. */
  readonly addedOnSite?: true
}

export interface PriorityClass {
  readonly id: PriorityClassId
  readonly name: Words
  /** Higher is called earlier; 0 is everybody. */
  readonly value: number
  /** A customer may claim it at a kiosk; else staff alone give it. */
  readonly selfService: boolean
  /** The pictogram beside its name; null or left out: the plain one. */
  readonly icon?: string | null
}

export interface Reason {
  readonly id: ReasonId
  readonly name: Words
}

export interface Outcome {
  readonly id: OutcomeId
  readonly name: Words
}

/** A date with hours of its own, and what it is called; none of them: closed all day. */
export interface Holiday extends SpecialDate {
  readonly name: Words
}

export const MESSAGE_KINDS = ['emergency', 'delay', 'information'] as const

/** In the text of a message: what the manager says. */
export const MINUTES_PLACE = '{minutes}'

/** Whether a message asks for minutes, in whatever language. */
export const asksMinutes = (text: Words): boolean =>
  Object.values(text).some((words) => words?.includes(MINUTES_PLACE) === true)

/** What a manager can show on every screen at once. */
export interface BranchMessage {
  readonly id: MessageId
  readonly kind: (typeof MESSAGE_KINDS)[number]
  readonly text: Words
}

export const DISPLAY_THEMES = ['dark', 'light'] as const
/** What stands beside the calls: how many wait, pictures and films, both in turn, or nothing. */
export const DISPLAY_SIDES = ['counts', 'media', 'turns', 'none'] as const

/** Which parts a lobby display has beside the calls, which are always there. */
export interface DisplayLayout {
  readonly side: (typeof DISPLAY_SIDES)[number]
  /** The branch's short texts below the calls. */
  readonly ticker: boolean
  readonly clock: boolean
}

/** A picture stands for so long; a film ends at its own end, or then. */
export interface PlaylistEntry {
  readonly mediaId: MediaId
  /** Left out: a picture stands for the usual time, a film is shown to its end. What a file is only its bytes tell. */
  readonly seconds?: number
}

/** How one lobby display is set up. */
export interface DisplaySettings {
  /** The name under which it was paired. */
  readonly name: string
  /** Displays that are heard in the same room: one of them speaks for all. */
  readonly zone: string
  /** Whose calls and counts it shows; null = every queue's. */
  readonly queueIds: readonly QueueId[] | null
  readonly theme: (typeof DISPLAY_THEMES)[number]
  /** Left out, as in catalogues from before: the plain one. */
  readonly layout?: DisplayLayout
  /** What its side plays over and over, in order; left out: nothing. */
  readonly playlist?: readonly PlaylistEntry[]
}

/** The configuration a branch runs on. Holds no secret: PINs are kept beside it. */
export interface Catalogue {
  readonly branch: BranchSettings
  readonly services: readonly Service[]
  readonly queues: readonly Queue[]
  readonly counters: readonly Counter[]
  readonly agents: readonly Agent[]
  readonly priorityClasses: readonly PriorityClass[]
  /** Why a ticket is put on hold. */
  readonly reasons: readonly Reason[]
  /** Why an agent is away; left out: the product's own. */
  readonly breakReasons?: readonly Reason[]
  readonly outcomes: readonly Outcome[]
  readonly workProfiles: readonly WorkProfile[]
  readonly messages: readonly BranchMessage[]
  readonly holidays: readonly Holiday[]
  /** Those that differ from the plain one; left out: all are plain. */
  readonly displays?: readonly DisplaySettings[]
}

/** The catalogue bodies that lie beside the log, by version. @throws when a version is missing */
export type CatalogueShelf = (version: number) => Catalogue

/** A text in the language asked for, else in the branch's default language, else any there is. */
export function wordsIn(words: Words, language: Language, defaultLanguage: Language): string {
  return words[language] ?? words[defaultLanguage] ?? Object.values(words)[0] ?? ''
}
