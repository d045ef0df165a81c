import { createRoot } from 'react-dom/client'
import type { Catalogue } from '#shared/domain/catalogue.ts'
import type { EpochMs, PriorityClassId, ServiceId, TicketId } from '#shared/domain/ids.ts'
import type { BranchState } from '#shared/domain/state.ts'
import { kioskMenu } from '#shared/project/kiosk-menu.ts'
import { SAMPLE_CATALOGUE, type SampleEvent, sampleState } from '#shared/project/sample-branch.ts'
import { applyTheme } from '#shared/ui/theme.ts'
import { USUAL_ACCESS } from '../../kiosk/access.ts'
import { type GivenTicket, type KioskModel, type Paper, startKiosk } from '../../kiosk/model.ts'
import { KioskScreen } from '../../kiosk/screen/kiosk-screen.tsx'
import type { ShownScreen } from '../../kiosk/shown-screen.ts'
import { joined, readScreen } from '../../kiosk/speech/read-page.ts'
import { idleAfterMs } from '../../kiosk/visit-time.ts'
import { CATALOGUES, CATEGORIES, STOPPED, shows, WAITS } from './notices-sample.ts'
import { asked, MORNING, NOW_MS, PAUSES } from './sample.ts'
import { STAFF_SCREENS, StaffScene } from './staff.tsx'
import { onceDrawn, samplePair, typeCode } from './type-code.ts'
import '../../kiosk/kiosk.css'

const SERVICE = 'cash' as ServiceId
const TICKET: GivenTicket = {
  ticketId: 't-1' as TicketId,
  number: 'A045',
  serviceId: SERVICE,
  position: 5,
  estimate: { lowMs: 8 * 60_000, highMs: 14 * 60_000 },
  plan: [],
  isOffline: false,
  printJobId: 'job-1',
}

const ticket = (paper: Paper, change: Partial<GivenTicket> = {}): ShownScreen => ({
  name: 'your-ticket',
  ticket: { ...TICKET, ...change },
  paper,
  paperDueAtMs: 0,
  endsAtMs: 9_000,
  wholeMs: 12_000,
})

const CHOOSE: ShownScreen = { name: 'choose-service', category: null, choice: null }

const visit = (added: readonly string[] = [], priority: string | null = null): ShownScreen => ({
  name: 'visit',
  choice: {
    serviceId: SERVICE,
    added: added.map((id) => id as ServiceId),
    priority: priority as PriorityClassId | null,
  },
})

const details = (at: number, typed: { readonly name: string; readonly phone: string }): ShownScreen => ({
  name: 'details',
  wanted: { serviceId: SERVICE, plan: null, priority: null },
  asks: ['name', 'phone'],
  at,
  typed,
  choice: null,
})

const SCREENS: Record<string, ShownScreen> = {
  unpaired: { name: 'unpaired' },
  'six-words': { name: 'unpaired' },
  starting: { name: 'starting' },
  idle: { name: 'idle' },
  'idle-alone': { name: 'idle' },
  'idle-heard': { name: 'idle' },
  'idle-mute': { name: 'idle' },
  'choose-service': CHOOSE,
  'choose-closed': CHOOSE,
  'choose-alone': CHOOSE,
  'choose-warned': CHOOSE,
  'choose-waits': CHOOSE,
  'choose-hours': CHOOSE,
  'choose-delay': CHOOSE,
  'choose-colours': CHOOSE,
  'ticket-colour': ticket('ready'),
  'choose-groups': CHOOSE,
  'choose-categories': CHOOSE,
  'choose-category': { name: 'choose-service', category: CATEGORIES.accounts.key, choice: null },
  visit: visit(),
  'visit-priority': visit([], 'senior'),
  'visit-several': visit(['accounts', 'loans'], 'disability'),
  'visit-add': { name: 'choose-service', category: null, choice: { serviceId: SERVICE, added: [], priority: null } },
  'idle-delay': { name: 'idle' },
  'choose-doors': CHOOSE,
  search: { name: 'search', typed: '', choice: null },
  'search-found': { name: 'search', typed: asked().language === 'ar' ? 'ال' : 'c', choice: null },
  'search-listed': { name: 'search', typed: asked().language === 'ar' ? 'ال' : 'c', choice: null },
  'search-none': { name: 'search', typed: 'xyz', choice: null },
  'details-name': details(0, { name: asked().language === 'ar' ? 'عائشة نداي' : 'Aïssatou Ndiaye', phone: '' }),
  'details-consent': details(0, { name: asked().language === 'ar' ? 'عائشة نداي' : 'Aïssatou Ndiaye', phone: '' }),
  'details-letters': details(0, { name: '', phone: '' }),
  'details-warned': details(1, { name: '', phone: '+22177' }),
  'details-phone': details(1, { name: '', phone: '+221771234567' }),
  'check-in': { name: 'check-in', typed: 'RDV-4821', problem: null },
  'check-in-unknown': { name: 'check-in', typed: '', problem: 'unknown' },
  'check-in-alone': { name: 'check-in', typed: '', problem: 'unreachable' },
  taking: { name: 'taking', wanted: { serviceId: SERVICE, plan: null, priority: null }, endsAtMs: 0 },
  'your-ticket': ticket('ready'),
  'ticket-plan': ticket('ready', {
    number: 'B011',
    serviceId: 'accounts' as ServiceId,
    plan: ['cards' as ServiceId, 'cash' as ServiceId],
  }),
  'ticket-soon': ticket('coming', { position: 1, estimate: { lowMs: 0, highMs: 3 * 60_000 } }),
  'ticket-offline': ticket('coming', { number: 'A1001', position: null, estimate: null, isOffline: true }),
  'out-of-paper': ticket('no-paper', { position: 1, estimate: null }),
  'paper-uncertain': ticket('uncertain'),
  'closed-day': { name: 'closed', reason: 'day-closed' },
  'closed-services': { name: 'closed', reason: 'no-service' },
  'closed-clock': { name: 'closed', reason: 'clock-unsure' },
  'closed-hours': { name: 'closed', reason: 'outside-hours' },
  'closed-later': { name: 'closed', reason: 'outside-hours' },
  'closed-holiday': { name: 'closed', reason: 'holiday' },
  'closed-intake': { name: 'closed', reason: 'intake-stopped' },
  emergency: { name: 'emergency' },
  'emergency-long': { name: 'emergency' },
  'refused-full': { name: 'refused', reason: 'full', endsAtMs: 0 },
  'no-tickets': { name: 'no-tickets', endsAtMs: 0 },
}

