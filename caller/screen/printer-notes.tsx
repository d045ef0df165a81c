import { StatusLine } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import type { PrinterTrouble } from '../printer-troubles.ts'

/** Printers that need somebody's hand: whoever is nearest goes, on the floor or at a desk. */
export function PrinterNotes({ troubles }: { readonly troubles: readonly PrinterTrouble[] }) {
  const words = useWords()
  if (troubles.length === 0) return null
  return (
    <div className="cut-note printer-notes">
      {troubles.map(({ kiosk, place, hint }) => (
        <StatusLine key={`${kiosk} ${place}`} icon="paper" tone={hint === 'paper-low' ? 'calm' : 'warn'}>
          {words.say(`printer.${hint}`, {
            kiosk: place === null ? kiosk : words.say('printer.place', { kiosk, place }),
          })}
        </StatusLine>
      ))}
    </div>
  )
}
