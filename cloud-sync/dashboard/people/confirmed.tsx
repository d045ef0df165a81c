import { Button } from '@mantine/core'
import { useState } from 'react'
import { useWords } from '../here.tsx'

interface ConfirmedProps {
  readonly text: string
  /** Whom or what it is about, for whoever only hears the button. */
  readonly of: string
  readonly onConfirm: () => void
}

/** What cannot be taken back is pressed twice: the second press says so. */
export function Confirmed({ text, of, onConfirm }: ConfirmedProps) {
  const { say } = useWords()
  const [isAsked, setAsked] = useState(false)
  return (
    <Button
      variant={isAsked ? 'filled' : 'subtle'}
      color="red"
      size="xs"
      aria-label={`${isAsked ? say('dash.reallySo') : text} — ${of}`}
      onBlur={() => setAsked(false)}
      onClick={() => (isAsked ? onConfirm() : setAsked(true))}
    >
      {isAsked ? say('dash.reallySo') : text}
    </Button>
  )
}
