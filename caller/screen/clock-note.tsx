import type { Language, Moment } from '#shared/domain/ids.ts'
import type { CounterDesk } from '#shared/project/counter-desk.ts'
import { Button, StatusLine } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import { formatDay, formatTime } from '#shared/words/format.ts'
import type { Act } from '../acts.ts'

interface ClockNoteProps {
  readonly desk: CounterDesk | null
  readonly language: Language
  readonly moment: Moment | null
  readonly isBusy: boolean
  readonly onAct: (act: Act) => void
}

/** The branch doubts its clock, as after a long week-end switched off: no day opens until a manager has looked. */
export function ClockNote({ desk, language, moment, isBusy, onAct }: ClockNoteProps) {
  const words = useWords()
  if (desk === null || desk.clock === 'sure' || moment === null) return null
  const timezone = desk.branch?.timezone ?? 'UTC'
  const day = formatDay(moment.atMs, language, timezone)
  const time = formatTime(moment.atMs, language, timezone)
  return (
    <div className="cut-note" role="alert">
      <StatusLine icon="diamond" tone="warn">
        {words.say('caller.clockDoubted', { day, time })}
      </StatusLine>
      {desk.clock === 'yours-to-confirm' ? (
        <Button isDisabled={isBusy} onPress={() => onAct({ type: 'confirm-clock' })}>
          {words.say('caller.clockConfirm')}
        </Button>
      ) : (
        <p>{words.say('caller.clockAskManager')}</p>
      )}
    </div>
  )
}
