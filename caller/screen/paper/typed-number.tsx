import { type FormEvent, useId, useState } from 'react'
import { RECORDED_STATUSES, type RecordedStatus } from '#shared/domain/events.ts'
import { Button } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import { looksLikePaper, PAPER_CODE_LENGTH_MAX } from '#shared/wire/paper-code.ts'
import { plainNumber } from '#shared/words/typed-number.ts'
import type { ScannedPaper } from '../../scanned-paper.ts'
import { STATUS_WORDS } from './noted.tsx'

const NUMBER = /^[A-Z]{1,4}[0-9]{3,5}$/

const SAID_WORDS = {
  help: 'paper.typedHelp',
  wrong: 'paper.typedWrong',
  asking: 'paper.scanAsking',
  scanned: 'paper.scanned',
} as const

interface TypedNumberProps {
  readonly isDoubted: (number: string) => boolean
  readonly onNote: (number: string, status: RecordedStatus, isConfirmed: boolean) => void
  readonly onScan: (text: string) => Promise<ScannedPaper>
}

interface Doubted {
  readonly number: string
  readonly status: RecordedStatus
}

type Said = 'help' | 'wrong' | 'asking' | 'scanned' | { readonly problem: string }

/** For papers that this list does not know: a kiosk printed them alone, or another counter's people came over. */
export function TypedNumber({ isDoubted, onNote, onScan }: TypedNumberProps) {
  const words = useWords()
  const [text, setText] = useState('')
  const [said, setSaid] = useState<Said>('help')
  /** What was pressed, and waits for staff to say that they mean it. */
  const [doubted, setDoubted] = useState<Doubted | null>(null)
  const fieldId = useId()
  const helpId = useId()
  const isWrong = said === 'wrong' || typeof said === 'object'
  // A scanner ends with Enter: nobody has said yet what became of that paper.
  const scan = async (): Promise<void> => {
    setSaid('asking')
    const paper = await onScan(text)
    setText(paper.ok ? paper.number : '')
    setSaid(paper.ok ? 'scanned' : { problem: paper.code })
  }
  const enter = ({ number, status }: Doubted, isConfirmed: boolean): void => {
    setText('')
    setDoubted(null)
    onNote(number, status, isConfirmed)
  }
  const note = (status: RecordedStatus): void => {
    setDoubted(null)
    if (said === 'asking') return
    if (looksLikePaper(text)) return void scan()
    const number = plainNumber(text)
    setSaid(NUMBER.test(number) ? 'help' : 'wrong')
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
        maxLength={PAPER_CODE_LENGTH_MAX}
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
      <p id={helpId} role="status" className={isWrong ? 'typed-help typed-wrong' : 'typed-help'}>
        {typeof said === 'object' ? words.sayProblem(said.problem) : words.say(SAID_WORDS[said])}
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
