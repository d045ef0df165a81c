import { useMemo } from 'react'
import type { BranchView } from '#shared/client/follow-state.ts'
import { usePolled } from '#shared/client/use-polled.ts'
import type { DeviceId, Moment } from '#shared/domain/ids.ts'
import type { BranchState } from '#shared/domain/state.ts'
import { type LateTickets, lateTickets } from '#shared/project/late-tickets.ts'
import { type PaperQueue, paperList } from '#shared/project/paper-list.ts'
import { readCloudTrouble } from './cloud-trouble.ts'
import { type DeadScreen, readDeadScreens } from './dead-screens.ts'
import type { Page } from './model.ts'
import { type PrinterTrouble, readTroubledPapers, readTroubles, type TroubledPaper } from './printer-troubles.ts'
import { type RightsAge, readRights } from './rights.ts'

/** Staff know of a printer within five seconds: the kiosk looks every two, and this asks every two. */
const PRINTERS_POLL_MS = 2_000
const SCREENS_POLL_MS = 2_000
/** A person acts upon it some day soon. */
const CLOUD_POLL_MS = 30_000
const RIGHTS_POLL_MS = 30_000
const NO_TROUBLES: readonly PrinterTrouble[] = []
const NO_DEAD_SCREENS: readonly DeadScreen[] = []
const NO_PAPERS: readonly TroubledPaper[] = []
const OWN_RIGHTS: RightsAge = { state: 'own' }
const NOBODY_LATE: LateTickets = { list: [], count: 0 }

/** Away, one's own queues first; once the server is back, as the sheet was printed. */
function listFor(state: BranchState, deviceId: DeviceId, isCut: boolean): readonly PaperQueue[] {
  const { sheet } = state
  return isCut || sheet === null ? paperList(state, deviceId) : paperList(state, null, sheet.steadyMs)
}

interface Shown {
  readonly view: BranchView
  readonly page: Page
  readonly isCut: boolean
  readonly moment: Moment | null
}

/** What the pages list beside the desk itself; what no page shows is empty. */
export function useLists({ view: { state, device }, page, isCut, moment }: Shown) {
  const deadScreens = usePolled('/api/v1/screens', SCREENS_POLL_MS, readDeadScreens) ?? NO_DEAD_SCREENS
  const troubles = usePolled('/api/v1/printers', PRINTERS_POLL_MS, readTroubles) ?? NO_TROUBLES
  const papers = usePolled('/api/v1/printers', PRINTERS_POLL_MS, readTroubledPapers) ?? NO_PAPERS
  const cloud = usePolled('/api/v1/health', CLOUD_POLL_MS, readCloudTrouble) ?? 'none'
  const rights = usePolled('/api/v1/rights', RIGHTS_POLL_MS, readRights) ?? OWN_RIGHTS
  const isPaper = page === 'paper'
  const queues = useMemo(
    () => (!isPaper || state === null || device === null ? [] : listFor(state, device.deviceId, isCut)),
    [isPaper, state, device, isCut],
  )
  const late = page !== 'floor' || state === null || moment === null ? NOBODY_LATE : lateTickets(state, moment.steadyMs)
  return { deadScreens, troubles, rights, cloudTrouble: cloud === 'none' ? null : cloud, papers, queues, late }
}
