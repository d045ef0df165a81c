import { useEffect } from 'react'
import { Icon } from '#shared/ui/icons.tsx'
import { Button } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import type { KioskEvent } from '../model.ts'
import { ringSoftly } from '../sound.ts'

interface StillThereProps {
  readonly leftMs: number
  readonly onEvent: (event: KioskEvent) => void
}

/** Before a visit ends for want of a touch: seen and heard, and anything at all keeps it. */
export function StillThere({ leftMs, onEvent }: StillThereProps) {
  const words = useWords()
  useEffect(ringSoftly, [])
  return (
    <section
      className="still-there"
      role="alertdialog"
      aria-labelledby="still-there"
      aria-describedby="still-there-help"
    >
      <Icon name="hourglass" />
      <div>
        <h2 id="still-there">{words.say('access.stillThere')}</h2>
        <p id="still-there-help">
          {words.say('access.startsAgain', { count: Math.ceil(leftMs / 1_000) })} {words.say('access.anyKey')}
        </p>
      </div>
      <div className="still-there-acts">
        <Button kind="primary" icon="plus" onPress={() => onEvent({ type: 'more-time' })}>
          {words.say('kiosk.moreTime')}
        </Button>
        <Button onPress={() => onEvent({ type: 'done' })}>{words.say('kiosk.done')}</Button>
      </div>
    </section>
  )
}