const HOUR_MS = 3_600_000
/** What differs from the usual morning: the catalogue, and what happened more. */
const BRANCHES: Record<string, readonly [catalogue: Catalogue, ...more: readonly SampleEvent[]]> = {
  'choose-closed': [SAMPLE_CATALOGUE, ...PAUSES],
  'choose-hours': [CATALOGUES.hours],
  'choose-colours': [CATALOGUES.colours],
  'ticket-colour': [CATALOGUES.colours],
  'choose-groups': [CATALOGUES.groups],
  'choose-categories': [CATALOGUES.many],
  'choose-category': [CATALOGUES.many],
  visit: [CATALOGUES.base],
  'choose-doors': [CATALOGUES.booked],
  search: [CATALOGUES.booked],
  'search-found': [CATALOGUES.booked],
  'search-listed': [CATALOGUES.booked],
  'search-none': [CATALOGUES.booked],
  'details-name': [CATALOGUES.booked],
  'details-phone': [CATALOGUES.booked],
  'details-consent': [CATALOGUES.booked],
  'details-letters': [CATALOGUES.booked],
  'details-warned': [CATALOGUES.booked],
  'check-in': [CATALOGUES.booked],
  'check-in-unknown': [CATALOGUES.booked],
  'visit-priority': [CATALOGUES.visits],
  'visit-several': [CATALOGUES.visits],
  'visit-add': [CATALOGUES.visits],
  'choose-delay': [CATALOGUES.base, shows('delay', 15)],
  'idle-delay': [CATALOGUES.base, shows('delay', 15)],
  'closed-hours': [CATALOGUES.hours],
  'closed-later': [CATALOGUES.hours],
  'closed-holiday': [CATALOGUES.holiday],
  'closed-intake': [CATALOGUES.hours, STOPPED],
  emergency: [CATALOGUES.base, shows('evacuate')],
  'emergency-long': [CATALOGUES.base, shows('long')],
}
const ATS: Record<string, EpochMs> = {
  'closed-hours': (NOW_MS + 2.5 * HOUR_MS) as EpochMs,
  'closed-later': (NOW_MS + 7 * HOUR_MS) as EpochMs,
}
const WITH_WAITS: ReadonlySet<string> = new Set(['choose-waits', 'choose-groups', 'choose-category', 'choose-delay'])

const { screen, language, isAccessible } = asked()
const shown = SCREENS[screen] ?? { name: 'idle' }
const [catalogue, ...more] = BRANCHES[screen] ?? [SAMPLE_CATALOGUE]
const state: BranchState = sampleState([...MORNING, ...more], catalogue)
const atMs = ATS[screen] ?? NOW_MS
const access = { ...USUAL_ACCESS, isOn: isAccessible, isHeard: screen.endsWith('-heard') }
/** So long before the end that it is told. */
const untouchedMs = screen.endsWith('-warned') ? idleAfterMs(access) - 8_000 : 0
const model: KioskModel = {
  ...startKiosk('fr'),
  language,
  access,
  touchedMs: -untouchedMs,
  screen: screen.endsWith('-warned') && 'choice' in shown ? (shown as KioskModel['screen']) : { name: 'idle' },
}
applyTheme(document.documentElement, 'light')
const root = document.getElementById('root')
if (root !== null)
  createRoot(root).render(
    STAFF_SCREENS.has(screen) ? (
      <StaffScene screen={screen} language={language} isLow={isAccessible} />
    ) : (
      <KioskScreen
        model={model}
        shown={shown}
        menu={shown.name === 'starting' ? null : kioskMenu(state, atMs)}
        waitByService={WITH_WAITS.has(screen) ? WAITS : new Map()}
        atMs={atMs}
        nowMs={0}
        isAlone={screen.endsWith('-alone')}
        isSpeechMissing={screen === 'idle-mute'}
        isOutOfPaper={screen === 'idle-alone'}
        onEvent={() => undefined}
        onPair={samplePair(screen)}
        onStaff={() => undefined}
      />
    ),
  )
// What the headphones would say of this screen, for whoever asks the page.
Object.assign(window, {
  spokenHere: () => {
    const main = document.querySelector('main')
    return main === null ? [] : joined(readScreen(main, language))
  },
})
/** What is touched once it is drawn, where the accessible mode shows something in turn. */
const TOUCHED: Record<string, string> = {
  'search-listed': '.reach .typing-answers .button',
  'details-consent': '.reach .typing-answers .button-primary',
  'details-letters': '.large-key',
}
const touched = TOUCHED[screen]
if (screen === 'six-words') onceDrawn(typeCode)
if (touched !== undefined && isAccessible) onceDrawn(() => document.querySelector<HTMLElement>(touched)?.click())
