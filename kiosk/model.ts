import type { Detail } from '#shared/domain/customer-details.ts'
import type { Language, PriorityClassId, ServiceId, TicketId } from '#shared/domain/ids.ts'
import type { ClosedReason } from '#shared/project/kiosk-menu.ts'
import type { Estimate } from '#shared/project/wait-range.ts'
import { type Access, type AccessEvent, stepAccess, USUAL_ACCESS } from './access.ts'
import type { Choice, Expected, Wanted } from './choice.ts'
import { CHOOSE, changeVisit, choose, typing, visiting } from './choosing.ts'
import { closings, type RefusedReason, refusals } from './refused.ts'
import { checkInRefused, type TypedScreen, type TypingEvent, typingBack } from './typing.ts'
import {
  giveMoreTime,
  PAPERLESS_SHOWN_MS,
  REFUSED_SHOWN_MS,
  stay,
  suitedMs,
  TICKET_SHOWN_MS,
  visitEndsAtMs,
} from './visit-time.ts'

/** Nobody stands before a silent printer for longer: then the number is theirs without paper, and paper may still come. */
const PAPER_AWAITED_MS_MAX = 3_000
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
      /** Until then it is waited for. */
      readonly paperDueAtMs: number
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
  readonly access: Access
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
  | AccessEvent
  /** Somebody is there: a finger or a key, whatever it does, or something was heard to its end. */
  | { readonly type: 'touch' }
  | { readonly type: 'more-time' | 'back' | 'done' | 'tick' }

export const startKiosk = (language: Language): KioskModel => ({
  screen: { name: 'idle' },
  language,
  defaultLanguage: language,
  access: USUAL_ACCESS,
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
  const wholeMs = suitedMs(model.access, isPaperless(paper) ? PAPERLESS_SHOWN_MS : TICKET_SHOWN_MS)
  const paperDueAtMs = nowMs + PAPER_AWAITED_MS_MAX
  return { ...model, screen: { name: 'your-ticket', ticket, paper, paperDueAtMs, endsAtMs: nowMs + wholeMs, wholeMs } }
}

function refuse(model: KioskModel, code: string, nowMs: number): KioskModel {
  const { screen } = model
  const again = screen.name === 'taking' && 'code' in screen.wanted ? checkInRefused(code) : null
  if (again !== null) return { ...model, screen: again, touchedMs: nowMs }
  const endsAtMs = nowMs + suitedMs(model.access, REFUSED_SHOWN_MS)
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
  if (screen.name === 'taking') return nowMs >= screen.endsAtMs ? refuse(model, 'HostUnreachable', nowMs) : model
  if (screen.name === 'your-ticket' && screen.paper === 'coming' && nowMs >= screen.paperDueAtMs)
    return showTicket(model, screen.ticket, 'uncertain', nowMs)
  const endsAtMs = visitEndsAtMs(model)
  return endsAtMs !== null && nowMs >= endsAtMs ? asNew(model) : model
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
    case 'switch-access':
    case 'listen':
    case 'stop-listening':
    case 'louder':
    case 'quieter':
      return stay({ ...model, access: stepAccess(model.access, event) }, nowMs)
    case 'touch':
      return stay(model, nowMs)
    case 'more-time':
      return giveMoreTime(model, nowMs)
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
  'switch-access',
  'listen',
  'stop-listening',
  'louder',
  'quieter',
  'touch',
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
