import type { SteadyMs } from '#shared/domain/ids.ts'
import type { Post } from '#shared/project/counter-desk.ts'
import type { CurrentTicket } from '#shared/project/desk-tickets.ts'
import { Icon } from '#shared/ui/icons.tsx'
import { Button, NumberText, TimeText } from '#shared/ui/parts.tsx'
import { useWords } from '#shared/ui/words-context.tsx'
import type { WordKey } from '#shared/words/create-words.ts'
import { formatTimer } from '#shared/words/format.ts'
import { ACT_KEYS, type KeyAct } from '../keys.ts'
import { canDo, type Level, levelOf, primaryAct, type SideAct, serviceMsAt } from '../model.ts'
import type { CustomerSaid } from '../use-reports.ts'
import { NoteLine, SaidLine, VisitLine, WhyLine } from './current-lines.tsx'
import { LEVEL_ICONS, PRIMARY, SIDE_WORDS } from './primary.ts'

const LEVEL_WORDS: { readonly [level in Level]?: WordKey } = { near: 'caller.nearTarget', over: 'caller.overTarget' }

interface MeasureProps {
  readonly label: string
  readonly durationMs: number
  readonly targetMs: number
}

/** A time beside its target: colour, shape and word say the same. */
function Measure({ label, durationMs, targetMs }: MeasureProps) {
  const words = useWords()
  const level = levelOf(durationMs, targetMs)
  const levelWord = LEVEL_WORDS[level]
  return (
    <div className={`measure level-${level}`}>
      <dt>{label}</dt>
      <dd>
        <Icon name={LEVEL_ICONS[level]} />
        <TimeText className="measure-time">{formatTimer(durationMs)}</TimeText>
        <span className="measure-target">
          {levelWord === undefined ? words.say('caller.target', { time: formatTimer(targetMs) }) : words.say(levelWord)}
        </span>
      </dd>
    </div>
  )
}

interface TicketProps {
  readonly current: CurrentTicket
  readonly note: string
  readonly said: CustomerSaid
  readonly steadyMs: SteadyMs
}

function Ticket({ current, note, said, steadyMs }: TicketProps) {
  const words = useWords()
  return (
    <div className="current-ticket" data-status={current.status}>
      <p className="current-state">
        {words.say(current.status === 'called' ? 'caller.called' : 'caller.serving')}
        {current.recallCount > 0 && (
          <span className="current-recalls">
            {words.say('caller.recalls', { count: current.recallCount, max: current.recallMax })}
          </span>
        )}
      </p>
      <p className="current-who">
        <NumberText className="current-number" number={current.number} />
        <span className="current-service">
          {words.read(current.serviceName)}
          {current.isPriority && (
            <span className="badge">
              {current.priorityName === null ? words.say('caller.priority') : words.read(current.priorityName)}
            </span>
          )}
        </span>
      </p>
      <SaidLine said={said} />
      <VisitLine visit={current.visit} />
      <WhyLine why={current.why} />
      <NoteLine note={note} />
      <dl className="measures">
        <Measure label={words.say('caller.wait')} durationMs={current.waitMs} targetMs={current.waitTargetMs} />
        <Measure
          label={words.say('caller.serviceTime')}
          durationMs={serviceMsAt(current, steadyMs)}
          targetMs={current.serviceTargetMs}
        />
      </dl>
    </div>
  )
}

/** What can ever fit a ticket in this state; each act keeps its place. */
const SIDE_ACTS: Record<CurrentTicket['status'], readonly SideAct[]> = {
  called: ['recall', 'return', 'transfer', 'no-show', 'note'],
  serving: ['hold', 'finish', 'transfer', 'note'],
}

interface CurrentProps {
  readonly post: Post
  readonly note: string
  readonly said: CustomerSaid
  readonly steadyMs: SteadyMs
  readonly isBusy: boolean
  readonly isCut: boolean
  readonly onAct: (act: KeyAct) => void
}

/** The ticket at the counter, the next sensible act, and every other act one key away. */
export function Current({ post, note, said, steadyMs, isBusy, isCut, onAct }: CurrentProps) {
  const words = useWords()
  const { current } = post
  const primary = primaryAct(post)
  const isPrimaryOff = isCut || isBusy || (primary === 'call-next' && !post.canCallNext)
  return (
    <section className="current">
      {current === null ? (
        <div className="current-ticket current-none">
          <p>{words.say(post.canCallNext || isCut ? 'caller.nobodyCalled' : 'caller.nobodyWaits')}</p>
        </div>
      ) : (
        <Ticket current={current} note={note} said={said} steadyMs={steadyMs} />
      )}
      <div className="current-acts">
        <Button
          kind="primary"
          className="primary-act"
          keyName={words.say('caller.keySpace')}
          isDisabled={isPrimaryOff}
          onPress={() => onAct('primary')}
        >
          {words.say(PRIMARY[primary])}
        </Button>
        <div className="side-acts">
          {SIDE_ACTS[current?.status ?? 'called'].map((act) => (
            <Button
              key={act}
              keyName={ACT_KEYS[act]}
              isDisabled={isCut || isBusy || !canDo(act, post)}
              onPress={() => onAct(act)}
            >
              {words.say(SIDE_WORDS[act])}
            </Button>
          ))}
        </div>
      </div>
    </section>
  )
}
