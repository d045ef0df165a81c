import { useState } from 'react'
import { ChoiceList, Dialog } from '#shared/ui/dialog.tsx'
import { PinPad } from '#shared/ui/key-pad.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import type { BranchQuestionProps } from './question-props.ts'

/** A manager signs in over the desk of an agent, whose counter stays hers. */
export function ManagerIn({
  desk,
  agentName,
  isBusy,
  problem,
  onAct,
  onClose,
}: BranchQuestionProps & { readonly agentName: string }) {
  const words = useWords()
  const managers = desk.agents.filter(({ isManager, suspendedBy }) => isManager && suspendedBy === null)
  const [chosen, setChosen] = useState(managers[0]?.agentId ?? null)
  const [pin, setPin] = useState('')
  const isPossible = chosen !== null && pin !== '' && !isBusy
  const enter = (): void => {
    if (chosen === null || !isPossible) return
    onAct({ type: 'manager-in', agentId: chosen, pin })
    // A PIN is never left standing on a screen.
    setPin('')
  }
  return (
    <Dialog
      title={words.say('manager.visitTitle')}
      onClose={onClose}
      problem=""
      deed={{ text: words.say('manager.openPages'), isPossible, onDo: enter }}
    >
      <p>{words.say('manager.visitText', { agent: agentName })}</p>
      <ChoiceList
        legend={words.say('caller.chooseAgent')}
        chosen={chosen}
        onChoose={setChosen}
        options={managers.map(({ agentId, name }) => ({ value: agentId, text: name }))}
      />
      <PinPad pin={pin} onPin={setPin} onEnter={enter} label={words.say('caller.pin')} problem={problem} />
    </Dialog>
  )
}
