import { wordsIn } from '#shared/domain/catalogue.ts'
import type { Language } from '#shared/domain/ids.ts'
import type { CounterDesk } from '#shared/project/counter-desk.ts'
import { StatusLine } from '#shared/ui/parts.tsx'

interface ShownNoteProps {
  readonly desk: CounterDesk | null
  readonly language: Language
}

/** What stands on every screen stands here, too: an agent must know of an emergency before the next customer does. */
export function ShownNote({ desk, language }: ShownNoteProps) {
  const onShow = desk?.onShow ?? null
  if (onShow === null) return null
  const { message, minutes } = onShow
  const text = wordsIn(message.text, language, desk?.branch?.defaultLanguage ?? 'fr')
  const isEmergency = message.kind === 'emergency'
  return (
    <div className={isEmergency ? 'cut-note shown-emergency' : 'cut-note'} role={isEmergency ? 'alert' : 'status'}>
      <StatusLine icon="diamond" tone="warn">
        {text.replaceAll('{minutes}', minutes === null ? '…' : String(minutes))}
      </StatusLine>
    </div>
  )
}
