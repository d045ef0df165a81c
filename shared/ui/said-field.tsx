import { type ComponentProps, type Ref, useId } from 'react'

interface SaidFieldProps extends Omit<ComponentProps<'input'>, 'onChange' | 'className' | 'children'> {
  readonly label: string
  /** The heading above says the label to those who see. */
  readonly isLabelHeard?: boolean
  readonly field: Ref<HTMLInputElement>
  /** Said at the field; empty when there is nothing to say. */
  readonly problem: string
  readonly className?: string
  readonly onText: (text: string) => void
  readonly onEnter: () => void
}

/** A field beside keys on the screen, with what is wrong with what was typed; Enter sends it, and never a form around it. */
export function SaidField(props: SaidFieldProps) {
  const { label, isLabelHeard = false, field, problem, className = '', onText, onEnter, ...input } = props
  const problemId = useId()
  return (
    <>
      <label className="field">
        <span className={isLabelHeard ? 'only-heard' : 'field-label'}>{label}</span>
        <input
          {...input}
          ref={field}
          className={`field-input ${className}`}
          autoComplete="off"
          aria-invalid={problem !== ''}
          aria-describedby={problemId}
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
    </>
  )
}
