import type { TicketId } from '#shared/domain/ids.ts'
import type { CounterDesk, Post } from '#shared/project/counter-desk.ts'
import type { Act } from '../../acts.ts'

export interface BranchQuestionProps {
  readonly desk: CounterDesk
  readonly isBusy: boolean
  readonly problem: string
  readonly onAct: (act: Act) => void
  readonly onClose: () => void
}

export interface QuestionProps extends BranchQuestionProps {
  readonly post: Post
  /** What was written about the ticket at the counter; empty when nothing was. */
  readonly note: string
}

export type AboutTicket = QuestionProps & { readonly ticketId: TicketId; readonly number: string }
