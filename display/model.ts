import type { LogEvent } from '#shared/domain/events.ts'
import type { SteadyMs, TicketId } from '#shared/domain/ids.ts'
import type { BranchState } from '#shared/domain/state.ts'
import { type LobbyBoard, type LobbyCall, lobbyCall } from '#shared/project/lobby-board.ts'

/** How long a call stands large. */
export const RISE_MS = 10_000
/** A call whose customer comes at once still stands large for so long. */
export const RISE_MIN_MS = 4_000
/** A call heard later than this after it happened is shown, but neither rises nor sounds: it is old news. */
export const FRESH_MS = 30_000
/** More at once would be too small to read from the back row. */
export const RISING_MAX = 4
export const LAST_CALLS_SHOWN_MAX = 4
const RISES_KEPT_MAX = 16
const SHIFTS_PX = [0, 3, 6, 3, 0, -3, -6, -3] as const
const MINUTE_MS = 60_000

/** A call or recall that this page heard. */
export interface Rise {
  readonly ticketId: TicketId
  /** When it was called, on the branch's steady time: newest on top. */
  readonly steadyMs: SteadyMs
  /** On the page's steady clock; both in the past for old news. */
  readonly seenUntilMs: number
  readonly untilMs: number
}

export interface DisplayModel {
  /** Newest first, one for each ticket. */
  readonly rises: readonly Rise[]
  /** Counts the calls that should be heard. */
  readonly chimeCount: number
}

export const startDisplay: DisplayModel = { rises: [], chimeCount: 0 }

/**
 * Hears one event of the feed.
 * @param nowMs - the page's steady clock
 * @param branchSteadyMs - the branch's steady time now; null when nobody can say, and then nothing is fresh
 */
export function hearEvent(
  model: DisplayModel,
  event: LogEvent,
  nowMs: number,
  branchSteadyMs: SteadyMs | null,
): DisplayModel {
  if (event.type !== 'TicketCalled' && event.type !== 'TicketRecalled') return model
  const { ticketId, steadyMs } = event
  const isFresh = branchSteadyMs !== null && branchSteadyMs - steadyMs <= FRESH_MS
  const rise: Rise = {
    ticketId,
    steadyMs,
    seenUntilMs: isFresh ? nowMs + RISE_MIN_MS : nowMs,
    untilMs: isFresh ? nowMs + RISE_MS : nowMs,
  }
  const others = model.rises.filter((other) => other.ticketId !== ticketId)
  return {
    rises: [rise, ...others].slice(0, RISES_KEPT_MAX),
    chimeCount: model.chimeCount + (isFresh ? 1 : 0),
  }
}

/** What stands on the screen's larger part. */
export interface Stage {
  /** Calls that stand large now, newest first; one of them even when nothing rises. */
  readonly large: readonly LobbyCall[]
  readonly isRising: boolean
  readonly last: readonly LobbyCall[]
}

/** Every call worth showing, newest first: those this page heard, then those the board knew before. */
function callsInOrder(model: DisplayModel, board: LobbyBoard, state: BranchState): readonly LobbyCall[] {
  const heard = model.rises.flatMap(({ ticketId }) => {
    const ticket = state.tickets.get(ticketId)
    const call = ticket === undefined ? null : lobbyCall(state, ticket)
    return call === null ? [] : [call]
  })
  const heardIds = new Set(heard.map((call) => call.ticketId))
  return [...heard, ...board.calls.filter((call) => !heardIds.has(call.ticketId))]
}

/** @param nowMs - the page's steady clock */
export function stageAt(model: DisplayModel, board: LobbyBoard, state: BranchState, nowMs: number): Stage {
  const calls = callsInOrder(model, board, state)
  const riseById = new Map(model.rises.map((rise) => [rise.ticketId, rise]))
  const isRising = ({ ticketId, isPending }: LobbyCall): boolean => {
    const rise = riseById.get(ticketId)
    return rise !== undefined && nowMs < (isPending ? rise.untilMs : rise.seenUntilMs)
  }
  const rising = calls.filter(isRising).slice(0, RISING_MAX)
  const large = rising.length > 0 ? rising : calls.slice(0, 1)
  const largeIds = new Set(large.map((call) => call.ticketId))
  return {
    large,
    isRising: rising.length > 0,
    last: calls.filter((call) => !largeIds.has(call.ticketId)).slice(0, LAST_CALLS_SHOWN_MAX),
  }
}

/** Moves the ground a few pixels each minute, so that nothing burns into the panel. */
export function burnInShift(atMs: number): { readonly xPx: number; readonly yPx: number } {
  const minute = Math.floor(atMs / MINUTE_MS)
  const at = (place: number): number => SHIFTS_PX[place % SHIFTS_PX.length] ?? 0
  return { xPx: at(minute), yPx: at(Math.floor(minute / SHIFTS_PX.length) + 2) }
}
