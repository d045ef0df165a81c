import type { ReactNode } from 'react'
import { LANGUAGES, type Language } from '../domain/ids.ts'
import { directionOf, LANGUAGE_NAMES } from '../words/speaker.ts'
import { Icon, type IconName } from './icons.tsx'
import { useWords } from './words-context.tsx'

interface ButtonProps {
  /** Left out where the icon says it all; then `label` is there for those who listen. */
  readonly children?: ReactNode
  /** Left out where the button sends its form. */
  readonly onPress?: () => void
  readonly kind?: 'primary' | 'plain' | 'quiet' | 'danger'
  readonly icon?: IconName
  /** The key that does the same, shown on the button. */
  readonly keyName?: string
  /** It does nothing, and says so, but keeps the focus it has. */
  readonly isDisabled?: boolean
  readonly isPressed?: boolean
  readonly label?: string
  readonly className?: string
}

/** A button says what happens when it is pressed. */
export function Button(props: ButtonProps) {
  const {
    children,
    onPress,
    kind = 'plain',
    icon,
    keyName,
    isDisabled = false,
    isPressed,
    label,
    className = '',
  } = props
  return (
    <button
      type={onPress === undefined ? 'submit' : 'button'}
      className={`button button-${kind} ${className}`}
      onClick={isDisabled ? undefined : onPress}
      aria-disabled={isDisabled}
      aria-pressed={isPressed}
      aria-label={label}
    >
      {icon !== undefined && <Icon name={icon} />}
      {children !== undefined && <span className="button-text">{children}</span>}
      {keyName !== undefined && <kbd className="key">{keyName}</kbd>}
    </button>
  )
}

/** A ticket's number: left to right in every language, figures all of one width. */
export function NumberText({ number, className = '' }: { readonly number: string; readonly className?: string }) {
  return (
    <bdi dir="ltr" lang="en" className={`number ${className}`}>
      {number}
    </bdi>
  )
}

/** A time or a timer: figures of one width, so that nothing dances. */
export function TimeText({ children, className = '' }: { readonly children: string; readonly className?: string }) {
  return (
    <bdi dir="ltr" className={`time ${className}`}>
      {children}
    </bdi>
  )
}

interface LanguageSwitchProps {
  readonly languages: readonly Language[]
  readonly chosen: Language
  readonly onChoose: (language: Language) => void
}

/** Each language by its own name, in its own script. */
export function LanguageSwitch({ languages, chosen, onChoose }: LanguageSwitchProps) {
  const words = useWords()
  return (
    <fieldset className="language-switch">
      <legend className="only-heard">{words.say('common.language')}</legend>
      {LANGUAGES.filter((language) => languages.includes(language)).map((language) => (
        <button
          key={language}
          type="button"
          className="language"
          lang={language}
          dir={directionOf(language)}
          aria-pressed={language === chosen}
          onClick={() => onChoose(language)}
        >
          {LANGUAGE_NAMES[language]}
        </button>
      ))}
    </fieldset>
  )
}

interface StatusLineProps {
  readonly tone?: 'calm' | 'warn'
  readonly icon: IconName
  readonly children: ReactNode
}

/** One honest line about how things stand. */
export function StatusLine({ tone = 'calm', icon, children }: StatusLineProps) {
  return (
    <p className={`status-line status-${tone}`} role="status">
      <Icon name={icon} />
      <span>{children}</span>
    </p>
  )
}

interface CountdownRingProps {
  readonly leftMs: number
  readonly wholeMs: number
  readonly label: string
}

const RING_RADIUS = 44
const RING_LENGTH = 2 * Math.PI * RING_RADIUS

/** Empties as the time runs out; turns round with the direction of reading. */
export function CountdownRing({ leftMs, wholeMs, label }: CountdownRingProps) {
  const share = Math.min(1, Math.max(0, leftMs / wholeMs))
  return (
    <div className="ring" role="timer" aria-label={label}>
      <svg className="turns" viewBox="0 0 100 100" aria-hidden="true">
        <circle className="ring-track" cx="50" cy="50" r={RING_RADIUS} />
        <circle
          className="ring-rest"
          cx="50"
          cy="50"
          r={RING_RADIUS}
          strokeDasharray={`${RING_LENGTH * share} ${RING_LENGTH}`}
        />
      </svg>
      <TimeText className="ring-seconds">{String(Math.ceil(leftMs / 1_000))}</TimeText>
    </div>
  )
}

/** The woven strip along the top edge: the house's mark, in the tenant's colour. */
export function WovenBand() {
  return <div className="woven-band" aria-hidden="true" />
}

/** A calm page with one thing to say. */
export function QuietPage(props: {
  readonly icon: IconName
  readonly title: string
  readonly text: string
  readonly children?: ReactNode
}) {
  return (
    <section className="quiet-page">
      <span className="quiet-mark">
        <Icon name={props.icon} />
      </span>
      <h1>{props.title}</h1>
      <p>{props.text}</p>
      {props.children}
    </section>
  )
}
