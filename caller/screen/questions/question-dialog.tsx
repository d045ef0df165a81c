import type { Question } from '../../model.ts'
import { CloseDay, CloseOther, Delay, Emergency } from './about-branch.tsx'
import { Break, Close } from './about-counter.tsx'
import { Cancel, Hold } from './about-ticket.tsx'
import { Finish, Note } from './finish.tsx'
import { Adopt, Issue, ServeNow } from './new-ticket.tsx'
import type { QuestionProps } from './question-props.ts'
import { Transfer } from './transfer.tsx'

/** The one question that stands before the desk. */
export function QuestionDialog({ question, ...rest }: QuestionProps & { readonly question: Question }) {
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
    case 'issue':
      return <Issue {...rest} />
    case 'serve-now':
      return <ServeNow {...rest} />
    case 'break':
      return <Break {...rest} />
    case 'close':
      return <Close {...rest} />
    case 'emergency':
      return <Emergency {...rest} messageId={question.messageId} />
    case 'delay':
      return <Delay {...rest} messageId={question.messageId} />
    case 'close-day':
      return <CloseDay {...rest} />
    case 'close-other':
      return <CloseOther {...rest} counterId={question.counterId} />
    default:
      return question satisfies never
  }
}
