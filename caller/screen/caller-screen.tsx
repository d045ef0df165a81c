import { type EpochMs, LANGUAGES, type Language, type Moment, type SteadyMs } from '#shared/domain/ids.ts'
import type { CounterDesk, DeskTicket, Post } from '#shared/project/counter-desk.ts'
import { Icon, type IconName } from '#shared/ui/icons.tsx'
import { Pairing } from '#shared/ui/pairing.tsx'
import { Button, QuietPage, StatusLine, TimeText, WovenBand } from '#shared/ui/parts.tsx'
import { useWords, WordsProvider } from '#shared/ui/words-context.tsx'
import { LANGUAGE_NAMES, type WordKey } from '#shared/words/create-words.ts'
import { formatTime } from '#shared/words/format.ts'
import type { Act } from '../acts.ts'
import { ACT_KEYS, type CallerModel, canDo, type KeyAct, type Question, type Tool } from '../model.ts'
import { ClockNote } from './clock-note.tsx'
import { Current } from './current.tsx'
import { useKeptFocus } from './kept-focus.ts'
import { ReturningLists, WaitingList } from './lists.tsx'
import { QuestionDialog } from './questions.tsx'
import { SignIn } from './sign-in.tsx'

export interface CallerScreenProps {
  readonly phase: 'starting' | 'unpaired' | 'following'
  readonly desk: CounterDesk | null
  readonly model: CallerModel
  readonly language: Language
  readonly moment: Moment | null
  readonly isCut: boolean
  /** Since when there is no contact; null when nobody can say. */
  readonly sinceMs: EpochMs | null
  readonly onLanguage: (language: Language) => void
  readonly onKeyAct: (act: KeyAct) => void
  readonly onAct: (act: Act) => void
  readonly onAsk: (question: Question) => void
  readonly onUnask: () => void
  readonly onHideToast: () => void
  readonly onPair: (code: string) => Promise<string | null>
}

function Head(props: CallerScreenProps) {
  const { desk, language, moment, isCut, onLanguage } = props
  const words = useWords()
  const post = desk?.post ?? null
  const timezone = desk?.branch?.timezone ?? 'UTC'
  return (
    <header className="head">
      <p className="head-post">
        <strong>
          {post === null ? (desk?.branch?.name ?? words.say('common.product')) : words.read(post.counterName)}
        </strong>
        {post !== null && <span>{post.agentName}</span>}
      </p>
      <p className={isCut ? 'head-link head-link-down' : 'head-link'}>
        <Icon name={isCut ? 'noContact' : 'circle'} />
        {!isCut && words.say('common.inContact')}
      </p>
      <TimeText className="head-time">{moment === null ? '' : formatTime(moment.atMs, language, timezone)}</TimeText>
      <select
        className="head-language"
        aria-label={words.say('common.language')}
        value={language}
        onChange={(event) => {
          const chosen = LANGUAGES.find((candidate) => candidate === event.currentTarget.value)
          if (chosen !== undefined) onLanguage(chosen)
        }}
      >
        {(desk?.branch?.languages ?? LANGUAGES).map((candidate) => (
          <option key={candidate} value={candidate} lang={candidate}>
            {LANGUAGE_NAMES[candidate]}
          </option>
        ))}
      </select>
    </header>
  )
}

function CutNote({ desk, sinceMs, language }: CallerScreenProps) {
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
        {words.say('caller.stale')} {words.say('caller.manual')}
      </p>
    </div>
  )
}

function ToastNote({ model, onHideToast }: CallerScreenProps) {
  const words = useWords()
  return (
    <div className="toasts" aria-live="polite">
      {model.toast !== null && (model.question === null || model.toast.tone === 'good') && (
        <div className={`toast toast-${model.toast.tone}`}>
          <Icon name={model.toast.tone === 'good' ? 'circle' : 'octagon'} />
          <p>{model.toast.text}</p>
          <Button kind="quiet" icon="close" label={words.say('caller.dismiss')} onPress={onHideToast} />
        </div>
      )}
    </div>
  )
}

const TOOLS: readonly (readonly [tool: Tool, icon: IconName, word: WordKey])[] = [
  ['issue', 'plus', 'caller.issue'],
  ['adopt', 'service', 'caller.adopt'],
  ['close', 'moon', 'caller.closeCounter'],
]

