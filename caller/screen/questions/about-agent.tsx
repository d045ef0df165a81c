import { useState } from 'react'
import type { AgentId } from '#shared/domain/ids.ts'
import { ChoiceList, Dialog } from '#shared/ui/dialog.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import { PIN_LENGTH } from '#shared/wire/agents.ts'
import type { BranchQuestionProps } from './question-props.ts'

type AboutAgent = BranchQuestionProps & { readonly agentId: AgentId }

const nameOf = ({ desk, agentId }: AboutAgent): string =>
  desk.agents.find((agent) => agent.agentId === agentId)?.name ?? ''

const isPin = (pin: string): boolean => pin.length >= PIN_LENGTH.usual

/** Typed by whoever is to use it, while the manager stands there. */
function PinField({ pin, onPin }: { readonly pin: string; readonly onPin: (pin: string) => void }) {
  const words = useWords()
  return (
    <label className="field">
      <span className="field-label">{words.say('people.pinLabel')}</span>
      <input
        className="field-input pin-input"
        type="password"
        dir="ltr"
        inputMode="numeric"
        autoComplete="off"
        maxLength={PIN_LENGTH.max}
        value={pin}
        onChange={(event) => onPin(event.currentTarget.value.replaceAll(/\D/g, ''))}
      />
    </label>
  )
}

export function NewPin(props: AboutAgent) {
  const { agentId, isBusy, onAct, problem, onClose } = props
  const words = useWords()
  const [pin, setPin] = useState('')
  return (
    <Dialog
      title={words.say('people.newPinTitle', { name: nameOf(props) })}
      onClose={onClose}
      problem={problem}
      deed={{
        text: words.say('people.newPin'),
        isPossible: isPin(pin) && !isBusy,
        onDo: () => onAct({ type: 'new-pin', agentId, pin }),
      }}
    >
      <p>{words.say('people.pinHelp')}</p>
      <PinField pin={pin} onPin={setPin} />
    </Dialog>
  )
}

export function SuspendAgent(props: AboutAgent) {
  const { agentId, isBusy, onAct, problem, onClose } = props
  const words = useWords()
  return (
    <Dialog
      title={words.say('people.suspendTitle', { name: nameOf(props) })}
      onClose={onClose}
      problem={problem}
      deed={{
        text: words.say('people.suspend'),
        isPossible: !isBusy,
        isDangerous: true,
        onDo: () => onAct({ type: 'suspend-agent', agentId }),
      }}
    >
      <p>{words.say('people.suspendText')}</p>
    </Dialog>
  )
}

const NAME_LENGTH_MAX = 80
const ROLES = ['agent', 'manager'] as const

export function AddAgent({ isBusy, onAct, problem, onClose }: BranchQuestionProps) {
  const words = useWords()
  const [name, setName] = useState('')
  const [role, setRole] = useState<(typeof ROLES)[number]>('agent')
  const [pin, setPin] = useState('')
  return (
    <Dialog
      title={words.say('people.addTitle')}
      onClose={onClose}
      problem={problem}
      deed={{
        text: words.say('people.add'),
        isPossible: name.trim() !== '' && isPin(pin) && !isBusy,
        onDo: () => onAct({ type: 'add-agent', name: name.trim(), role, pin }),
      }}
    >
      <p>{words.say('people.addText')}</p>
      <label className="field">
        <span className="field-label">{words.say('people.name')}</span>
        <input
          className="field-input"
          dir="auto"
          autoComplete="off"
          maxLength={NAME_LENGTH_MAX}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <ChoiceList
        legend={words.say('people.role')}
        chosen={role}
        onChoose={setRole}
        options={ROLES.map((value) => ({
          value,
          text: words.say(value === 'manager' ? 'people.manager' : 'people.agent'),
        }))}
      />
      <PinField pin={pin} onPin={setPin} />
    </Dialog>
  )
}
