import { type BranchSettings, type Words, wordsIn } from '#shared/domain/catalogue.ts'
import type { Language, QueueId, SteadyMs, TicketId } from '#shared/domain/ids.ts'
import type { BranchState } from '#shared/domain/state.ts'
import { type LobbyBoard, type LobbyCall, lobbyBoard } from '#shared/project/lobby-board.ts'

/** How long a call stands large. */
export const RISE_MS = 10_000
/** A call whose customer comes at once still stands large for so long. */
const RISE_MIN_MS = 4_000
/** A call seen later than this after it happened is shown, but neither rises nor sounds: it is old news. */
const FRESH_MS = 30_000
/** More at once would be too small to read from the back row. */
export const RISING_MAX = 4
/** In a rush all are shown, smaller, until the voice is through with them. */
export const RUSH_MS = 25_000
export const LAST_CALLS_SHOWN_MAX = 4
const RISES_KEPT_MAX = 32
const SHIFTS_PX = [0, 3, 6, 3, 0, -3, -6, -3] as const
const MINUTE_MS = 60_000

/** A call or recall that rises on this page. */
export interface Rise {
  readonly ticketId: TicketId
  /** When it was called, on the branch's steady time: the next call of the same ticket has another. */
  readonly steadyMs: SteadyMs
  /** On the page's steady clock. */
  readonly seenUntilMs: number
  readonly untilMs: number
}

export interface DisplayModel {
  /** One for each ticket, at most RISES_KEPT_MAX. */
  readonly rises: readonly Rise[]
  /** Counts the calls that should be heard. */
  readonly chimeCount: number
}

export const startDisplay: DisplayModel = { rises: [], chimeCount: 0 }

/**
 * Looks at the calls of the branch: one that is fresh and has not risen yet rises and is heard,
 * whether its event came in the feed or inside a snapshot.
 * @param nowMs - the page's steady clock
 * @param branchSteadyMs - the branch's steady time now; null when nobody can say, and then nothing is fresh
 * @param queueIds - whose calls this display shows; null: every queue's
 */
export function seeCalls(
  model: DisplayModel,
  state: BranchState,
  nowMs: number,
  branchSteadyMs: SteadyMs | null,
  queueIds: readonly QueueId[] | null = null,
): DisplayModel {
  if (branchSteadyMs === null) return model
  const calledAt = new Map(model.rises.map(({ ticketId, steadyMs }) => [ticketId, steadyMs]))
  const rises = lobbyBoard(state, queueIds).calls.flatMap(({ ticketId }): readonly Rise[] => {
    const steadyMs = state.tickets.get(ticketId)?.facts.lastCalledSteadyMs ?? null
    if (steadyMs === null || branchSteadyMs - steadyMs > FRESH_MS || calledAt.get(ticketId) === steadyMs) return []
    return [{ ticketId, steadyMs, seenUntilMs: nowMs + RISE_MIN_MS, untilMs: nowMs + RISE_MS }]
  })
  if (rises.length === 0) return model
  const risingIds = new Set(rises.map(({ ticketId }) => ticketId))
  return {
    rises: [...rises, ...model.rises.filter(({ ticketId }) => !risingIds.has(ticketId))].slice(0, RISES_KEPT_MAX),
    chimeCount: model.chimeCount + rises.length,
  }
}

/** What stands on the screen's larger part. */
export interface Stage {
  /** Calls that stand large now, newest first; one of them even when nothing rises. */
  readonly large: readonly LobbyCall[]
  readonly isRising: boolean
  readonly last: readonly LobbyCall[]
}

/** @param nowMs - the page's steady clock */
export function stageAt(model: DisplayModel, { calls }: LobbyBoard, nowMs: number): Stage {
  const riseById = new Map(model.rises.map((rise) => [rise.ticketId, rise]))
  const isRising = ({ ticketId, isPending }: LobbyCall): boolean => {
    const rise = riseById.get(ticketId)
    return rise !== undefined && nowMs < (isPending ? rise.untilMs : rise.seenUntilMs)
  }
  const isOfRush = ({ ticketId, isPending }: LobbyCall): boolean => {
    const rise = riseById.get(ticketId)
    return rise !== undefined && isPending && nowMs < rise.untilMs - RISE_MS + RUSH_MS
  }
  const rush = calls.filter((call) => isRising(call) || isOfRush(call))
  const rising = rush.length > RISING_MAX ? rush : calls.filter(isRising)
  const large = rising.length > 0 ? rising : calls.slice(0, 1)
  const largeIds = new Set(large.map((call) => call.ticketId))
  return {
    large,
    isRising: rising.length > 0,
    last: calls.filter((call) => !largeIds.has(call.ticketId)).slice(0, LAST_CALLS_SHOWN_MAX),
  }
}

/** How long a band speaks one language before it speaks the next. */
export const BAND_TURN_MS = 10_000

/** Which of a branch's languages a band speaks now: each in turn. @param atMs - the branch's time, or any that goes on */
export const bandLanguage = (languages: readonly Language[], atMs: number): Language | undefined =>
  languages[Math.floor(atMs / BAND_TURN_MS) % Math.max(1, languages.length)]

/** One short text below the calls, and the language it is in. */
export interface TickerLine {
  readonly text: string
  readonly language: Language
}

/** Each text of the branch in each of its languages by turns; null where the branch has none. */
export function tickerLine(
  texts: readonly Words[],
  { languages, defaultLanguage }: Pick<BranchSettings, 'languages' | 'defaultLanguage'>,
  atMs: number,
): TickerLine | null {
  const lines = texts.flatMap((words) => {
    const written = languages.filter((language) => words[language] !== undefined)
    const shown = written.length > 0 ? written : [defaultLanguage]
    return shown.map((language) => ({ text: wordsIn(words, language, defaultLanguage), language }))
  })
  return lines[Math.floor(atMs / BAND_TURN_MS) % Math.max(1, lines.length)] ?? null
}

/** Moves the ground a few pixels each minute, so that nothing burns into the panel. */
export function burnInShift(atMs: number): { readonly xPx: number; readonly yPx: number } {
  const minute = Math.floor(atMs / MINUTE_MS)
  const at = (place: number): number => SHIFTS_PX[place % SHIFTS_PX.length] ?? 0
  return { xPx: at(minute), yPx: at(Math.floor(minute / SHIFTS_PX.length) + 2) }
}
