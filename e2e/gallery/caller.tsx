import { createRoot } from 'react-dom/client'
import type {
  AgentId,
  CounterId,
  EpochMs,
  Language,
  MessageId,
  Moment,
  SteadyMs,
  TicketId,
} from '#shared/domain/ids.ts'
import type { BranchState } from '#shared/domain/state.ts'
import { type CounterDesk, counterDesk } from '#shared/project/counter-desk.ts'
import { lateTickets } from '#shared/project/late-tickets.ts'
import { paperList } from '#shared/project/paper-list.ts'
import { SAMPLE_DEVICE } from '#shared/project/sample-branch.ts'
import { applyTheme } from '#shared/ui/theme.ts'
import { createWords } from '#shared/words/create-words.ts'
import { GLOBAL_KEYS } from '../../caller/devices/global-keys.ts'
import { type CallerModel, type Page, type Question, startCaller } from '../../caller/model.ts'
import type { RightsAge } from '../../caller/rights.ts'
import { Bar } from '../../caller/screen/bar/bar.tsx'
import { CallerScreen } from '../../caller/screen/caller-screen.tsx'
import { type Mark, type Marks, NO_MARKS } from '../../caller/use-marks.ts'
import {
  asked,
  BUSY,
  CALLED,
  EMPTY,
  IN_TRAINING,
  MANAGER,
  NOW_MINUTE,
  NOW_MS,
  ON_BREAK,
  PEOPLE,
  SERVING,
  SIGNED_OUT,
  STOPPED,
  VISIT_CALLED,
  VISITING,
} from './sample.ts'
import { sampleMedia } from './sample-media.ts'
import { NO_REPORTS, REPORTS } from './sample-reports.ts'
import { DEAD_SCREENS, DEVICES, PAPERS, TROUBLED_DEVICES, TROUBLES, TYPED } from './sample-troubles.ts'
import { sampleVoice } from './sample-voice.ts'
import { onceDrawn, samplePair, typeCode, typePaper } from './type-code.ts'
import '../../caller/caller.css'

const { screen: shown, language, isNight } = asked()
const isBar = shown.startsWith('bar-')
const BAR_SCREENS: Record<string, string> = { free: 'waiting', manager: 'manager-visiting' }
const barScreen = shown.replace('bar-', '')
/** The bar shows the same moments of the desk. */
const screen = isBar ? (BAR_SCREENS[barScreen] ?? barScreen) : shown
const words = createWords(language)
const nothing = (): void => undefined

const VOICE_SCREENS = [
  'voice-none',
  'voice-list',
  'voice-record',
  'voice-own',
  'voice-listening',
  'voice-fault',
  'voice-file',
  'voice-done',
]
const PEOPLE_SCREENS = ['people', 'people-old', 'add-agent', 'new-pin', 'suspend-agent']
const MEDIA_SCREENS = ['media-none', 'media-list', 'media-sending', 'media-fault']

const STATES: Record<string, BranchState> = {
  'sign-in': SIGNED_OUT,
  'paper-signed-out': SIGNED_OUT,
  'pin-wrong': SIGNED_OUT,
  'counter-taken': SIGNED_OUT,
  'manager-in': SERVING,
  'manager-visiting': SERVING,
  empty: EMPTY,
  called: CALLED,
  serving: SERVING,
  'over-target': SERVING,
  toast: CALLED,
  transfer: SERVING,
  hold: SERVING,
  visit: VISITING,
  'visit-called': VISIT_CALLED,
  finish: VISITING,
  note: VISITING,
  'on-break': ON_BREAK,
  training: IN_TRAINING,
  today: MANAGER,
  'today-first': MANAGER,
  floor: MANAGER,
  'floor-troubles': MANAGER,
  steer: MANAGER,
  'steer-stopped': STOPPED,
  emergency: MANAGER,
  delay: MANAGER,
  'close-day': MANAGER,
  'stop-intake': MANAGER,
  'free-counter': MANAGER,
  'floor-alone': MANAGER,
  'sign-in-known': SIGNED_OUT,
  'sign-in-old': SIGNED_OUT,
  ...Object.fromEntries(PEOPLE_SCREENS.map((name) => [name, PEOPLE])),
  ...Object.fromEntries([...VOICE_SCREENS, ...MEDIA_SCREENS].map((name) => [name, MANAGER])),
}

