import { useEffect, useId, useRef } from 'react'

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
  const problemId = useId()
  useEffect(() => field.current?.focus(), [])
  return (
    <div className="typed-field">
      <label className="field">
        <span className="only-heard">{label}</span>
        <input
          ref={field}
          className="field-input"
          type="text"
          // The kiosk brings its own keys, in the customer's language.
          inputMode="none"
          autoComplete="off"
          autoCorrect="off"
          spellCheck={false}
          dir={isLeftToRight ? 'ltr' : 'auto'}
          aria-invalid={problem !== ''}
          aria-describedby={problemId}
          value={text}
          onChange={(event) => onText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return
            event.preventDefault()
            onEnter()
          }}
        />
      </label>
      <p id={problemId} className="field-problem" role="alert">
        {problem}
      </p>
    </div>
  )
}
