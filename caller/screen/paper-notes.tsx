import { Button, StatusLine } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import type { WordKey } from '#shared/words/create-words.ts'
import type { TroubledPaper } from '../printer-troubles.ts'

const WORDS: Record<TroubledPaper['trouble'], WordKey> = {
  refused: 'printer.paperRefused',
  uncertain: 'printer.paperUncertain',
  expired: 'printer.paperExpired',
}

interface PaperNotesProps {
  readonly papers: readonly TroubledPaper[]
  readonly onSeen: (paper: TroubledPaper) => void
}

/** Papers by number whose customer may stand in no list, or hold nothing; each until somebody has said that she knows. */
export function PaperNotes({ papers, onSeen }: PaperNotesProps) {
  const words = useWords()
  if (papers.length === 0) return null
  return (
    <div className="cut-note paper-notes">
      {papers.map((paper) => (
        <StatusLine key={`${paper.deviceId} ${paper.number} ${paper.trouble}`} icon="paper" tone="warn">
          {words.say(WORDS[paper.trouble], { kiosk: paper.kiosk, number: paper.number })}
          <Button onPress={() => onSeen(paper)}>{words.say('paper.understood')}</Button>
        </StatusLine>
      ))}
    </div>
  )
}
