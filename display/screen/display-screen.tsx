import type { PairDevice } from '#shared/client/pair-device.ts'
import type { EpochMs, QueueId } from '#shared/domain/ids.ts'
import type { LobbyBoard } from '#shared/project/lobby-board.ts'
import type { Estimate } from '#shared/project/wait-range.ts'
import { Emergency } from '#shared/ui/emergency.tsx'
import { Pairing } from '#shared/ui/pairing.tsx'
import { QuietPage, StatusLine, TimeText, WovenBand } from '#shared/ui/parts.tsx'
import { useWords, WordsProvider } from '#shared/ui/words-context.tsx'
import { formatTime } from '#shared/words/format.ts'
import { burnInShift, type Stage } from '../model.ts'
import { Band } from './band.tsx'
import { StageView } from './stage.tsx'
import { Waiting } from './waiting.tsx'

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
}

function Strip({ board, atMs, isStale, sinceMs }: DisplayScreenProps) {
  const words = useWords()
  const timeOf = (ms: number): string => formatTime(ms, words.language, board?.branch?.timezone ?? 'UTC')
  const staleTime = sinceMs ?? board?.atMs ?? null
  return (
    <footer className="strip">
      <p className="strip-branch">{board?.branch?.name ?? ''}</p>
      {isStale && staleTime !== null && (
        <StatusLine icon="noContact" tone="warn">
          {words.say('common.noContactSince', { time: timeOf(staleTime) })}
        </StatusLine>
      )}
      <TimeText className="strip-time">{atMs === null ? '' : timeOf(atMs)}</TimeText>
    </footer>
  )
}

function Shown(props: DisplayScreenProps) {
  const { phase, board, stage, isStale } = props
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
  return (
    <>
      <main className="lobby" data-stale={isStale} data-band={message !== null}>
        <StageView stage={stage} isDayClosed={board.isDayClosed} />
        <Waiting queues={board.queues} isIntakeStopped={board.isIntakeStopped} waitByQueue={props.waitByQueue} />
      </main>
      {message !== null && <Band message={message} branch={branch} atMs={props.atMs ?? board.atMs} />}
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
