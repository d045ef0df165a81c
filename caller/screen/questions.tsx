import { useState } from 'react'
import type { Place } from '#shared/domain/events.ts'
import type { PriorityClassId, QueueId, ReasonId, ServiceId, TicketId } from '#shared/domain/ids.ts'
import type { CounterDesk, Post } from '#shared/project/counter-desk.ts'
import { ChoiceList, Dialog } from '#shared/ui/dialog.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import type { Act } from '../acts.ts'
import type { Question } from '../model.ts'

interface QuestionProps {
  readonly desk: CounterDesk
  readonly post: Post
  readonly isBusy: boolean
  readonly problem: string
  readonly onAct: (act: Act) => void
  readonly onClose: () => void
}

type AboutTicket = QuestionProps & { readonly ticketId: TicketId; readonly number: string }

function queueOf(post: Post, ticketId: TicketId): QueueId | null {
  const tickets = [post.current, ...post.waiting, ...post.held]
  return tickets.find((ticket) => ticket?.ticketId === ticketId)?.queueId ?? null
}

function Transfer({ desk, post, isBusy, onAct, problem, onClose, ticketId, number }: AboutTicket) {
  const words = useWords()
  const [toQueueId, setQueueId] = useState<QueueId | null>(null)
  const [place, setPlace] = useState<Place>('arrival')
  const own = queueOf(post, ticketId)
  const send = (): void => {
    if (toQueueId !== null) onAct({ type: 'transfer', ticketId, toQueueId, place })
  }
  return (
    <Dialog
      title={words.say('caller.transferTitle', { number })}
      onClose={onClose}
      problem={problem}
      deed={{ text: words.say('caller.transfer'), isPossible: toQueueId !== null && !isBusy, onDo: send }}
    >
      <ChoiceList
        legend={words.say('caller.toQueue')}
        chosen={toQueueId}
        onChoose={setQueueId}
        options={desk.queues
          .filter((queue) => queue.queueId !== own)
          .map((queue) => ({
            value: queue.queueId,
            text: words.read(queue.name),
            note: words.say('common.peopleWait', { count: queue.waitingCount }),
          }))}
      />
      <ChoiceList
        legend={words.say('caller.place')}
        chosen={place}
        onChoose={setPlace}
        options={[
          { value: 'arrival', text: words.say('caller.placeArrival') },
          { value: 'first', text: words.say('caller.placeFirst') },
          { value: 'last', text: words.say('caller.placeLast') },
        ]}
      />
    </Dialog>
  )
}

const NO_REASON = ''

function Hold({ desk, isBusy, onAct, problem, onClose, ticketId, number }: AboutTicket) {
  const words = useWords()
  const [reason, setReason] = useState<ReasonId | typeof NO_REASON>(NO_REASON)
  return (
    <Dialog
      title={words.say('caller.holdTitle', { number })}
      onClose={onClose}
      problem={problem}
      deed={{
        text: words.say('caller.hold'),
        isPossible: !isBusy,
        onDo: () => onAct({ type: 'hold', ticketId, reason: reason === NO_REASON ? null : reason }),
      }}
    >
      <ChoiceList<ReasonId | typeof NO_REASON>
        legend={words.say('caller.holdReason')}
        chosen={reason}
        onChoose={setReason}
        options={[
          { value: NO_REASON, text: words.say('caller.noReason') },
          ...desk.reasons.map(({ reasonId, name }) => ({ value: reasonId, text: words.read(name) })),
        ]}
      />
    </Dialog>
  )
}

function Cancel({ isBusy, onAct, problem, onClose, ticketId, number }: AboutTicket) {
  const words = useWords()
  return (
    <Dialog
      title={words.say('caller.cancelTitle', { number })}
      onClose={onClose}
      problem={problem}
      closeText={words.say('caller.keep')}
      deed={{
        text: words.say('caller.cancelTicket'),
        isPossible: !isBusy,
        isDangerous: true,
        onDo: () => onAct({ type: 'cancel', ticketId }),
      }}
    >
      <p>{words.say('caller.cancelText')}</p>
    </Dialog>
  )
}

function Adopt({ post, isBusy, onAct, problem, onClose }: QuestionProps) {
  const words = useWords()
  const [number, setNumber] = useState('')
  return (
    <Dialog
      title={words.say('caller.adoptTitle')}
      onClose={onClose}
      problem={problem}
      deed={{
        text: words.say('caller.adoptDo'),
        isPossible: number !== '' && !isBusy,
        onDo: () => onAct({ type: 'adopt', counterId: post.counterId, number }),
      }}
    >
      <p>{words.say('caller.adoptHelp')}</p>
      <label className="field">
        <span className="field-label">{words.say('caller.number')}</span>
        <input
          className="field-input number-input"
          dir="ltr"
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          value={number}
          onChange={(event) => setNumber(event.currentTarget.value.trim().toUpperCase())}
        />
      </label>
    </Dialog>
  )
}

const NO_PRIORITY = ''

function Issue({ desk, isBusy, onAct, problem, onClose }: QuestionProps) {
  const words = useWords()
  const [serviceId, setServiceId] = useState<ServiceId | null>(null)
  const [priority, setPriority] = useState<PriorityClassId | typeof NO_PRIORITY>(NO_PRIORITY)
  const send = (): void => {
    if (serviceId !== null) onAct({ type: 'issue', serviceId, priority: priority === NO_PRIORITY ? null : priority })
  }
  return (
    <Dialog
      title={words.say('caller.issueTitle')}
      onClose={onClose}
      problem={problem}
      deed={{ text: words.say('caller.issue'), isPossible: serviceId !== null && !isBusy, onDo: send }}
    >
      <ChoiceList
        legend={words.say('caller.service')}
        chosen={serviceId}
        onChoose={setServiceId}
        options={desk.services.map((service) => ({ value: service.serviceId, text: words.read(service.name) }))}
      />
      {desk.priorities.length > 0 && (
        <ChoiceList<PriorityClassId | typeof NO_PRIORITY>
          legend={words.say('caller.priorityClass')}
          chosen={priority}
          onChoose={setPriority}
          options={[
            { value: NO_PRIORITY, text: words.say('caller.noPriority') },
            ...desk.priorities.map(({ priorityId, name }) => ({ value: priorityId, text: words.read(name) })),
          ]}
        />
      )}
    </Dialog>
  )
}

function Close({ post, isBusy, onAct, problem, onClose }: QuestionProps) {
  const words = useWords()
  return (
    <Dialog
      title={words.say('caller.closeTitle', { counter: words.read(post.counterName) })}
      onClose={onClose}
      problem={problem}
      deed={{
        text: words.say('caller.closeCounter'),
        isPossible: !isBusy,
        onDo: () => onAct({ type: 'close', counterId: post.counterId }),
      }}
    >
      <p>{words.say('caller.closeText')}</p>
    </Dialog>
  )
}

/** The one question that stands before the desk. */
export function QuestionDialog({ question, ...rest }: QuestionProps & { readonly question: Question }) {
  switch (question.name) {
    case 'transfer':
      return <Transfer {...rest} ticketId={question.ticketId} number={question.number} />
    case 'hold':
      return <Hold {...rest} ticketId={question.ticketId} number={question.number} />
    case 'cancel':
      return <Cancel {...rest} ticketId={question.ticketId} number={question.number} />
    case 'adopt':
      return <Adopt {...rest} />
    case 'issue':
      return <Issue {...rest} />
    case 'close':
      return <Close {...rest} />
    default:
      return question satisfies never
  }
}
