import type { Moment } from '#shared/domain/ids.ts'
import type { CounterDesk, Post } from '#shared/project/counter-desk.ts'
import type { DeskTicket } from '#shared/project/desk-tickets.ts'
import type { CallerScreenProps } from './caller-props.ts'
import { Colleagues } from './colleagues.tsx'
import { Current } from './current.tsx'
import { ReturningLists, WaitingList } from './lists.tsx'
import { OnBreak } from './on-break.tsx'
import { Tools } from './tools.tsx'

interface DeskProps extends CallerScreenProps {
  readonly desk: CounterDesk
  readonly post: Post
  readonly moment: Moment
}

/** The counter at work: who is in front, who waits, who comes back. */
export function Desk(props: DeskProps) {
  const { desk, post, moment, note, said, model, isCut, onAct, onAsk, onKeyAct } = props
  const isOff = isCut || model.isBusy
  const { counterId, onBreak } = post
  if (onBreak !== null)
    return <OnBreak desk={desk} post={post} onBreak={onBreak} moment={moment} isOff={isOff} onKeyAct={onKeyAct} />
  const { steadyMs } = moment
  const about = ({ ticketId, number }: DeskTicket) => ({ ticketId, number })
  const lists = {
    post,
    queues: desk.queues,
    steadyMs,
    isOff,
    onCall: ({ ticketId }: DeskTicket) => onAct({ type: 'call', counterId, ticketId }),
    onResume: ({ ticketId }: DeskTicket) => onAct({ type: 'resume', counterId, ticketId }),
    onReinstate: ({ ticketId }: DeskTicket) => onAct({ type: 'reinstate', ticketId }),
    onCancel: (ticket: DeskTicket) => onAsk({ name: 'cancel', ...about(ticket) }),
    onTransfer: (ticket: DeskTicket) => onAsk({ name: 'transfer', ...about(ticket) }),
  }
  return (
    <main className={isCut ? 'desk desk-cut' : 'desk'}>
      <h1 className="only-heard">{desk.branch?.name}</h1>
      <Current
        post={post}
        note={note}
        said={said}
        steadyMs={steadyMs}
        isBusy={model.isBusy}
        isCut={isCut}
        onAct={onKeyAct}
      />
      <WaitingList {...lists} />
      <ReturningLists {...lists} />
      <Colleagues floor={desk.floor} />
      <Tools
        post={post}
        hasManager={desk.agents.some(({ isManager }) => isManager)}
        isOff={isOff}
        onKeyAct={onKeyAct}
      />
    </main>
  )
}
