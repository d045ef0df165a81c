import type { AgentId, CounterId, MessageId, SteadyMs, TicketId } from '#shared/domain/ids.ts'
import type { CounterDesk, Post } from '#shared/project/counter-desk.ts'
import type { CurrentTicket, DeskTicket } from '#shared/project/desk-tickets.ts'

/** From this share of its target a time asks for attention. */
const NEAR_TARGET_SHARE = 0.8
export const TOAST_SHOWN_MS = 6_000

/** `near` from 80 % of the target, `over` from 100 %. Without a target everything is `good`. */
export type Level = 'good' | 'near' | 'over'

export function levelOf(durationMs: number, targetMs: number): Level {
  if (targetMs <= 0) return 'good'
  if (durationMs >= targetMs) return 'over'
  return durationMs >= targetMs * NEAR_TARGET_SHARE ? 'near' : 'good'
}

export const waitMsAt = (ticket: DeskTicket, steadyMs: SteadyMs): number =>
  Math.max(0, steadyMs - ticket.waitsSinceSteadyMs)

/** Time in service so far, holds left out. */
export const serviceMsAt = (ticket: CurrentTicket, steadyMs: SteadyMs): number =>
  ticket.serviceMs + (ticket.servingSinceSteadyMs === null ? 0 : Math.max(0, steadyMs - ticket.servingSinceSteadyMs))

/** The next sensible act. */
export type PrimaryAct = 'call-next' | 'start' | 'complete' | 'end-break'

export function primaryAct({ current, onBreak }: Post): PrimaryAct {
  if (onBreak !== null) return 'end-break'
  if (current === null) return 'call-next'
  return current.status === 'called' ? 'start' : 'complete'
}

/** Everything else that can be done with the ticket at the counter. */
export type SideAct = 'recall' | 'hold' | 'return' | 'no-show' | 'transfer' | 'finish' | 'note'

/** What can be done at the counter besides the ticket at it. */
export type Tool = 'serve-now' | 'issue' | 'adopt' | 'break' | 'close' | 'setup'

/** @returns whether the act fits the counter and its ticket now; the server has the last word */
export function canDo(act: SideAct | Tool, { current, onBreak }: Post): boolean {
  if (onBreak !== null) return act === 'close' || act === 'setup'
  switch (act) {
    case 'recall':
      return current?.canRecall ?? false
    case 'return':
    case 'no-show':
      return current?.status === 'called'
    case 'hold':
    case 'finish':
      return current?.status === 'serving'
    case 'transfer':
    case 'note':
      return current !== null
    case 'serve-now':
    case 'adopt':
    case 'break':
    case 'close':
      return current === null
    case 'issue':
    case 'setup':
      return true
    default:
      return act satisfies never
  }
}

/** What stands on the screen of a counter: the desk, or one of the manager's pages. */
export const MANAGER_PAGES = ['today', 'floor', 'steer', 'voice', 'media'] as const
export type ManagerPage = (typeof MANAGER_PAGES)[number]
/** `paper`: what is done while the branch server is away, or was. */
export type Page = 'desk' | 'paper' | ManagerPage

/**
 * What has become of the counter of this device: `leaving`, its agent is closing it; `taken`, it has ended without her,
 * and she is told so when she comes back.
 */
export type Seat = 'none' | 'here' | 'leaving' | 'taken'

type TicketQuestion = 'transfer' | 'hold' | 'cancel' | 'finish' | 'note'

/** One question at a time stands before the desk. */
export type Question =
  | { readonly name: TicketQuestion; readonly ticketId: TicketId; readonly number: string }
  | { readonly name: Tool }
  /** A number that no kiosk is known to have printed was typed: is it meant? */
  | { readonly name: 'doubted-number'; readonly number: string }
  /** A manager comes to this desk, to look after the branch. */
  | { readonly name: 'manager-in' }
  | ManagerQuestion

/** What a manager is asked before the whole branch feels it. */
export type ManagerQuestion =
  | { readonly name: 'emergency' | 'delay'; readonly messageId: MessageId }
  | { readonly name: 'close-day' | 'stop-intake' }
  | { readonly name: 'free-counter'; readonly counterId: CounterId }
  | { readonly name: 'add-agent' }
  | { readonly name: 'suspend-agent' | 'new-pin'; readonly agentId: AgentId }

const MANAGER_QUESTIONS: ReadonlySet<string> = new Set([
  'emergency',
  'delay',
  'close-day',
  'stop-intake',
  'free-counter',
  'add-agent',
  'suspend-agent',
  'new-pin',
] satisfies ManagerQuestion['name'][])

