import type { Language } from '#shared/domain/ids.ts'
import { LANGUAGES } from '#shared/domain/ids.ts'
import { Icon } from '#shared/ui/icons.tsx'
import { TimeText } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import { directionOf, LANGUAGE_NAMES } from '#shared/words/speaker.ts'

interface IdleProps {
  readonly timeText: string
  readonly dayText: string
  /** null: nobody can say just now. */
  readonly waitingCount: number | null
  readonly languages: readonly Language[]
  readonly onBegin: (language: Language | null) => void
}

/** Nobody is here: the time, how many wait, one large touch, and every language by its own name. */
export function Idle({ timeText, dayText, waitingCount, languages, onBegin }: IdleProps) {
  const words = useWords()
  const others = LANGUAGES.filter((language) => languages.includes(language))
  return (
    <section className="idle">
      <div className="idle-now">
        <h1>{words.say('kiosk.welcome')}</h1>
        <TimeText className="idle-time">{timeText}</TimeText>
        <p className="idle-day">{dayText}</p>
      </div>
      {waitingCount !== null && (
        <p className="idle-waiting">
          <Icon name="people" />
          {words.say('common.peopleWait', { count: waitingCount })}
        </p>
      )}
      <div className="reach">
        <button
          type="button"
          className="begin"
          data-spoken={words.say('access.beginSpoken')}
          onClick={() => onBegin(null)}
        >
          <span className="begin-text">{words.say('kiosk.begin')}</span>
          <span className="begin-hint">{words.say('kiosk.beginHint')}</span>
          <span className="begin-mark">
            <Icon name="arrow" />
          </span>
        </button>
        <div className="idle-languages">
          {others.map((language) => (
            <button
              key={language}
              type="button"
              className="idle-language"
              lang={language}
              dir={directionOf(language)}
              onClick={() => onBegin(language)}
            >
              {LANGUAGE_NAMES[language]}
            </button>
          ))}
        </div>
      </div>
    </section>
  )
}
