import type { MessageState } from '#shared/wire/messages.ts'

/*
 * The life of a message:
 *
 *   queued -> sending -> accepted -> delivered
 *     ^          |  \        \-> failed
 *     |          |   unknown -> accepted, queued (not taken), expired (not taken, too late)
 *     +-- not taken
 *   queued -> expired, suppressed, failed
 *
 * What a provider reports moves it only forward, whatever the order in which reports come and however often.
 */

/** What a provider reports of one it has taken. */
export type Report = 'accepted' | 'delivered' | 'failed'

/** Delivered is the last word: a provider that says both has delivered it. */
const RANKS: Readonly<Record<Report, number>> = { accepted: 1, failed: 2, delivered: 3 }

const isReport = (state: MessageState): state is Report => state in RANKS

/**
 * @param isTaken - whether the provider was known to have taken it: one that failed untaken is overtaken by any report
 * @returns the state that a report leaves
 */
export const afterReport = (state: MessageState, report: Report, isTaken: boolean): MessageState =>
  isTaken && isReport(state) && RANKS[state] >= RANKS[report] ? state : report