const PAGES: Record<string, Page> = {
  paper: 'paper',
  'paper-after': 'paper',
  'paper-signed-out': 'paper',
  'paper-doubted': 'paper',
  'paper-scanned': 'paper',
  'paper-not-ours': 'paper',
  today: 'today',
  'today-first': 'today',
  floor: 'floor',
  'floor-troubles': 'floor',
  steer: 'steer',
  'steer-stopped': 'steer',
  emergency: 'steer',
  delay: 'steer',
  'close-day': 'steer',
  'stop-intake': 'steer',
  'free-counter': 'floor',
  'floor-alone': 'floor',
  'manager-visiting': 'floor',
  ...Object.fromEntries(VOICE_SCREENS.map((name) => [name, 'voice' as const])),
  ...Object.fromEntries(MEDIA_SCREENS.map((name) => [name, 'media' as const])),
  ...Object.fromEntries(PEOPLE_SCREENS.map((name) => [name, 'steer' as const])),
}

/** What the agent before has written. */
const NOTES: Record<Language, string> = {
  fr: 'Parle surtout wolof. Sa pièce d’identité expire en mars.',
  en: 'Speaks mostly Wolof. The identity card runs out in March.',
  ar: 'يتحدث الولوفية غالبًا. تنتهي بطاقة هويته في مارس.',
}

const at = (name: 'transfer' | 'hold' | 'cancel' | 'finish' | 'note', number: string): Question => ({
  name,
  ticketId: number as TicketId,
  number,
})

const QUESTIONS: Record<string, Question> = {
  transfer: at('transfer', 'A041'),
  hold: at('hold', 'A041'),
  cancel: at('cancel', 'A042'),
  'manager-in': { name: 'manager-in' },
  adopt: { name: 'adopt' },
  'doubted-number': { name: 'doubted-number', number: 'A1907' },
  issue: { name: 'issue' },
  close: { name: 'close' },
  setup: { name: 'setup' },
  'setup-pressed': { name: 'setup' },
  finish: at('finish', 'A045'),
  note: at('note', 'A045'),
  break: { name: 'break' },
  'serve-now': { name: 'serve-now' },
  emergency: { name: 'emergency', messageId: 'evacuate' as MessageId },
  delay: { name: 'delay', messageId: 'delay' as MessageId },
  'close-day': { name: 'close-day' },
  'stop-intake': { name: 'stop-intake' },
  'free-counter': { name: 'free-counter', counterId: 'counter-1' as CounterId },
  'add-agent': { name: 'add-agent' },
  'new-pin': { name: 'new-pin', agentId: 'moussa' as AgentId },
  'suspend-agent': { name: 'suspend-agent', agentId: 'moussa' as AgentId },
}

const AS_OF_MS = NOW_MS - 3 * 3_600_000
const RIGHTS: Record<string, RightsAge> = {
  people: { state: 'good', asOfMs: AS_OF_MS, daysLeft: 30 },
  'sign-in-known': { state: 'good', asOfMs: AS_OF_MS, daysLeft: 30 },
  'people-old': { state: 'near', asOfMs: AS_OF_MS - 23 * 86_400_000, daysLeft: 7 },
  'sign-in-old': { state: 'over', asOfMs: AS_OF_MS - 31 * 86_400_000, daysLeft: 0 },
}

const lateMs = screen === 'over-target' ? 5 * 60_000 : 0
const moment: Moment = {
  atMs: (NOW_MS + lateMs) as EpochMs,
  steadyMs: (NOW_MINUTE * 60_000 + lateMs) as SteadyMs,
}
const model: CallerModel = {
  ...startCaller,
  page: PAGES[screen] ?? 'desk',
  seat: screen === 'counter-taken' ? 'taken' : 'none',
  question: QUESTIONS[screen] ?? null,
  pinProblem: screen === 'pin-wrong' ? words.sayProblem('PinWrong') : null,
  toast: screen === 'toast' ? { tone: 'problem', text: words.sayProblem('RecallMaximumReached'), endsAtMs: 0 } : null,
}

/** The branch doubts its clock: an agent may only know, a manager may confirm. */
const DOUBTS: Record<string, CounterDesk['clock']> = { 'clock-doubted': 'doubted', 'clock-yours': 'yours-to-confirm' }

const noted = (
  number: string,
  status: Mark['status'],
  state: Mark['state'],
  minutes: number,
  code: string | null = null,
): Mark => ({ key: number, ticketId: number, number, status, state, code, atMs: NOW_MS - minutes * 60_000 })

