import { useEffect, useRef } from 'react'
import { SaidField } from '#shared/ui/said-field.tsx'

interface TypedFieldProps {
  /** Heard alone: the heading above says it to those who see. */
  readonly label: string
  readonly text: string
  readonly onText: (text: string) => void
  readonly onEnter: () => void
  /** Codes and numbers read from left to right in every language. */
  readonly isLeftToRight?: boolean
  /** Said at the field; empty when there is nothing to say. */
  readonly problem?: string
}

/** What is being typed, on the screen's keys or on a real keyboard; it has the focus as soon as it is there. */
export function TypedField({ label, text, onText, onEnter, isLeftToRight = false, problem = '' }: TypedFieldProps) {
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  return (
    <div className="typed-field">
      <SaidField
        {...{ label, field, problem, onText, onEnter }}
        isLabelHeard
        type="text"
        // The kiosk brings its own keys, in the customer's language.
        inputMode="none"
        autoCorrect="off"
        spellCheck={false}
        dir={isLeftToRight ? 'ltr' : 'auto'}
        value={text}
      />
    </div>
  )
}
