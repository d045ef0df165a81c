/** So long a page may speak after it has asked, and no other of its zone. A page that is killed is replaced after it. */
export const LEASE_MS = 1_500
/** A page that has something to say asks this often. */
export const ASK_MS = 300
/** Whoever spoke last speaks again: others wait this long for it, so that the voice stays where people have heard it. */
export const PATIENCE_MS = 250

/** Whose turn it is to speak in one zone. */
export interface ZoneTurn {
  /** Who speaks, or spoke last; null: nobody yet, or whoever it was cannot. */
  readonly page: string | null
  /** Until when it may; null: it has said that it is silent. */
  readonly untilMs: number | null
  /** Since when somebody else wants to while whoever spoke last is silent; null: nobody does. */
  readonly wantedSinceMs: number | null
}

export const NOBODY: ZoneTurn = { page: null, untilMs: null, wantedSinceMs: null }

export interface TurnAsk {
  readonly page: string
  /** It has something to say. */
  readonly wants: boolean
  /** Its loudspeaker works. */
  readonly canSound: boolean
}

export interface TurnAnswer {
  readonly turn: ZoneTurn
  /** 0: not now. */
  readonly leaseMs: number
}

/** Whether somebody else must leave the turn to whoever spoke last, and may yet want it. */
const isKept = ({ page, untilMs }: ZoneTurn, wantedSinceMs: number, nowMs: number): boolean => {
  if (untilMs !== null) return nowMs < untilMs
  return page !== null && nowMs - wantedSinceMs < PATIENCE_MS
}

/**
 * One page asks. The page counts its lease from when it asked, the branch from when it heard: the page is always silent
 * first, so two never speak at once however long the way between them takes.
 * @param nowMs - the branch's steady clock
 */
export function askTurn(turn: ZoneTurn, { page, wants, canSound }: TurnAsk, nowMs: number): TurnAnswer {
  const isOwn = turn.page === page
  if (!wants || !canSound) {
    // A page that asks for nothing is silent already; one that cannot sound is waited for by nobody.
    if (isOwn) return { turn: { ...NOBODY, page: canSound ? page : null }, leaseMs: 0 }
    return { turn, leaseMs: 0 }
  }
  const wantedSinceMs = turn.wantedSinceMs ?? nowMs
  if (!isOwn && isKept(turn, wantedSinceMs, nowMs)) return { turn: { ...turn, wantedSinceMs }, leaseMs: 0 }
  return { turn: { page, untilMs: nowMs + LEASE_MS, wantedSinceMs: null }, leaseMs: LEASE_MS }
}
