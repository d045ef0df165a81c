import { type ReactNode, useEffect, useId, useRef } from 'react'
import { Button } from './parts.tsx'
import { useWords } from './words-context.tsx'

interface DialogProps {
  readonly title: string
  readonly children: ReactNode
  readonly onClose: () => void
  /** The way out on the left, the deed on the right. */
  readonly actions: ReactNode
  readonly closeText?: string
  /** Why the deed did not work; said inside, for nothing outside is seen. */
  readonly problem: string
}

/** The browser's own dialog: it keeps the focus inside, closes on Escape and gives the focus back. */
export function Dialog({ title, children, onClose, actions, closeText, problem }: DialogProps) {
  const words = useWords()
  const element = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useEffect(() => {
    const dialog = element.current
    if (dialog !== null && !dialog.open) dialog.showModal()
    return () => dialog?.close()
  }, [])
  return (
    <dialog
      ref={element}
      className="dialog"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
    >
      <h2 id={titleId}>{title}</h2>
      <div className="dialog-body">{children}</div>
      <p className="dialog-problem" role="alert">
        {problem}
      </p>
      <div className="dialog-actions">
        <Button kind="quiet" onPress={onClose}>
          {closeText ?? words.say('common.cancel')}
        </Button>
        {actions}
      </div>
    </dialog>
  )
}

interface ChoiceListProps<Value extends string> {
  readonly legend: string
  readonly options: readonly { readonly value: Value; readonly text: string; readonly note?: string }[]
  readonly chosen: Value | null
  readonly onChoose: (value: Value) => void
}

/** One of several: radio buttons large enough for a finger, arrow keys for those without. */
export function ChoiceList<Value extends string>({ legend, options, chosen, onChoose }: ChoiceListProps<Value>) {
  const name = useId()
  return (
    <fieldset className="choices">
      <legend>{legend}</legend>
      {options.map(({ value, text, note }) => (
        <label key={value} className="choice">
          <input type="radio" name={name} checked={value === chosen} onChange={() => onChoose(value)} />
          <span className="choice-text">{text}</span>
          {note !== undefined && <span className="choice-note">{note}</span>}
        </label>
      ))}
    </fieldset>
  )
}
