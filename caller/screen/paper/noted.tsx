import type { RecordedStatus } from '#shared/domain/events.ts'
import { Icon, type IconName } from '#shared/ui/icons.tsx'
import { Button, NumberText, TimeText } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import type { WordKey } from '#shared/words/create-words.ts'
import { formatTime } from '#shared/words/format.ts'
import type { Mark, Marks } from '../../use-marks.ts'

export const STATUS_WORDS: Record<RecordedStatus, WordKey> = {
  completed: 'paper.served',
  no_show: 'paper.noShow',
  cancelled: 'paper.left',
}

const STATES: Record<Mark['state'], readonly [word: WordKey, icon: IconName]> = {
  making: ['paper.isKept', 'diamond'],
  kept: ['paper.isKept', 'diamond'],
  sending: ['paper.isSending', 'diamond'],
  entered: ['paper.isEntered', 'circle'],
  refused: ['paper.isRefused', 'octagon'],
  seen: ['paper.isRefused', 'octagon'],
}

interface NotedProps {
  readonly marks: Marks
  readonly timezone: string
}

function Row({ mark, marks, timezone }: NotedProps & { readonly mark: Mark }) {
  const words = useWords()
  const [state, icon] = STATES[mark.state]
  return (
    <li className={`noted-row noted-${mark.state}`} data-state={mark.state} data-number={mark.number}>
      <NumberText className="row-number" number={mark.number} />
      <span className="noted-what">
        <span>
          {words.say(STATUS_WORDS[mark.status])}
          {mark.atMs !== null && (
            <TimeText className="noted-time">{formatTime(mark.atMs, words.language, timezone)}</TimeText>
          )}
        </span>
        <span className="noted-state">
          <Icon name={icon} />
          {words.say(state)}
          {mark.code !== null && <span className="noted-why">{words.sayProblem(mark.code)}</span>}
        </span>
      </span>
      {mark.state === 'kept' && (
        <Button
          kind="quiet"
          icon="close"
          label={words.say('paper.undo', { number: mark.number })}
          onPress={() => marks.withdraw(mark.key)}
        />
      )}
    </li>
  )
}

/** What was noted on this device, the latest first, and what the branch said to it. */
export function Noted({ marks, timezone }: NotedProps) {
  const words = useWords()
  const { list } = marks
  return (
    <section className="noted list">
      <h2>
        {words.say('paper.noted')}
        <span className="list-count">{list.length}</span>
        {list.some(({ state }) => state === 'refused') && (
          <Button className="noted-understood" onPress={marks.seen}>
            {words.say('paper.understood')}
          </Button>
        )}
      </h2>
      {list.length === 0 ? (
        <p className="list-empty">{words.say('paper.nothingNoted')}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable without a mouse
        <ul tabIndex={0}>
          {list.map((mark) => (
            <Row key={mark.key} mark={mark} marks={marks} timezone={timezone} />
          ))}
        </ul>
      )}
    </section>
  )
}
