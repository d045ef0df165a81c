import { StatusLine } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import type { WordKey } from '#shared/words/create-words.ts'
import type { DeadScreen } from '../dead-screens.ts'

const WORDS: Record<DeadScreen['screen'], WordKey> = {
  frozen: 'screen.frozen',
  missing: 'screen.missing',
  silent: 'screen.silent',
  muted: 'screen.muted',
  'no-voice': 'screen.no-voice',
  'disk-full': 'screen.disk-full',
  'disk-refuses': 'screen.disk-refuses',
  twin: 'screen.twin',
}

/** Kiosks whose screen is dead, displays that make no sound: whoever is nearest goes. */
export function ScreenNotes({ deadScreens }: { readonly deadScreens: readonly DeadScreen[] }) {
  const words = useWords()
  if (deadScreens.length === 0) return null
  return (
    <div className="cut-note screen-notes">
      {deadScreens.map(({ kiosk, screen }) => (
        <StatusLine key={`${kiosk} ${screen}`} icon="noContact" tone="warn">
          {words.say(WORDS[screen], { kiosk })}
        </StatusLine>
      ))}
    </div>
  )
}
