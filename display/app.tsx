import { useEffect, useMemo, useRef, useState } from 'react'
import type { BranchFollower } from '#shared/client/follow-branch.ts'
import { type BranchView, branchMoment, linkSince } from '#shared/client/follow-state.ts'
import { createPairDevice } from '#shared/client/pair-device.ts'
import type { SendCommand } from '#shared/client/send-command.ts'
import { useBranchMoment, useBranchView, useNowMs } from '#shared/client/use-branch.ts'
import { useWaits } from '#shared/client/use-waits.ts'
import { lobbyBoard } from '#shared/project/lobby-board.ts'
import { waitsByQueue } from '#shared/project/wait-range.ts'
import type { Chime } from './devices/chime.ts'
import { type DisplayModel, type Stage, seeCalls, stageAt, startDisplay } from './model.ts'
import { DisplayScreen } from './screen/display-screen.tsx'
import { TrialScreen } from './screen/trial-screen.tsx'
import { useTrial } from './use-trial.ts'

const FRAME_MS = 500
const EMPTY_STAGE: Stage = { large: [], isRising: false, last: [] }

const readNowMs = (): number => performance.now()

interface DisplayAppProps {
  readonly follower: BranchFollower
  readonly send: SendCommand
  readonly chime: Chime
}

/** Watches the branch; rings when a fresh call comes, without the screen waiting for it. */
function useCalls({ state, clock }: BranchView, chime: Chime): DisplayModel {
  const [model, setModel] = useState(startDisplay)
  const rungCount = useRef(0)
  useEffect(() => {
    if (state === null) return
    const nowMs = performance.now()
    const steadyMs = branchMoment(clock, nowMs)?.steadyMs ?? null
    setModel((before) => seeCalls(before, state, nowMs, steadyMs))
  }, [state, clock])
  useEffect(() => {
    if (model.chimeCount > rungCount.current) void chime.ring()
    rungCount.current = model.chimeCount
  }, [model.chimeCount, chime])
  return model
}

/** The lobby display on its host. */
export function DisplayApp({ follower, send, chime }: DisplayAppProps) {
  const view = useBranchView(follower)
  const moment = useBranchMoment(view.clock, FRAME_MS)
  const tickMs = useNowMs(FRAME_MS)
  const model = useCalls(view, chime)
  const board = useMemo(() => (view.state === null ? null : lobbyBoard(view.state)), [view.state])
  const stage = board === null ? EMPTY_STAGE : stageAt(model, board, tickMs)
  const waits = useWaits(view, readNowMs, moment?.atMs ?? null)
  const services = view.state?.catalogue?.body.services
  const waitByQueue = useMemo(() => waitsByQueue(services ?? [], waits.byService), [services, waits])
  const trialCode = useTrial(view, send, chime)
  if (trialCode !== null) return <TrialScreen code={trialCode} language={board?.branch?.defaultLanguage ?? 'fr'} />
  return (
    <DisplayScreen
      phase={view.phase}
      board={board}
      stage={stage}
      waitByQueue={waitByQueue}
      atMs={moment?.atMs ?? null}
      isStale={view.link === 'down'}
      sinceMs={linkSince(view)}
      onPair={createPairDevice(send)}
    />
  )
}
