import type { TakenTap, TrialTicket } from '#shared/wire/trials.ts'

export interface Compared {
  readonly count: number
  /** Promised to a kiosk, and not at the branch, or there under another number. */
  readonly missing: number
  /** One number on two tickets, whoever gave them. */
  readonly doubled: number
}

/** What kiosks were given or gave themselves, against what the branch has: each must be there, once, as it was promised. */
export function compareTaps(taps: readonly TakenTap[], tickets: readonly TrialTicket[]): Compared {
  const numberById = new Map(tickets.map(({ ticketId, number }) => [ticketId, number]))
  const idsByNumber = new Map<string, Set<string>>()
  for (const { ticketId, number } of [...tickets, ...taps])
    idsByNumber.set(number, (idsByNumber.get(number) ?? new Set()).add(ticketId))
  return {
    count: taps.length,
    missing: taps.filter(({ ticketId, number }) => numberById.get(ticketId) !== number).length,
    doubled: [...idsByNumber.values()].filter((ids) => ids.size > 1).length,
  }
}

/** The longest time from one number to the next, in milliseconds. */
export function longestPauseMs(taps: readonly TakenTap[]): number {
  const given = taps.map(({ atMs, tookMs }) => atMs + tookMs)
  return Math.max(0, ...given.slice(1).map((ms, index) => ms - (given[index] ?? ms)))
}
