import { LANGUAGES, type Language } from '#shared/domain/ids.ts'
import { Icon } from '#shared/ui/icons.tsx'
import { Button, StatusLine, TimeText } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import { formatTime } from '#shared/words/format.ts'
import { LANGUAGE_NAMES } from '#shared/words/speaker.ts'
import { PAGE_KEYS } from '../keys.ts'
import type { CallerScreenProps } from './caller-props.ts'

function LanguageChoice({ desk, language, onLanguage }: CallerScreenProps) {
  const words = useWords()
  const offered: readonly Language[] = desk?.branch?.languages ?? LANGUAGES
  return (
    <select
      className="head-language"
      aria-label={words.say('common.language')}
      value={language}
      onChange={(event) => {
        const chosen = LANGUAGES.find((candidate) => candidate === event.currentTarget.value)
        if (chosen !== undefined) onLanguage(chosen)
      }}
    >
      {offered.map((candidate) => (
        <option key={candidate} value={candidate} lang={candidate}>
          {LANGUAGE_NAMES[candidate]}
        </option>
      ))}
    </select>
  )
}

export function Head(props: CallerScreenProps) {
  const { desk, language, moment, isCut } = props
  const words = useWords()
  const visitor = desk?.visitingManager ?? null
  const post = visitor === null ? (desk?.post ?? null) : null
  const timezone = desk?.branch?.timezone ?? 'UTC'
  return (
    <header className="head">
      <p className="head-post">
        {/* A name of the other script is cut at its own end, not at its beginning. */}
        <strong dir="auto">
          {post === null ? (desk?.branch?.name ?? words.say('common.product')) : words.read(post.counterName)}
        </strong>
        {(post !== null || visitor !== null) && <span dir="auto">{post?.agentName ?? visitor}</span>}
        {post?.isTraining === true && <span className="badge badge-training">{words.say('caller.training')}</span>}
      </p>
      <p className={isCut ? 'head-link head-link-down' : 'head-link'}>
        <Icon name={isCut ? 'noContact' : 'circle'} />
        {!isCut && words.say('common.inContact')}
      </p>
      <TimeText className="head-time">{moment === null ? '' : formatTime(moment.atMs, language, timezone)}</TimeText>
      <LanguageChoice {...props} />
    </header>
  )
}

export function CutNote({ desk, sinceMs, language, model, onKeyAct }: CallerScreenProps) {
  const words = useWords()
  return (
    <div className="cut-note" role="alert">
      {sinceMs !== null && (
        <StatusLine icon="noContact" tone="warn">
          {words.say('common.noContactSince', {
            time: formatTime(sinceMs, language, desk?.branch?.timezone ?? 'UTC'),
          })}
        </StatusLine>
      )}
      <p>
        {words.say('caller.stale')} {model.page !== 'paper' && words.say('caller.manual')}
      </p>
      {model.page !== 'paper' && desk?.branch != null && (
        <Button className="cut-note-act" icon="paper" keyName={PAGE_KEYS.paper} onPress={() => onKeyAct('paper')}>
          {words.say('paper.open')}
        </Button>
      )}
    </div>
  )
}

/** Whoever learns here never takes it for work, nor the other way round. */
export function TrainingNote() {
  const words = useWords()
  return (
    <div className="training-note">
      <StatusLine icon="diamond" tone="warn">
        {words.say('caller.trainingNote')}
      </StatusLine>
    </div>
  )
}
