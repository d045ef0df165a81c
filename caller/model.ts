import type { SteadyMs, TicketId } from '#shared/domain/ids.ts'
import type { CounterDesk, CurrentTicket, DeskTicket, Post } from '#shared/project/counter-desk.ts'

/** From this share of its target a time asks for attention. */
export const NEAR_TARGET_SHARE = 0.8
export const TOAST_SHOWN_MS = 6_000

/** `near` from 80 % of the target, `over` from 100 %. Without a target everything is `good`. */
export type Level = 'good' | 'near' | 'over'

export function levelOf(durationMs: number, targetMs: number): Level {
  if (targetMs <= 0) return 'good'
  if (durationMs >= targetMs) return 'over'
  return durationMs >= targetMs * NEAR_TARGET_SHARE ? 'near' : 'good'
}

export const waitMsAt = (ticket: DeskTicket, steadyMs: SteadyMs): number =>
  Math.max(0, steadyMs - ticket.arrivedSteadyMs)

/** Time in service so far, holds left out. */
export const serviceMsAt = (ticket: CurrentTicket, steadyMs: SteadyMs): number =>
  ticket.serviceMs + (ticket.servingSinceSteadyMs === null ? 0 : Math.max(0, steadyMs - ticket.servingSinceSteadyMs))

/** The next sensible act. */
export type PrimaryAct = 'call-next' | 'start' | 'complete'

export function primaryAct(post: Post): PrimaryAct {
  if (post.current === null) return 'call-next'
  return post.current.status === 'called' ? 'start' : 'complete'
}

/** Everything else that can be done with the ticket at the counter. */
export type SideAct = 'recall' | 'hold' | 'return' | 'no-show' | 'transfer'

/** What can be done at the counter besides the ticket at it. */
export type Tool = 'adopt' | 'issue' | 'close'

/** @returns whether the act fits the counter and its ticket now; the server has the last word */
export function canDo(act: SideAct | Tool, current: CurrentTicket | null): boolean {
  switch (act) {
    case 'recall':
      return current?.canRecall ?? false
    case 'return':
    case 'no-show':
      return current?.status === 'called'
    case 'hold':
      return current?.status === 'serving'
    case 'transfer':
      return current !== null
    case 'adopt':
    case 'close':
      return current === null
    case 'issue':
      return true
    default:
      return act satisfies never
  }
}

/** One question at a time stands before the desk. */
export type Question =
  | { readonly name: 'transfer' | 'hold' | 'cancel'; readonly ticketId: TicketId; readonly number: string }
  | { readonly name: Tool }

export interface Toast {
  readonly tone: 'good' | 'problem'
  readonly text: string
  readonly endsAtMs: number
}

export interface CallerModel {
  readonly question: Question | null
  readonly toast: Toast | null
  /** Why the last PIN opened no counter; said where it is typed. */
  readonly pinProblem: string | null
  /** An act is on its way; no other begins meanwhile. */
  readonly isBusy: boolean
}

export const startCaller: CallerModel = { question: null, toast: null, pinProblem: null, isBusy: false }

export type CallerEvent =
  | { readonly type: 'ask'; readonly question: Question }
  | { readonly type: 'unask' | 'sent' | 'hide-toast' }
  | { readonly type: 'answered'; readonly toast: Omit<Toast, 'endsAtMs'> | null; readonly isDone: boolean }
  | { readonly type: 'pin-refused'; readonly text: string }
  | { readonly type: 'desk'; readonly desk: CounterDesk }
  | { readonly type: 'tick' }

/** Whether the ticket a question speaks of can still be asked about. */
function isStillAsked(question: Question, post: Post | null): boolean {
  if (post === null) return false
  if (!('ticketId' in question)) return true
  const { ticketId } = question
  const living = [post.current, ...post.waiting, ...post.held]
  return living.some((ticket) => ticket?.ticketId === ticketId)
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
      return { ...model, question: null }
    case 'sent':
      return { ...model, isBusy: true, toast: null, pinProblem: null }
    case 'answered': {
      const toast = event.toast === null ? null : { ...event.toast, endsAtMs: nowMs + TOAST_SHOWN_MS }
      return { ...model, isBusy: false, question: event.isDone ? null : model.question, toast }
    }
    case 'pin-refused':
      return { ...model, isBusy: false, pinProblem: event.text }
    case 'desk':
      return model.question !== null && !isStillAsked(model.question, event.desk.post)
        ? { ...model, question: null }
        : model
    case 'hide-toast':
      return { ...model, toast: null }
    case 'tick':
      return model.toast !== null && nowMs >= model.toast.endsAtMs ? { ...model, toast: null } : model
    default:
      return event satisfies never
  }
}

/** Where an agent's key leads. */
export type KeyAct = 'primary' | SideAct | Tool

/** The key shown on each button. */
export const ACT_KEYS: Record<Exclude<KeyAct, 'primary'>, string> = {
  recall: 'R',
  hold: 'H',
  return: 'B',
  'no-show': 'N',
  transfer: 'T',
  adopt: 'A',
  issue: 'G',
  close: 'L',
}

const actByKey = new Map(Object.entries(ACT_KEYS).map(([act, key]) => [key, act as KeyAct]))

/**
 * The letter a key stands for: what it types, else what is printed at its place, as on an Arabic layout.
 * A key that types another Latin letter keeps that one, wherever it lies.
 */
const letterOf = (key: string, code: string): string =>
  (/^[a-z]$/i.test(key) ? key : code.replace(/^Key/, '')).toUpperCase()

/** @param key, code - the character and the place of the key, as the browser names them */
export function actOfKey({ key, code }: Pick<KeyboardEvent, 'key' | 'code'>): KeyAct | null {
  if (key === ' ' || key === 'Enter') return 'primary'
  return actByKey.get(letterOf(key, code)) ?? null
}
