import type { PairDevice } from '#shared/client/pair-device.ts'
import type { DisplayLayout, PlaylistEntry, Words } from '#shared/domain/catalogue.ts'
import type { EpochMs, QueueId } from '#shared/domain/ids.ts'
import type { LobbyBoard } from '#shared/project/lobby-board.ts'
import type { Estimate } from '#shared/project/wait-range.ts'
import { Emergency } from '#shared/ui/emergency.tsx'
import { Pairing } from '#shared/ui/pairing.tsx'
import { QuietPage, StatusLine, TimeText, WovenBand } from '#shared/ui/parts.tsx'
import { useWords, WordsProvider } from '#shared/ui/words-context.tsx'
import { formatTime } from '#shared/words/format.ts'
import { type ReadyMedia, slidesOf } from '../media/slides.ts'
import { burnInShift, type Stage, tickerLine } from '../model.ts'
import { Band } from './band.tsx'
import { Side } from './side.tsx'
import { StageView } from './stage.tsx'
import { Ticker } from './ticker.tsx'
import { Waiting } from './waiting.tsx'

/** How this display is set up, and what it has to play. */
export interface LobbySetUp {
  readonly layout: DisplayLayout
  readonly playlist: readonly PlaylistEntry[]
  readonly ready: ReadyMedia
  readonly ticker: readonly Words[]
  /** Somebody is being called aloud: films are heard less. */
  readonly isSpeaking: boolean
  readonly onBroken: (mediaId: string) => void
}

export interface DisplayScreenProps {
  readonly phase: 'starting' | 'unpaired' | 'following'
  readonly board: LobbyBoard | null
  readonly stage: Stage
  /** Empty when nobody can tell. */
  readonly waitByQueue: ReadonlyMap<QueueId, Estimate>
  /** The branch's time; null until it was heard of. */
  readonly atMs: EpochMs | null
  readonly isStale: boolean
  /** Since when there is no contact; null when nobody can say. */
  readonly sinceMs: EpochMs | null
  readonly onPair: PairDevice
  readonly setUp: LobbySetUp
}

function Strip({ board, atMs, isStale, sinceMs, setUp }: DisplayScreenProps) {
  const words = useWords()
  const timeOf = (ms: number): string => formatTime(ms, words.language, board?.branch?.timezone ?? 'UTC')
  const staleTime = sinceMs ?? board?.atMs ?? null
  return (
    <footer className="strip">
      {/* A name that must be cut keeps its beginning, whichever way it is written. */}
      <p className="strip-branch" dir="auto">
        {board?.branch?.name ?? ''}
      </p>
      {isStale && staleTime !== null && (
        <StatusLine icon="noContact" tone="warn">
          {words.say('common.noContactSince', { time: timeOf(staleTime) })}
        </StatusLine>
      )}
      {setUp.layout.clock && <TimeText className="strip-time">{atMs === null ? '' : timeOf(atMs)}</TimeText>}
    </footer>
  )
}

function Shown(props: DisplayScreenProps) {
  const { phase, board, isStale } = props
  const words = useWords()
  if (phase === 'unpaired')
    return (
      <main className="lobby-alone">
        <Pairing onPair={props.onPair} />
      </main>
    )
  if (phase === 'starting' || board?.branch == null)
    return (
      <main className="lobby-alone">
        <QuietPage
          icon="circle"
          title={words.say('starting.title')}
          text={words.say(isStale ? 'starting.noBranch' : 'starting.text')}
        />
      </main>
    )
  const { message, branch } = board
  if (message?.kind === 'emergency')
    return (
      <>
        <main>
          <Emergency text={message.text} languages={branch.languages} />
        </main>
        {isStale && <Strip {...props} />}
      </>
    )
  return <Lobby {...props} board={board} branch={branch} />
}

interface LobbyProps extends DisplayScreenProps {
  readonly board: LobbyBoard
  readonly branch: NonNullable<LobbyBoard['branch']>
}

/** The calls, and around them the parts that this display has. */
function Lobby(props: LobbyProps) {
  const { board, branch, stage, isStale, setUp } = props
  const { layout, isSpeaking, onBroken } = setUp
  const { message } = board
  const atMs = props.atMs ?? board.atMs
  const line = layout.ticker && message === null ? tickerLine(setUp.ticker, branch, atMs) : null
  const counts = (
    <Waiting queues={board.queues} isIntakeStopped={board.isIntakeStopped} waitByQueue={props.waitByQueue} />
  )
  const slides = slidesOf(layout, setUp.playlist, setUp.ready)
  return (
    <>
      <main
        className="lobby"
        data-stale={isStale}
        data-band={message !== null || line !== null}
        data-side={layout.side}
      >
        <StageView stage={stage} isDayClosed={board.isDayClosed} />
        <Side slides={slides} isSpeaking={isSpeaking} counts={counts} onBroken={onBroken} />
      </main>
      {message !== null && <Band message={message} branch={branch} atMs={atMs} />}
      {line !== null && <Ticker line={line} />}
      <Strip {...props} />
    </>
  )
}

/** The lobby's screen, in the branch's own language. */
export function DisplayScreen(props: DisplayScreenProps) {
  const language = props.board?.branch?.defaultLanguage ?? 'fr'
  const { xPx, yPx } = burnInShift(props.atMs ?? 0)
  return (
    <WordsProvider language={language} defaultLanguage={language}>
      <div className="display" style={{ translate: `${xPx}px ${yPx}px` }}>
        <WovenBand />
        <Shown {...props} />
      </div>
    </WordsProvider>
  )
}
