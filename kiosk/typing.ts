import { isCode, plainCode } from '#shared/domain/appointment-code.ts'
import type { Consent, Detail } from '#shared/domain/customer-details.ts'
import { NAME_LENGTH_MAX, PHONE_DIGITS } from '#shared/wire/customer-details.ts'
import type { Choice, Expected, Wanted } from './choice.ts'

const SEARCH_LENGTH_MAX = 40
/** Longer than any code: what a scanner reads of something else is no code, and said to be none. */
const CODE_TYPED_MAX = 80

/** Why nobody could be checked in. */
export type CheckInProblem = 'unknown' | 'not-today' | 'unreachable' | 'too-many'

/** Screens on which a customer types. What is typed is gone with its screen. */
export type TypedScreen =
  | { readonly name: 'search'; readonly typed: string; readonly choice: Choice | null }
  | {
      readonly name: 'details'
      readonly wanted: Wanted
      /** What is asked, one thing after the other. */
      readonly asks: readonly Detail[]
      readonly at: number
      readonly typed: { readonly [detail in Detail]: string }
      /** Where the customer came from; null: from the services. */
      readonly choice: Choice | null
    }
  | { readonly name: 'check-in'; readonly typed: string; readonly problem: CheckInProblem | null }

export type TypingEvent =
  | { readonly type: 'search' | 'check-in' }
  /** The whole text, as it now is. */
  | { readonly type: 'type'; readonly text: string }
  /** What stands in the field is told, or is not; whoever tells anything agrees to the text of this version. */
  | { readonly type: 'tell' | 'tell-nothing'; readonly consent: Consent }
  /** Typed, or read by a scanner. */
  | { readonly type: 'send-code'; readonly code: string }

/** Where typing leads: to a screen, or to the branch. */
export type AfterTyping = TypedScreen | { readonly name: 'taking'; readonly wanted: Wanted | Expected }

export const SEARCH = (choice: Choice | null): TypedScreen => ({ name: 'search', typed: '', choice })
export const CHECK_IN = { name: 'check-in', typed: '', problem: null } as const satisfies TypedScreen

/** Asks one thing after the other; where nothing is asked the ticket is taken at once. */
export function askDetails(wanted: Wanted, asks: readonly Detail[], choice: Choice | null): AfterTyping {
  return asks.length === 0
    ? { name: 'taking', wanted }
    : { name: 'details', wanted, asks, at: 0, typed: { name: '', phone: '' }, choice }
}

const phoneOf = (text: string): string =>
  (text.startsWith('+') ? '+' : '') + text.replaceAll(/\D/g, '').slice(0, PHONE_DIGITS.max)

/** Whether what stands in the field can be told; an empty field tells nothing, and that is as good. */
export const canTell = (detail: Detail, text: string): boolean =>
  detail === 'name' || text === '' || text.replaceAll(/\D/g, '').length >= PHONE_DIGITS.min

function typeInto(screen: TypedScreen, text: string): TypedScreen {
  switch (screen.name) {
    case 'search':
      return { ...screen, typed: text.slice(0, SEARCH_LENGTH_MAX) }
    case 'check-in':
      return { ...screen, typed: text.slice(0, CODE_TYPED_MAX), problem: null }
    case 'details': {
      const detail = screen.asks[screen.at]
      if (detail === undefined) return screen
      const typed = detail === 'phone' ? phoneOf(text) : text.replaceAll(/\p{Cc}/gu, '').slice(0, NAME_LENGTH_MAX)
      return { ...screen, typed: { ...screen.typed, [detail]: typed } }
    }
    default:
      return screen satisfies never
  }
}

type Details = Extract<TypedScreen, { name: 'details' }>

/** Only what was typed is told, and whoever told nothing has agreed to nothing. */
function withDetails({ wanted, typed }: Details, consent: Consent): Wanted {
  const name = typed.name.trim()
  const { phone } = typed
  if (name === '' && phone === '') return wanted
  return { ...wanted, details: { ...(name !== '' && { name }), ...(phone !== '' && { phone }), consent } }
}

function goOn(screen: Details, consent: Consent): AfterTyping {
  const at = screen.at + 1
  return at < screen.asks.length ? { ...screen, at } : { name: 'taking', wanted: withDetails(screen, consent) }
}

/** One step on a screen where something is typed; what does not belong to it changes nothing. */
export function stepTyping(
  screen: TypedScreen,
  event: Exclude<TypingEvent, { type: 'search' | 'check-in' | 'send-code' }>,
): AfterTyping {
  if (event.type === 'type') return typeInto(screen, event.text)
  const detail = screen.name === 'details' ? screen.asks[screen.at] : undefined
  if (screen.name !== 'details' || detail === undefined) return screen
  if (event.type === 'tell') return canTell(detail, screen.typed[detail]) ? goOn(screen, event.consent) : screen
  return goOn({ ...screen, typed: { ...screen.typed, [detail]: '' } }, event.consent)
}

/** The branch is asked for whoever is expected under this code. */
export function sendCode(code: string): AfterTyping {
  const plain = plainCode(code)
  return isCode(plain)
    ? { name: 'taking', wanted: { code: plain } }
    : { name: 'check-in', typed: '', problem: 'unknown' }
}

const PROBLEMS: { readonly [code: string]: CheckInProblem } = {
  AppointmentUnknown: 'unknown',
  RequestInvalid: 'unknown',
  BookedTooFar: 'not-today',
  TooManyRequests: 'too-many',
  BranchUnreachable: 'unreachable',
  HostUnreachable: 'unreachable',
  StorageUnavailable: 'unreachable',
}

/** The screen that says why a code brought no ticket; null: what is said of every other ticket is said of this one. */
export function checkInRefused(code: string): TypedScreen | null {
  const known = PROBLEMS[code]
  return known === undefined ? null : { ...CHECK_IN, problem: known }
}

/** One step back from where something is typed; null: to whatever was before it. */
export const typingBack = (screen: TypedScreen): TypedScreen | null =>
  screen.name === 'details' && screen.at > 0 ? { ...screen, at: screen.at - 1 } : null
