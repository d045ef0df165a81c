import { useState } from 'react'
import { Dialog } from '#shared/ui/dialog.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import type { AboutTicket } from './question-props.ts'
import { type MaybeReason, NO_REASON, ReasonList, reasonOrNull } from './reason.tsx'

export function Hold({ desk, isBusy, onAct, problem, onClose, ticketId, number }: AboutTicket) {
  const words = useWords()
  const [reason, setReason] = useState<MaybeReason>(NO_REASON)
  return (
    <Dialog
      title={words.say('caller.holdTitle', { number })}
      onClose={onClose}
      problem={problem}
      deed={{
        text: words.say('caller.hold'),
        isPossible: !isBusy,
        onDo: () => onAct({ type: 'hold', ticketId, reason: reasonOrNull(reason) }),
      }}
    >
      <ReasonList reasons={desk.reasons} reason={reason} onReason={setReason} />
    </Dialog>
  )
}

export function Cancel({ isBusy, onAct, problem, onClose, ticketId, number }: AboutTicket) {
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