export const isManagerQuestion = (question: Question): question is ManagerQuestion =>
  MANAGER_QUESTIONS.has(question.name)

export interface Toast {
  readonly tone: 'good' | 'problem'
  readonly text: string
  readonly endsAtMs: number
}

export interface CallerModel {
  readonly page: Page
  readonly seat: Seat
  readonly question: Question | null
  readonly toast: Toast | null
  /** Why the last PIN opened no counter; said where it is typed. */
  readonly pinProblem: string | null
  /** An act is on its way; no other begins meanwhile. */
  readonly isBusy: boolean
  /** The question that the act on its way answers; one that is asked meanwhile outlives it. */
  readonly answering: Question | null
}

export const startCaller: CallerModel = {
  page: 'desk',
  seat: 'none',
  question: null,
  toast: null,
  pinProblem: null,
  isBusy: false,
  answering: null,
}

export type CallerEvent =
  | { readonly type: 'ask'; readonly question: Question }
  | { readonly type: 'page'; readonly page: Page }
  | { readonly type: 'unask' | 'hide-toast' }
  | { readonly type: 'sent'; readonly isLeaving: boolean }
  | { readonly type: 'answered'; readonly toast: Omit<Toast, 'endsAtMs'> | null; readonly isDone: boolean }
  | { readonly type: 'pin-refused'; readonly text: string }
  | { readonly type: 'desk'; readonly desk: CounterDesk }
  | { readonly type: 'tick' }

/** A manager is signed in here, at a counter of her own or over the desk of another. */
export const maySteer = ({ post, visitingManager }: CounterDesk): boolean =>
  visitingManager !== null || post?.isManager === true

/** Behind the pages of a manager who has no counter here is no desk of hers. */
export const shownPage = (page: Page, { visitingManager }: CounterDesk): Page =>
  visitingManager !== null && page === 'desk' ? 'today' : page

/** Whether the ticket a question speaks of can still be asked about. */
function isStillAsked(question: Question, desk: CounterDesk): boolean {
  if (isManagerQuestion(question)) return maySteer(desk)
  const { post, visitingManager } = desk
  if (post === null || visitingManager !== null) return false
  if (!('ticketId' in question)) return true
  const { ticketId } = question
  const living = [post.current, ...post.waiting, ...post.held]
  return living.some((ticket) => ticket?.ticketId === ticketId)
}

/** The branch has moved on: what speaks of somebody who left goes away with them. */
function keptToDesk(model: CallerModel, desk: CounterDesk): CallerModel {
  const question = model.question !== null && isStillAsked(model.question, desk) ? model.question : null
  const page = maySteer(desk) || model.page === 'paper' ? shownPage(model.page, desk) : 'desk'
  const seat = nextSeat(model.seat, desk.post !== null)
  const isSame = question === model.question && page === model.page && seat === model.seat
  return isSame ? model : { ...model, question, page, seat }
}

function nextSeat(seat: Seat, hasCounter: boolean): Seat {
  if (hasCounter) return seat === 'leaving' ? 'leaving' : 'here'
  if (seat === 'here') return 'taken'
  return seat === 'leaving' ? 'none' : seat
}

/**
 * One step of the desk. Pure.
 * @param nowMs - the page's steady clock
 */
export function stepCaller(model: CallerModel, event: CallerEvent, nowMs: number): CallerModel {
  switch (event.type) {
    case 'ask':
      return { ...model, question: event.question, toast: null }
    case 'unask':
      return { ...model, question: null, pinProblem: null }
    case 'sent':
      return {
        ...{ ...model, isBusy: true, answering: model.question, toast: null, pinProblem: null },
        ...(event.isLeaving && { seat: 'leaving' }),
      }
    case 'answered': {
      const toast = event.toast === null ? null : { ...event.toast, endsAtMs: nowMs + TOAST_SHOWN_MS }
      const seat = model.seat === 'leaving' && !event.isDone ? 'here' : model.seat
      const question = event.isDone && model.question === model.answering ? null : model.question
      return { ...model, seat, isBusy: false, answering: null, question, toast }
    }
    case 'pin-refused':
      return { ...model, isBusy: false, pinProblem: event.text }
    case 'page':
      return { ...model, page: event.page, toast: null }
    case 'desk':
      return keptToDesk(model, event.desk)
    case 'hide-toast':
      return { ...model, toast: null }
    case 'tick':
      return model.toast !== null && nowMs >= model.toast.endsAtMs ? { ...model, toast: null } : model
    default:
      return event satisfies never
  }
}
