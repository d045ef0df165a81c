import type { FleetBranch } from './draft.ts'
import type { PresentBody } from './sync.ts'

/** What head office hears over `/api/v1/tenants/{slug}/live`, as it happens. */

/** The subprotocols a browser asks for: ours, and its token, which it can send in no header. */
export const LIVE_PROTOCOL = 'smartqueue.live'
export const TOKEN_PROTOCOL = 'bearer.'

/** A follower is told no more often than this, and nothing new is told as that, so that a line that died is known. */
export const LIVE_PACE_MS = 5_000
export const LIVE_STILL_MS = 15_000

/** Why a line was closed: who follows may no more, or it did not read, or there are too many. */
export const LIVE_CLOSES = { over: 4401, slow: 4408, busy: 4429 } as const

/** A visit that goes on, as it stood at the branch's present time. No name, no phone, no note. */
export interface LiveTicket {
  readonly ticketId: string
  readonly number: string
  readonly serviceId: string
  readonly queueId: string
  readonly status: 'waiting' | 'called' | 'serving' | 'held'
  readonly counterId: string | null
  readonly agentId: string | null
  /** Waiting or held: since it entered the queue or was held; at a counter: since it was called or its service began. Null: nobody knows. */
  readonly sinceMs: number | null
  /** What the customer was told with the ticket; null: nothing. */
  readonly told: { readonly lowMs: number; readonly highMs: number } | null
}

/** One branch as it is now, with whoever is there. */
export interface LiveFloor {
  readonly branchId: string
  readonly receivedAtMs: number
  readonly present: PresentBody
  /** null: whoever follows may not read tickets. */
  readonly tickets: readonly LiveTicket[] | null
  /** More of them are there than are told. */
  readonly isCut: boolean
}

/** Of alerts that are not over: a page that sees another number, or a later change, asks for them. */
export interface LiveAlerts {
  readonly openCount: number
  readonly unseenCount: number
  readonly changedAtMs: number | null
}

/** All branches after a line was opened, then those that changed; with `?branch=` of that one alone, and its floor. */
export interface StatsUpdated {
  readonly type: 'stats.updated'
  /** By the cloud's clock. */
  readonly atMs: number
  /** Whatever is not among `branches` is no more. */
  readonly isWhole: boolean
  readonly branches: readonly FleetBranch[]
  /** Left out where nothing of it has changed, or no branch was named; null: the branch has never said how it is. */
  readonly floor?: LiveFloor | null
  readonly alerts: LiveAlerts
}
