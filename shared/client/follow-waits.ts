import type { ServiceId, TicketId } from '../domain/ids.ts'
import type { Estimate } from '../project/wait-range.ts'
import type { WaitsAnswer } from '../wire/waits.ts'

/** The branch's waits as a page knows them. */
export interface Waits {
  readonly byService: ReadonlyMap<ServiceId, Estimate>
  readonly byTicket: ReadonlyMap<TicketId, Estimate>
}

const NO_WAITS: Waits = { byService: new Map(), byTicket: new Map() }

/** After something happened the waits are asked for anew, but never sooner after the last time than this. */
export const ASK_WAIT_MS = 1_000
/** As nothing happens, waits still shrink. */
export const ASK_EVERY_MS = 10_000
/** What was reckoned longer ago than this is told to nobody. */
export const STALE_MS = 60_000

export interface HeardWaits {
  readonly waits: Waits
  /** The branch's time at which they were reckoned. */
  readonly atMs: number
  /** When they came, on the page's steady clock. */
  readonly heardMs: number
}

const isFields = (json: unknown): json is Readonly<Record<string, unknown>> => typeof json === 'object' && json !== null

function readEstimate(json: unknown): Estimate | null {
  if (!isFields(json)) return null
  const { lowMs, highMs } = json
  return typeof lowMs === 'number' && typeof highMs === 'number' ? { lowMs, highMs } : null
}

function readList<Id extends string>(json: unknown, idName: string): ReadonlyMap<Id, Estimate> {
  if (!Array.isArray(json)) return new Map()
  return new Map(
    json.filter(isFields).flatMap((item) => {
      const id = item[idName]
      const estimate = readEstimate(item['estimate'])
      return typeof id === 'string' && estimate !== null ? [[id as Id, estimate] as const] : []
    }),
  )
}

/** @returns null for an answer that tells no waits, as that of a branch too old to know the question */
export function readWaits(json: unknown, heardMs: number): HeardWaits | null {
  if (!isFields(json)) return null
  const { atMs, services, tickets } = json as { readonly [name in keyof WaitsAnswer]?: unknown }
  if (typeof atMs !== 'number') return null
  const waits: Waits = { byService: readList(services, 'serviceId'), byTicket: readList(tickets, 'ticketId') }
  return { waits, atMs, heardMs }
}

/**
 * What may still be told.
 * @param nowMs - the page's steady clock
 * @param atMs - the branch's time now; null when nobody can say
 */
export function waitsNow(heard: HeardWaits | null, link: 'up' | 'down', nowMs: number, atMs: number | null): Waits {
  if (heard === null || link === 'down' || atMs === null) return NO_WAITS
  return nowMs - heard.heardMs > STALE_MS || atMs - heard.atMs > STALE_MS ? NO_WAITS : heard.waits
}

/** The outside that asking needs; a test hands in its own. */
export interface WaitsTools {
  /** @returns the parsed JSON, or null when there is nothing to be had just now */
  readonly ask: () => Promise<unknown>
  /** The page's steady clock. */
  readonly nowMs: () => number
  /** @returns a function that lets it be */
  readonly later: (waitMs: number, act: () => void) => () => void
}

export interface WaitsFollower {
  /** Something happened at this place of the log. */
  readonly hear: (seq: number) => void
  readonly stop: () => void
}

/** Asks for the waits: soon after something happened, now and then otherwise, and never twice at a time. */
export function followWaits({ ask, nowMs, later }: WaitsTools, onHeard: (heard: HeardWaits) => void): WaitsFollower {
  let heardSeq: number | null = null
  let askedSeq: number | null = null
  let askedMs: number | null = null
  let isUnderWay = false
  let isStopped = false
  let unplan = (): void => undefined

  function plan(): void {
    unplan()
    if (isStopped || isUnderWay) return
    const restMs = heardSeq === askedSeq ? ASK_EVERY_MS : ASK_WAIT_MS
    unplan = later(askedMs === null ? 0 : Math.max(0, askedMs + restMs - nowMs()), () => void turn())
  }

  async function turn(): Promise<void> {
    isUnderWay = true
    askedSeq = heardSeq
    askedMs = nowMs()
    const heard = readWaits(await ask(), nowMs())
    isUnderWay = false
    if (isStopped) return
    if (heard !== null) onHeard(heard)
    plan()
  }

  return {
    hear(seq) {
      if (seq === heardSeq) return
      heardSeq = seq
      plan()
    },
    stop() {
      isStopped = true
      unplan()
    },
  }
}
