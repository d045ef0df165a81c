import type { Detail } from '#shared/domain/customer-details.ts'
import type { Language, PriorityClassId, ServiceId, TicketId } from '#shared/domain/ids.ts'
import type { ClosedReason } from '#shared/project/kiosk-menu.ts'
import type { Estimate } from '#shared/project/wait-range.ts'
import type { Choice, Expected, Wanted } from './choice.ts'
import { CHOOSE, changeVisit, choose, typing, visiting } from './choosing.ts'
import { closings, type RefusedReason, refusals } from './refused.ts'
import { checkInRefused, type TypedScreen, type TypingEvent, typingBack } from './typing.ts'

/** Nobody has touched for so long: the next customer finds the kiosk as new. */
export const IDLE_AFTER_MS = 60_000
export const TICKET_SHOWN_MS = 12_000
/** Without paper the number must be copied by eye or photo. */
export const PAPERLESS_SHOWN_MS = 30_000
/** Nobody stands before a silent printer for longer: then the number is theirs without paper, and paper may still come. */
export const PAPER_AWAITED_MS_MAX = 3_000
export const MORE_TIME_MS = 30_000
export const REFUSED_SHOWN_MS = 20_000
/** What is known of the paper. `none`: this kiosk prints nothing. `simulated`: it only pretends to. */
export type Paper = 'coming' | 'ready' | 'simulated' | 'none' | 'no-paper' | 'failed' | 'uncertain'

/** The ticket as the customer's screen needs it. */
export interface GivenTicket {
  readonly ticketId: TicketId
  readonly number: string
  readonly serviceId: ServiceId
  /** 1 = next; null when nobody can say. */
  readonly position: number | null
  readonly estimate: Estimate | null
  /** The services that follow under the same number, in order. */
  readonly plan: readonly ServiceId[]
  /** The kiosk gave it alone, from its own block. */
  readonly isOffline: boolean
  readonly printJobId: string | null
}

/** Where one customer's visit to the kiosk stands. Times are the page's own steady clock. */
export type Screen =
  | { readonly name: 'idle' }
  /** `category`: only its services are shown; null: everything there is. `choice`: one more service is added to it. */
  | { readonly name: 'choose-service'; readonly category: string | null; readonly choice: Choice | null }
  /** A service is chosen; the customer may say more. */
  | { readonly name: 'visit'; readonly choice: Choice }
  | TypedScreen
  | { readonly name: 'taking'; readonly wanted: Wanted | Expected; readonly endsAtMs: number }
  | {
      readonly name: 'your-ticket'
      readonly ticket: GivenTicket
      readonly paper: Paper
      readonly endsAtMs: number
      readonly wholeMs: number
    }
  | { readonly name: 'refused'; readonly reason: RefusedReason; readonly endsAtMs: number }
  | { readonly name: 'no-tickets'; readonly endsAtMs: number }
  | { readonly name: 'closed'; readonly reason: ClosedReason; readonly endsAtMs: number }

export interface KioskModel {
  readonly screen: Screen
  readonly language: Language
  readonly defaultLanguage: Language
  readonly isTextLarger: boolean
  /** Controls in the lower part of the screen only. */
  readonly areControlsDown: boolean
  readonly touchedMs: number
}

export type KioskEvent =
  | { readonly type: 'branch-speaks'; readonly language: Language }
  | { readonly type: 'begin'; readonly language: Language | null }
  | { readonly type: 'open-category'; readonly category: string }
  | TypingEvent
  /** `isMoreAsked`: the customer is asked for more before the ticket is taken. `asks`: and who she is, if she likes. */
  | {
      readonly type: 'choose'
      readonly serviceId: ServiceId
      readonly isMoreAsked: boolean
      readonly asks?: readonly Detail[]
    }
  | { readonly type: 'drop'; readonly serviceId: ServiceId }
  /** The same again takes it back. */
  | { readonly type: 'prefer'; readonly priority: PriorityClassId }
  | { readonly type: 'take'; readonly plan: readonly ServiceId[] | null; readonly asks?: readonly Detail[] }
  | { readonly type: 'given'; readonly ticket: GivenTicket; readonly paper: Paper }
  | { readonly type: 'refused'; readonly code: string }
  | { readonly type: 'paper'; readonly printJobId: string; readonly paper: Paper }
  | { readonly type: 'speak'; readonly language: Language }
  | { readonly type: 'add' }
  | { readonly type: 'larger-text' | 'controls-down' | 'more-time' | 'back' | 'done' | 'tick' }

export const startKiosk = (language: Language): KioskModel => ({
  screen: { name: 'idle' },
  language,
  defaultLanguage: language,
  isTextLarger: false,
  areControlsDown: false,
  touchedMs: 0,
})

/** The customer must keep the number without any paper. */
export const isPaperless = (paper: Paper): boolean =>
  paper === 'none' || paper === 'no-paper' || paper === 'failed' || paper === 'uncertain'

/** Back to the first screen, as if nobody had been here. */
const asNew = (model: KioskModel): KioskModel => ({
  ...startKiosk(model.defaultLanguage),
  touchedMs: model.touchedMs,
})

function showTicket(model: KioskModel, ticket: GivenTicket, paper: Paper, nowMs: number): KioskModel {
  const wholeMs = isPaperless(paper) ? PAPERLESS_SHOWN_MS : TICKET_SHOWN_MS
  return { ...model, screen: { name: 'your-ticket', ticket, paper, endsAtMs: nowMs + wholeMs, wholeMs } }
}

