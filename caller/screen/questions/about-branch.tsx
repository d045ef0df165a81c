import { useState } from 'react'
import type { Words } from '#shared/domain/catalogue.ts'
import type { MessageId } from '#shared/domain/ids.ts'
import { Dialog } from '#shared/ui/dialog.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import { withMinutes } from '../../messages.ts'
import type { BranchQuestionProps } from './question-props.ts'

const textOf = ({ desk }: BranchQuestionProps, messageId: MessageId): Words =>
  desk.messages.find((message) => message.id === messageId)?.text ?? {}

type AboutMessage = BranchQuestionProps & { readonly messageId: MessageId }

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

export function CloseDay({ isBusy, onAct, problem, onClose }: BranchQuestionProps) {
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

/** Nobody gets a ticket at a kiosk any more: more than a slip of the finger. */
export function StopIntake({ isBusy, onAct, problem, onClose }: BranchQuestionProps) {
  const words = useWords()
  return (
    <Dialog
      title={words.say('manager.stopIntakeTitle')}
      onClose={onClose}
      problem={problem}
      deed={{
        text: words.say('manager.stopIntake'),
        isPossible: !isBusy,
        isDangerous: true,
        onDo: () => onAct({ type: 'stop-intake' }),
      }}
    >
      <p>{words.say('manager.stopIntakeText')}</p>
    </Dialog>
  )
}
