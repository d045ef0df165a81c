import { useState } from 'react'
import { Dialog } from '#shared/ui/dialog.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import type { QuestionProps } from './question-props.ts'
import { type MaybeReason, NO_REASON, ReasonList, reasonOrNull } from './reason.tsx'

export function Break({ desk, post, isBusy, onAct, problem, onClose }: QuestionProps) {
  const words = useWords()
  const [reason, setReason] = useState<MaybeReason>(NO_REASON)
  return (
    <Dialog
      title={words.say('caller.breakTitle')}
      onClose={onClose}
      problem={problem}
      deed={{
        text: words.say('caller.breakDo'),
        isPossible: !isBusy,
        onDo: () => onAct({ type: 'break', counterId: post.counterId, reason: reasonOrNull(reason) }),
      }}
    >
      <p>{words.say('caller.breakHelp')}</p>
      <ReasonList reasons={desk.breakReasons} reason={reason} onReason={setReason} />
    </Dialog>
  )
}

export function Close({ post, isBusy, onAct, problem, onClose }: QuestionProps) {
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
