import { type KeyboardEvent, useId, useState } from 'react'
import { isFound } from '../words/search.ts'
import { ChoiceList, type ChoiceOption } from './dialog.tsx'
import { useWords } from './words-context.tsx'

/** Fewer than these are read faster than a search is typed. */
const SEARCH_FROM = 6

export interface ChoiceGroup<Value extends string> {
  readonly legend: string
  readonly options: readonly ChoiceOption<Value>[]
}

interface SearchedChoicesProps<Value extends string> {
  readonly groups: readonly ChoiceGroup<Value>[]
  readonly chosen: Value | null
  readonly onChoose: (value: Value | null) => void
}

/** One of many: what is typed narrows the choice, and the first that fits is chosen, so that Enter does it. */
export function SearchedChoices<Value extends string>({ groups, chosen, onChoose }: SearchedChoicesProps<Value>) {
  const words = useWords()
  const [typed, setTyped] = useState('')
  const count = groups.reduce((sum, { options }) => sum + options.length, 0)
  const fitting = (text: string): readonly ChoiceGroup<Value>[] =>
    groups
      .map(({ legend, options }) => ({
        legend,
        options: options.filter((it) => isFound(`${it.text} ${it.note ?? ''} ${it.code ?? ''}`, text)),
      }))
      .filter(({ options }) => options.length > 0)
  const search = (text: string): void => {
    setTyped(text)
    const found = fitting(text).flatMap(({ options }) => options)
    const isStillThere = text.trim() === '' || found.some(({ value }) => value === chosen)
    if (!isStillThere) onChoose(found[0]?.value ?? null)
  }
  const shown = fitting(typed)
  return (
    <div className="searched">
      {count >= SEARCH_FROM && (
        <label className="field">
          <span className="only-heard">{words.say('caller.search')}</span>
          <input
            className="field-input"
            type="search"
            autoComplete="off"
            spellCheck={false}
            placeholder={words.say('caller.search')}
            value={typed}
            onChange={(event) => search(event.currentTarget.value)}
          />
        </label>
      )}
      {shown.map(({ legend, options }) => (
        <ChoiceList key={legend} legend={legend} options={options} chosen={chosen} onChoose={onChoose} />
      ))}
      <p className="searched-none" role="status">
        {shown.length === 0 && count > 0 ? words.say('caller.nothingFound') : ''}
      </p>
    </div>
  )
}

interface NoteFieldProps {
  readonly label: string
  readonly text: string
  readonly lengthMax: number
  readonly onText: (text: string) => void
}

/** Several lines; Ctrl and Enter send them. */
export function NoteField({ label, text, lengthMax, onText }: NoteFieldProps) {
  const fieldId = useId()
  const send = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    event.currentTarget.form?.requestSubmit()
  }
  return (
    <div className="field">
      <label className="field-label" htmlFor={fieldId}>
        {label}
      </label>
      <textarea
        id={fieldId}
        className="field-input note-input"
        dir="auto"
        rows={3}
        maxLength={lengthMax}
        value={text}
        onChange={(event) => onText(event.currentTarget.value)}
        onKeyDown={send}
      />
    </div>
  )
}

interface SwitchProps {
  readonly text: string
  readonly help?: string
  readonly isOn: boolean
  readonly onSwitch: (isOn: boolean) => void
}

/** Yes or no, with what it means beside it. */
export function Switch({ text, help, isOn, onSwitch }: SwitchProps) {
  return (
    <label className="choice switch">
      <input type="checkbox" checked={isOn} onChange={(event) => onSwitch(event.currentTarget.checked)} />
      <span className="choice-text">{text}</span>
      {help !== undefined && <span className="choice-note switch-help">{help}</span>}
    </label>
  )
}