function refuse(model: KioskModel, code: string, nowMs: number): KioskModel {
  const { screen } = model
  const again = screen.name === 'taking' && 'code' in screen.wanted ? checkInRefused(code) : null
  if (again !== null) return { ...model, screen: again, touchedMs: nowMs }
  const endsAtMs = nowMs + REFUSED_SHOWN_MS
  const closing = closings[code]
  if (closing !== undefined) return { ...model, screen: { name: 'closed', reason: closing, endsAtMs } }
  const reason = refusals[code] ?? 'other'
  return {
    ...model,
    screen: reason === 'no-tickets' ? { name: 'no-tickets', endsAtMs } : { name: 'refused', reason, endsAtMs },
  }
}

function hearOfPaper(model: KioskModel, printJobId: string, paper: Paper, nowMs: number): KioskModel {
  const { screen } = model
  if (screen.name !== 'your-ticket' || screen.ticket.printJobId !== printJobId || screen.paper === paper) return model
  // It has been waited for long enough; what comes now is paper, or the news that there is none.
  if (paper === 'coming') return model
  // Bad news restarts the clock: the customer has to copy the number now.
  if (isPaperless(paper) && !isPaperless(screen.paper)) return showTicket(model, screen.ticket, paper, nowMs)
  return { ...model, screen: { ...screen, paper } }
}

function goBack(model: KioskModel): KioskModel {
  const { screen } = model
  switch (screen.name) {
    case 'taking':
      return model
    case 'refused':
    case 'visit':
    case 'check-in':
      return { ...model, screen: CHOOSE }
    case 'search':
      return { ...model, screen: { ...CHOOSE, choice: screen.choice } }
    case 'details': {
      const before = typingBack(screen)
      if (before !== null) return { ...model, screen: before }
      return screen.choice === null ? { ...model, screen: CHOOSE } : visiting(model, screen.choice)
    }
    case 'choose-service':
      if (screen.category !== null) return { ...model, screen: { ...screen, category: null } }
      return screen.choice === null ? asNew(model) : visiting(model, screen.choice)
    default:
      return asNew(model)
  }
}

function tick(model: KioskModel, nowMs: number): KioskModel {
  const { screen } = model
  switch (screen.name) {
    case 'your-ticket':
      if (screen.paper === 'coming' && nowMs >= screen.endsAtMs - screen.wholeMs + PAPER_AWAITED_MS_MAX)
        return showTicket(model, screen.ticket, 'uncertain', nowMs)
      return nowMs >= screen.endsAtMs ? asNew(model) : model
    case 'refused':
    case 'no-tickets':
    case 'closed':
      return nowMs >= screen.endsAtMs ? asNew(model) : model
    case 'choose-service':
    case 'visit':
    case 'search':
    case 'details':
    case 'check-in':
      return nowMs - model.touchedMs >= IDLE_AFTER_MS ? asNew(model) : model
    case 'idle': {
      const isAsNew = model.language === model.defaultLanguage && !model.isTextLarger && !model.areControlsDown
      return !isAsNew && nowMs - model.touchedMs >= IDLE_AFTER_MS ? asNew(model) : model
    }
    case 'taking':
      return nowMs >= screen.endsAtMs ? refuse(model, 'HostUnreachable', nowMs) : model
    default:
      return screen satisfies never
  }
}

function step(model: KioskModel, event: KioskEvent, nowMs: number): KioskModel {
  const { screen } = model
  switch (event.type) {
    case 'branch-speaks':
      if (event.language === model.defaultLanguage) return model
      return { ...asNew({ ...model, defaultLanguage: event.language }), screen }
    case 'begin':
      if (screen.name !== 'idle') return model
      return { ...model, language: event.language ?? model.language, screen: CHOOSE }
    case 'open-category':
    case 'choose':
      return choose(model, event, nowMs)
    case 'add':
    case 'drop':
    case 'prefer':
    case 'take':
      return changeVisit(model, event, nowMs)
    case 'search':
    case 'check-in':
    case 'type':
    case 'tell':
    case 'tell-nothing':
    case 'send-code':
      return typing(model, event, nowMs)
    case 'given':
      return showTicket(model, event.ticket, event.paper, nowMs)
    case 'refused':
      return refuse(model, event.code, nowMs)
    case 'paper':
      return hearOfPaper(model, event.printJobId, event.paper, nowMs)
    case 'speak':
      return { ...model, language: event.language }
    case 'larger-text':
      return { ...model, isTextLarger: !model.isTextLarger }
    case 'controls-down':
      return { ...model, areControlsDown: !model.areControlsDown }
    case 'more-time':
      if (screen.name !== 'your-ticket') return model
      return { ...model, screen: { ...screen, endsAtMs: nowMs + MORE_TIME_MS, wholeMs: MORE_TIME_MS } }
    case 'back':
      return goBack(model)
    case 'done':
      return asNew(model)
    case 'tick':
      return tick(model, nowMs)
    default:
      return event satisfies never
  }
}

const TOUCHES: ReadonlySet<KioskEvent['type']> = new Set([
  'begin',
  'open-category',
  'choose',
  'add',
  'drop',
  'prefer',
  'take',
  'search',
  'check-in',
  'type',
  'tell',
  'tell-nothing',
  'send-code',
  'speak',
  'larger-text',
  'controls-down',
  'more-time',
  'back',
  'done',
])

/**
 * One step of a customer's visit. Pure.
 * @param nowMs - the page's steady clock
 */
export function stepKiosk(model: KioskModel, event: KioskEvent, nowMs: number): KioskModel {
  return step(TOUCHES.has(event.type) ? { ...model, touchedMs: nowMs } : model, event, nowMs)
}
