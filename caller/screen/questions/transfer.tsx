import { useState } from 'react'
import type { Place } from '#shared/domain/events.ts'
import type { QueueId, TicketId } from '#shared/domain/ids.ts'
import type { CounterDesk, Post } from '#shared/project/counter-desk.ts'
import { type ChoiceGroup, SearchedChoices } from '#shared/ui/choose.tsx'
import { ChoiceList, Dialog } from '#shared/ui/dialog.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import type { Destination } from '../../acts.ts'
import { seatWords } from '../seat-words.ts'
import type { AboutTicket } from './question-props.ts'

interface Sent {
  readonly queueId: QueueId | null
  readonly isKept: boolean
}

function ticketOf(post: Post, ticketId: TicketId): Sent {
  const tickets = [post.current, ...post.waiting, ...post.held]
  const ticket = tickets.find((candidate) => candidate?.ticketId === ticketId)
  return { queueId: ticket?.queueId ?? null, isKept: ticket?.keptFor != null }
}

/** Each way a ticket can go, by a key of its own. */
function destinationsOf({ queues, floor }: CounterDesk, { queueId, isKept }: Sent): ReadonlyMap<string, Destination> {
  const here = floor.filter((seat) => seat.status !== 'closed' && !seat.isMine && !seat.isTraining)
  return new Map<string, Destination>([
    // Its own queue only when it is kept for somebody: then it is everybody's again.
    ...queues
      .filter((queue) => queue.queueId !== queueId || isKept)
      .map((queue): [string, Destination] => [`queue ${queue.queueId}`, { toQueueId: queue.queueId }]),
    ...here.map((seat): [string, Destination] => [`counter ${seat.counterId}`, { toCounterId: seat.counterId }]),
    ...here.flatMap(({ agentId }): [string, Destination][] =>
      agentId === null ? [] : [[`agent ${agentId}`, { toAgentId: agentId }]],
    ),
  ])
}

function useGroups({ queues, floor }: CounterDesk, ways: ReadonlyMap<string, Destination>) {
  const words = useWords()
  const state = seatWords(words)
  const option = (value: string, text: string, note: string) => (ways.has(value) ? [{ value, text, note }] : [])
  const groups: readonly ChoiceGroup<string>[] = [
    {
      legend: words.say('caller.toQueue'),
      options: queues.flatMap(({ queueId, name, waitingCount }) =>
        option(`queue ${queueId}`, words.read(name), words.say('common.peopleWait', { count: waitingCount })),
      ),
    },
    {
      legend: words.say('caller.toCounter'),
      options: floor.flatMap((seat) =>
        option(`counter ${seat.counterId}`, words.read(seat.counterName), `${seat.agentName} · ${state(seat)}`),
      ),
    },
    {
      legend: words.say('caller.toColleague'),
      options: floor.flatMap((seat) =>
        option(`agent ${seat.agentId ?? ''}`, seat.agentName, `${words.read(seat.counterName)} · ${state(seat)}`),
      ),
    },
  ]
  return groups.filter(({ options }) => options.length > 0)
}

/** To a queue, or kept for a counter or a colleague; and at which place. */
export function Transfer({ desk, post, isBusy, onAct, problem, onClose, ticketId, number }: AboutTicket) {
  const words = useWords()
  const [chosen, setChosen] = useState<string | null>(null)
  const [place, setPlace] = useState<Place>('arrival')
  const ways = destinationsOf(desk, ticketOf(post, ticketId))
  const groups = useGroups(desk, ways)
  // A colleague may leave while the question stands.
  const to = chosen === null ? undefined : ways.get(chosen)
  const send = (): void => {
    if (to !== undefined) onAct({ type: 'transfer', ticketId, to, place })
  }
  return (
    <Dialog
      title={words.say('caller.transferTitle', { number })}
      onClose={onClose}
      problem={problem}
      deed={{ text: words.say('caller.transfer'), isPossible: to !== undefined && !isBusy, onDo: send }}
    >
      <SearchedChoices groups={groups} chosen={chosen} onChoose={setChosen} />
      <ChoiceList
        legend={words.say('caller.place')}
        chosen={place}
        onChoose={setPlace}
        options={[
          { value: 'arrival', text: words.say('caller.placeArrival') },
          { value: 'first', text: words.say('caller.placeFirst') },
          { value: 'last', text: words.say('caller.placeLast') },
        ]}
      />
    </Dialog>
  )
}
