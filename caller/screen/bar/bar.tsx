import type { Moment } from '#shared/domain/ids.ts'
import type { Post } from '#shared/project/counter-desk.ts'
import { Icon, type IconName } from '#shared/ui/icons.tsx'
import { Button, NumberText, TimeText } from '#shared/ui/parts.tsx'
import { useWords, WordsProvider } from '#shared/ui/words-context.tsx'
import { formatTime, formatTimer } from '#shared/words/format.ts'
import { type Level, levelOf, primaryAct, serviceMsAt, waitMsAt } from '../../model.ts'
import type { CallerScreenProps } from '../caller-props.ts'
import { LEVEL_ICONS, PRIMARY } from '../primary.ts'

/** The one thing the bar says, beside the number and the button. */
interface Said {
  readonly icon: IconName
  readonly level: Level
  readonly text: string
}

function useSaid({ desk, model, isCut, sinceMs, language, moment, phase }: CallerScreenProps): Said | null {
  const words = useWords()
  const timezone = desk?.branch?.timezone ?? 'UTC'
  const { onShow = null, post = null, visitingManager = null } = desk ?? {}
  if (onShow?.message.kind === 'emergency')
    return { icon: 'diamond', level: 'over', text: words.read(onShow.message.text) }
  if (phase !== 'following' || desk === null || moment === null)
    return { icon: 'circle', level: 'good', text: words.say('starting.title') }
  if (isCut)
    return {
      icon: 'noContact',
      level: 'near',
      text:
        sinceMs === null ? '' : words.say('common.noContactSince', { time: formatTime(sinceMs, language, timezone) }),
    }
  if (model.toast?.tone === 'problem') return { icon: 'octagon', level: 'over', text: model.toast.text }
  if (visitingManager !== null) return { icon: 'account', level: 'good', text: words.say('caller.bar.manager') }
  if (post === null) return { icon: 'moon', level: 'good', text: words.say('caller.bar.closed') }
  return null
}

/** What is counted: the service, the wait until somebody comes, the break, or whoever waits longest. */
function timed(
  { current, onBreak, waiting }: Post,
  { steadyMs, atMs }: Moment,
): { ms: number; targetMs: number } | null {
  if (onBreak !== null) return { ms: Math.max(0, steadyMs - onBreak.sinceSteadyMs), targetMs: 0 }
  if (current === null) {
    const waits = waiting.map((ticket) => ({
      ms: waitMsAt(ticket, steadyMs),
      targetMs: ticket.waitTargetMs,
    }))
    return waits.toSorted((a, b) => b.ms - a.ms)[0] ?? null
  }
  return current.status === 'called'
    ? { ms: Math.max(0, atMs - current.calledAtMs), targetMs: 0 }
    : { ms: serviceMsAt(current, steadyMs), targetMs: current.serviceTargetMs }
}

function Timer({ post, moment }: { readonly post: Post; readonly moment: Moment }) {
  const time = timed(post, moment)
  if (time === null) return null
  const level = levelOf(time.ms, time.targetMs)
  return (
    <span className={`bar-timer level-${level}`}>
      <Icon name={post.onBreak === null ? LEVEL_ICONS[level] : 'pause'} />
      <TimeText>{formatTimer(time.ms)}</TimeText>
    </span>
  )
}

function BarLine(props: CallerScreenProps) {
  const { desk, model, moment, isCut, onKeyAct } = props
  const words = useWords()
  const said = useSaid(props)
  const post = desk?.visitingManager == null ? (desk?.post ?? null) : null
  const primary = post === null ? null : primaryAct(post)
  const isOff = isCut || model.isBusy || (primary === 'call-next' && post?.canCallNext === false)
  return (
    <main className={said?.level === 'over' ? 'bar bar-over' : 'bar'}>
      <h1 className="only-heard">{words.say('caller.setup')}</h1>
      {post?.current != null && <NumberText className="bar-number" number={post.current.number} />}
      {post !== null && moment !== null && <Timer post={post} moment={moment} />}
      <p className={`bar-said level-${said?.level ?? 'good'}`} role={said === null ? undefined : 'status'}>
        {said !== null && <Icon name={said.icon} />}
        <span>
          {said?.text ?? (post === null ? '' : words.say('caller.bar.waiting', { count: post.waiting.length }))}
        </span>
      </p>
      {primary !== null && (
        <Button
          kind="primary"
          className="primary-act"
          keyName={words.say('caller.keySpace')}
          isDisabled={isOff}
          onPress={() => onKeyAct('primary')}
        >
          {words.say(PRIMARY[primary])}
        </Button>
      )}
    </main>
  )
}

/** The small bar over other programs: number, time, the next sensible act and its key. What asks first is the desk's. */
export function Bar(props: CallerScreenProps) {
  const { desk, language } = props
  return (
    <WordsProvider language={language} defaultLanguage={desk?.branch?.defaultLanguage ?? 'fr'}>
      <div className="caller caller-bar">
        <BarLine {...props} />
      </div>
    </WordsProvider>
  )
}
