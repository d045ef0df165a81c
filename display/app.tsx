import { useEffect, useMemo, useState } from 'react'
import type { BranchFollower } from '#shared/client/follow-branch.ts'
import { type BranchView, branchMoment, linkSince } from '#shared/client/follow-state.ts'
import { createPairDevice } from '#shared/client/pair-device.ts'
import type { SendCommand } from '#shared/client/send-command.ts'
import { useBranchMoment, useBranchView, useNowMs } from '#shared/client/use-branch.ts'
import { useHeartbeat } from '#shared/client/use-heartbeat.ts'
import { useWaits } from '#shared/client/use-waits.ts'
import type { DisplaySettings } from '#shared/domain/catalogue.ts'
import { displaySettingsOf, PLAIN_DISPLAY, withProgramme } from '#shared/domain/catalogue-defaults.ts'
import type { QueueId } from '#shared/domain/ids.ts'
import { lobbyBoard } from '#shared/project/lobby-board.ts'
import { waitsByQueue } from '#shared/project/wait-range.ts'
import { applyTheme } from '#shared/ui/theme.ts'
import { useMedia } from './media/use-media.ts'
import { type DisplayModel, type Stage, seeCalls, stageAt, startDisplay } from './model.ts'
import { DisplayScreen } from './screen/display-screen.tsx'
import { TrialScreen } from './screen/trial-screen.tsx'
import { useTrial } from './use-trial.ts'
import { type DisplayVoice, useSpeaking, useVoice } from './voice/use-voice.ts'

const FRAME_MS = 500
const EMPTY_STAGE: Stage = { large: [], isRising: false, last: [] }

const readNowMs = (): number => performance.now()

interface DisplayAppProps {
  readonly follower: BranchFollower
  readonly send: SendCommand
  readonly voice: DisplayVoice
}

/** How this display is set up, by the name it was paired under; its page is dressed for it. */
function useSettings({ state, device }: BranchView): Required<DisplaySettings> {
  const catalogue = state?.catalogue?.body
  const name = device?.name ?? ''
  const settings = useMemo(
    () => (catalogue === undefined ? { name, ...PLAIN_DISPLAY } : displaySettingsOf(catalogue, name)),
    [catalogue, name],
  )
  useEffect(() => applyTheme(document.documentElement, settings.theme), [settings.theme])
  return settings
}

/** Watches the branch for fresh calls; what is heard of them follows behind, by itself. */
function useCalls({ state, clock }: BranchView, queueIds: readonly QueueId[] | null): DisplayModel {
  const [model, setModel] = useState(startDisplay)
  useEffect(() => {
    if (state === null) return
    const nowMs = performance.now()
    const steadyMs = branchMoment(clock, nowMs)?.steadyMs ?? null
    setModel((before) => seeCalls(before, state, nowMs, steadyMs, queueIds))
  }, [state, clock, queueIds])
  return model
}

/** The lobby display on its host. */
export function DisplayApp({ follower, send, voice }: DisplayAppProps) {
  const view = useBranchView(follower)
  const moment = useBranchMoment(view.clock, FRAME_MS)
  const tickMs = useNowMs(FRAME_MS)
  useHeartbeat(follower.tellAlive)
  const settings = useSettings(view)
  const { queueIds } = settings
  const { ready, programme, onBroken } = useMedia()
  const { layout, playlist } = withProgramme(settings, programme)
  const model = useCalls(view, queueIds)
  useVoice(view, voice, readNowMs)
  const isSpeaking = useSpeaking(voice.speaker)
  const board = useMemo(() => (view.state === null ? null : lobbyBoard(view.state, queueIds)), [view.state, queueIds])
  const stage = board === null ? EMPTY_STAGE : stageAt(model, board, tickMs)
  const waits = useWaits(view, readNowMs, moment?.atMs ?? null)
  const services = view.state?.catalogue?.body.services
  const waitByQueue = useMemo(() => waitsByQueue(services ?? [], waits.byService), [services, waits])
  const trialCode = useTrial(view, send, voice.player)
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
      setUp={{
        ...{ layout, playlist, ready, isSpeaking, onBroken },
        ticker: view.state?.catalogue?.body.branch.ticker ?? [],
      }}
    />
  )
}
