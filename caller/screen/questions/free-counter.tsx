import { useState } from 'react'
import type { CounterId } from '#shared/domain/ids.ts'
import type { FloorSeat } from '#shared/project/floor.ts'
import { ChoiceList, Dialog } from '#shared/ui/dialog.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import type { WordKey } from '#shared/words/create-words.ts'
import type { Act } from '../../acts.ts'
import type { BranchQuestionProps } from './question-props.ts'

type Way = 'close' | 'return' | 'hold' | 'complete'

const WAY_WORDS: Record<Way, WordKey> = {
  close: 'manager.freeClose',
  return: 'manager.freeReturn',
  hold: 'manager.freeHold',
  complete: 'manager.freeComplete',
}

/** What can be done for whoever stands there; the counter can always be closed. */
function waysOf({ status }: FloorSeat): readonly Way[] {
  if (status === 'calling') return ['close', 'return', 'complete']
  return status === 'serving' ? ['close', 'hold', 'complete'] : ['close']
}

function actOf({ counterId, ticketId }: FloorSeat, way: Way): Act {
  if (way === 'close' || ticketId === null) return { type: 'close', counterId }
  return way === 'hold' ? { type: 'hold', ticketId, reason: null } : { type: way, ticketId }
}

/** An agent has left, or the device of the counter is dead, with somebody in front of it. */
export function FreeCounter({
  desk,
  counterId,
  isBusy,
  onAct,
  problem,
  onClose,
}: BranchQuestionProps & { readonly counterId: CounterId }) {
  const words = useWords()
  const [chosen, setChosen] = useState<Way>('close')
  const seat = desk.floor.find((candidate) => candidate.counterId === counterId)
  if (seat === undefined) return null
  const ways = waysOf(seat)
  // The agent may come back and go on while the question stands.
  const isPossible = ways.includes(chosen) && seat.status !== 'closed' && !isBusy
  return (
    <Dialog
      title={words.say('manager.freeTitle', { counter: words.read(seat.counterName) })}
      onClose={onClose}
      problem={problem}
      deed={{
        text: words.say('manager.free'),
        isPossible,
        isDangerous: true,
        onDo: () => onAct(actOf(seat, chosen)),
      }}
    >
      <p>{words.say('manager.closeOtherText')}</p>
      {ways.length > 1 && (
        <ChoiceList
          legend={words.say('manager.freeTicket', { number: seat.number ?? '' })}
          chosen={chosen}
          onChoose={setChosen}
          options={ways.map((way) => ({ value: way, text: words.say(WAY_WORDS[way]) }))}
        />
      )}
    </Dialog>
  )
}
