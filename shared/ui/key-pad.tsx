import { useEffect, useRef } from 'react'
import { Icon } from './icons.tsx'
import { SaidField } from './said-field.tsx'
import { useWords } from './words-context.tsx'

interface KeyPadProps {
  readonly keys: readonly string[]
  readonly eraseLabel: string
  readonly onKey: (key: string) => void
  readonly onErase: () => void
  readonly className?: string
}

/** Keys on the screen, in the same places in every language. */
export function KeyPad({ keys, eraseLabel, onKey, onErase, className = '' }: KeyPadProps) {
  return (
    <div className={`key-pad ${className}`} dir="ltr">
      {keys.map((key) => (
        <button key={key} type="button" className="pad-key" onClick={() => onKey(key)}>
          {key}
        </button>
      ))}
      <button type="button" className="pad-key pad-erase" onClick={onErase} aria-label={eraseLabel}>
        <Icon name="erase" />
      </button>
    </div>
  )
}

const PIN_KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0']
const PIN_LENGTH_MAX = 12

const TEXT_PLACES = 'select, textarea, input:not([type=radio], [type=checkbox])'

/** Digits typed anywhere but in a field go into the PIN: whoever has chosen a name need not click first. */
function useTypedDigits(onType: (change: (pin: string) => string) => void, onEnter: () => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const place = event.target instanceof Element ? event.target : null
      if (event.ctrlKey || event.altKey || event.metaKey || place?.closest(TEXT_PLACES) != null) return
      if (/^\d$/.test(event.key)) onType((pin) => (pin + event.key).slice(0, PIN_LENGTH_MAX))
      else if (event.key === 'Backspace') onType((pin) => pin.slice(0, -1))
      else if (event.key === 'Enter' && place?.closest('button') == null) onEnter()
      else return
      event.preventDefault()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [onType, onEnter])
}

interface PinPadProps {
  readonly pin: string
  readonly onPin: (pin: string) => void
  readonly onEnter: () => void
  readonly label: string
  /** Said at the field, which then has the focus; empty when there is nothing to say. */
  readonly problem: string
}

/** A PIN by touch or by keyboard; what was typed is shown as dots only. */
export function PinPad({ pin, onPin, onEnter, label, problem }: PinPadProps) {
  const words = useWords()
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (problem !== '') field.current?.focus()
  }, [problem])
  useTypedDigits((change) => onPin(change(pin)), onEnter)
  return (
    <div className="pin-pad">
      <SaidField
        {...{ label, field, problem, onEnter }}
        className="pin-input"
        type="password"
        inputMode="numeric"
        dir="ltr"
        value={pin}
        maxLength={PIN_LENGTH_MAX}
        onText={(text) => onPin(text.replaceAll(/\D/g, ''))}
      />
      <p className="only-heard" role="status">
        {pin === '' ? '' : words.say('caller.pinDigits', { count: pin.length })}
      </p>
      <KeyPad
        className="pin-keys"
        keys={PIN_KEYS}
        eraseLabel={words.say('common.erase')}
        onKey={(key) => onPin((pin + key).slice(0, PIN_LENGTH_MAX))}
        onErase={() => onPin(pin.slice(0, -1))}
      />
    </div>
  )
}
