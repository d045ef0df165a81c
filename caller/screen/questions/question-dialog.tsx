import type { ManagerQuestion, Question } from '../../model.ts'
import { AddAgent, NewPin, SuspendAgent } from './about-agent.tsx'
import { CloseDay, Delay, Emergency, StopIntake } from './about-branch.tsx'
import { Break, Close } from './about-counter.tsx'
import { Cancel, Hold } from './about-ticket.tsx'
import { Finish, Note } from './finish.tsx'
import { FreeCounter } from './free-counter.tsx'
import { Adopt, DoubtedNumber, Issue, ServeNow } from './new-ticket.tsx'
import type { BranchQuestionProps, QuestionProps } from './question-props.ts'
import { Setup, type SetupProps } from './setup.tsx'
import { Transfer } from './transfer.tsx'

/** The one question that stands before the desk. */
export function QuestionDialog({
  question,
  setup,
  ...rest
}: QuestionProps & {
  readonly setup: SetupProps
  readonly question: Exclude<Question, ManagerQuestion | { readonly name: 'manager-in' }>
}) {
  switch (question.name) {
    case 'transfer':
      return <Transfer {...rest} ticketId={question.ticketId} number={question.number} />
    case 'hold':
      return <Hold {...rest} ticketId={question.ticketId} number={question.number} />
    case 'cancel':
      return <Cancel {...rest} ticketId={question.ticketId} number={question.number} />
    case 'finish':
      return <Finish {...rest} ticketId={question.ticketId} number={question.number} />
    case 'note':
      return <Note {...rest} ticketId={question.ticketId} number={question.number} />
    case 'adopt':
      return <Adopt {...rest} />
    case 'doubted-number':
      return <DoubtedNumber {...rest} number={question.number} />
    case 'issue':
      return <Issue {...rest} />
    case 'serve-now':
      return <ServeNow {...rest} />
    case 'break':
      return <Break {...rest} />
    case 'close':
      return <Close {...rest} />
    case 'setup':
      return <Setup {...setup} onClose={rest.onClose} />
    default:
      return question satisfies never
  }
}

/** The one question that stands before the manager's pages. */
export function BranchDialog({ question, ...rest }: BranchQuestionProps & { readonly question: ManagerQuestion }) {
  switch (question.name) {
    case 'emergency':
      return <Emergency {...rest} messageId={question.messageId} />
    case 'delay':
      return <Delay {...rest} messageId={question.messageId} />
    case 'close-day':
      return <CloseDay {...rest} />
    case 'stop-intake':
      return <StopIntake {...rest} />
    case 'free-counter':
      return <FreeCounter {...rest} counterId={question.counterId} />
    case 'add-agent':
      return <AddAgent {...rest} />
    case 'suspend-agent':
      return <SuspendAgent {...rest} agentId={question.agentId} />
    case 'new-pin':
      return <NewPin {...rest} agentId={question.agentId} />
    default:
      return question satisfies never
  }
}