const SHEET_AT_MS = (NOW_MS - 15 * 60_000) as EpochMs
const POWER: Record<string, Partial<CounterDesk>> = {
  'paper-after': { sheetAtMs: SHEET_AT_MS },
  'power-low': { isPowerLow: true, sheetAtMs: SHEET_AT_MS },
  'power-no-printer': { isPowerLow: true },
}

const MARKS: Record<string, Marks> = {
  paper: {
    ...NO_MARKS,
    list: [
      noted('A1003', 'completed', 'kept', 1),
      noted('C018', 'no_show', 'kept', 4),
      noted('A040', 'completed', 'kept', 9),
    ],
  },
  'paper-after': {
    ...NO_MARKS,
    list: [
      noted('A043', 'completed', 'sending', 1),
      noted('B010', 'completed', 'refused', 3, 'TicketIsCompleted'),
      noted('A1003', 'completed', 'entered', 12),
      noted('C018', 'no_show', 'entered', 15),
    ],
  },
  'marks-note': {
    ...NO_MARKS,
    list: [noted('A043', 'completed', 'sending', 1), noted('B010', 'completed', 'refused', 3, 'TicketIsCompleted')],
  },
}

applyTheme(document.documentElement, isNight ? 'dark' : 'light')
const seen = counterDesk(STATES[screen] ?? BUSY, SAMPLE_DEVICE)
/** The same manager, without a counter. */
const alone = screen === 'floor-alone' ? { ...seen, post: null, visitingManager: seen.post?.agentName ?? '' } : seen
const desk = screen === 'manager-visiting' ? { ...alone, visitingManager: 'Fatou Sow' } : alone
const Screen = isBar ? Bar : CallerScreen
const evacuate = desk.messages.find(({ kind }) => kind === 'emergency')
const SHOWN: Record<string, Partial<CounterDesk>> = evacuate === undefined
  ? {}
  : { 'bar-emergency': { onShow: { message: evacuate, minutes: null } } }
const root = document.getElementById('root')
if (root !== null)
  createRoot(root).render(
    <Screen
      settings={{ isSoundOn: true, theme: isNight ? 'dark' : 'light' }}
      onSettings={nothing}
      presses={screen === 'setup-pressed' ? { globalKeys: GLOBAL_KEYS, isButtonThere: false } : null}
      floorNews={screen === 'floor-troubles' ? TROUBLED_DEVICES : DEVICES}
      late={lateTickets(STATES[screen] ?? BUSY, moment.steadyMs)}
      phase={
        screen === 'six-words' ? 'unpaired' : screen === 'unpaired' || screen === 'starting' ? screen : 'following'
      }
      desk={{ ...desk, clock: DOUBTS[screen] ?? desk.clock, ...POWER[screen], ...SHOWN[shown] }}
      model={model}
      language={language}
      moment={moment}
      isCut={screen === 'stale' || screen === 'paper' || screen === 'paper-signed-out'}
      sinceMs={(NOW_MS - 17 * 60_000) as EpochMs}
      said={screen === 'serving' ? { name: 'Aïssatou Ndiaye', phone: '+221771234567' } : { name: '', phone: '' }}
      deadScreens={DEAD_SCREENS[screen] ?? []}
      rights={RIGHTS[screen] ?? { state: 'own' }}
      cloudTrouble={null}
      note={(STATES[screen] ?? BUSY) === VISITING ? NOTES[language] : ''}
      voice={sampleVoice(screen, language)}
      media={sampleMedia(screen)}
      reports={screen === 'today-first' ? NO_REPORTS : REPORTS}
      troubles={screen === 'printer-trouble' ? TROUBLES : []}
      papers={screen === 'papers-told' ? PAPERS : []}
      onPaperSeen={nothing}
      queues={screen.startsWith('paper') ? paperList(STATES[screen] ?? BUSY, SAMPLE_DEVICE) : []}
      marks={MARKS[screen] ?? NO_MARKS}
      onTyped={nothing}
      isNumberDoubted={() => screen === 'paper-doubted'}
      onScan={() =>
        Promise.resolve(screen === 'paper-scanned' ? { ok: true, number: 'A042' } : { ok: false, code: 'PaperNotOurs' })
      }
      onStopAt={nothing}
      onLanguage={nothing}
      onKeyAct={nothing}
      onAct={nothing}
      onAsk={nothing}
      onUnask={nothing}
      onHideToast={nothing}
      onPair={samplePair(screen)}
    />,
  )
// Once it is drawn.
if (screen === 'six-words') onceDrawn(typeCode)
const typed = TYPED[screen]
if (typed !== undefined) onceDrawn(() => typePaper(typed))
