import { type FormEvent, useId, useState } from 'react'
import { RECORDED_STATUSES, type RecordedStatus } from '#shared/domain/events.ts'
import { Button } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import { plainNumber } from '#shared/words/typed-number.ts'
import { STATUS_WORDS } from './noted.tsx'

const NUMBER = /^[A-Z]{1,4}[0-9]{3,5}$/

interface TypedNumberProps {
  readonly isDoubted: (number: string) => boolean
  readonly onNote: (number: string, status: RecordedStatus, isConfirmed: boolean) => void
}

interface Doubted {
  readonly number: string
  readonly status: RecordedStatus
}

/** For papers that this list does not know: a kiosk printed them alone, or another counter's people came over. */
export function TypedNumber({ isDoubted, onNote }: TypedNumberProps) {
  const words = useWords()
  const [text, setText] = useState('')
  const [isWrong, setWrong] = useState(false)
  /** What was pressed, and waits for staff to say that they mean it. */
  const [doubted, setDoubted] = useState<Doubted | null>(null)
  const fieldId = useId()
  const helpId = useId()
  const enter = ({ number, status }: Doubted, isConfirmed: boolean): void => {
    setText('')
    setDoubted(null)
    onNote(number, status, isConfirmed)
  }
  const note = (status: RecordedStatus): void => {
    const number = plainNumber(text)
    setWrong(!NUMBER.test(number))
    setDoubted(null)
    if (!NUMBER.test(number)) return
    if (isDoubted(number)) setDoubted({ number, status })
    else enter({ number, status }, false)
  }
  return (
    <form
      className="typed-number"
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        note('completed')
      }}
    >
      <label htmlFor={fieldId}>{words.say('paper.typed')}</label>
      <input
        id={fieldId}
        className="field"
        dir="ltr"
        autoComplete="off"
        autoCapitalize="characters"
        maxLength={10}
        aria-describedby={helpId}
        aria-invalid={isWrong}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value)
          setDoubted(null)
        }}
      />
      <span className="typed-acts">
        {RECORDED_STATUSES.map((status) => (
          <Button key={status} onPress={() => note(status)}>
            {words.say(STATUS_WORDS[status])}
          </Button>
        ))}
      </span>
      <p id={helpId} className={isWrong ? 'typed-help typed-wrong' : 'typed-help'}>
        {words.say(isWrong ? 'paper.typedWrong' : 'paper.typedHelp')}
      </p>
      {doubted !== null && (
        <p className="typed-help typed-wrong typed-doubted" role="alert">
          {words.say('caller.doubted', { number: doubted.number })}
          <Button onPress={() => enter(doubted, true)}>{words.say('caller.doubtedDo')}</Button>
        </p>
      )}
    </form>
  )
}
