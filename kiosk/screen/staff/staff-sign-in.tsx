import { useMemo, useState } from 'react'
import type { AgentId } from '#shared/domain/ids.ts'
import { ChoiceList } from '#shared/ui/dialog.tsx'
import { PinPad } from '#shared/ui/key-pad.tsx'
import { Button, StatusLine } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import { initialsOf } from './initials.ts'

interface StaffSignInProps {
  readonly agents: readonly { readonly id: AgentId; readonly name: string }[]
  readonly isBusy: boolean
  /** The branch server is away, and with it whoever could prove a PIN. */
  readonly isCut: boolean
  /** Why the last PIN opened nothing; empty when there is nothing to say. */
  readonly problem: string
  readonly onEnter: (agentId: AgentId, pin: string) => void
}

/** Who is there, and her PIN. */
export function StaffSignIn({ agents, isBusy, isCut, problem, onEnter }: StaffSignInProps) {
  const words = useWords()
  const [agentId, setAgentId] = useState<AgentId | null>(null)
  const [pin, setPin] = useState('')
  const initials = useMemo(() => initialsOf(agents.map(({ name }) => name)), [agents])
  const isReady = agentId !== null && pin !== '' && !isBusy && !isCut
  const enter = (): void => {
    if (agentId === null || !isReady) return
    onEnter(agentId, pin)
    // A PIN is never left standing on a screen.
    setPin('')
  }
  return (
    <section className="staff-sign-in">
      {isCut && (
        <StatusLine icon="noContact" tone="warn">
          {words.say('staff.needsServer')}
        </StatusLine>
      )}
      <div className="staff-names" data-scrolls="">
        <ChoiceList
          legend={words.say('staff.who')}
          options={agents.map(({ id }, at) => ({ value: id, text: initials[at] ?? '' }))}
          chosen={agentId}
          onChoose={setAgentId}
        />
      </div>
      <div className="staff-pin">
        <PinPad pin={pin} onPin={setPin} onEnter={enter} label={words.say('staff.pin')} problem={problem} />
        <Button kind="primary" isDisabled={!isReady} onPress={enter}>
          {words.say(isBusy ? 'staff.checking' : 'staff.enter')}
        </Button>
      </div>
    </section>
  )
}
