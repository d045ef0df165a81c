import { asksMinutes, type BranchMessage } from '#shared/domain/catalogue.ts'
import type { CounterDesk, DeskQueue } from '#shared/project/counter-desk.ts'
import { Button, StatusLine } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import type { WordKey } from '#shared/words/create-words.ts'
import type { Act } from '../../acts.ts'
import { withMinutes } from '../../messages.ts'
import type { Question } from '../../model.ts'
import type { ManagerProps } from '../caller-props.ts'
import { People } from './people.tsx'

const KIND_WORDS: Record<BranchMessage['kind'], WordKey> = {
  emergency: 'manager.kind.emergency',
  delay: 'manager.kind.delay',
  information: 'manager.kind.information',
}

const QUEUE_WORDS = {
  pause: 'manager.pauseQueue',
  resume: 'manager.resumeQueue',
  close: 'manager.closeQueue',
  open: 'manager.openQueue',
} as const satisfies Record<string, WordKey>

interface SteerProps {
  readonly desk: CounterDesk
  readonly isOff: boolean
  readonly onAct: (act: Act) => void
  readonly onAsk: (question: Question) => void
}

function Intake({ desk, isOff, onAct, onAsk }: SteerProps) {
  const words = useWords()
  const { isIntakeStopped } = desk
  return (
    <section className="panel intake">
      <h2>{words.say('manager.intake')}</h2>
      <StatusLine icon={isIntakeStopped ? 'moon' : 'circle'} tone={isIntakeStopped ? 'warn' : 'calm'}>
        {words.say(isIntakeStopped ? 'manager.intakeStopped' : 'manager.intakeOpen')}
      </StatusLine>
      <Button
        isDisabled={isOff}
        onPress={() => (isIntakeStopped ? onAct({ type: 'resume-intake' }) : onAsk({ name: 'stop-intake' }))}
      >
        {words.say(isIntakeStopped ? 'manager.resumeIntake' : 'manager.stopIntake')}
      </Button>
    </section>
  )
}

type QueueRowProps = Pick<SteerProps, 'isOff' | 'onAct'> & { readonly queue: DeskQueue }

function QueueRow({ queue, isOff, onAct }: QueueRowProps) {
  const words = useWords()
  const { queueId, name, waitingCount, isPaused, isClosed } = queue
  const states = [
    ...(isPaused ? [words.say('caller.queuePaused')] : []),
    ...(isClosed ? [words.say('caller.queueClosed')] : []),
  ]
  const called = words.read(name)
  const [pause, close] = [isPaused ? 'resume' : 'pause', isClosed ? 'open' : 'close'] as const
  return (
    <li className="queue-row">
      <span className="queue-what">
        <strong>{called}</strong>
        <span>{words.say('common.peopleWait', { count: waitingCount })}</span>
        {states.length > 0 && <span className="queue-state">{states.join(' · ')}</span>}
      </span>
      <span className="queue-acts">
        <Button
          isDisabled={isOff}
          label={`${words.say(QUEUE_WORDS[pause])} ${called}`}
          onPress={() => onAct({ type: `${pause}-queue`, queueId })}
        >
          {words.say(QUEUE_WORDS[pause])}
        </Button>
        <Button
          isDisabled={isOff}
          label={`${words.say(QUEUE_WORDS[close])} ${called}`}
          onPress={() => onAct({ type: `${close}-queue`, queueId })}
        >
          {words.say(QUEUE_WORDS[close])}
        </Button>
      </span>
    </li>
  )
}

/** An emergency is asked about once more, a delay wants its minutes, the rest is shown at once. */
function meaningOf({ id, kind, text }: BranchMessage): Question | Extract<Act, { type: 'show-message' }> {
  if (kind === 'emergency') return { name: 'emergency', messageId: id }
  if (asksMinutes(text)) return { name: 'delay', messageId: id }
  return { type: 'show-message', messageId: id, minutes: null }
}

function Messages({ desk, isOff, onAct, onAsk }: SteerProps) {
  const words = useWords()
  const { onShow, messages } = desk
  const isAlarm = onShow?.message.kind === 'emergency'
  const show = (message: BranchMessage): void => {
    const meaning = meaningOf(message)
    if ('type' in meaning) onAct(meaning)
    else onAsk(meaning)
  }
  return (
    <section className="panel messages">
      <h2>{words.say('manager.messages')}</h2>
      {onShow === null ? (
        <p className="nothing">{words.say('manager.noMessage')}</p>
      ) : (
        <div className={`on-show on-show-${onShow.message.kind}`} role="status">
          <p>
            <strong>{words.say('manager.onShow')}</strong>
            {' · '}
            {words.say(KIND_WORDS[onShow.message.kind])}
          </p>
          <p>{withMinutes(words.read(onShow.message.text), onShow.minutes)}</p>
          <Button isDisabled={isOff} onPress={() => onAct({ type: 'clear-message' })}>
            {words.say('manager.clear')}
          </Button>
        </div>
      )}
      <ul>
        {messages
          .filter(({ id }) => id !== onShow?.message.id)
          .map((message) => (
            <li key={message.id} className="message-row">
              <span className="message-text">
                <span className={`badge kind-${message.kind}`}>{words.say(KIND_WORDS[message.kind])}</span>
                {withMinutes(words.read(message.text), null)}
              </span>
              <Button
                isDisabled={isOff || (isAlarm && message.kind !== 'emergency')}
                label={`${words.say('manager.show')}: ${withMinutes(words.read(message.text), null)}`}
                onPress={() => show(message)}
              >
                {words.say('manager.show')}
              </Button>
            </li>
          ))}
      </ul>
    </section>
  )
}

/** What a manager decides for the whole branch. */
export function Steer(props: ManagerProps) {
  const { desk, model, isCut, onAct, onAsk } = props
  const words = useWords()
  const isOff = isCut || model.isBusy
  const part = { desk, isOff, onAct, onAsk }
  const isDayOver = desk.day === null || desk.day.isClosed
  return (
    <div className="steer">
      <div className="steer-said">
        <Messages {...part} />
        <People {...props} />
      </div>
      <Intake {...part} />
      <section className="panel queues">
        <h2>{words.say('manager.queues')}</h2>
        <ul>
          {desk.queues.map((queue) => (
            <QueueRow key={queue.queueId} queue={queue} isOff={isOff} onAct={onAct} />
          ))}
        </ul>
      </section>
      <section className="panel">
        <h2>{words.say('power.listTitle')}</h2>
        <p>{words.say('power.listHelp')}</p>
        <Button isDisabled={isOff} icon="paper" onPress={() => onAct({ type: 'print-list' })}>
          {words.say('power.printList')}
        </Button>
      </section>
      <section className="panel day">
        <h2>{words.say('manager.day')}</h2>
        {isDayOver ? (
          <p className="nothing">{words.say('manager.dayIsClosed')}</p>
        ) : (
          <Button kind="danger" isDisabled={isOff} onPress={() => onAsk({ name: 'close-day' })}>
            {words.say('manager.closeDay')}
          </Button>
        )}
      </section>
    </div>
  )
}
