import type { TicketId } from '#shared/domain/ids.ts'
import type { CounterDesk, Post } from '#shared/project/counter-desk.ts'
import type { Act } from '../../acts.ts'

export interface QuestionProps {
  readonly desk: CounterDesk
  readonly post: Post
  /** What was written about the ticket at the counter; empty when nothing was. */
  readonly note: string
  readonly isBusy: boolean
  readonly problem: string
  readonly onAct: (act: Act) => void
  readonly onClose: () => void
}

export type AboutTicket = QuestionProps & { readonly ticketId: TicketId; readonly number: string }
