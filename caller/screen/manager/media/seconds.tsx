import { useEffect, useState } from 'react'
import { useWords } from '#shared/ui/words-context.tsx'
import { SLIDE_SECONDS } from '#shared/wire/media.ts'
import { secondsIn } from '../../../media-desk.ts'

const FIGURES_MAX = String(SLIDE_SECONDS.max).length

interface SecondsProps {
  readonly seconds: number
  /** The picture's. */
  readonly called: string
  readonly isOff: boolean
  readonly onSet: (seconds: number) => void
}

/** How long a picture stands. What is typed is sent once, with Enter or when the field is left; what cannot be goes back. */
export function Seconds({ seconds, called, isOff, onSet }: SecondsProps) {
  const words = useWords()
  const [typed, setTyped] = useState(String(seconds))
  useEffect(() => setTyped(String(seconds)), [seconds])
  function leave(): void {
    const next = secondsIn(typed)
    if (next === null || next === seconds || isOff) setTyped(String(seconds))
    else onSet(next)
  }
  return (
    <label className="programme-seconds">
      <input
        className="field-input"
        dir="ltr"
        inputMode="numeric"
        autoComplete="off"
        aria-label={`${words.say('media.seconds')} ${called}`}
        disabled={isOff}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value.replaceAll(/\D/g, '').slice(0, FIGURES_MAX))}
        onBlur={leave}
        onKeyDown={(event) => {
          if (event.key === 'Enter') leave()
        }}
      />
      <span aria-hidden="true">{words.say('media.secondsUnit')}</span>
    </label>
  )
}
