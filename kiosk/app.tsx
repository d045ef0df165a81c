import { useCallback, useEffect, useMemo, useReducer, useState } from 'react'
import type { BranchFollower } from '#shared/client/follow-branch.ts'
import { getJson } from '#shared/client/get-json.ts'
import { createPairDevice } from '#shared/client/pair-device.ts'
import type { SendCommand } from '#shared/client/send-command.ts'
import { useBranchMoment, useBranchView, useNowMs } from '#shared/client/use-branch.ts'
import { useHeartbeat } from '#shared/client/use-heartbeat.ts'
import { repeat, usePolled } from '#shared/client/use-polled.ts'
import { useWaits } from '#shared/client/use-waits.ts'
import type { EpochMs, Language } from '#shared/domain/ids.ts'
import type { BranchState } from '#shared/domain/state.ts'
import { type KioskMenu, kioskMenu } from '#shared/project/kiosk-menu.ts'
import type { Expected, Wanted } from './choice.ts'
import { type JobView, type PrinterView, paperOf, readGiven, readJobState, readPrinter } from './host-answers.ts'
import { type KioskEvent, type KioskModel, startKiosk, stepKiosk } from './model.ts'
import { KioskScreen } from './screen/kiosk-screen.tsx'
import { StaffMenu } from './screen/staff/staff-menu.tsx'
import { canGoBack, type ShownScreen, shownScreen } from './shown-screen.ts'
import type { Scene } from './speech/guide.ts'
import { useGuide } from './speech/use-guide.ts'
import { useScanner } from './use-scanner.ts'
import { warnedLeftMs } from './visit-time.ts'

const FRAME_MS = 200
const PRINTER_POLL_MS = 5_000
const JOB_POLL_MS = 600

interface KioskAppProps {
  readonly follower: BranchFollower
  readonly send: SendCommand
}

const restartPage = (): void => location.reload()

const readNowMs = (): number => performance.now()

const reduce = (model: KioskModel, event: KioskEvent): KioskModel => stepKiosk(model, event, performance.now())

/** Asks the host for a ticket; whatever comes back becomes an event. */
async function takeTicket(
  send: SendCommand,
  wanted: Wanted | Expected,
  language: Language,
  printer: PrinterView | null,
): Promise<KioskEvent> {
  const path = 'code' in wanted ? '/local/v1/check-ins' : '/local/v1/tickets'
  const answer = await send(path, { ...wanted, language }, readGiven)
  if (!answer.ok) return { type: 'refused', code: answer.code }
  const { ticket, job } = answer.value
  return { type: 'given', ticket, paper: paperOf(job, printer) }
}

/** Keeps asking after the paper of the ticket on the screen. */
function usePaperNews(model: KioskModel, printer: PrinterView | null, onEvent: (event: KioskEvent) => void): void {
  const { screen } = model
  const jobId = screen.name === 'your-ticket' ? screen.ticket.printJobId : null
  useEffect(() => {
    if (jobId === null) return
    const ask = async (): Promise<void> => {
      const job: JobView | null = readJobState(await getJson('/local/v1/print-jobs'), jobId)
      if (job !== null) onEvent({ type: 'paper', printJobId: jobId, paper: paperOf(job, printer) })
    }
    return repeat(JOB_POLL_MS, ask)
  }, [jobId, printer, onEvent])
}

/** What time and the branch bring by themselves. */
function useBranchNews(branchLanguage: Language | null, tell: (event: KioskEvent) => void): void {
  useEffect(() => {
    if (branchLanguage !== null) tell({ type: 'branch-speaks', language: branchLanguage })
  }, [branchLanguage, tell])

  useEffect(() => {
    const timer = setInterval(() => tell({ type: 'tick' }), FRAME_MS)
    return () => clearInterval(timer)
  }, [tell])
}

