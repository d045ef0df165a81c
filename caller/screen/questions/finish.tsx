import { useState } from 'react'
import type { OutcomeId } from '#shared/domain/ids.ts'
import { NoteField, SearchedChoices, Switch } from '#shared/ui/choose.tsx'
import { Dialog } from '#shared/ui/dialog.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import { NOTE_LENGTH_MAX } from '../../acts.ts'
import type { AboutTicket } from './question-props.ts'

const NO_OUTCOME = ''
type MaybeOutcome = OutcomeId | typeof NO_OUTCOME

/** What came of a service, what the next agent should know, and whether the visit goes on. */
export function Finish({ desk, post, note, isBusy, onAct, problem, onClose, ticketId, number }: AboutTicket) {
  const words = useWords()
  const [outcome, setOutcome] = useState<MaybeOutcome | null>(NO_OUTCOME)
  const [text, setText] = useState(note)
  const [endsVisit, setEndsVisit] = useState(false)
  const following = post.current?.visit?.following ?? []
  const send = (): void => {
    const written = text.trim()
    const chosen = outcome === NO_OUTCOME ? null : outcome
    onAct({ type: 'finish', ticketId, outcome: chosen, note: written === note ? null : written, endsVisit })
  }
  return (
    <Dialog
      title={words.say('caller.finishTitle', { number })}
      onClose={onClose}
      problem={problem}
      deed={{ text: words.say('caller.complete'), isPossible: outcome !== null && !isBusy, onDo: send }}
    >
      <SearchedChoices<MaybeOutcome>
        chosen={outcome}
        onChoose={setOutcome}
        groups={[
          {
            legend: words.say('caller.outcome'),
            options: [
              { value: NO_OUTCOME, text: words.say('caller.noOutcome') },
              ...desk.outcomes.map(({ outcomeId, name }) => ({
                value: outcomeId,
                text: words.read(name),
                code: outcomeId,
              })),
            ],
          },
        ]}
      />
      <NoteField label={words.say('caller.noteLabel')} text={text} lengthMax={NOTE_LENGTH_MAX} onText={setText} />
      {following.length > 0 && (
        <Switch
          text={words.say('caller.endsVisit')}
          help={words.say('caller.stillPlanned', { services: following.map(words.read).join(' · ') })}
          isOn={endsVisit}
          onSwitch={setEndsVisit}
        />
      )}
    </Dialog>
  )
}

/** Written at any time; nothing left of it takes it away. */
export function Note({ note, isBusy, onAct, problem, onClose, ticketId, number }: AboutTicket) {
  const words = useWords()
  const [text, setText] = useState(note)
  const written = text.trim()
  return (
    <Dialog
      title={words.say('caller.noteTitle', { number })}
      onClose={onClose}
      problem={problem}
      deed={{
        text: words.say('caller.noteSave'),
        isPossible: written !== note && !isBusy,
        onDo: () => onAct({ type: 'note', ticketId, text: written }),
      }}
    >
      <NoteField label={words.say('caller.noteLabel')} text={text} lengthMax={NOTE_LENGTH_MAX} onText={setText} />
    </Dialog>
  )
}
