import { type PointerEvent, useState } from 'react'
import { LANGUAGES, type Language } from '#shared/domain/ids.ts'
import { Icon } from '#shared/ui/icons.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import { directionOf, LANGUAGE_NAMES } from '#shared/words/speaker.ts'
import { GroupKeys, LargeKey } from './group-keys.tsx'
import { LAYOUTS, typedAfter } from './keyboard-layouts.ts'

interface KeyboardProps {
  /** The scripts that may be typed; it begins with that of the screen. */
  readonly languages: readonly Language[]
  /** Whether names are typed, which need their marks. */
  readonly hasMarks: boolean
  /** Few keys and large ones, as the accessible mode has them. */
  readonly isLarge: boolean
  readonly text: string
  readonly onText: (text: string) => void
}

/** The field keeps the focus while keys are touched: whoever has a keyboard types on. */
const keepFocus = (event: PointerEvent): void => event.preventDefault()

interface KeyProps {
  readonly label?: string
  readonly className?: string
  readonly onPress: () => void
  readonly children?: React.ReactNode
}

function Key({ label, className = '', onPress, children }: KeyProps) {
  return (
    <button
      type="button"
      className={`type-key ${className}`}
      aria-label={label}
      onPointerDown={keepFocus}
      onClick={onPress}
    >
      {children}
    </button>
  )
}

/** Letters on the screen, each script in the places its readers know; the same way round in every language. */
export function Keyboard({ languages, hasMarks, isLarge, text, onText }: KeyboardProps) {
  const words = useWords()
  const [script, setScript] = useState<Language>(words.language)
  const scripts = LANGUAGES.filter((language) => languages.includes(language))
  const next = scripts[(scripts.indexOf(script) + 1) % scripts.length] ?? script
  const { rows, marked, groups, markedGroups } = LAYOUTS[script]
  const erase = (): void => onText([...text].slice(0, -1).join(''))
  if (isLarge)
    return (
      <GroupKeys
        // Another script has other groups: none of them is open.
        key={script}
        groups={hasMarks ? [...groups, ...markedGroups] : groups}
        direction={directionOf(script)}
        language={script}
        text={text}
        onKey={(key) => onText(text + typedAfter(text, key))}
        onErase={erase}
      >
        <LargeKey language={words.language} className="large-key-words" onPress={() => onText(`${text} `)}>
          {words.say('typing.space')}
        </LargeKey>
        {scripts.length > 1 && (
          <LargeKey
            language={words.language}
            said={words.say('typing.letters', { language: LANGUAGE_NAMES[next] })}
            className="large-key-words"
            onPress={() => setScript(next)}
          >
            <span lang={next}>{LANGUAGE_NAMES[next]}</span>
          </LargeKey>
        )}
      </GroupKeys>
    )
  const shown = hasMarks && marked.length > 0 ? [...rows, marked] : rows
  return (
    <div className="keyboard" dir="ltr" lang={script}>
      {shown.map((row) => (
        <div key={row.join('')} className="key-row">
          {row.map((key) => (
            <Key key={key} onPress={() => onText(text + typedAfter(text, key))}>
              {key.toUpperCase()}
            </Key>
          ))}
        </div>
      ))}
      <div className="key-row">
        {scripts.length > 1 && (
          <Key
            className="key-script"
            label={words.say('typing.letters', { language: LANGUAGE_NAMES[next] })}
            onPress={() => setScript(next)}
          >
            <Icon name="globe" />
            <span lang={next}>{LANGUAGE_NAMES[next]}</span>
          </Key>
        )}
        <Key className="key-space" onPress={() => onText(`${text} `)}>
          <span lang={words.language}>{words.say('typing.space')}</span>
        </Key>
        <Key className="key-erase" label={words.say('common.erase')} onPress={erase}>
          <Icon name="erase" />
        </Key>
      </div>
    </div>
  )
}
