import type { LobbyQueue } from '#shared/project/lobby-board.ts'
import { Icon } from '#shared/ui/icons.tsx'
import { NumberText } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'

const QUEUES_SHOWN_MAX = 6

function QueueRow({ queue }: { readonly queue: LobbyQueue }) {
  const words = useWords()
  const note = queue.isClosed
    ? words.say('display.queueClosed')
    : queue.isPaused
      ? words.say('display.queuePaused')
      : null
  return (
    <li className="queue">
      <span className="queue-name">
        {words.read(queue.name)}
        {note !== null && (
          <span className="queue-note">
            <Icon name={queue.isClosed ? 'moon' : 'pause'} />
            {note}
          </span>
        )}
      </span>
      <NumberText className="queue-count" number={String(queue.waitingCount)} />
    </li>
  )
}

/** How many wait in each queue; with many queues, those where most people wait. */
export function Waiting({ queues }: { readonly queues: readonly LobbyQueue[] }) {
  const words = useWords()
  const busiest = new Set(queues.toSorted((a, b) => b.waitingCount - a.waitingCount).slice(0, QUEUES_SHOWN_MAX))
  const hiddenCount = queues.length - busiest.size
  return (
    <section className="waiting">
      <h2>
        <Icon name="people" />
        {words.say('display.waiting')}
      </h2>
      <ul>
        {queues
          .filter((queue) => busiest.has(queue))
          .map((queue) => (
            <QueueRow key={queue.queueId} queue={queue} />
          ))}
      </ul>
      {hiddenCount > 0 && <p className="queue-rest">{words.say('display.moreQueues', { count: hiddenCount })}</p>}
    </section>
  )
}
