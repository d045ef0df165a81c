import type { QueueId } from '#shared/domain/ids.ts'
import type { LobbyQueue } from '#shared/project/lobby-board.ts'
import { type Estimate, type WaitRange, waitRange } from '#shared/project/wait-range.ts'
import { Icon } from '#shared/ui/icons.tsx'
import { NumberText } from '#shared/ui/parts.tsx'
import { sayWait } from '#shared/ui/say-wait.ts'
import { useWords } from '#shared/ui/words-context.tsx'

const QUEUES_SHOWN_MAX = 6

function QueueRow({ queue, wait }: { readonly queue: LobbyQueue; readonly wait: WaitRange | null }) {
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
        {note === null && wait !== null && <span className="queue-wait">{sayWait(words, wait)}</span>}
      </span>
      <NumberText className="queue-count" number={String(queue.waitingCount)} />
    </li>
  )
}

interface WaitingProps {
  readonly queues: readonly LobbyQueue[]
  readonly isIntakeStopped: boolean
  /** A queue that is not in it is told nothing of. */
  readonly waitByQueue: ReadonlyMap<QueueId, Estimate>
}

/** How many wait in each queue; with many queues, those where most people wait. */
export function Waiting({ queues, isIntakeStopped, waitByQueue }: WaitingProps) {
  const words = useWords()
  const busiest = new Set(queues.toSorted((a, b) => b.waitingCount - a.waitingCount).slice(0, QUEUES_SHOWN_MAX))
  const hiddenCount = queues.length - busiest.size
  return (
    <section className="waiting">
      <h2>
        <Icon name="people" />
        {words.say('display.waiting')}
      </h2>
      {isIntakeStopped && (
        <p className="intake-note">
          <Icon name="moon" />
          {words.say('display.intakeStopped')}
        </p>
      )}
      <ul>
        {queues
          .filter((queue) => busiest.has(queue))
          .map((queue) => (
            <QueueRow key={queue.queueId} queue={queue} wait={waitRange(waitByQueue.get(queue.queueId) ?? null)} />
          ))}
      </ul>
      {hiddenCount > 0 && <p className="queue-rest">{words.say('display.moreQueues', { count: hiddenCount })}</p>}
    </section>
  )
}
