import type { AgentId, Language } from '#shared/domain/ids.ts'
import { LANGUAGES } from '#shared/domain/ids.ts'
import type { StaffJob, StaffOverview, TriedPrinter } from '#shared/wire/staff.ts'
import { SetUpPage } from '../../kiosk/screen/staff/set-up-page.tsx'
import { type SetUp, START_SET_UP } from '../../kiosk/screen/staff/set-up-steps.ts'
import { StaffFrame } from '../../kiosk/screen/staff/staff-frame.tsx'
import { StaffOverviewPage } from '../../kiosk/screen/staff/staff-overview.tsx'
import { StaffSignIn } from '../../kiosk/screen/staff/staff-sign-in.tsx'

const nothing = (): void => undefined
const AGENTS = ['Awa Ndiaye', 'Moussa Diop', 'Fatou Sow', 'Ibrahima Fall'].map((name) => ({
  id: name as AgentId,
  name,
}))
const READY = { capability: 'confirmed', online: true, paper: 'ok', cover: 'closed', hint: 'ready' } as const
const NETWORK = 'tcp://192.168.1.50:9100'
const SERIAL = 'serial:/dev/serial/by-id/usb-EPSON_TM-T20III_J5BZ000123-if00-port0?baud=19200'

const job = (number: string, state: StaffJob['state'], more: Partial<StaffJob> = {}): StaffJob => ({
  ...{ id: `${number} ${more.copy ?? 1}`, number, state, copy: 1, judgement: null },
  ...more,
})
const JOBS: readonly StaffJob[] = [
  job('A045', 'sending'),
  job('B012', 'uncertain'),
  job('A044', 'confirmed', { copy: 2 }),
  job('A044', 'uncertain', { judgement: 'missing' }),
  job('A043', 'confirmed'),
  job('C007', 'sent'),
  job('A042', 'failed'),
  job('A1001', 'expired'),
  job('A041', 'uncertain', { judgement: 'came-out' }),
  job('A040', 'confirmed'),
  job('A039', 'confirmed'),
]
const OVERVIEW: StaffOverview = {
  ...{ agentId: 'ibrahima' as AgentId, role: 'manager', source: 'set-up', jobs: JOBS },
  printers: [
    { address: NETWORK, paperMm: 80, status: READY, isSimulated: false },
    {
      ...{ address: SERIAL, paperMm: 58, isSimulated: false },
      status: { ...READY, capability: 'status-only', online: false, paper: 'out', hint: 'load-paper' },
    },
  ],
}
const PRETEND: StaffOverview = {
  ...OVERVIEW,
  ...{ role: 'agent', source: 'none', jobs: [] },
  printers: [
    { address: 'pretend:/data/kiosk/paper', paperMm: 80, status: { ...READY, hint: 'simulated' }, isSimulated: true },
  ],
}

const TRIED: TriedPrinter = {
  ...{ address: NETWORK, outcome: 'confirmed', status: READY },
  ...{ receipt: 'process-id', automaticStatus: 'offered' },
}
const FOUND: SetUp = {
  ...START_SET_UP,
  found: [
    { type: 'network', address: NETWORK },
    { type: 'serial', address: 'serial:/dev/serial/by-id/usb-EPSON_TM-T20III_J5BZ000123-if00-port0' },
    { type: 'usb', address: 'usb:/dev/usb/lp0' },
    { type: 'os', address: 'os:Front_Desk' },
  ],
  address: NETWORK,
}
const TESTED: SetUp = { ...FOUND, step: 'test', tried: TRIED, isBarWhole: true, isCodeSeen: null }
const LETTERED: SetUp = { ...TESTED, step: 'letters', isCodeSeen: true, areLinesPrinted: true, picked: [0, 2] }

const SET_UPS: { readonly [screen: string]: SetUp } = {
  'staff-find': FOUND,
  'staff-test': TESTED,
  'staff-letters': LETTERED,
  'staff-summary': { ...LETTERED, step: 'summary' },
}

export const STAFF_SCREENS: ReadonlySet<string> = new Set([
  ...['staff-sign-in', 'staff-cut', 'staff-overview', 'staff-agent'],
  ...Object.keys(SET_UPS),
])

function Page({ screen }: { readonly screen: string }) {
  const setUp = SET_UPS[screen]
  if (setUp !== undefined)
    return (
      <SetUpPage
        {...{ setUp, first: SERIAL, isBusy: false, problem: '' }}
        {...{ onChange: nothing, onSearch: nothing, onTest: nothing, onLetters: nothing }}
        {...{ onBack: nothing, onNext: nothing, onUse: nothing }}
      />
    )
  if (screen === 'staff-overview' || screen === 'staff-agent')
    return (
      <StaffOverviewPage
        overview={screen === 'staff-agent' ? PRETEND : OVERVIEW}
        problem=""
        isJustSetUp={screen === 'staff-overview'}
        {...{ onReprint: nothing, onJudge: nothing, onSetUp: nothing, onRestart: nothing }}
      />
    )
  return <StaffSignIn agents={AGENTS} isBusy={false} isCut={screen === 'staff-cut'} problem="" onEnter={nothing} />
}

interface StaffSceneProps {
  readonly screen: string
  readonly language: Language
  readonly isLow: boolean
}

/** One page of the staff menu with sample papers and printers. */
export function StaffScene({ screen, language, isLow }: StaffSceneProps) {
  return (
    <StaffFrame
      {...{ language, isLow }}
      defaultLanguage="fr"
      languages={LANGUAGES}
      onLanguage={nothing}
      onLow={nothing}
      onLeave={nothing}
    >
      <Page screen={screen} />
    </StaffFrame>
  )
}
