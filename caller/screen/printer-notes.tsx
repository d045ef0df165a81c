import { StatusLine } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import type { WordKey } from '#shared/words/create-words.ts'
import type { PrinterTrouble, TroubleHint } from '../printer-troubles.ts'

const WORDS: { readonly [hint in TroubleHint]: WordKey } = {
  'paper-low': 'printer.paper-low',
  'load-paper': 'printer.load-paper',
  'close-cover': 'printer.close-cover',
  'check-printer': 'printer.check-printer',
  'not-reachable': 'printer.not-reachable',
  'no-voice': 'printer.no-voice',
}

/** Printers that need somebody's hand: whoever is nearest goes, on the floor or at a desk. */
export function PrinterNotes({ troubles }: { readonly troubles: readonly PrinterTrouble[] }) {
  const words = useWords()
  if (troubles.length === 0) return null
  return (
    <div className="cut-note printer-notes">
      {troubles.map(({ deviceId, kiosk, place, hint }) => (
        <StatusLine
          key={`${deviceId} ${place} ${hint}`}
          icon={hint === 'no-voice' ? 'access' : 'paper'}
          tone={hint === 'paper-low' || hint === 'no-voice' ? 'calm' : 'warn'}
        >
          {words.say(WORDS[hint], {
            kiosk: place === null ? kiosk : words.say('printer.place', { kiosk, place }),
          })}
        </StatusLine>
      ))}
    </div>
  )
}
