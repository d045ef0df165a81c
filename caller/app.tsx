import { useCallback, useMemo, useState } from 'react'
import type { BranchFollower } from '#shared/client/follow-branch.ts'
import { linkSince } from '#shared/client/follow-state.ts'
import { createPairDevice } from '#shared/client/pair-device.ts'
import type { SendCommand } from '#shared/client/send-command.ts'
import { useBranchMoment, useBranchView, useNowMs } from '#shared/client/use-branch.ts'
import { usePolled } from '#shared/client/use-polled.ts'
import type { DeviceId, Language } from '#shared/domain/ids.ts'
import type { BranchState } from '#shared/domain/state.ts'
import { counterDesk } from '#shared/project/counter-desk.ts'
import { type LateTickets, lateTickets } from '#shared/project/late-tickets.ts'
import { type PaperQueue, paperList, typedNumber } from '#shared/project/paper-list.ts'
import { type DeadScreen, readDeadScreens } from './dead-screens.ts'
import { type PrinterTrouble, readTroubles } from './printer-troubles.ts'
import { Bar } from './screen/bar/bar.tsx'
import { CallerScreen } from './screen/caller-screen.tsx'
import type { KeptWords } from './settings.ts'
import { useActs } from './use-acts.ts'
import { useIdleSignOut } from './use-idle-sign-out.ts'
import { useMarks } from './use-marks.ts'
import { useCustomerSaid, useNote, useReports } from './use-reports.ts'
import { useFloorNews, usePresses, useSettings, useWaitingSound } from './use-settings.ts'

const FRAME_MS = 1_000
/** Staff know of a printer within five seconds: the kiosk looks every two, and this asks every two. */
const PRINTERS_POLL_MS = 2_000
const SCREENS_POLL_MS = 2_000
const NO_TROUBLES: readonly PrinterTrouble[] = []
const NO_DEAD_SCREENS: readonly DeadScreen[] = []
const NOBODY_LATE: LateTickets = { list: [], count: 0 }
const readNowMs = (): number => performance.now()

/** Away, one's own queues first; once the server is back, as the sheet was printed. */
function listFor(state: BranchState, deviceId: DeviceId, isCut: boolean): readonly PaperQueue[] {
  const { sheet } = state
  return isCut || sheet === null ? paperList(state, deviceId) : paperList(state, null, sheet.steadyMs)
}

interface CallerAppProps {
  /** The small bar over other programs, not the whole desk. */
  readonly isBar: boolean
  /** Where this device keeps what it is set to. */
  readonly kept: KeptWords
  readonly follower: BranchFollower
  readonly send: SendCommand
  /** The language this device spoke last; null = the branch's own. */
  readonly rememberedLanguage: Language | null
  readonly rememberLanguage: (language: Language) => void
}

/** The caller on its host: follows the branch, sends acts, draws the desk. */
export function CallerApp({ isBar, kept, follower, send, rememberedLanguage, rememberLanguage }: CallerAppProps) {
  const view = useBranchView(follower)
  const moment = useBranchMoment(view.clock, FRAME_MS)
  const [chosenLanguage, setLanguage] = useState(rememberedLanguage)
  const { state, device } = view
  const desk = useMemo(
    () => (state === null || device === null ? null : counterDesk(state, device.deviceId)),
    [state, device],
  )
  const language = chosenLanguage ?? desk?.branch?.defaultLanguage ?? 'fr'
  const isCut = view.link === 'down'
  const { model, tell, act, keyAct, round } = useActs({
    ...{ send, desk, language, isOff: isCut, readNowMs },
    onPress: follower.onPress,
  })
  const leave = useCallback(() => void act({ type: 'manager-out' }), [act])
  useIdleSignOut(desk !== null && desk.visitingManager !== null, readNowMs, leave)
  const note = useNote(desk?.post?.current?.ticketId ?? null, round)
  const said = useCustomerSaid(desk?.post?.current?.ticketId ?? null)
  const deadScreens = usePolled('/api/v1/screens', SCREENS_POLL_MS, readDeadScreens) ?? NO_DEAD_SCREENS
  const troubles = usePolled('/api/v1/printers', PRINTERS_POLL_MS, readTroubles) ?? NO_TROUBLES
  const marks = useMarks(send, isCut)
  const isPaper = model.page === 'paper'
  const queues = useMemo(
    () => (!isPaper || state === null || device === null ? [] : listFor(state, device.deviceId, isCut)),
    [isPaper, state, device, isCut],
  )
  const [settings, onSettings] = useSettings(kept)
  useWaitingSound(desk?.post ?? null, settings.isSoundOn && !isCut, useNowMs(FRAME_MS))
  const presses = usePresses(model.question?.name === 'setup')
  const floorNews = useFloorNews(model.page === 'floor')
  const reports = useReports({ page: model.page, desk, atMs: moment?.atMs ?? null })
  const Screen = isBar ? Bar : CallerScreen
  return (
    <Screen
      settings={settings}
      onSettings={onSettings}
      presses={presses}
      floorNews={floorNews}
      late={
        model.page !== 'floor' || state === null || moment === null ? NOBODY_LATE : lateTickets(state, moment.steadyMs)
      }
      phase={view.phase}
      desk={desk}
      model={model}
      language={language}
      moment={moment}
      isCut={isCut}
      sinceMs={linkSince(view) ?? state?.now.atMs ?? null}
      note={note}
      said={said}
      reports={reports}
      troubles={troubles}
      deadScreens={deadScreens}
      queues={queues}
      marks={marks}
      onTyped={(number, status) => {
        if (state !== null) marks.note({ ...typedNumber(state, number), number, status })
      }}
      onStopAt={reports.setStopAt}
      onLanguage={(wanted) => {
        setLanguage(wanted)
        rememberLanguage(wanted)
      }}
      onKeyAct={keyAct}
      onAct={(wanted) => void act(wanted)}
      onAsk={(question) => tell({ type: 'ask', question })}
      onUnask={() => tell({ type: 'unask' })}
      onHideToast={() => tell({ type: 'hide-toast' })}
      onPair={createPairDevice(send)}
    />
  )
}
