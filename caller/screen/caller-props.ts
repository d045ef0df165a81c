import type { PairDevice } from '#shared/client/pair-device.ts'
import type { RecordedStatus } from '#shared/domain/events.ts'
import type { EpochMs, Language, Moment } from '#shared/domain/ids.ts'
import type { CounterDesk } from '#shared/project/counter-desk.ts'
import type { LateTickets } from '#shared/project/late-tickets.ts'
import type { PaperQueue } from '#shared/project/paper-list.ts'
import type { Act } from '../acts.ts'
import type { CloudTrouble } from '../cloud-trouble.ts'
import type { DeadScreen } from '../dead-screens.ts'
import type { PressesState } from '../devices/global-keys.ts'
import type { FloorNews } from '../floor-news.ts'
import type { KeyAct } from '../keys.ts'
import type { MediaDesk } from '../media-desk.ts'
import type { CallerModel, ManagerPage, Question } from '../model.ts'
import type { PrinterTrouble, TroubledPaper } from '../printer-troubles.ts'
import type { BranchReports } from '../reports.ts'
import type { RightsAge } from '../rights.ts'
import type { ScannedPaper } from '../scanned-paper.ts'
import type { DeskSettings } from '../settings.ts'
import type { Marks } from '../use-marks.ts'
import type { CustomerSaid } from '../use-reports.ts'
import type { VoiceDesk } from '../voice-desk.ts'

/** All that the caller's screens draw from, and whom they tell what was pressed. */
export interface CallerScreenProps {
  readonly phase: 'starting' | 'unpaired' | 'following'
  readonly desk: CounterDesk | null
  readonly model: CallerModel
  readonly language: Language
  readonly moment: Moment | null
  readonly isCut: boolean
  /** Since when there is no contact; null when nobody can say. */
  readonly sinceMs: EpochMs | null
  /** What was written about the ticket at the counter; empty when nothing was. */
  readonly note: string
  /** What the customer in front said of herself. */
  readonly said: CustomerSaid
  readonly reports: BranchReports
  /** The voices that this branch has recorded; nothing is asked of them on other pages. */
  readonly voice: VoiceDesk
  /** Pictures and films for the lobby, likewise. */
  readonly media: MediaDesk
  /** Printers of the kiosks that need somebody's hand. */
  readonly troubles: readonly PrinterTrouble[]
  /** Papers that the branch refused, or of which nobody knows whether they came out. */
  readonly papers: readonly TroubledPaper[]
  readonly onPaperSeen: (paper: TroubledPaper) => void
  /** Kiosks whose screen is dead. */
  readonly deadScreens: readonly DeadScreen[]
  /** How old what the branch knows of its people is. */
  readonly rights: RightsAge
  /** The line to head office waits for a person. */
  readonly cloudTrouble: CloudTrouble | null
  /** Whom to call while the branch server is away; empty on other pages. */
  readonly queues: readonly PaperQueue[]
  readonly marks: Marks
  /** A number from a paper, and what became of it. */
  readonly onTyped: (number: string, status: RecordedStatus, isConfirmed: boolean) => void
  /** No kiosk is known to have printed it: staff are asked whether they mean it. */
  readonly isNumberDoubted: (number: string) => boolean
  /** The code of a paper, as a hand scanner types it. */
  readonly onScan: (text: string) => Promise<ScannedPaper>
  readonly onStopAt: (time: string) => void
  readonly onLanguage: (language: Language) => void
  readonly onKeyAct: (act: KeyAct) => void
  readonly onAct: (act: Act) => void
  readonly onAsk: (question: Question) => void
  readonly onUnask: () => void
  readonly onHideToast: () => void
  readonly settings: DeskSettings
  readonly onSettings: (settings: DeskSettings) => void
  /** What can be pressed outside of this page; null: nobody has said yet. */
  readonly presses: PressesState | null
  readonly floorNews: FloorNews
  /** Who waits beyond the target; nobody on other pages. */
  readonly late: LateTickets
  readonly onPair: PairDevice
}

/** On the manager's pages somebody is signed in, and the branch is known. */
export interface ManagerProps extends CallerScreenProps {
  readonly page: ManagerPage
  readonly desk: CounterDesk
  readonly moment: Moment
}