/** Whether the staff menu is open, and how it is opened and left. */
function useStaffHere(): readonly [isHere: boolean, open: () => void, leave: () => void] {
  const [isHere, setHere] = useState(false)
  return [isHere, useCallback(() => setHere(true), []), useCallback(() => setHere(false), [])]
}

/** What can be chosen now, reckoned anew once a second at most. */
function useMenu(state: BranchState | null, atMs: EpochMs | null): KioskMenu | null {
  const secondMs = atMs === null ? null : ((Math.floor(atMs / 1_000) * 1_000) as EpochMs)
  return useMemo(() => (state === null || secondMs === null ? null : kioskMenu(state, secondMs)), [state, secondMs])
}

/** Passes on what happens; a ticket that is asked for is taken. */
function useTaking(
  model: KioskModel,
  printer: PrinterView | null,
  send: SendCommand,
  tell: (event: KioskEvent) => void,
): (event: KioskEvent) => void {
  return useCallback(
    (event) => {
      tell(event)
      const { screen } = reduce(model, event)
      if (screen.name === 'taking' && model.screen.name !== 'taking')
        void takeTicket(send, screen.wanted, model.language, printer).then(tell)
    },
    [send, model, printer, tell],
  )
}

/** What whoever listens is led through. */
const sceneOf = (model: KioskModel, shown: ShownScreen, menu: KioskMenu | null, nowMs: number): Scene => ({
  model,
  shown,
  languages: menu?.branch?.languages ?? [],
  canGoBack: canGoBack(shown),
  warnedLeftMs: warnedLeftMs(model, nowMs),
})

/** The kiosk on its host: follows the branch, steps the model, draws its screen. */
export function KioskApp({ follower, send }: KioskAppProps) {
  const view = useBranchView(follower)
  const moment = useBranchMoment(view.clock, FRAME_MS)
  const nowMs = useNowMs(FRAME_MS)
  const [model, tell] = useReducer(reduce, startKiosk('fr'))
  const [isStaffHere, openStaff, leaveStaff] = useStaffHere()
  const printer = usePolled('/local/v1/printer', PRINTER_POLL_MS, readPrinter)
  const menu = useMenu(view.state, moment?.atMs ?? null)
  const waits = useWaits(view, readNowMs, moment?.atMs ?? null)
  usePaperNews(model, printer, tell)

  useBranchNews(menu?.branch?.defaultLanguage ?? null, tell)

  const onEvent = useTaking(model, printer, send, tell)
  useHeartbeat(follower.tellAlive)
  useScanner(menu?.isCheckInOffered === true && menu.closing === null && !isStaffHere, readNowMs, onEvent)

  const phase = view.phase === 'following' && menu?.branch === null ? 'starting' : view.phase
  const isEmergency = menu?.message?.kind === 'emergency'
  const shown = shownScreen(model, phase, {
    closedReason: menu?.closing?.reason ?? null,
    isEmergency,
  })
  const branch = menu?.branch ?? null
  const isStaffShown = isStaffHere && phase === 'following' && branch !== null && !isEmergency
  const { isSpeechMissing } = useGuide(sceneOf(model, shown, menu, nowMs), !isStaffShown, tell)
  if (isStaffShown)
    return (
      <StaffMenu
        send={send}
        agents={view.state?.catalogue?.body.agents ?? []}
        languages={branch.languages}
        defaultLanguage={model.defaultLanguage}
        isCut={view.link === 'down'}
        isAccessible={model.access.isOn}
        onLeave={leaveStaff}
        onRestart={restartPage}
      />
    )
  return (
    <KioskScreen
      model={model}
      shown={shown}
      menu={menu}
      waitByService={waits.byService}
      atMs={moment?.atMs ?? null}
      nowMs={nowMs}
      isAlone={view.link === 'down'}
      isOutOfPaper={printer?.isOutOfPaper ?? false}
      isSpeechMissing={isSpeechMissing}
      onEvent={onEvent}
      onPair={createPairDevice(send)}
      onStaff={openStaff}
    />
  )
}
