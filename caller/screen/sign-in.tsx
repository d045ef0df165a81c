import { useState } from 'react'
import type { AgentId, CounterId } from '#shared/domain/ids.ts'
import type { CounterDesk } from '#shared/project/counter-desk.ts'
import type { FloorSeat } from '#shared/project/floor.ts'
import { Switch } from '#shared/ui/choose.tsx'
import { ChoiceList } from '#shared/ui/dialog.tsx'
import { PinPad } from '#shared/ui/key-pad.tsx'
import { Button, StatusLine } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import type { Act } from '../acts.ts'

/** In the place of a counter: a manager needs none for the branch’s pages. */
const BRANCH_PAGES = ''
type Place = CounterId | typeof BRANCH_PAGES

interface SignInProps {
  readonly desk: CounterDesk
  readonly isBusy: boolean
  readonly isCut: boolean
  /** The counter of this device has ended without whoever was at it. */
  readonly isTaken: boolean
  /** Why the last PIN opened nothing; empty when there is nothing to say. */
  readonly problem: string
  readonly onOpen: (act: Act) => void
}

/** What it means to sign in there: a counter of one's own is taken over, one of another person is not to be had. */
function meets(floor: readonly FloorSeat[], counterId: Place | null, agentId: AgentId | null) {
  const chosen = floor.find((seat) => seat.counterId === counterId)
  const own = agentId === null ? undefined : floor.find((seat) => seat.agentId === agentId)
  const isTaken = agentId !== null && chosen?.agentId != null && chosen.agentId !== agentId
  return { isTaken, isTakeOver: own !== undefined && own === chosen, leaves: own === chosen ? undefined : own }
}

function Choices(props: {
  readonly desk: CounterDesk
  readonly counterId: Place | null
  readonly agentId: AgentId | null
  readonly onCounter: (place: Place) => void
  readonly onAgent: (agentId: AgentId) => void
}) {
  const { desk } = props
  const words = useWords()
  const free = desk.agents.filter(({ suspendedBy }) => suspendedBy === null)
  const agents = props.counterId === BRANCH_PAGES ? free.filter(({ isManager }) => isManager) : free
  const seatOf = (agentId: AgentId) => desk.floor.find((seat) => seat.agentId === agentId)
  return (
    <>
      <ChoiceList<Place>
        legend={words.say('caller.chooseCounter')}
        chosen={props.counterId}
        onChoose={props.onCounter}
        options={[
          ...desk.floor.map((seat) => ({
            value: seat.counterId,
            text: words.read(seat.counterName),
            ...(seat.agentId === null ? {} : { note: words.say('caller.taken', { agent: seat.agentName }) }),
          })),
          ...(desk.agents.some(({ isManager }) => isManager)
            ? [{ value: BRANCH_PAGES, text: words.say('manager.pages'), note: words.say('manager.pagesHelp') } as const]
            : []),
        ]}
      />
      <ChoiceList
        legend={words.say('caller.chooseAgent')}
        chosen={props.agentId}
        onChoose={props.onAgent}
        options={agents.map(({ agentId, name }) => {
          const seat = seatOf(agentId)
          return { value: agentId, text: name, ...(seat && { note: words.read(seat.counterName) }) }
        })}
      />
    </>
  )
}

/** Which counter, or the branch’s pages; who, and the PIN. */
export function SignIn({ desk, isBusy, isCut, isTaken: wasTaken, problem, onOpen }: SignInProps) {
  const words = useWords()
  const [counterId, setCounterId] = useState<Place | null>(null)
  const [agentId, setAgentId] = useState<AgentId | null>(null)
  const [isTraining, setTraining] = useState(false)
  const [pin, setPin] = useState('')
  const { isTaken, isTakeOver, leaves } = meets(desk.floor, counterId, agentId)
  const isForPages = counterId === BRANCH_PAGES
  const mayEnter = agentId !== null && (!isForPages || desk.agents.some((it) => it.agentId === agentId && it.isManager))
  const isReady = counterId !== null && mayEnter && pin !== '' && !isBusy && !isCut && !isTaken
  const open = (): void => {
    if (counterId === null || agentId === null || !isReady) return
    onOpen(
      counterId === BRANCH_PAGES
        ? { type: 'manager-in', agentId, pin }
        : { type: 'open', counterId, agentId, pin, isTraining },
    )
    // A PIN is never left standing on a screen.
    setPin('')
  }
  const notes = [
    ...(isTaken ? [words.sayProblem('CounterTaken')] : []),
    ...(isTakeOver ? [words.say('caller.takeOverHelp')] : []),
    ...(leaves && !isTaken && !isForPages
      ? [words.say('caller.moveHelp', { counter: words.read(leaves.counterName) })]
      : []),
  ]
  return (
    <main className="sign-in">
      <h1>{words.say('caller.signIn')}</h1>
      {wasTaken && (
        <StatusLine icon="moon" tone="warn">
          {words.say('caller.counterTaken')}
        </StatusLine>
      )}
      <div className="sign-in-parts">
        <Choices desk={desk} counterId={counterId} agentId={agentId} onCounter={setCounterId} onAgent={setAgentId} />
        <div className="sign-in-pin">
          <PinPad pin={pin} onPin={setPin} onEnter={open} label={words.say('caller.pin')} problem={problem} />
          {!isForPages && (
            <Switch
              text={words.say('caller.trainingChoose')}
              help={words.say('caller.trainingHelp')}
              isOn={isTraining}
              onSwitch={setTraining}
            />
          )}
          <p className="sign-in-note" role="status">
            {notes.join(' ')}
          </p>
          <Button kind="primary" isDisabled={!isReady} onPress={open}>
            {words.say(isForPages ? 'manager.openPages' : isTakeOver ? 'caller.takeOver' : 'caller.open')}
          </Button>
        </div>
      </div>
    </main>
  )
}
