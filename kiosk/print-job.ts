import type { TicketId } from '#shared/domain/ids.ts'
import { PLAIN_SLIP, type SlipContent } from '#shared/slip/slip.ts'

const PRINT_STATES = ['queued', 'sending', 'confirmed', 'sent', 'failed', 'uncertain', 'expired'] as const
export type PrintState = (typeof PRINT_STATES)[number]

/** What a person found of a paper that nobody can be sure of. */
export const JUDGEMENTS = ['came-out', 'missing'] as const
export type Judgement = (typeof JUDGEMENTS)[number]

export interface PrintJob {
  readonly id: string
  readonly ticketId: TicketId
  readonly number: string
  readonly state: PrintState
  readonly attempts: number
  /** 1 = the original. */
  readonly copy: number
  /** null = nobody has looked, or nobody had to. */
  readonly judgement: Judgement | null
}

export interface StoredJob extends PrintJob {
  readonly slip: SlipContent
}

/** As it lies in the table. */
export interface JobRow {
  readonly id: string
  readonly ticket_id: TicketId
  readonly number: string
  readonly state: PrintState
  readonly attempts: number
  readonly copy: number
  readonly judgement: Judgement | null
  readonly slip: string
}

type Later = 'wait' | 'thenNames' | keyof typeof PLAIN_SLIP
type KeptSlip = Omit<SlipContent, Later> & Partial<Pick<SlipContent, Later>>

/** Reads a row. */
export const jobOf = (row: JobRow): StoredJob => ({
  id: row.id,
  ticketId: row.ticket_id,
  number: row.number,
  state: row.state,
  attempts: row.attempts,
  copy: row.copy,
  judgement: row.judgement,
  // A slip that an older version kept lacks some of it.
  slip: { ...PLAIN_SLIP, wait: null, thenNames: [], ...(JSON.parse(row.slip) as KeptSlip) },
})
