import { createRoot } from 'react-dom/client'
import type { ServiceId, TicketId } from '#shared/domain/ids.ts'
import { kioskMenu } from '#shared/project/kiosk-menu.ts'
import { applyTheme } from '#shared/ui/theme.ts'
import { type GivenTicket, type Paper, type ShownScreen, startKiosk } from '../../kiosk/model.ts'
import { KioskScreen } from '../../kiosk/screen/kiosk-screen.tsx'
import { asked, BUSY, NOW_MS, WITH_CLOSED } from './sample.ts'
import '../../kiosk/kiosk.css'

const SERVICE = 'cash' as ServiceId
const TICKET: GivenTicket = {
  ticketId: 't-1' as TicketId,
  number: 'A045',
  serviceId: SERVICE,
  position: 5,
  estimate: { lowMs: 8 * 60_000, highMs: 14 * 60_000 },
  isOffline: false,
  printJobId: 'job-1',
}

const ticket = (paper: Paper, change: Partial<GivenTicket> = {}): ShownScreen => ({
  name: 'your-ticket',
  ticket: { ...TICKET, ...change },
  paper,
  endsAtMs: 9_000,
  wholeMs: 12_000,
})

const SCREENS: Record<string, ShownScreen> = {
  unpaired: { name: 'unpaired' },
  starting: { name: 'starting' },
  idle: { name: 'idle' },
  'idle-alone': { name: 'idle' },
  'choose-service': { name: 'choose-service' },
  'choose-closed': { name: 'choose-service' },
  'choose-alone': { name: 'choose-service' },
  'choose-larger': { name: 'choose-service' },
  'choose-down': { name: 'choose-service' },
  taking: { name: 'taking', serviceId: SERVICE, endsAtMs: 0 },
  'your-ticket': ticket('ready'),
  'ticket-offline': ticket('coming', { number: 'A1001', position: null, estimate: null, isOffline: true }),
  'out-of-paper': ticket('no-paper', { position: 1, estimate: null }),
  'paper-uncertain': ticket('uncertain'),
  'closed-day': { name: 'closed', reason: 'day-closed' },
  'closed-services': { name: 'closed', reason: 'no-service' },
  'closed-clock': { name: 'closed', reason: 'clock-unsure' },
  'refused-full': { name: 'refused', reason: 'full', endsAtMs: 0 },
  'no-tickets': { name: 'no-tickets', endsAtMs: 0 },
}

const { screen, language } = asked()
const shown = SCREENS[screen] ?? { name: 'idle' }
applyTheme(document.documentElement, 'light')
const root = document.getElementById('root')
if (root !== null)
  createRoot(root).render(
    <KioskScreen
      model={{
        ...startKiosk('fr'),
        language,
        isTextLarger: screen === 'choose-larger',
        areControlsDown: screen === 'choose-down',
      }}
      shown={shown}
      menu={shown.name === 'starting' ? null : kioskMenu(screen === 'choose-closed' ? WITH_CLOSED : BUSY, NOW_MS)}
      atMs={NOW_MS}
      nowMs={0}
      isAlone={screen.endsWith('-alone')}
      isOutOfPaper={screen === 'idle-alone'}
      onEvent={() => undefined}
      onPair={() => Promise.resolve('PairingCodeInvalid')}
    />,
  )
