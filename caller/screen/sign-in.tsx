import { useState } from 'react'
import type { AgentId, CounterId } from '#shared/domain/ids.ts'
import type { CounterDesk } from '#shared/project/counter-desk.ts'
import { ChoiceList } from '#shared/ui/dialog.tsx'
import { PinPad } from '#shared/ui/key-pad.tsx'
import { Button } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'

interface SignInProps {
  readonly desk: CounterDesk
  readonly isBusy: boolean
  readonly isCut: boolean
  /** Why the last PIN opened nothing; empty when there is nothing to say. */
  readonly problem: string
  readonly onOpen: (counterId: CounterId, agentId: AgentId, pin: string) => void
}

/** Which counter, who, and the PIN. */
export function SignIn({ desk, isBusy, isCut, problem, onOpen }: SignInProps) {
  const words = useWords()
  const [counterId, setCounterId] = useState<CounterId | null>(null)
  const [agentId, setAgentId] = useState<AgentId | null>(null)
  const [pin, setPin] = useState('')
  const isReady = counterId !== null && agentId !== null && pin !== '' && !isBusy && !isCut
  const open = (): void => {
    if (counterId === null || agentId === null || !isReady) return
    onOpen(counterId, agentId, pin)
    // A PIN is never left standing on a screen.
    setPin('')
  }
  return (
    <main className="sign-in">
      <h1>{words.say('caller.signIn')}</h1>
      <div className="sign-in-parts">
        <ChoiceList
          legend={words.say('caller.chooseCounter')}
          chosen={counterId}
          onChoose={setCounterId}
          options={desk.counters.map((counter) => ({
            value: counter.counterId,
            text: words.read(counter.name),
            ...(counter.takenBy === null ? {} : { note: words.say('caller.taken', { agent: counter.takenBy }) }),
          }))}
        />
        <ChoiceList
          legend={words.say('caller.chooseAgent')}
          chosen={agentId}
          onChoose={setAgentId}
          options={desk.agents.map((agent) => ({ value: agent.agentId, text: agent.name }))}
        />
        <div className="sign-in-pin">
          <PinPad pin={pin} onPin={setPin} onEnter={open} label={words.say('caller.pin')} problem={problem} />
          <Button kind="primary" isDisabled={!isReady} onPress={open}>
            {words.say('caller.open')}
          </Button>
        </div>
      </div>
    </main>
  )
}
