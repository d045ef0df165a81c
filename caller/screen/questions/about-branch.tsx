import { useState } from 'react'
import type { Words } from '#shared/domain/catalogue.ts'
import type { CounterId, MessageId } from '#shared/domain/ids.ts'
import { Dialog } from '#shared/ui/dialog.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import { withMinutes } from '../../messages.ts'
import type { QuestionProps } from './question-props.ts'

const textOf = ({ desk }: QuestionProps, messageId: MessageId): Words =>
  desk.messages.find((message) => message.id === messageId)?.text ?? {}

type AboutMessage = QuestionProps & { readonly messageId: MessageId }

export function Emergency({ messageId, ...props }: AboutMessage) {
  const words = useWords()
  return (
    <Dialog
      title={words.say('manager.emergencyTitle')}
      onClose={props.onClose}
      problem={props.problem}
      deed={{
        text: words.say('manager.show'),
        isPossible: !props.isBusy,
        isDangerous: true,
        onDo: () => props.onAct({ type: 'show-message', messageId, minutes: null }),
      }}
    >
      <blockquote className="quoted">{words.read(textOf(props, messageId))}</blockquote>
      <p>{words.say('manager.emergencyText')}</p>
    </Dialog>
  )
}

const MINUTES_MAX = 600
const MINUTES_USUAL = '15'

export function Delay({ messageId, ...props }: AboutMessage) {
  const words = useWords()
  const [typed, setTyped] = useState(MINUTES_USUAL)
  const minutes = Number(typed)
  const isPossible = Number.isInteger(minutes) && minutes >= 1 && minutes <= MINUTES_MAX
  return (
    <Dialog
      title={words.say('manager.delayTitle')}
      onClose={props.onClose}
      problem={props.problem}
      deed={{
        text: words.say('manager.show'),
        isPossible: isPossible && !props.isBusy,
        onDo: () => props.onAct({ type: 'show-message', messageId, minutes }),
      }}
    >
      <label className="field">
        <span className="field-label">{words.say('manager.minutes')}</span>
        <input
          className="field-input minutes-input"
          dir="ltr"
          inputMode="numeric"
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value.replaceAll(/\D/g, '').slice(0, 3))}
        />
      </label>
      <blockquote className="quoted" aria-live="polite">
        {withMinutes(words.read(textOf(props, messageId)), isPossible ? minutes : null)}
      </blockquote>
    </Dialog>
  )
}

export function CloseDay({ isBusy, onAct, problem, onClose }: QuestionProps) {
  const words = useWords()
  return (
    <Dialog
      title={words.say('manager.closeDayTitle')}
      onClose={onClose}
      problem={problem}
      deed={{
        text: words.say('manager.closeDay'),
        isPossible: !isBusy,
        isDangerous: true,
        onDo: () => onAct({ type: 'close-day' }),
      }}
    >
      <p>{words.say('manager.closeDayText')}</p>
    </Dialog>
  )
}

/** The device of a counter may be dead, with somebody in front of it. */
export function CloseOther({
  desk,
  counterId,
  isBusy,
  onAct,
  problem,
  onClose,
}: QuestionProps & { readonly counterId: CounterId }) {
  const words = useWords()
  const name = desk.floor.find((seat) => seat.counterId === counterId)?.counterName ?? {}
  return (
    <Dialog
      title={words.say('caller.closeTitle', { counter: words.read(name) })}
      onClose={onClose}
      problem={problem}
      deed={{
        text: words.say('caller.closeCounter'),
        isPossible: !isBusy,
        isDangerous: true,
        onDo: () => onAct({ type: 'close', counterId }),
      }}
    >
      <p>{words.say('manager.closeOtherText')}</p>
    </Dialog>
  )
}
