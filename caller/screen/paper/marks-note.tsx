import { Button, StatusLine } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import { isOpen, type Marks } from '../../use-marks.ts'

/** On the desk: what was noted is still on its way, or could not be entered. */
export function MarksNote({ marks, onLook }: { readonly marks: Marks; readonly onLook: () => void }) {
  const words = useWords()
  const openCount = marks.list.filter(isOpen).length
  const refusedCount = marks.list.filter(({ state }) => state === 'refused').length
  if (openCount + refusedCount === 0) return null
  return (
    <div className="cut-note marks-note">
      {openCount > 0 && (
        <StatusLine icon="diamond" tone="warn">
          {words.say('paper.waitsForServer', { count: String(openCount) })}
        </StatusLine>
      )}
      {refusedCount > 0 && (
        <StatusLine icon="octagon" tone="warn">
          {words.say('paper.someRefused', { count: String(refusedCount) })}
        </StatusLine>
      )}
      <Button onPress={onLook}>{words.say('paper.look')}</Button>
    </div>
  )
}
