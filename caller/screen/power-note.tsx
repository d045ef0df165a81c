import type { CounterDesk } from '#shared/project/counter-desk.ts'
import { StatusLine } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import { formatTime } from '#shared/words/format.ts'

/** The branch server may go off at any moment: staff have minutes to take the list, or to copy it. */
export function PowerNote({ desk }: { readonly desk: CounterDesk | null }) {
  const words = useWords()
  if (desk?.isPowerLow !== true) return null
  const time = formatTime(desk.sheetAtMs ?? 0, words.language, desk.branch?.timezone ?? 'UTC')
  return (
    <div className="cut-note" role="alert">
      <StatusLine icon="octagon" tone="warn">
        {words.say('power.low')}
      </StatusLine>
      <p>{desk.sheetAtMs === null ? words.say('power.noSheet') : words.say('power.sheet', { time })}</p>
    </div>
  )
}
