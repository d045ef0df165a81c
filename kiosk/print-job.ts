import type { TicketId } from '#shared/domain/ids.ts'
import { isList, type PaperContent } from '#shared/slip/compose-list.ts'
import { PLAIN_SLIP } from '#shared/slip/slip.ts'

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
  readonly slip: PaperContent
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

/** Reads a row. */
export const jobOf = (row: JobRow): StoredJob => ({
  id: row.id,
  ticketId: row.ticket_id,
  number: row.number,
  state: row.state,
  attempts: row.attempts,
  copy: row.copy,
  judgement: row.judgement,
  slip: contentOf(JSON.parse(row.slip) as PaperContent),
})

/** What a slip that an older version kept lacks. */
const LATER = { wait: null, thenNames: [] } as const

const contentOf = (content: PaperContent): PaperContent =>
  isList(content) ? content : { ...PLAIN_SLIP, ...LATER, ...content }
