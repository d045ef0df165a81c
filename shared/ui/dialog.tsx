import { type ReactNode, useId, useLayoutEffect, useRef } from 'react'
import { Button } from './parts.tsx'
import { useWords } from './words-context.tsx'

/** What the dialog is for. */
interface Deed {
  readonly text: string
  readonly isPossible: boolean
  readonly isDangerous?: boolean
  /** Enter, pressed once too often, must not do it: the way out has the focus. */
  readonly isDoubted?: boolean
  readonly onDo: () => void
}

interface DialogProps {
  readonly title: string
  readonly children: ReactNode
  readonly onClose: () => void
  /** Enter does it, wherever the focus is but on the way out; null: there is only the way out. */
  readonly deed: Deed | null
  readonly closeText?: string
  /** Why the deed did not work; said inside, for nothing outside is seen. */
  readonly problem: string
}

/** The browser's own dialog: it keeps the focus inside, closes on Escape and gives the focus back. */
export function Dialog({ title, children, onClose, deed, closeText, problem }: DialogProps) {
  const words = useWords()
  const element = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  const isDoubted = deed?.isDoubted === true
  // Before the dialog leaves the page: later it could give no focus back.
  useLayoutEffect(() => {
    const dialog = element.current
    dialog?.showModal()
    if (dialog?.querySelector('input, textarea') === null)
      dialog.querySelector<HTMLButtonElement>(isDoubted ? '.dialog-actions button' : '[type=submit]')?.focus()
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
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (deed === null) onClose()
          else if (deed.isPossible) deed.onDo()
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
          {deed !== null && (
            <Button kind={deed.isDangerous ? 'danger' : 'primary'} isDisabled={!deed.isPossible}>
              {deed.text}
            </Button>
          )}
        </div>
      </form>
    </dialog>
  )
}

export interface ChoiceOption<Value extends string> {
  readonly value: Value
  readonly text: string
  readonly note?: string
  /** A short name that may be typed instead. */
  readonly code?: string
}

interface ChoiceListProps<Value extends string> {
  readonly legend: string
  readonly options: readonly ChoiceOption<Value>[]
  readonly chosen: Value | null
  readonly onChoose: (value: Value) => void
}

/** One of several: radio buttons large enough for a finger, arrow keys for those without. */
export function ChoiceList<Value extends string>({ legend, options, chosen, onChoose }: ChoiceListProps<Value>) {
  const name = useId()
  return (
    <fieldset className="choices">
      <legend>{legend}</legend>
      {options.map(({ value, text, note, code }) => (
        <label key={value} className="choice">
          <input type="radio" name={name} checked={value === chosen} onChange={() => onChoose(value)} />
          <span className="choice-text">
            <span>{text}</span>
            {code !== undefined && (
              <bdi dir="ltr" className="choice-code">
                {code}
              </bdi>
            )}
          </span>
          {note !== undefined && <span className="choice-note">{note}</span>}
        </label>
      ))}
    </fieldset>
  )
}
