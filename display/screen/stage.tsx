import type { LobbyCall } from '#shared/project/lobby-board.ts'
import { Icon } from '#shared/ui/icons.tsx'
import { NumberText } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import { RISING_MAX, type Stage } from '../model.ts'

const SHORT_NUMBER_MAX = 4
const SHORT_NAME_MAX = 10

function Call({ call }: { readonly call: LobbyCall }) {
  const words = useWords()
  const counter = words.read(call.counterName)
  return (
    <li
      className="call"
      data-number={call.number.length > SHORT_NUMBER_MAX ? 'long' : 'short'}
      data-counter={counter.length > SHORT_NAME_MAX ? 'long' : 'short'}
      aria-label={words.say('display.calledTo', { number: call.number, counter })}
    >
      <NumberText className="call-number" number={call.number} />
      <span className="call-way">
        <Icon name="arrow" />
        <span className="call-counter">{counter}</span>
      </span>
    </li>
  )
}

/** So many share the room that each has its own size: see rush.css. */
const RUSH_FEW_MAX = 6
const RUSH_MANY_MAX = 12

function largeOf(count: number): string {
  if (count <= RISING_MAX) return String(count)
  if (count <= RUSH_FEW_MAX) return 'rush-few'
  return count <= RUSH_MANY_MAX ? 'rush-many' : 'rush-all'
}

/** The call, large, on top of the last ones; several at once share the space. */
export function StageView({ stage, isDayClosed }: { readonly stage: Stage; readonly isDayClosed: boolean }) {
  const words = useWords()
  if (stage.large.length === 0)
    return (
      <section className="stage stage-empty">
        <p>{words.say(isDayClosed ? 'display.dayClosed' : 'display.noCalls')}</p>
      </section>
    )
  return (
    <section className="stage" data-large={largeOf(stage.large.length)} data-rising={stage.isRising}>
      <div className="large">
        <h1>{words.say('display.nowCalled')}</h1>
        <ol aria-live="polite">
          {stage.large.map((call) => (
            <Call key={`${call.ticketId} ${call.recallCount}`} call={call} />
          ))}
        </ol>
      </div>
      {stage.last.length > 0 && stage.large.length <= RISING_MAX && (
        <div className="last">
          <h2 className="only-heard">{words.say('display.lastCalls')}</h2>
          <ol>
            {stage.last.map((call) => (
              <Call key={call.ticketId} call={call} />
            ))}
          </ol>
        </div>
      )}
    </section>
  )
}