interface ToolsProps {
  readonly post: Post
  readonly isOff: boolean
  readonly onKeyAct: (act: KeyAct) => void
}

function Tools({ post, isOff, onKeyAct }: ToolsProps) {
  const words = useWords()
  return (
    <nav className="tools">
      {TOOLS.map(([tool, icon, word]) => (
        <Button
          key={tool}
          kind="quiet"
          icon={icon}
          keyName={ACT_KEYS[tool]}
          isDisabled={isOff || !canDo(tool, post.current)}
          onPress={() => onKeyAct(tool)}
        >
          {words.say(word)}
        </Button>
      ))}
    </nav>
  )
}

interface DeskProps extends CallerScreenProps {
  readonly desk: CounterDesk
  readonly post: Post
  readonly steadyMs: SteadyMs
}

function Desk(props: DeskProps) {
  const { desk, post, steadyMs, model, isCut, onAct, onAsk, onKeyAct } = props
  const isOff = isCut || model.isBusy
  const { counterId } = post
  const about = ({ ticketId, number }: DeskTicket) => ({ ticketId, number })
  const lists = {
    post,
    queues: desk.queues,
    steadyMs,
    isOff,
    onCall: ({ ticketId }: DeskTicket) => onAct({ type: 'call', counterId, ticketId }),
    onResume: ({ ticketId }: DeskTicket) => onAct({ type: 'resume', counterId, ticketId }),
    onReinstate: ({ ticketId }: DeskTicket) => onAct({ type: 'reinstate', ticketId }),
    onCancel: (ticket: DeskTicket) => onAsk({ name: 'cancel', ...about(ticket) }),
    onTransfer: (ticket: DeskTicket) => onAsk({ name: 'transfer', ...about(ticket) }),
  }
  return (
    <main className={isCut ? 'desk desk-cut' : 'desk'}>
      <h1 className="only-heard">{props.desk.branch?.name}</h1>
      <Current post={post} steadyMs={steadyMs} isBusy={model.isBusy} isCut={isCut} onAct={onKeyAct} />
      <WaitingList {...lists} />
      <ReturningLists {...lists} />
      <Tools post={post} isOff={isOff} onKeyAct={onKeyAct} />
      {model.question !== null && (
        <QuestionDialog
          key={model.question.name}
          question={model.question}
          desk={desk}
          post={post}
          isBusy={model.isBusy}
          problem={model.toast?.tone === 'problem' ? model.toast.text : ''}
          onAct={onAct}
          onClose={props.onUnask}
        />
      )}
    </main>
  )
}

function Shown(props: CallerScreenProps) {
  const { phase, desk, model, moment, isCut, onAct } = props
  const words = useWords()
  if (phase === 'unpaired')
    return (
      <main className="alone">
        <Pairing onPair={props.onPair} />
      </main>
    )
  if (phase === 'starting' || desk?.branch == null || moment === null)
    return (
      <main className="alone">
        <QuietPage
          icon="circle"
          title={words.say('starting.title')}
          text={words.say(isCut ? 'starting.noBranch' : 'starting.text')}
        />
      </main>
    )
  if (desk.post !== null) return <Desk {...props} desk={desk} post={desk.post} steadyMs={moment.steadyMs} />
  return (
    <SignIn
      desk={desk}
      isBusy={model.isBusy}
      isCut={isCut}
      problem={model.pinProblem ?? ''}
      onOpen={(counterId, agentId, pin) => onAct({ type: 'open', counterId, agentId, pin })}
    />
  )
}

/** The whole caller for one model. Draws, and tells what was pressed; decides nothing. */
export function CallerScreen(props: CallerScreenProps) {
  const defaultLanguage = props.desk?.branch?.defaultLanguage ?? 'fr'
  const place = useKeptFocus(props.model)
  return (
    <WordsProvider language={props.language} defaultLanguage={defaultLanguage}>
      <div ref={place} className="caller">
        <WovenBand />
        <Head {...props} />
        {props.isCut && props.phase === 'following' && <CutNote {...props} />}
        {!props.isCut && props.phase === 'following' && <ClockNote {...props} isBusy={props.model.isBusy} />}
        <Shown {...props} />
        <ToastNote {...props} />
      </div>
    </WordsProvider>
  )
}
